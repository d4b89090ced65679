"""Toasts that leave the frame alone: their text is cut at a sane size, and the newest is always in sight."""

from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.geometry import Offset, Size
from textual.layout import ArrangeResult, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.screen import Screen
from textual.widget import Widget

from tui.terminal.textual_internals import toast_racks

_LINES = 5
"""Lines below a title that fit above the status line (`max-height` in shared.tcss)."""
_LOST = 17
"""Cells of a line that borders and wrapping may take."""
_END = 0.6
"""Part of the room that the end gets: what to do is there, after what Facebook said."""
_LONGEST_WORD = 30
"""Cells; what is longer is cut inside."""


def shortened(text: str, width: int) -> str:
    """Return `text`, its middle left out where it is too long for a toast `width` cells wide.

    The end begins with a whole sentence if it can: it says what to do.
    """
    longest = _LINES * max(20, width - _LOST)
    if cell_len(text) > longest or text.count("\n") >= _LINES:
        text = " ".join(text.split())
    if cell_len(text) <= longest:
        return text
    room = int(longest * _END)
    end = _begin(text[::-1], room)[::-1]
    _, stop, sentences = end.partition(". ")
    if stop and cell_len(sentences) > room // 2:
        end = sentences
    return f"{_begin(text, longest - cell_len(end) - 3)} … {end}"


def _begin(text: str, cells: int) -> str:
    """Return the first words of a text that take at most so many cells."""
    begin = set_cell_size(text, cells).rstrip()
    if text[len(begin) : len(begin) + 1].strip():  # it goes on without a blank: the last word is cut
        word = begin.rfind(" ")
        begin = begin[:word] if len(begin) - word <= _LONGEST_WORD else begin
    return begin.rstrip()


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
