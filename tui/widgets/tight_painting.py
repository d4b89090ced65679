"""Paints with as few bytes as possible: only cells that differ from what the terminal shows, each style named once.

Textual's own updates paint whole widgets and name the style before every piece; on a slow line a ticking panel then
costs five times the bytes, and a cursor that moves twenty times. Written for the Textual this project pins.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

Cell = tuple[str, Style | None]
Codes = tuple[str, str, str]
"""SGR parameters of a style's attributes, colour and background; empty where it has none."""

_BRIDGED = 8
"""Unchanged cells of one style that are cheaper to write again than to jump over."""

_AT_ONCE = 512
"""Bytes that a terminal takes and shows in one go; longer frames stand between marks where it knows them."""


class Shown:
    """What the terminal shows, line by line, as far as it is known; an unknown line is painted as it comes."""

    def __init__(self) -> None:
        self.is_marked = False
        """Whether the terminal knows the marks between which a frame is shown as a whole (DEC mode 2026)."""
        self._size = Size(0, 0)
        self._lines: list[list[Cell] | None] = []

    def forget(self) -> None:
        """Somebody else painted: nothing is known any more."""
        self._lines = [None] * self._size.height

    def begin(self, size: Size) -> None:
        """A frame of this size is about to be painted."""
        if size != self._size:
            self._size = size
            self.forget()

    def changes(self, x: int, y: int, cells: list[Cell]) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the runs of `cells` (which begin at column `x` of line `y`) that differ from what is shown there."""
        before = self._lines[y] if y < len(self._lines) else None
        if before is None:
            if x == 0 and len(cells) >= self._size.width and y < len(self._lines):
                self._lines[y] = list(cells)
            yield x, cells
            return
        end = x + len(cells)
        known = before[x:end]
        if known == cells:
            return
        before[x:end] = cells
        yield from ((x + first, cells[first:last]) for first, last in _runs(known, cells))


def _runs(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    first = last = -1
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if first >= 0 and place - last <= _BRIDGED and _is_one_style(after[last - 1 : place + 1]):
            last = place + 1
            continue
        if first >= 0:
            yield _whole(before, after, first, last)
        first, last = place, place + 1
    if first >= 0:
        yield _whole(before, after, first, last)


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
        self._system = console._color_system
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
                self._dress(style)
                self._pieces.append(_linked("".join(sign for sign, _ in cells[first:place]), style))
                first = place

    def _dress(self, style: Style | None) -> None:
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
    return style.without_color._make_ansi_codes(system), color, background


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


class TightUpdate(ChopsUpdate):
    """Writes what is dirty and differs."""

    def __init__(self, update: ChopsUpdate, shown: Shown, size: Size) -> None:
        super().__init__(update.chops, update.spans, update.chop_ends)
        self._shown = shown
        self._size = size

    def render_segments(self, console: Console) -> str:
        """Return the bytes to write. What is written counts as shown."""
        self._shown.begin(self._size)
        pen = Pen(console)
        for x, y, strip in self._dirty_pieces():
            for place, cells in self._shown.changes(x, y, _cells(strip)):
                pen.write(place, y, cells)
        return pen.text(self._shown.is_marked)

    def _dirty_pieces(self) -> Iterator[tuple[int, int, Strip]]:
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                left = max(x, x1)
                cropped = strip.crop(left - x, min(end, x2) - x)
                if cropped.cell_length:
                    yield left, y, cropped


class TightLayout(LayoutUpdate):
    """Writes what differs on the whole screen."""

    def __init__(self, update: LayoutUpdate, shown: Shown) -> None:
        super().__init__(update.strips, update.region)
        self._shown = shown

    def render_segments(self, console: Console) -> str:
        """Return the bytes to write. What is written counts as shown."""
        self._shown.begin(self.region.size)
        pen = Pen(console)
        for y, line in enumerate(self.strips):
            cells = _cells(segment for strip in line for segment in strip)
            for place, changed in self._shown.changes(0, y, cells):
                pen.write(place, y, changed)
        return pen.text(self._shown.is_marked)


class TightCompositor(Compositor):
    """A compositor that knows what the terminal shows while its screen is in front."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()

    def forget(self) -> None:
        """Another screen, program or size had the terminal: the next frame paints all of it."""
        self.shown.forget()

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Return the update of the whole screen."""
        update = super().render_full_update(simplify)
        return update if simplify else TightLayout(update, self.shown)

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return the update of what is dirty, or None."""
        update = super().render_partial_update()
        return None if update is None else TightUpdate(update, self.shown, self.size)
