"""The Tokens screen: every token by its deadline, and the keys that act on it."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Digits, Input, Static

from tui.screens.looks import style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import (
    BoardChanged,
    Copyable,
    GoTo,
    TokensStored,
    WorkChanged,
    WorkOnTokens,
)
from tui.screens.token_copies import copies_of, token_value
from tui.services.board import Board, Row
from tui.services.token_work import Kind
from tui.session import Session
from tui.tokens.states import TokenState
from tui.widgets.bindings import bindings_of
from tui.widgets.table_head import TableHead
from tui.widgets.token_summary import TokenSummary
from tui.widgets.token_table import Entry, EstimateRow, Heading, TokenTable, entries_of
from tui.wording.times import countdown
from tui.wording.token_list import no_match, no_tokens, only_state, timer_line

_FILTERS: tuple[TokenState | None, ...] = (None, *TokenState)


class TokensScreen(MainScreen):
    """A row a token, its summary below; work runs in workers, results arrive as messages."""

    SCOPE = "tokens"
    CSS_PATH = str(style_sheet("tokens.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("tokens")]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._filter: TokenState | None = None
        self._search = ""
        self._grouped = False
        self._board = Board()
        self._was_moved = False
        self._awaited = ""

    def compose_body(self) -> Iterable[Widget]:
        """Table above, summary below; what only some see is mounted when there is something to say."""
        yield TableHead()
        yield TokenTable(self.session.expected_scopes, id="tokens")
        yield TokenSummary(self.session.expected_scopes, self.session.window_of, self.session.surface())

    def on_mount(self) -> None:
        """Show what is known at once; asking comes later."""
        self._show(self.session.board)
        self._table.focus()

    @property
    def _table(self) -> TokenTable:
        return self.query_one(TokenTable)

    # --- state -------------------------------------------------------------------------------------------------

    @on(BoardChanged)
    def _board_changed(self) -> None:
        self._show(self.session.board)

    @on(WorkChanged)
    def _work_changed(self, event: WorkChanged) -> None:
        self._table.set_busy(event.busy)

    def _show(self, board: Board) -> None:
        self._board = board
        row = self.selected_row
        keep = row.token.name if row is not None and self._was_moved else ""
        entries = self._entries(board)
        self._table.show(entries, self.session.clock.now(), keep=keep)
        self._go_to_awaited()
        is_empty = not entries
        self.set_class(is_empty, "-empty")
        if is_empty:
            surface = self.session.surface()
            self._line("empty").update(no_match(surface) if self._filter or self._search else no_tokens(surface))
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
        automation, now = self.session.automation, self.session.clock.now()
        if automation is None:
            self.query("#automation").set(display=False)
            return
        line = self._line("automation")
        line.display = True
        line.set_class(automation.is_overdue(now), "-overdue")
        line.update(timer_line(automation, now))

    def _entries(self, board: Board) -> tuple[Entry, ...]:
        kept = None
        if self._filter or self._search:
            kept = frozenset(row.token.name for row in board.rows if self._fits(row))
        estimates = () if kept is not None else self.estimate_rows()
        entries = entries_of(board, estimates, group_profiles=self._grouped, kept=kept)
        if self._filter and entries:
            return (Heading(only_state(self._filter, self.session.surface())), *entries)
        return entries

    def _fits(self, row: Row) -> bool:
        token = row.token
        words = f"{token.name} {token.profile} {token.subject_name} {token.kind} " + " ".join(
            f"{page.name} {page.instagram_username}" for page in token.pages
        )
        return (self._filter is None or row.state == self._filter) and self._search in words.casefold()

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
        self._filter, self._search, self._awaited = None, "", name
        self._show(self._board)
        self._table.focus()

    def tick(self, now: float) -> None:
        """Count down what is in sight."""
        super().tick(now)
        self._table.tick(now)
        self.query_one(TokenSummary).tick(now)
        self._tick_large(now)

    def on_resize(self) -> None:
        """Fill the large digits where there is room for them now."""
        self.call_after_refresh(lambda: self._tick_large(self.session.clock.now()))

    def _tick_large(self, now: float) -> None:
        if not (self.has_class("-vast") and self.has_class("-high")) or self._board.next_expiry is None:
            return
        large = next(iter(self.query("#soonest").results(Digits)), None)
        if large is None:
            large = Digits("", id="soonest")
            self.mount(large, before=self.query_one(TableHead))
        large.border_title = f"next expiry: {self._board.rows[0].token.name}"
        text = countdown(self._board.next_expiry - now)
        if text != large.value:
            large.update(text)

    # --- what is in focus --------------------------------------------------------------------------------------

    @property
    def selected_row(self) -> Row | None:
        """The token under the cursor."""
        selected = self._table.selected
        return selected if isinstance(selected, Row) else None

    def value_in_focus(self) -> Copyable | None:
        """Return the selected token."""
        row = self.selected_row
        return token_value(self.session, row.token.name) if row is not None else None

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return the token, its App ID, a curl line that takes the token from the environment, a status line."""
        row = self.selected_row
        return copies_of(self.session, row) if row is not None else ()

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
        return bool(self._board.rows) or action not in ("refresh_all", "verify")

    def action_refresh_selected(self) -> None:
        """Refresh the token under the cursor; on Matillion's row go to the steps that renew it."""
        if isinstance(self._table.selected, EstimateRow):
            self.post_message(GoTo("guide", "11", profile=self._table.selected.profile))
            return
        if (row := self.selected_row) is not None:
            self._was_moved = True  # the cursor goes with the token to where it then stands
            self.post_message(WorkOnTokens(Kind.REFRESH, row.token.name))

    def action_refresh_all(self) -> None:
        """Refresh every token."""
        self.post_message(WorkOnTokens(Kind.REFRESH, *(row.token.name for row in self._board.rows)))

    def action_verify(self) -> None:
        """Ask Facebook what the selected token is now."""
        if (row := self.selected_row) is not None:
            self.post_message(WorkOnTokens(Kind.INSPECT, row.token.name))

    def action_verify_everything(self) -> None:
        """Ask Facebook about every token."""
        self.post_message(WorkOnTokens(Kind.INSPECT, *(row.token.name for row in self._board.rows)))

    def action_inspect(self) -> None:
        """Show all that is known of the selected token."""
        if (row := self.selected_row) is not None:
            from tui.screens.token_details import TokenDetails

            self.app.push_screen(TokenDetails(self.session, row.token.name))

    def action_test_read(self) -> None:
        """Read the Instagram account with the selected token."""
        if (row := self.selected_row) is not None:
            self.post_message(WorkOnTokens(Kind.READ, row.token.name))

    def action_forget_token(self) -> None:
        """Ask, then forget the selected token."""
        row = self.selected_row
        if row is None:
            return
        from tui.screens.confirm import Confirm

        name = row.token.name
        text = f"igauth deletes {name} and every value of it. The token stays valid at Facebook until it expires."

        def answered(is_sure: bool | None) -> None:
            if is_sure:
                self.run_worker(lambda: self._forget(name), thread=True, exit_on_error=False)

        self.app.push_screen(Confirm(f"Forget {name}?", text, "forget"), answered)

    def _forget(self, name: str) -> None:
        self.session.services.token_store.delete(name)
        self.post_message(TokensStored())

    def action_filter_state(self) -> None:
        """Show tokens of the next state only."""
        self._filter = _FILTERS[(_FILTERS.index(self._filter) + 1) % len(_FILTERS)]
        self.notify("All states" if self._filter is None else f"Only {self._filter}", timeout=2)
        self._show(self._board)

    def action_group_profiles(self) -> None:
        """Group by profile, or sort by deadline again."""
        self._grouped = not self._grouped
        self._show(self._board)

    def action_search(self) -> None:
        """Open the search line."""
        self.open_search(
            f"search tokens, {self.session.surface(in_form=True).key('leave')} to leave",
            before=self.query_one(TokenSummary),
        )

    def action_leave(self) -> None:
        """Leave the search and show everything; where all is shown, stop what is running."""
        is_narrowed = bool(self._filter or self._search or any(line.display for line in self.query("#search")))
        if not is_narrowed and self.session.token_work.stop():
            from tui.wording.token_work import STOPPED

            self.notify(STOPPED, timeout=4)
            return
        self.close_search()
        self._filter, self._search = None, ""
        self._show(self._board)
        self._table.focus()

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._search = event.value.strip().casefold()
        self._show(self._board)

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self._table.focus()

    @on(TokenTable.Chosen)
    def _row_chosen(self) -> None:
        self.action_inspect()
