"""Tokens in plain mode: the list by number, the countdown on request, and all that can be done with one."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.plain.conversation import PlainScreen
from tui.plain.login import log_in
from tui.plain.talk import LEAVE, Act, Action, Menu
from tui.plain.values import ask_value, print_value
from tui.redact import Secret
from tui.services.asking import ask_all
from tui.services.board import Board
from tui.tokens.refusals import RefusedTokens, refused_results
from tui.tokens.results import RefreshCode
from tui.tokens.token import Token
from tui.wording.automation import timer_text
from tui.wording.copying import CURL_LABEL, curl_command
from tui.wording.counts import counted, listed
from tui.wording.refresh import refresh_line, rest_not_asked, result_counts
from tui.wording.refusals import refused_text
from tui.wording.surfaces import PlainMenu, sentences
from tui.wording.token_details import (
    headline,
    history_lines,
    outlook_text,
    row_line,
    token_facts,
    version_lines,
)
from tui.wording.token_list import need_login
from tui.wording.token_words import time_left_until

if TYPE_CHECKING:
    from tui.tokens.results import RefreshResult


class TokensTalk(PlainScreen):
    """The token menus. Reads the board again for each answer."""

    _name = ""
    """The token whose menu is open."""

    async def run(self) -> None:
        """Stay until the person goes back."""
        actions = (
            Action("d", "left", "how long each token lives, now", self._all_left),
            Action("R", "refresh", "refresh every token", self._refresh_all),
            Action("V", "verify", "ask Facebook about every token", self._verify_all),
            Action("m", "import", "import a token", self._import),
        )
        await self._talk.run(Menu("Tokens", self._list, actions, self._listed, "A number or name: open that token"))

    async def _look(self) -> Board:
        await self._session.reload()
        return self._session.board

    async def _list(self) -> None:
        board, now = await self._look(), self._session.now
        if not board.rows:
            self._talk.say("No token yet. l logs in, m imports a token.")
        lines = [f"{number}. {row_line(row.token, row.state, now)}" for number, row in enumerate(board.rows, 1)]
        if board.unusable:
            lines.append(need_login(len(board.unusable), len(lines)))
        if lines:
            self._talk.say("\n".join(lines))
        self._say_undelivered(board)
        if self._session.automation is not None or self._session.lacks_timer:
            self._talk.say(timer_text(self._session.automation, now))
        for _, found in self._session.estimates:
            from tui.wording.matillion import estimate_line

            self._talk.say(estimate_line(found))

    def _say_undelivered(self, board: Board) -> None:
        for row in board.rows:
            if row.is_undelivered:
                from tui.wording.delivery import delivery_facts

                self._talk.say(delivery_facts(row.deliveries, self._session.now, self._talk.surface)[0].text)

    async def _all_left(self) -> None:
        board = await self._look()
        now = self._session.now
        lines = [f"{row.token.name}: {time_left_until(row.token, now)}" for row in board.rows]
        self._talk.say("\n".join(lines) or "No token yet.")

    def _listed(self) -> dict[str, Act]:
        names = [row.token.name for row in self._session.board.rows]
        keys = [*((name, name) for name in names), *((str(number), name) for number, name in enumerate(names, 1))]
        return {key: partial(self._open, name) for key, name in keys}

    # --- all of them -------------------------------------------------------------------------------------------

    async def _refresh_all(self) -> None:
        names = tuple(row.token.name for row in (await self._look()).rows)
        self._talk.say(f"Refreshing {counted(len(names), 'token')}. ctrl+c stops; finished tokens keep their result.")
        results = await self._services.keeper.refresh_many(names, self._say_unless_refused)
        for refused in refused_results(results):
            self._talk.say(refused_text(refused))
        self._talk.say(f"{result_counts(results, len(names))}. {rest_not_asked(results)}".rstrip())
        await self._deliver()
        await self._look()

    def _say_unless_refused(self, result: "RefreshResult") -> None:
        if result.result is not RefreshCode.REFUSED:  # that is said once for all tokens of the app
            self._say_result(result)

    def _say_result(self, result: "RefreshResult") -> None:
        self._talk.say(refresh_line(result, self._session.now, self._talk.surface))

    async def _verify_all(self) -> None:
        names = [row.token.name for row in (await self._look()).rows]
        for group in await ask_all(self._services.keeper, names):
            if isinstance(group, RefusedTokens):
                self._talk.say(refused_text(group))
            else:
                self._talk.say_failure(group.error, subject=f"{listed(group.names)}: ")
        await self._list()

    async def _import(self) -> None:
        profile = self._session.required_profile
        name = await self._talk.ask_name("Name for the token, such as prod", self._services.token_store.names())
        text = await ask_value(self._talk, "token", {"app_id": profile.app_id} if profile.app_id else {})
        await self._session.name_secret_store()
        token = await self._services.keeper.adopt(name, profile.name, Secret(text), "import")
        await self._session.say_saved(token)
        await self._deliver()
        await self._look()

    # --- one of them -------------------------------------------------------------------------------------------

    async def _open(self, name: str) -> None:
        self._name = name
        actions = (
            Action("d", "left", "how long it lives, now", self._left),
            Action("r", "refresh", "refresh it", self._refresh),
            Action("v", "verify", "ask Facebook what it is now", self._verify),
            Action("i", "inspect", "everything known about it, with its history", self._facts),
            Action("t", "test", "read the Instagram account with it", self._test_read),
            Action("c", "copy", "print it, its App ID, or a command for a test", self._copy),
            Action("l", "login", "log in again for it", self._log_in),
            Action("x", "forget", "forget it (asks first)", self._forget),
        )
        await self._talk.run(Menu(f"Token {name}", self._left, actions, surface=PlainMenu(token=name)))
        await self._look()

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
        self._say_result(await self._services.keeper.refresh(self._name))
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
        curl = curl_command(settings.graph_url, settings.version_of(token.profile), token.name)
        texts = {f"App ID {token.app_id}": ("App ID", token.app_id), CURL_LABEL: ("curl", curl)}
        if known := await self._talk.choose("Print which", {"the token": None, **texts}):
            await print_value(self._talk, *known)
            return
        value = await asyncio.to_thread(self._services.token_store.value, token.name)
        if await print_value(self._talk, f"token {token.name}", value):
            await asyncio.to_thread(self._services.history.note, "copy", "printed", token=token.name)

    async def _log_in(self) -> None:
        await log_in(self._session, await self._token())

    async def _forget(self) -> object:
        question = f"Forget {self._name}? igauth deletes every value of it; the token stays valid at Facebook."
        if not await self._talk.is_sure(question):
            return None
        await asyncio.to_thread(self._services.token_store.delete, self._name)
        self._talk.say(f"{self._name} was forgotten.")
        return LEAVE
