"""Find where words begin that were selected behind a value: a button's name, a remark, the rest of a sentence."""

from __future__ import annotations

import re

_LONGEST = 240
_BUTTON = (
    r"(?:Copy|COPY|copy|Copied|copied|Reset|Show|Hide|Edit|Save|Cancel|Close|Delete|Remove|Test|Debug"
    r"|Manage\s{1,4}OAuth)"
)
_SMALL_WORD = (
    r"(?i:the|is|are|and|or|to|your|our|my|please|it|this|that|for|of|in|with|by|you|do|not|see|add|from|as|here)"
)
_REMARK = re.compile(
    rf"[.,;:!]?\s{{1,8}}(?:{_BUTTON}(?:\s{{1,4}}{_BUTTON}){{0,3}}(?:\s{{1,4}}[Tt]oken)?"
    rf"|\([A-Za-z][^()]{{2,}}\)"
    rf"|(?=(?:[A-Za-z']+[,;:.!?]?\s+)*{_SMALL_WORD}\b)(?:[A-Za-z']+[,;:.!?]?\s+)+[A-Za-z']+)[\s.,;!?]*$"
)
_CELL = re.compile(r"\t\s*[A-Z][a-z]{2,}(?:\s+[A-Za-z]+)*\s*$")
"""A tab and a capitalized word: the next cell of a table. A line that was wrapped never holds a tab."""


def words_behind(text: str, start: int, end: int) -> int:
    """Return where words begin behind the value in `text[start:end]`, with the blank before; else `end`.

    A blank followed by something that may be the rest of a wrapped value does not count.
    """
    found = _REMARK.search(text, max(start + 1, end - _LONGEST), end)
    return found.start() if found is not None else end


def cell_behind(text: str, start: int, end: int) -> int:
    """Return where the next cell of a table begins behind the value in `text[start:end]`; else `end`."""
    found = _CELL.search(text, max(start + 1, end - _LONGEST), end)
    return found.start() if found is not None else end
