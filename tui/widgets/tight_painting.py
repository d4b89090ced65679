"""Paints with as few bytes as possible: only cells that differ from what the terminal shows, each style named once.

Textual's own updates paint whole widgets and name the style before every piece; on a slow line a ticking panel then
costs five times the bytes, and a cursor that moves twenty times. Written for the Textual this project pins.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size

from tui.terminal.textual_internals import (
    SYNC_END,
    SYNC_START,
    OwnCompositor,
    Update,
    attribute_codes,
    color_system,
)

Cell = tuple[str, Style | None]
Piece = tuple[int, int, list[Cell]]
"""Line, column, and what stands from there on."""

Codes = tuple[str, str, str]
"""SGR parameters of a style's attributes, color and background; empty where it has none."""

_UNKNOWN: Cell = ("\0", None)
"""Differs from every cell that may have to be shown."""

_BARE: Cell = ("\0\0", None)
"""Where nothing is drawn yet."""

_BLANK: Cell = (" ", None)

_BRIDGED = 8
"""Unchanged cells of one style that are cheaper to write again than to jump over."""

_AROUND = (0, 1, 0, 1)
"""A cell on both sides of what is dirty is drawn too: half of a sign may have stood there."""

_AT_ONCE = 512
"""Bytes that a terminal takes and shows in one go; longer frames stand between marks where it knows them."""


class Shown:
    """What the terminal shows, cell by cell, as far as it is known; what is not known is painted as it comes."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._lines: list[list[Cell]] = []

    def forget(self) -> None:
        """Somebody else painted: nothing is known any more."""
        self._lines = [[_UNKNOWN] * self._size.width for _ in range(self._size.height)]

    def begin(self, size: Size) -> None:
        """A frame of this size is about to be painted."""
        if size != self._size:
            self._size = size
            self.forget()

    def changes(self, x: int, y: int, cells: list[Cell]) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the runs of `cells` (which begin at column `x` of line `y`) that differ from what is shown there."""
        line = self._lines[y]
        end = x + len(cells)
        known = line[x:end]
        if known == cells:
            return
        line[x:end] = cells
        yield from ((x + first, cells[first:last]) for first, last in _runs(known, cells))


