"""The dialog with all that is known of one token: the facts of wording/token_details.py, versions and history."""

import asyncio

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.screens.dialog import SubjectDialog
from tui.widgets.timeline import timeline
from tui.widgets.token_summary import labeled
from tui.widgets.wrapped import wrapped
from tui.wording.app import BACK
from tui.wording.token_details import Fact, history_lines, token_facts, version_lines


class TokenDetails(SubjectDialog):
    """Reads from the store when opened; does not ask Facebook."""

    SCOPE = "tokens"
    COMPONENT_CLASSES = {"details--label"}  # noqa: RUF012 - Textual's own type

    def compose(self) -> ComposeResult:
        """Lay out one scrolling page."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(f"{self.subject} ({BACK})", classes="title", markup=False)
            yield Static("", id="outcome", markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll; read."""
        self.query_one(VerticalScroll).focus()
        self._read()

    @work(exit_on_error=False)
    async def _read(self) -> None:
        session, name = self.session, self.subject
        store = session.services.token_store
        token = await asyncio.to_thread(store.token, name)
        history = await asyncio.to_thread(lambda: store.history(name, limit=40))
        versions = await asyncio.to_thread(store.versions, name)
        value = await asyncio.to_thread(store.value, name)
        now = session.clock.now()
        window, expected = session.window_of(token.profile), session.expected_scopes(token.profile)
        moments = [event.at for event in history if event.result == "extended" or event.action in ("login", "extend")]
        plot = timeline(moments, now, 45)
        facts = [
            *token_facts(token, now, window, expected, self.surface, session.automation),
            *self._deliveries(now),
            Fact("value", value.masked()),
            *(Fact("version", line) for line in version_lines(versions)),
            Fact("refreshes", f"90 d ago {plot} now"),
        ]
        self.show_outcome(self._page(facts, history_lines(history) or ["(nothing yet)"]))

    def _deliveries(self, now: float) -> list[Fact]:
        row = next((row for row in self.session.board.rows if row.token.name == self.subject), None)
        if row is None or not row.deliveries:
            return []
        from tui.wording.delivery import delivery_facts

        return delivery_facts(row.deliveries, now, self.surface)

    def _page(self, facts: list[Fact], history: list[str]) -> Content:
        width = min(76, self.size.width) - 5
        style = self.get_visual_style("details--label", partial=True)
        rows = [labeled(fact, width, style) for fact in facts]
        lines = [Content(wrapped(f"  {line}", width, 4)) for line in history]
        return Content("\n").join([*rows, Content(""), Content.styled("History", style), *lines])
