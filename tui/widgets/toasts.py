"""Toasts that leave the frame alone: their text is cut at a sane size, and the newest is always in sight."""

from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.geometry import Offset, Size
from textual.layout import ArrangeResult, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.screen import Screen
from textual.widget import Widget

from tui.terminal.textual_internals import toast_racks

LONGEST = 250
"""Cells of a toast's text: under its title that fits above the status line of an 80x24 terminal."""

_TAIL = 140
"""Cells kept of the end: the next step is there, after what Facebook said."""

_LONGEST_WORD = 30
"""Cells; what is longer is cut inside."""
_LINES = 4


def shortened(text: str) -> str:
    """Return `text`, its middle left out where it is too long for a toast; its end says what to do."""
    if text.count("\n") >= _LINES:
        text = " ".join(text.split())
    if cell_len(text) <= LONGEST:
        return text
    return f"{_first_cells(text)} … {_last_cells(text)}"


def _first_cells(text: str) -> str:
    begin = set_cell_size(text, LONGEST - _TAIL - 3)
    if text[len(begin) : len(begin) + 1].strip():  # it goes on without a blank: the last word is cut
        word = begin.rfind(" ")
        begin = begin[:word] if len(begin) - word <= _LONGEST_WORD else begin
    return begin.rstrip()


def _last_cells(text: str) -> str:
    start = max(0, len(text) - _TAIL)
    while cell_len(text[start:]) > _TAIL:
        start += 1
    if text[start - 1 : start].strip():
        word = text.find(" ", start, start + _LONGEST_WORD)
        start = max(start, word)
    return text[start:].lstrip()


def keep_newest_in_sight(screen: Screen[Any]) -> None:
    """Let a rack with more toasts than room (`max-height` in shared.tcss) cut the oldest instead of the newest."""
    for rack in toast_racks(screen.children):
        rack.styles.inline.set_rule("layout", _NewestInSight())


class _NewestInSight(VerticalLayout):
    """From top to bottom, moved up by what does not fit; the rack clips it (it is invisible, so it cannot scroll)."""

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        placements = super().arrange(parent, children, size, greedy)
        too_much = WidgetPlacement.get_bounds(placements).bottom - size.height
        if placements and size.height and too_much > 0:
            return WidgetPlacement.translate(placements, Offset(0, -too_much))
        return placements