def _runs(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what changed; cells side by side are one run whatever their styles."""
    first = end = 0
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if place > end and not (first < end and place - end <= _BRIDGED and _is_one_style(after[end - 1 : place + 1])):
            if first < end:
                yield _whole(before, after, first, end)
            first = place
        end = place + 1
    if first < end:
        yield _whole(before, after, first, end)


def _is_one_style(cells: Sequence[Cell]) -> bool:
    return all(style == cells[0][1] for _, style in cells)


def _whole(before: Sequence[Cell], after: Sequence[Cell], first: int, last: int) -> tuple[int, int]:
    """Widen a run so that no sign of two cells is cut, neither the new one nor the one it replaces."""
    while first > 0 and not (after[first][0] and before[first][0]):
        first -= 1
    while last < len(after) and not (after[last][0] and before[last][0]):
        last += 1
    return first, last


def _cells(segments: Iterable[Segment]) -> list[Cell]:
    """Return one entry a cell; the second cell of a wide sign is empty, marks of no width go with the sign before."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        if text.isascii():
            cells.extend([(sign, style) for sign in text])
            continue
        for sign in text:
            size = get_character_cell_size(sign)
            if size == 0 and cells:
                place = len(cells) - 1 if cells[-1][0] or len(cells) == 1 else len(cells) - 2
                cells[place] = (cells[place][0] + sign, cells[place][1])
            elif size:
                cells.append((sign, style))
                cells.extend([("", style)] * (size - 1))
    return cells


class Pen:
    """Writes cells: a move where the cursor is elsewhere, a style where it changes, one reset at the end."""

    def __init__(self, console: Console) -> None:
        self._system = color_system(console)
        self._pieces: list[str] = []
        self._place = (-1, -1)
        self._codes: Codes = ("", "", "")
        self._style: Style | None = None

    def write(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        """Write cells from column `x` of line `y`."""
        if (x, y) != self._place:
            self._pieces.append(f"\x1b[{y + 1};{x + 1}H")
        self._place = (x + len(cells), y)
        first = 0
        for place in range(1, len(cells) + 1):
            if place == len(cells) or cells[place][1] is not cells[first][1]:
                style = cells[first][1]
                self._use(style)
                self._pieces.append(_linked("".join(sign for sign, _ in cells[first:place]), style))
                first = place

    def _use(self, style: Style | None) -> None:
        if style is self._style:
            return
        codes = _codes_of(style, self._system)
        change = _change(self._codes, codes)
        if change is not None:
            self._pieces.append(f"\x1b[{change}m")
        self._codes, self._style = codes, style

    def text(self, is_marked: bool) -> str:
        """Return all that is to be written, nothing where nothing was; a long frame is marked where `is_marked`."""
        text = "".join([*self._pieces, "\x1b[0m"]) if self._pieces else ""
        return f"{SYNC_START}{text}{SYNC_END}" if is_marked and len(text) > _AT_ONCE else text


@lru_cache(maxsize=1024)
def _codes_of(style: Style | None, system: ColorSystem | None) -> Codes:
    if style is None or system is None:
        return "", "", ""
    color, background = (
        ";".join(shade.downgrade(system).get_ansi_codes(foreground=is_front)) if shade is not None else ""
        for shade, is_front in ((style.color, True), (style.bgcolor, False))
    )
    return attribute_codes(style, system), color, background


def _change(before: Codes, after: Codes) -> str | None:
    """Return the parameters that lead from one style to the other; None where there is nothing to change."""
    if before == after:
        return None
    if before[0] == after[0]:
        pairs = list(zip(before[1:], after[1:], strict=True))
        if all(new or not old for old, new in pairs):
            return ";".join(new for old, new in pairs if old != new)
    return ";".join(["0", *(part for part in after if part)])


def _linked(text: str, style: Style | None) -> str:
    link = style.link if style is not None else None
    return f"\x1b]8;;{link}\x1b\\{text}\x1b]8;;\x1b\\" if link else text


class TightUpdate(Update):
    """Writes what of the pieces differs; a long frame is marked where `is_marked`."""

    def __init__(self, pieces: Iterable[Piece], shown: Shown, *, is_marked: bool = False) -> None:
        self._pieces = pieces
        self._shown = shown
        self._is_marked = is_marked

    def render_segments(self, console: Console) -> str:
        """Return the bytes to write. What is written counts as shown."""
        pen = Pen(console)
        for y, x, cells in self._pieces:
            for place, changed in self._shown.changes(x, y, cells):
                pen.write(place, y, changed)
        return pen.text(self._is_marked)


class TightCompositor(OwnCompositor):
    """A compositor that knows what the terminal shows while its screen is shown.

    A line is put together from the front to the back, and only widgets that have a dirty line are asked for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()

    def forget(self) -> None:
        """Another screen, program or size had the terminal: the next frame paints all of it."""
        self.shown.forget()

    def dirty_update(self) -> TightUpdate | None:
        """Return the update of what is dirty, or None."""
        spans = self.take_dirty_spans(_AROUND)
        if not spans:
            return None
        self.shown.begin(self.size)
        pieces = (_without_halves(y, x, cells) for y, x, cells in self._drawn(spans))
        return TightUpdate([piece for piece in pieces if piece[2]], self.shown, is_marked=self.is_marked)

    def _drawn(self, spans: Iterable[tuple[int, int, int]]) -> list[Piece]:
        pieces: list[Piece] = [(y, first, [_BARE] * (last - first)) for y, first, last in spans]
        bare = pieces
        for widget, (region, clip) in self.visible_widgets.items():  # the topmost first
            seen = region.intersection(clip)
            lines = [
                (y, x, cells)
                for y, x, cells in bare
                if seen.y <= y < seen.bottom and _BARE in cells[_part(x, len(cells), seen)]
            ]
            if not lines:
                continue
            top, bottom = lines[0][0], lines[-1][0] + 1
            strips = widget.render_lines(Region(seen.x - region.x, top - region.y, seen.width, bottom - top))
            for y, x, cells in lines:
                part = _part(x, len(cells), seen)
                covered = cells[part]
                drawn = _cells(strips[y - top])[x + part.start - seen.x :][: len(covered)]
                if covered.count(_BARE) < len(covered):
                    drawn = [new if old is _BARE else old for old, new in zip(covered, drawn, strict=True)]
                cells[part] = drawn
            bare = [piece for piece in bare if _BARE in piece[2]]
        for _, _, cells in bare:
            cells[:] = [_BLANK if cell is _BARE else cell for cell in cells]
        return pieces


def _part(x: int, length: int, seen: Region) -> slice:
    """Return which of the cells from column `x` on are within a region."""
    return slice(max(0, seen.x - x), max(0, min(length, seen.right - x)))


def _without_halves(y: int, x: int, cells: list[Cell]) -> Piece:
    """Return a piece without halves of signs: left off where the drawing ends, blank where a widget covers one."""
    signs = "".join([sign for sign, _ in cells])
    if len(signs) == len(cells) and (signs.isascii() or len(signs) == cell_len(signs)):
        return y, x, cells
    first, last = 0 if cells[0][0] else 1, len(cells) - 1 if _is_wide(cells[-1]) else len(cells)
    for place in range(first, last):
        is_half = not cells[place][0] and not _is_wide(cells[place - 1])
        if is_half or (_is_wide(cells[place]) and cells[place + 1][0]):
            cells[place] = (" ", cells[place][1])
    return y, x + first, cells[first:last]


def _is_wide(cell: Cell) -> bool:
    return not cell[0].isascii() and cell_len(cell[0]) > 1
