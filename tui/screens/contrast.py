"""How well a text stands out from what is behind it (WCAG 2), and colors moved until it does."""

from functools import lru_cache

from textual.color import BLACK, WHITE, Color

_STEPS = 20


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two opaque colors, 1 to 21 (WCAG 2, "contrast ratio")."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Undo the gamma of sRGB."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


@lru_cache(maxsize=512)
def readable(text: str, grounds: tuple[str, ...], ratio: float) -> str:
    """Return `text`, moved towards black or white just as far as it must be to stand out from all `grounds` by `ratio`.

    The terminal's own colors are returned unchanged: their values are not known.
    """
    if any(name.startswith("ansi_") for name in (text, *grounds)):
        return text
    color, behind = Color.parse(text), [Color.parse(ground) for ground in grounds]
    pole = max((WHITE, BLACK), key=lambda end: min(contrast(end, ground) for ground in behind))
    for step in range(_STEPS + 1):
        moved = color.blend(pole, step / _STEPS, alpha=1)
        if all(contrast(moved, ground) >= ratio for ground in behind):
            return moved.hex
    return pole.hex
