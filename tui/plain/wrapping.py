"""Lines broken between words, and never inside a command, so that it can be copied as a whole."""

import re
from collections.abc import Iterator
from shutil import get_terminal_size

from tui.wording.cells import cell_width

_NARROWEST = 20
"""Columns below which lines are left to the terminal."""

_COMMAND_NAMES = (
    "add|backup|candidates|check|completion|deliver|demo|doctor|due|forget|guide|history|import|keep|login|manual|matillion"
    "|refresh|restore|sandbox|schedule|secrets|status|token"
)
_COMMAND = (
    rf"(?<=: )(?:igauth (?:{_COMMAND_NAMES})\b|chmod |sudo |systemctl |ulimit ).*?(?:\.?$|\.(?= [A-Z])|[,;](?= ))"
    r"|`[^`]+`\S*"
)
"""A command behind a colon, up to the end of its sentence, or between backticks."""

_PIECE = re.compile(rf"(?P<blanks>\s*)(?:(?P<command>{_COMMAND})|\S+)")


def wrapped(text: str, columns: int = 0) -> str:
    """Return text with its lines broken between words, for a terminal of so many columns (default: this one).

    A command that does not fit behind the words before it stands alone on its line, whole however long.
    """
    columns = columns or get_terminal_size().columns
    if columns < _NARROWEST:
        return text
    return "\n".join(broken for line in text.split("\n") for broken in _lines(line, columns - 1))


def _lines(text: str, room: int) -> Iterator[str]:
    """Give the lines of a text without line ends, each of at most `room` cells where no word is longer."""
    if cell_width(text) <= room:
        yield text
        return
    line, is_alone = "", False
    for piece in _PIECE.finditer(text):
        longer = line + piece.group()
        if line and (is_alone or cell_width(longer) > room):
            yield line
            line, is_alone = piece.group().lstrip(), piece["command"] is not None
        else:
            line = longer
    yield line
