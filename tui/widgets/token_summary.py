"""The panel below the tokens: what is known of the selected one, its outlook, and what to do next."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tui.services.board import Row
from tui.tokens.states import STATES, TokenState
from tui.widgets.token_cells import Expected
from tui.widgets.token_table import Entry, EstimateRow
from tui.widgets.wrapped import wrapped
from tui.wording.surfaces import Surface
from tui.wording.text import Action, Do
from tui.wording.times import checked
from tui.wording.token_details import Fact, summary_facts
from tui.wording.token_words import described

if TYPE_CHECKING:
    from tui.tokens.automation import Automation

_INDENT = 13
"""Cells that the labels take."""

ESTIMATE = (
    "Matillion keeps a token of its own that cannot be read. This estimate counts from the day its authorization was"
    " completed, or was proven by a task run."
)


class TokenSummary(Widget):
    """Shows the facts of one entry."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "token-summary--label",
        *(f"token-summary--{state}" for state in TokenState),
    }

    def __init__(
        self,
        expected: Expected,
        window_of: Callable[[str], int],
        surface: Surface,
        timer: "Callable[[], Automation | None]",
    ) -> None:
        super().__init__()
        self._expected = expected
        self._window_of = window_of
        self._surface = surface
        self._timer = timer
        self._entry: Entry | None = None
        self._now = 0.0

    def show(self, entry: Entry | None, now: float) -> None:
        """Show another entry."""
        self._entry, self._now = entry, now
        self.refresh()

    def tick(self, now: float) -> None:
        """Follow the time once a minute: seconds are counted in the table."""
        if now // 60 != self._now // 60:
            self.show(self._entry, now)

    def render(self) -> Content:
        """Return the text."""
        match self._entry:
            case Row() as row:
                return self._fitting(Content("\n").join(self._lines(row)))
            case EstimateRow() as estimate:
                renew = self._surface.step(Action(Do.RENEW_AUTHORIZATION, estimate.profile))
                text = f"~ {estimate.text}\n{ESTIMATE} {renew}"
                return Content(wrapped(text, self._width, 0))
            case _:
                return Content("")

    def _fitting(self, content: Content) -> Content:
        """Return as many lines as there is room for; a cut shows."""
        room = self.content_size.height
        lines = content.split("\n", allow_blank=True)
        if not 0 < room < len(lines):
            return content
        last = lines[room - 1]
        if last.cell_length + 2 > self._width:
            last = last.right_crop(2)
        return Content("\n").join([*lines[: room - 1], last + " …"])

    def _lines(self, row: Row) -> list[Content]:
        token = row.token
        expected, window = self._expected(token.profile), self._window_of(token.profile)
        facts = summary_facts(token, self._now, window, expected, self._surface, self._timer())
        if row.is_undelivered:
            from tui.wording.delivery import delivery_facts

            facts = delivery_facts(row.deliveries, self._now, self._surface)[:1] + facts
        style = self.get_visual_style("token-summary--label", partial=True)
        return [self._headline(row), *(labeled(fact, self._width, style) for fact in facts)]

    def _headline(self, row: Row) -> Content:
        token = row.token
        style = self.get_visual_style(f"token-summary--{row.state}", partial=True)
        word = f"{STATES[row.state].glyph} {row.state}"
        seen = checked(token.inspected_at, self._now, "never checked")
        text = f"{token.name}, {described(token, token.subject_name or token.subject_id)}, {seen}"
        shown = wrapped(text, self._width, cell_len(word) + 2)
        return Content.styled(word, style) + Content(f"  {shown}")

    @property
    def _width(self) -> int:
        return self.content_size.width or 78


def labeled(fact: Fact, width: int, style: Style) -> Content:
    """Return a fact after its label, wrapped to `width` cells."""
    return Content.styled(f"{fact.label:<{_INDENT}}", style) + Content(wrapped(fact.text, width, _INDENT))
