"""A QR code as lines of text: two modules a cell in half blocks, or two cells a module in ASCII."""

from dataclasses import dataclass

QUIET_ZONES = (4, 2, 1)
"""Modules of light border, tried in turn: the standard asks for 4, phones read 1."""

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@dataclass(frozen=True, slots=True)
class QrCode:
    """The lines to draw, all equally wide. Dark modules are ink: draw them dark on light."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooSmall:
    """The code does not fit; what it needs at the least. 0 x 0: no code holds that much text."""

    columns: int
    rows: int


def draw_qr(
    text: str, columns: int, rows: int, *, ascii_only: bool = False, inverted: bool = False
) -> QrCode | TooSmall:
    """Return the smallest code of `text` with the widest border that fits `columns` x `rows` cells.

    `inverted` swaps ink and ground, for a light-on-dark terminal whose colors are not set. Error correction is the
    lowest, raised only where the code does not grow by it: on a screen nothing is smudged.
    """
    modules = _modules(text)
    if modules is None:
        return TooSmall(0, 0)
    draw = _in_ascii if ascii_only else _in_halves
    for zone in QUIET_ZONES:
        lines = draw(_with_border(modules, zone, inverted))
        if len(lines) <= rows and len(lines[0]) <= columns:
            return QrCode(lines)
    return TooSmall(len(lines[0]), len(lines))


def _modules(text: str) -> list[list[bool]] | None:
    import segno

    try:
        code = segno.make(text, error="l", boost_error=True, micro=False)
    except segno.DataOverflowError:
        return None
    return [[bool(module) for module in row] for row in code.matrix]


def _with_border(modules: list[list[bool]], zone: int, inverted: bool) -> list[list[bool]]:
    width = len(modules) + 2 * zone
    empty = [[False] * width for _ in range(zone)]
    middle = [[False] * zone + row + [False] * zone for row in modules]
    return [[module != inverted for module in row] for row in [*empty, *middle, *empty]]


def _in_halves(modules: list[list[bool]]) -> tuple[str, ...]:
    # an odd last row is completed by more of the light border, whose ink is that of the first module
    padded = [*modules, [modules[0][0]] * len(modules)] if len(modules) % 2 else modules
    pairs = zip(padded[::2], padded[1::2], strict=True)
    return tuple("".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)


def _in_ascii(modules: list[list[bool]]) -> tuple[str, ...]:
    return tuple("".join("##" if module else "  " for module in row) for row in modules)
