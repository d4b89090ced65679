"""Lines in plain ASCII for locales that are not UTF-8: borders, scroll bars, names from elsewhere, everything."""

from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.terminal.plain_text import SIGNS, similar

_SIGNS = {
    **SIGNS,
    **dict.fromkeys("─▁▂▔═╌┄", "-"),
    **dict.fromkeys("│┃▌▐▎▏▊▕║", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘┼├┤┬┴", "+"),
    **dict.fromkeys("▃▄▅▆▇█▀", " "),  # ends of a scroll bar's handle: the rest of it is drawn by its ground
    **dict(zip("━→⇥…␣⏎", "#>>~_$", strict=True)),
}


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return `text` in ASCII, as many cells wide: signs by their likeness, letters without accents, else `?`."""
    return text if text.isascii() else "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    cells = get_character_cell_size(char) if not char.isascii() else 1
    return similar(char, _SIGNS) + "?" * (cells - 1) if cells else ""


class AsciiLines(LineFilter):
    """The last thing done to a line before it is written."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with their text in ASCII."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
