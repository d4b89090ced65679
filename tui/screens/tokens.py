"""The Tokens screen: every token by its deadline, and the keys that act on it."""

import asyncio
from collections.abc import Iterable
from functools import partial

from textual import on, work
from textual.widget import Widget
from textual.widgets import Digits, Static

from tui.redact import Secret
from tui.screens.looks import style_sheet
from tui.screens.main_screen import ListScreen
from tui.screens.messages import BoardChanged, Copyable, GoTo, TokensStored, WorkChanged, WorkOnTokens
from tui.services.board import Board, Row
from tui.services.token_work import Kind
from tui.session import Session
from tui.tokens.automation import TimerState, timer_state
from tui.tokens.states import TokenState
from tui.widgets.bindings import bindings_of
from tui.widgets.table_head import TableHead
from tui.widgets.token_summary import TokenSummary
from tui.widgets.token_table import Entry, EstimateRow, Heading, TokenTable, entries_of
from tui.wording.automation import timer_line
from tui.wording.times import countdown
from tui.wording.token_list import no_match, no_tokens, only_state

_ASKING = 30.0
"""Seconds that a copy waits for Facebook."""
_FILTERS: tuple[TokenState | None, ...] = (None, *TokenState)


class TokensScreen(ListScreen):
    """A row a token, its summary below; work runs in workers, results arrive as messages."""

    SCOPE = "tokens"
    LIST = TokenTable
    SEARCHED = "tokens"
    SEARCH_ABOVE = TokenSummary
    CSS_PATH = str(style_sheet("tokens.tcss"))
    BINDINGS = bindings_of("tokens")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._filter: TokenState | None = None
        self._grouped = False
        self._was_moved = False
        self._awaited = ""

    def compose_body(self) -> Iterable[Widget]:
        """Table above, summary below; what only some see is mounted when there is something to say."""
        yield TableHead()
        yield TokenTable(self.session.expected_scopes, id="tokens")
        yield TokenSummary(
            self.session.expected_scopes,
            self.session.window_of,
            self.lasting_surface,
            lambda: self.session.automation,
        )

    def on_mount(self) -> None:
        """Show what is known at once; asking comes later."""
        self.show_list()
        self._table.focus()

    @property
    def _table(self) -> TokenTable:
        return self.query_one(TokenTable)

    # --- state -------------------------------------------------------------------------------------------------

    @on(WorkChanged)
    def _work_changed(self, event: WorkChanged) -> None:
        self._table.set_busy(event.busy)

    @on(BoardChanged)
    def show_list(self) -> None:
        """Show the board as far as filter and search let it, and what is being worked on now."""
        self._table.set_busy(self.session.token_work.busy)
        row = self.selected_row
        keep = row.token.name if row is not None and self._was_moved else ""
        entries = self._entries(self.session.board)
        self._table.show(entries, self.session.clock.now(), keep=keep)
        self._go_to_awaited()
        is_empty = not entries
        self.set_class(is_empty, "-empty")
        if is_empty:
            is_narrowed = self._filter or self.search
            self._line("empty").update(no_match(self.surface) if is_narrowed else no_tokens(self.lasting_surface))
        self._show_automation()
        self._show_summary()
        self.keys_changed()
        self._tick_large(self.session.clock.now())

    def _go_to_awaited(self) -> None:
        place = self._table.index_of(self._awaited) if self._awaited else None
        if place is not None:
            self._awaited = ""
            self._was_moved = True  # a board that arrives just now must not put the cursor back on top
            self._table.cursor = place

    def _line(self, name: str) -> Static:
        found = next(iter(self.query(f"#{name}").results(Static)), None)
        if found is None:
            found = Static("", id=name, markup=False)
            self.mount(found, before=self.query_one(TokenSummary))
        return found

    def _show_automation(self) -> None:
        if self.session.automation is None and not self.session.lacks_timer:
            self.query("#automation").set(display=False)
            return
        line = self._line("automation")
        line.display = True
        self._tick_automation(self.session.clock.now())

    def _tick_automation(self, now: float) -> None:
        line = next(iter(self.query("#automation").results(Static)), None)
        if line is None or not line.display:
            return
        timer = self.session.automation
        line.set_class(timer_state(timer, now) is not TimerState.WORKING, "-overdue")
        text = timer_line(timer, now, self.size.width - 2)
        if text != str(line.content):
            line.update(text, layout=False)

    def _entries(self, board: Board) -> tuple[Entry, ...]:
        kept = None
        if self._filter or self.search:
            kept = frozenset(row.token.name for row in board.rows if self._fits(row))
        estimates = () if kept is not None else self.estimate_rows()
        entries = entries_of(board, estimates, group_profiles=self._grouped, kept=kept)
        if self._filter and entries:
            return (Heading(only_state(self._filter, self.lasting_surface)), *entries)
        return entries

    def _fits(self, row: Row) -> bool:
        return (self._filter is None or row.state == self._filter) and row.has_words(self.search)

    @on(TokenTable.Moved)
    def _cursor_moved(self) -> None:
        self._was_moved = True
        self._awaited = ""
        self._show_summary()
        self.paint_along(self.query_one(TokenSummary))

    def _show_summary(self) -> None:
        self.query_one(TokenSummary).show(self._table.selected, self.session.clock.now())

    def show_item(self, name: str) -> None:
        """Select a token; on one that was stored just now as soon as the board has it."""
        self._filter, self._awaited = None, name
        self.show_all()

    def tick(self, now: float) -> None:
        """Count down what is in sight."""
        super().tick(now)
        self._table.tick(now)
        self.query_one(TokenSummary).tick(now)
        self._tick_sizes(now)

    def on_resize(self) -> None:
        """Fill the large digits where there is room for them now, and word the timer for the width."""
        self.call_after_refresh(lambda: self._tick_sizes(self.session.clock.now()))

    def _tick_sizes(self, now: float) -> None:
        self._tick_large(now)
        self._tick_automation(now)

    def _tick_large(self, now: float) -> None:
        board = self.session.board
        if not (self.has_class("-vast") and self.has_class("-high")) or board.next_expiry is None:
            return
        large = next(iter(self.query("#soonest").results(Digits)), None)
        if large is None:
            large = Digits("", id="soonest")
            self.mount(large, before=self.query_one(TableHead))
        large.border_title = f"next expiry: {board.rows[0].token.name}"
        text = countdown(board.next_expiry - now)
        if text != large.value:
            large.update(text)

    # --- what is in focus --------------------------------------------------------------------------------------

    @property
    def selected_row(self) -> Row | None:
        """The token under the cursor."""
        selected = self._table.selected
        return selected if isinstance(selected, Row) else None

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return the token, its App ID, a curl line that takes the token from the environment, a status line."""
        row = self.selected_row
        return _copies(self.session, row) if row is not None else ()

    # --- keys --------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what works on what is selected."""
        tables = self.query(TokenTable)  # none while the screen is being made
        if not tables or action not in ("refresh_selected", "inspect", "test_read", "forget_token", "copy_value"):
            return True
        is_estimate = isinstance(self._table.selected, EstimateRow)
        return action == "refresh_selected" if is_estimate else self.selected_row is not None

    def offers(self, action: str) -> bool:
        """Nothing is done to tokens where there are none."""
        return bool(self.session.board.rows) or action not in ("refresh_all", "verify")

    def action_refresh_selected(self) -> None:
        """Refresh the token under the cursor; on Matillion's row go to the steps that renew it."""
        if isinstance(self._table.selected, EstimateRow):
            self.post_message(GoTo("guide", "11", profile=self._table.selected.profile))
            return
        self._was_moved = True  # the cursor goes with the token to where it then stands
        self._work(Kind.REFRESH, self.selected_row)

    def action_refresh_all(self) -> None:
        """Refresh every token."""
        self._work(Kind.REFRESH, *self.session.board.rows)

    def action_verify(self) -> None:
        """Ask Facebook what the selected token is now."""
        self._work(Kind.INSPECT, self.selected_row)

    def action_verify_everything(self) -> None:
        """Ask Facebook about every token."""
        self._work(Kind.INSPECT, *self.session.board.rows)

    def action_test_read(self) -> None:
        """Read the Instagram account with the selected token."""
        self._work(Kind.READ, self.selected_row)

    def _work(self, kind: Kind, *rows: Row | None) -> None:
        names = tuple(row.token.name for row in rows if row is not None)
        self.post_message(WorkOnTokens(kind, names))

    def action_inspect(self) -> None:
        """Show all that is known of the selected token."""
        if (row := self.selected_row) is not None:
            from tui.screens.token_dialog import TokenDetails

            self.app.push_screen(TokenDetails(self.session, row.token.name))

    @work(group="forget", exit_on_error=False)
    async def action_forget_token(self) -> None:
        """Ask, then forget the selected token."""
        row = self.selected_row
        if row is None:
            return
        name = row.token.name
        text = f"igauth deletes {name} and every value of it. The token stays valid at Facebook until it expires."
        if await self.confirm(f"Forget {name}?", text, "forget"):
            await asyncio.to_thread(self.session.services.token_store.delete, name)
            self.post_message(TokensStored())

    def action_filter_state(self) -> None:
        """Show tokens of the next state only."""
        self._filter = _FILTERS[(_FILTERS.index(self._filter) + 1) % len(_FILTERS)]
        self.notify("All states" if self._filter is None else f"Only {self._filter}", timeout=2)
        self.show_list()

    def action_group_profiles(self) -> None:
        """Group by profile, or sort by deadline again."""
        self._grouped = not self._grouped
        self.show_list()

    def action_leave(self) -> None:
        """Leave the search and show everything; where all is shown, stop what is running."""
        if not (self._filter or self.is_searching) and self.session.token_work.stop():
            from tui.wording.token_work import STOPPED

            self.notify(STOPPED, timeout=4)
            return
        self._filter = None
        self.show_all()

    @on(TokenTable.Chosen)
    def _row_chosen(self) -> None:
        self.action_inspect()


def _copies(session: Session, row: Row) -> tuple[Copyable, ...]:
    """Return all that can be copied of a token, and the Page tokens that it gives."""
    from tui.wording.copying import CURL_LABEL, MARKDOWN_LABEL, curl_command, markdown_row, page_token_label

    token, services = row.token, session.services
    version = services.settings.version_of(token.profile)
    loop = asyncio.get_running_loop()

    def page_token(page_id: str) -> Secret:
        asked = services.reading.page_token(token.name, page_id)
        return asyncio.run_coroutine_threadsafe(asked, loop).result(_ASKING)

    return (
        Copyable(f"token {token.name}", partial(services.token_store.value, token.name), token=token.name),
        Copyable.known(f"App ID {token.app_id}", token.app_id),
        Copyable.known(CURL_LABEL, curl_command(services.settings.graph_url, version, token.name)),
        Copyable.known(MARKDOWN_LABEL, markdown_row(token, row.state, session.clock.now())),
        *(
            Copyable(page_token_label(page.name), partial(page_token, page.page_id))
            for page in (token.pages if token.kind != "page" else ())[:4]
        ),
    )
