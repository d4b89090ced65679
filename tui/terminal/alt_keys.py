"""Has xterm and mlterm send alt with a letter as escape and that letter, while igauth has the terminal.

As Debian ships them they send one accented letter instead, which would be typed into a field.
"""

import re

from tui.terminal.input_pieces import Answer, AnswerKind

ESCAPES = "\x1b[?1036s\x1b[?1036h\x1b[?1039s\x1b[?1039h"
"""Saves how meta and alt are sent (DEC private modes 1036, 1039), and has both send the escape."""
AS_BEFORE = "\x1b[?1039r\x1b[?1036r"

_SENDS_LETTERS = re.compile(r"(?:41|24);[0-9]+;0")
"""What xterm and mlterm answer to DA2 (docs/facts/surroundings.md)."""


def may_send_letters(answer: Answer) -> bool:
    """Tell whether this answer is of a terminal that may send alt as accented letters, and knows the modes."""
    return answer.kind is AnswerKind.SECONDARY and _SENDS_LETTERS.fullmatch(answer.text) is not None
