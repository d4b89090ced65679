"""One token in plain mode: how long it lives, and all that can be done with it."""

import asyncio
from functools import partial

from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.login import log_in, log_in_new
from tui.plain.talk import LEAVE, Act, Action, Menu
from tui.plain.values import print_value
from tui.tokens.token import Token, state
from tui.wording import copying
from tui.wording.refresh import refresh_line
from tui.wording.surfaces import PlainMenu, sentences
from tui.wording.token_details import headline, history_lines, outlook_text, token_facts, version_lines


class TokenTalk(PlainScreen):
    """The menu of one token."""

    def __init__(self, session: Conversation, name: str) -> None:
        super().__init__(session)
        self._name = name

    async def run(self) -> None:
        """Stay until the person goes back, or the token is forgotten."""
        actions = (
            Action("d", "left", "how long it lives, now", self._left),
            Action("r", "refresh", "refresh it", self._refresh),
            Action("v", "verify", "ask Facebook what it is now", self._verify),
            Action("i", "inspect", "everything known about it, with its history", self._facts),
            Action("t", "test", "read the Instagram account with it", self._test_read),
            Action("c", "copy", "print it, its App ID, or a command for a test", self._copy),
            Action("l", "login", "log in again for it", self._log_in),
            Action("L", "new-token", "log in to Facebook for a new token", self._log_in_new),
            Action("x", "forget", "forget it (asks first)", self._forget),
        )
        await self._talk.run(Menu(f"Token {self._name}", self._left, actions, surface=PlainMenu(token=self._name)))

    async def _token(self) -> Token:
        return await asyncio.to_thread(self._services.token_store.token, self._name)

    def _headline(self, token: Token) -> str:
        now, window = self._session.now, self._services.settings.window_of(token.profile)
        outlook = outlook_text(token, now, window, self._session.automation)
        return f"{headline(token, now, window)}.\n{sentences(outlook, self._talk.surface)}"

    async def _left(self) -> None:
        self._talk.say(self._headline(await self._token()))

    async def _refresh(self) -> None:
        self._talk.say("Asking Facebook ...")
        result = await self._services.keeper.refresh(self._name)
        self._talk.say(refresh_line(result, self._session.now, self._talk.surface))
        await self._deliver()

    async def _verify(self) -> None:
        self._talk.say(self._headline(await self._services.keeper.inspect(self._name)))

    async def _facts(self) -> None:
        settings = self._services.settings
        token = await self._token()
        versions = await asyncio.to_thread(self._services.token_store.versions, self._name)
        history = await asyncio.to_thread(lambda: self._services.history.events(self._name, limit=20))
        window, expected = settings.window_of(token.profile), settings.expected_scopes(token.profile)
        surface, timer = self._talk.surface, self._session.automation
        facts = token_facts(token, self._session.now, window, expected, surface, timer)
        for row in self._session.board.rows:
            if row.token.name == self._name and row.deliveries:
                from tui.wording.delivery import delivery_facts

                facts += delivery_facts(row.deliveries, self._session.now, surface)
        lines = [f"{fact.label[0].upper()}{fact.label[1:]}: {fact.text}" for fact in facts]
        lines += [f"Version {line}" for line in version_lines(versions)]
        self._talk.say("\n".join([*lines, *(f"History {line}" for line in history_lines(history))]))

    async def _test_read(self) -> None:
        from tui.wording.reading import reading_text

        self._talk.say("Reading ...")
        self._talk.say(reading_text(await self._services.reading.read(self._name)))

    async def _copy(self) -> None:
        token, settings = await self._token(), self._services.settings
        now, window = self._session.now, self._session.window_of(token.profile)
        curl = copying.curl_command(settings.graph_url, settings.version_of(token.profile), token.name)
        choices: dict[str, Act] = {
            "the token": partial(self._print_token, token),
            f"App ID {token.app_id}": partial(print_value, self._talk, "App ID", token.app_id),
            copying.CURL_LABEL: partial(print_value, self._talk, "curl", curl),
            copying.MARKDOWN_LABEL: partial(
                print_value, self._talk, "status line", copying.markdown_row(token, state(token, now, window), now)
            ),
        }
        if token.pages and token.kind != "page":
            choices["a Page token (requested now)"] = partial(self._print_page_token, token)
        await (await self._talk.choose("Print which", choices))()

    async def _print_token(self, token: Token) -> None:
        value = await asyncio.to_thread(self._services.token_store.value, token.name)
        if await print_value(self._talk, f"token {token.name}", value):
            await asyncio.to_thread(self._services.history.note, "copy", "printed", token=token.name)

    async def _print_page_token(self, token: Token) -> None:
        page = await self._talk.choose("Of which Page", {page.name: page for page in token.pages})
        value = await self._services.reading.page_token(token.name, page.page_id)
        await print_value(self._talk, copying.page_token_label(page.name), value)

    async def _log_in(self) -> None:
        await log_in(self._session, await self._token())

    async def _log_in_new(self) -> None:
        await log_in_new(self._session, (await self._token()).profile)

    async def _forget(self) -> object:
        question = f"Forget {self._name}? igauth deletes every value of it; the token stays valid at Facebook."
        if not await self._talk.is_sure(question):
            return None
        await asyncio.to_thread(self._services.token_store.delete, self._name)
        self._talk.say(f"{self._name} was forgotten.")
        return LEAVE
