"""The tokens table: a row a token, time left counting down by the second; only what changed is drawn again."""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from tui.services.board import Board, Row
from tui.tokens.states import TokenState, is_unusable
from tui.widgets.glyphs import UNICODE, Glyphs
from tui.widgets.row_list import RowList
from tui.widgets.token_cells import Expected, cell_text, fitted
from tui.widgets.token_columns import Column, columns_for


@dataclass(frozen=True, slots=True)
class Heading:
    """A row between groups."""

    text: str


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """Matillion's own authorization, always marked as an estimate."""

    profile: str
    text: str


Entry = Row | Heading | EstimateRow


class TokenTable(RowList):
    """Draws the entries of a board; `tick` redraws only the digits that changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--cursor",
        "row-list--cursor-blurred",
        "token-table--heading",
        "token-table--muted",
        "token-table--name",
        "token-table--missing",
        "token-table--estimate",
        "token-table--busy",
        *(f"token-table--{state}" for state in TokenState),
    }

    def __init__(self, expected: Expected, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._expected = expected
        self._glyphs = glyphs
        self._entries: tuple[Entry, ...] = ()
        self._busy: frozenset[str] = frozenset()
        self._now = 0.0
        self._minute = 0
        self._drawn: dict[int, dict[Column, str]] = {}

    # --- what is shown -----------------------------------------------------------------------------------------

    def show(self, entries: tuple[Entry, ...], now: float, *, keep: str = "") -> None:
        """Show other entries; the cursor stays on the token named `keep`, else on the first."""
        self._entries = entries
        self._now = now
        self._minute = int(now // 60)
        self._drawn.clear()
        place = self.index_of(keep) if keep else 0
        self.rows_changed(self.cursor if place is None else place)

    def set_busy(self, names: frozenset[str]) -> None:
        """Mark tokens that are being worked on."""
        if names != self._busy:
            self._busy = names
            self.refresh()

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries[self.cursor] if 0 <= self.cursor < len(self._entries) else None

    def index_of(self, name: str) -> int | None:
        """Return the place of a token's row."""
        return next(
            (index for index, entry in enumerate(self._entries) if isinstance(entry, Row) and entry.token.name == name),
            None,
        )

    # --- the countdown -----------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Draw the cells in sight that changed by `now`."""
        self._now = now
        if int(now // 60) != self._minute:  # the other end and the bar move by hours
            self._minute = int(now // 60)
            self.refresh()
            return
        top = self.scroll_offset.y
        for y in range(min(self.size.height, len(self._entries) - top)):
            entry = self._entries[top + y]
            drawn = self._drawn.get(top + y)
            if not isinstance(entry, Row) or drawn is None:
                continue
            for place, old in drawn.items():
                new = drawn[place] = cell_text(place, entry, now, self._glyphs, self._expected)
                if old != new:
                    first = next(cell for cell, (was, now_is) in enumerate(zip(old, new, strict=True)) if was != now_is)
                    self.refresh(Region(place.x + first, y, place.width - first, 1))

    # --- drawing -----------------------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def is_selectable(self, index: int) -> bool:
        """Headings do not take the cursor."""
        return not isinstance(self._entries[index], Heading)

    def draw_row(self, index: int, width: int, style: Style) -> list[Segment]:
        """Draw one entry."""
        entry = self._entries[index]
        match entry:
            case Heading():
                line = f"{self._glyphs.rule * 2} {entry.text} "
                text = line + self._glyphs.rule * max(0, width - len(line))
                return [Segment(fitted(text, width, ""), style + self.style_of("token-table--heading"))]
            case EstimateRow():
                text = fitted(f"{self._glyphs.estimate} {entry.text}", width, self._glyphs.ellipsis)
                return [Segment(text, style + self.style_of("token-table--estimate"))]
            case Row():
                return self._draw_token(index, entry, columns_for(width), style)

    def _draw_token(self, index: int, row: Row, columns: tuple[Column, ...], style: Style) -> list[Segment]:
        segments: list[Segment] = []
        self._drawn[index] = {}
        for place in columns:
            text = cell_text(place, row, self._now, self._glyphs, self._expected)
            if place.key in ("left", "checked"):  # these change by themselves
                self._drawn[index][place] = text
            segments.append(Segment(text + " ", style + self.style_of(self._component(place, row))))
        return segments

    def _component(self, place: Column, row: Row) -> str:
        if place.key == "state" and row.token.name in self._busy:
            return "token-table--busy"
        if place.key in ("glyph", "state", "left", "life"):
            return f"token-table--{row.state}"
        if place.key == "missing":
            return "token-table--missing"
        return "token-table--name" if place.key == "name" else "token-table--muted"


def entries_of(
    board: Board,
    estimates: tuple[EstimateRow, ...],
    *,
    group_profiles: bool = False,
    kept: frozenset[str] | None = None,
) -> tuple[Entry, ...]:
    """Return a board's rows with their headings; `kept` limits them to tokens of these names."""
    rows = [row for row in board.rows if kept is None or row.token.name in kept]
    unusable = [row for row in rows if is_unusable(row.state)]
    entries: list[Entry] = []
    if group_profiles:
        for profile in sorted({row.token.profile for row in rows}):
            entries += [Heading(profile), *(row for row in rows if row.token.profile == profile)]
    else:
        entries += [row for row in rows if not is_unusable(row.state)]
        if unusable:
            entries += [Heading(f"unusable ({len(unusable)})"), *unusable]
    if estimates:
        entries += [Heading("Matillion's own authorization (estimates: it cannot be read)"), *estimates]
    return tuple(entries)
