"""A QR code as cells of dark and light, each with the color of its ink and of its ground: no terminal's own are shown.

How terminals paint such cells, and which of them decoders read, is measured in docs/facts/surroundings.md ("QR codes").
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from tui.terminal.capabilities import Capabilities

QUIET_ZONES = (4, 2)
"""Modules of light border, tried in turn: the standard asks for 4; with less than 2 most decoders read nothing."""

BLANK = "\N{NO-BREAK SPACE}"
"""Paints the ground of a cell; some web terminals paint a plain space with the ground of the cell before it."""

_CORNER = 8
"""Modules of a finder pattern with its light edge."""

_PALETTE = {True: ("30", "40"), False: ("37;97", "47;107")}
"""SGR parameters of dark and light ink and ground; where bright ones are not known, white is light gray."""

_PALETTE_256 = {True: ("38;5;16", "48;5;16"), False: ("38;5;231", "48;5;231")}
"""The same in colors that no theme of a terminal changes."""


class Run(NamedTuple):
    """Cells side by side that look the same: what is written there, whether it is dark, and whether its ground is."""

    text: str
    is_dark: bool
    is_on_dark: bool


Modules = Sequence[Sequence[bool]]
"""Rows of modules; True is dark."""

Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class QrCode:
    """The lines to paint, all equally wide."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TooSmall:
    """The code does not fit; what it needs at the least. 0 x 0: no code holds that much text."""

    columns: int
    rows: int


class NoColors(NamedTuple):
    """Dark and light cannot be shown: no color may be set, or the terminal has none."""

    is_asked_for: bool
    """Whether NO_COLOR asks for it."""


Undrawn = TooSmall | NoColors


class _Shape(NamedTuple):
    """One way to paint: columns of a module, modules of a row, and how rows become lines."""

    columns: int
    modules: int
    paint: Callable[[Modules, int], Iterator[Line]]

    def size(self, modules: Modules, zone: int) -> tuple[int, int]:
        """Return the columns and rows of a code with its border."""
        side = len(modules) + 2 * zone
        return side * self.columns, -(-side // self.modules)


def draw_qr(text: str, columns: int, rows: int, terminal: Capabilities) -> QrCode | Undrawn:
    """Return the code of `text` that is read best among those that fit `columns` x `rows` cells.

    Whole cells are read on every terminal; half cells need half the room, and a font that fills them. Error correction
    is the lowest, raised only where the code does not grow by it: on a screen nothing is smudged.
    """
    if terminal.no_color or terminal.dumb:
        return NoColors(terminal.no_color)
    modules = _modules(text)
    if modules is None:
        return TooSmall(0, 0)
    shapes = (_WHOLE_ASCII,) if terminal.ascii_only else (_WHOLE, _HALVES)
    needed = (0, 0)
    for shape in shapes:
        for zone in QUIET_ZONES:
            needed = shape.size(modules, zone)
            if needed[0] <= columns and needed[1] <= rows:
                return QrCode(tuple(shape.paint(modules, zone)))
    return TooSmall(*needed)


def sgr_lines(code: QrCode, terminal: Capabilities) -> tuple[str, ...]:
    """Return the lines of the code for output that is no full-screen view, with both colors set for every run."""
    colors = _PALETTE if terminal.sixteen_colors else _PALETTE_256
    lines = (
        "".join(f"\x1b[{colors[run.is_dark][0]};{colors[run.is_on_dark][1]}m{run.text}" for run in line)
        for line in code.lines
    )
    return tuple(f"{line}\x1b[0m" for line in lines)


def _modules(text: str) -> Modules | None:
    import segno

    try:
        code = segno.make(text, error="l", boost_error=True, micro=False)
    except segno.DataOverflowError:
        return None
    return [[bool(module) for module in row] for row in code.matrix]


def _with_border(modules: Modules, zone: int) -> list[list[bool]]:
    width = len(modules) + 2 * zone
    empty = [[False] * width for _ in range(zone)]
    side = [False] * zone
    return [*empty, *([*side, *row, *side] for row in modules), *empty]


def _whole(blank: str) -> Callable[[Modules, int], Iterator[Line]]:
    def paint(modules: Modules, zone: int) -> Iterator[Line]:
        for row in _with_border(modules, zone):
            yield tuple(Run(2 * blank * len(list(same)), dark, dark) for dark, same in groupby(row))

    return paint


def _halves(modules: Modules, zone: int) -> Iterator[Line]:
    """Paint two modules a cell.

    The glyph of a half block may leave a gap of a pixel at the cell's edge, where the ground shows: below the lower
    half, above the upper half. That half is taken whose gap is next to a cell of the same color. Where there is none
    a gap remains: a light one, which decoders bear, but a dark one at the finder patterns, which must not be cut.
    """
    bordered = _with_border(modules, zone)
    light = [False] * len(bordered[0])
    rows = [light, light, *bordered, light]  # the number of modules is odd: one row more completes the cells
    for top in range(1, len(rows) - 2, 2):
        above, upper, lower, below = rows[top - 1 : top + 3]
        cells = [
            _half(*column, is_corner=_is_corner(x - zone, top - 2 - zone, len(modules)))
            for x, column in enumerate(zip(above, upper, lower, below, strict=True))
        ]
        yield tuple(Run("".join(cell.text for cell in same), *look) for look, same in groupby(cells, lambda c: c[1:]))


def _half(above: bool, upper: bool, lower: bool, below: bool, *, is_corner: bool) -> Run:
    if upper == lower:
        return Run(BLANK, upper, upper)
    if below == upper or (above != lower and lower != is_corner):
        return Run("▄", lower, upper)
    return Run("▀", upper, lower)


def _is_corner(x: int, y: int, side: int) -> bool:
    """Tell whether a module, counted from the code's own first one, is at one of the three finder patterns."""
    far = side - _CORNER - 1
    return (x < _CORNER and (y < _CORNER or y >= far)) or (x > far and y < _CORNER)


_WHOLE, _WHOLE_ASCII, _HALVES = _Shape(2, 1, _whole(BLANK)), _Shape(2, 1, _whole(" ")), _Shape(1, 2, _halves)
