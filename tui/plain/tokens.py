"""Tokens in plain mode: the list by number, found by words, state or profile, and the countdown on request."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from tui.plain.conversation import PlainScreen
from tui.plain.talk import Act, Action, Menu
from tui.plain.token import TokenTalk
from tui.plain.values import ask_value
from tui.redact import Secret
from tui.services.asking import ask_all
from tui.services.board import Board, Row
from tui.tokens.refusals import RefusedTokens, refused_results
from tui.tokens.results import RefreshCode
from tui.tokens.states import TokenState
from tui.wording.automation import timer_text
from tui.wording.counts import counted, listed
from tui.wording.plain import NO_TOKENS_MATCH
from tui.wording.refresh import refresh_line, rest_not_asked, result_counts
from tui.wording.refusals import refused_text
from tui.wording.token_details import row_line
from tui.wording.token_list import need_login
from tui.wording.token_words import time_left_until

if TYPE_CHECKING:
    from tui.tokens.results import RefreshResult


class TokensTalk(PlainScreen):
    """All tokens. Reads the board again for each answer."""

    async def run(self) -> None:
        """Stay until the person goes back."""
        actions = (
            Action("d", "left", "how long each token lives, now", self._all_left),
            Action("R", "refresh", "refresh every token", self._refresh_all),
            Action("V", "verify", "ask Facebook about every token", self._verify_all),
            Action("/", "search", "find tokens by name, profile, person, kind or Page", self._search),
            Action("f", "filter", "list only the tokens of one state", self._filter),
            Action("G", "group", "list the tokens by profile", self._group),
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
        lines = self._lines(board.rows)
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

    def _lines(self, rows: Iterable[Row]) -> list[str]:
        """Return a line for each of these rows, with the number that it has on the whole list."""
        numbers = {row.token.name: number for number, row in enumerate(self._session.board.rows, 1)}
        now = self._session.now
        return [f"{numbers[row.token.name]}. {row_line(row.token, row.state, now)}" for row in rows]

    async def _search(self) -> None:
        query = (await self._talk.ask("Words to look for")).strip()
        rows = [row for row in (await self._look()).rows if row.has_words(query)]
        self._talk.say("\n".join(self._lines(rows)) or NO_TOKENS_MATCH)

    async def _filter(self) -> None:
        rows = (await self._look()).rows
        by_state = {state: [row for row in rows if row.state is state] for state in TokenState}
        choices = {f"{state}: {counted(len(found), 'token')}": found for state, found in by_state.items() if found}
        if choices:
            self._talk.say("\n".join(self._lines(await self._talk.choose("Which state", choices))))
        else:
            self._talk.say(NO_TOKENS_MATCH)

    async def _group(self) -> None:
        rows = (await self._look()).rows
        for profile in sorted({row.token.profile for row in rows}):
            lines = self._lines(row for row in rows if row.token.profile == profile)
            self._talk.say("\n".join([f"Profile {profile}:", *lines]))

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

    async def _open(self, name: str) -> None:
        await TokenTalk(self._session, name).run()
        await self._look()

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
