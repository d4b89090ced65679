"""Find what a field does not allow: runs of characters of one kind, and constructs such as an HTML entity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple

from tui.credentials.characters import kind_of, plain_reading
from tui.credentials.model import INVISIBLE, Flaw, FlawKind

_ENTITY = (
    r"(?P<html_entity>&(?:amp|lt|gt|quot|apos|nbsp|ensp|emsp|thinsp|zwnj|zwj|shy"
    r"|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});)"
)
_ESCAPE = (
    r"(?P<escape_sequence>\x1b\[[0-?]*[\ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\^\[\[[0-9;?]*[A-Za-z~]|\[20[01]~)"
)
_TAG = r"(?P<markup></?(?:b|i|u|em|strong|code|span|p|br|wbr|mark|font|kbd|tt|small|pre|td|li|div)\ {0,4}/?>)"
_CONTINUED = r"(?P<line_break>\\\r?\n[ \t]*)"
"""A backslash at the end of a line, as a shell command is wrapped."""
_WRITTEN = r"(?P<written_escape>\\(?:[nrt]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}))"
_UNICODE = r"(?P<written_escape>\\u[0-9A-Fa-f]{4})"
"""How JSON writes `&` and the like inside an address."""
_MASK = r"(?P<masked>[•●∙·⬤◦▪■∗⁎＊]+|\*{3,}|[xX]{6,})"
_SHORTENED = r"(?P<truncated>[…⋯]+|\.{2,})"
_PERCENT = r"(?P<percent_encoded>(?:%[0-9A-Fa-f]{2})+)"

CONSTRUCTS = re.compile("|".join((_ESCAPE, _ENTITY, _TAG, _CONTINUED, _WRITTEN, _MASK, _SHORTENED)))
CONSTRUCTS_AND_PERCENT = re.compile(f"{CONSTRUCTS.pattern}|{_PERCENT}")
ADDRESS_CONSTRUCTS = re.compile(
    "|".join(
        (_ESCAPE, _ENTITY, _TAG, _CONTINUED, _UNICODE, _MASK.replace("|[xX]{6,}", ""), r"(?P<truncated>[…⋯]+|\.{3,})")
    )
)

_NOTHING = INVISIBLE | {FlawKind.QUOTE, FlawKind.ANGLE_BRACKET}
_READ_AS_ANOTHER = frozenset((FlawKind.UPPER_CASE, FlawKind.LOOK_ALIKE, FlawKind.NON_ASCII_DIGIT))
_JOINED_TO_EMOJI = frozenset((FlawKind.VARIATION_SELECTOR, FlawKind.TAG_CHARACTER))
_WRITTEN_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


class Alphabet(NamedTuple):
    """What a field allows: `foreign` finds runs outside of it, `fold` turns a plain reading into an allowed text."""

    foreign: re.Pattern[str]
    allowed: re.Pattern[str]
    kind: Callable[[str], FlawKind] = kind_of
    fold: Callable[[str], str] = str

    @property
    def with_nothing_allowed(self) -> Alphabet:
        """The same for text that is no part of the value: everything in it is foreign."""
        return self._replace(foreign=re.compile(r".+", re.DOTALL))


def scan(text: str, start: int, end: int, alphabet: Alphabet, constructs: re.Pattern[str]) -> list[Flaw]:
    """Return every foreign run and construct of `text[start:end]`, in order, none overlapping.

    The proposal is what the characters stand for: "" for nothing, None where that is unknown.
    """
    flaws: list[Flaw] = []
    at = start
    for match in constructs.finditer(text, start, end):
        flaws += _runs(text, at, match.start(), alphabet)
        kind = FlawKind(match.lastgroup or "")
        flaws.append(Flaw(kind, match.start(), match.end(), decoded(kind, match.group(), alphabet)))
        at = match.end()
    return flaws + _runs(text, at, end, alphabet)


def _runs(text: str, start: int, end: int, alphabet: Alphabet) -> list[Flaw]:
    flaws: list[Flaw] = []
    for match in alphabet.foreign.finditer(text, start, end):
        kinds = [alphabet.kind(char) for char in match.group()]
        for index, kind in enumerate(kinds[1:], 1):
            in_emoji = kind in _JOINED_TO_EMOJI or match.group()[index] == "\u200d"
            if in_emoji and kinds[index - 1] is FlawKind.EMOJI:
                kinds[index] = FlawKind.EMOJI
        at = match.start()
        for kind, same in groupby(kinds):
            following = at + len(list(same))
            flaws.append(Flaw(kind, at, following, _reading(kind, text[at:following], alphabet)))
            at = following
    return flaws


def _reading(kind: FlawKind, run: str, alphabet: Alphabet) -> str | None:
    if kind in _NOTHING:
        return ""
    if kind in _READ_AS_ANOTHER:
        folded = [alphabet.fold(plain_reading(char) or char) for char in run]
        return "".join(folded) if all(alphabet.allowed.fullmatch(char) for char in folded) else None
    return None


def decoded(kind: FlawKind, run: str, alphabet: Alphabet) -> str | None:
    """Return the text that a construct stands for: "" for a blank or for nothing, None where that is unknown."""
    match kind:
        case FlawKind.ESCAPE_SEQUENCE | FlawKind.MARKUP | FlawKind.LINE_BREAK:
            return ""
        case FlawKind.HTML_ENTITY:
            from html import unescape

            plain = unescape(run)
        case FlawKind.WRITTEN_ESCAPE:
            plain = _WRITTEN_CONTROLS.get(run[1]) or chr(int(run[2:], 16))
        case FlawKind.PERCENT_ENCODED:
            try:
                plain = bytes.fromhex(run.replace("%", "")).decode()
            except UnicodeDecodeError:
                return None
        case _:
            return None
    kept = "".join(char for char in plain if kind_of(char) not in _NOTHING)
    return kept if all(alphabet.allowed.fullmatch(char) for char in kept) else None


def kept_positions(start: int, end: int, removed: Iterable[Flaw]) -> list[int]:
    """Return the positions of `start..end` outside of the flaws, which are in order."""
    kept: list[int] = []
    for flaw in removed:
        kept.extend(range(start, flaw.start))
        start = flaw.end
    return [*kept, *range(start, end)]


def without(text: str, start: int, end: int, removed: Iterable[Flaw]) -> str:
    """Return `text[start:end]` without the flaws."""
    return "".join(text[index] for index in kept_positions(start, end, removed))


def without_nothing(text: str, start: int, end: int, flaws: list[Flaw]) -> str:
    """Return `text[start:end]` without the flaws that stand for nothing."""
    return without(text, start, end, (flaw for flaw in flaws if flaw.proposal == ""))
