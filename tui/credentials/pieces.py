"""Find what a field does not allow: runs of characters of one kind, and constructs such as an HTML entity."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tui.credentials.characters import kind_of, plain_reading
from tui.credentials.flaws import INVISIBLE, Flaw, FlawKind

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
_MOST_TIMES = 4
"""Copies of one value in a row that are recognized."""


class Alphabet(NamedTuple):
    """What a field allows: `foreign` finds runs outside of it, `fold` turns a plain reading into an allowed text."""

    foreign: re.Pattern[str]
    kind: Callable[[str], FlawKind] = kind_of
    fold: Callable[[str], str] = str

    def allows(self, text: str) -> bool:
        """Tell whether every character is allowed."""
        return self.foreign.search(text) is None


@dataclass(frozen=True)
class Scanned:
    """`text[start:end]` and what is foreign in it: flaws in order, none overlapping.

    The proposal of each is what the characters stand for: "" for nothing, None where that is unknown.
    """

    text: str
    start: int
    end: int
    flaws: list[Flaw]

    @cached_property
    def kept(self) -> list[int]:
        """The positions outside of the flaws."""
        return self._outside(self.flaws)

    @cached_property
    def value(self) -> str:
        """The text outside of the flaws."""
        if not self.flaws:
            return self.text[self.start : self.end]
        return "".join(map(self.text.__getitem__, self.kept))

    @cached_property
    def visible(self) -> list[int]:
        """The positions outside of the flaws that stand for nothing."""
        return self._outside(flaw for flaw in self.flaws if flaw.proposal == "")

    @cached_property
    def readable(self) -> int:
        """The number of characters that the flaws stand for."""
        return sum(len(flaw.proposal or "") for flaw in self.flaws)

    @property
    def unreadable(self) -> int:
        """The number of characters that stand for something unknown."""
        return sum(flaw.end - flaw.start for flaw in self.flaws if flaw.proposal is None)

    def of(self, *kinds: FlawKind) -> list[Flaw]:
        """Return the flaws of these kinds."""
        return [flaw for flaw in self.flaws if flaw.kind in kinds]

    def _outside(self, removed: Iterable[Flaw]) -> list[int]:
        kept: list[int] = []
        at = self.start
        for flaw in removed:
            kept.extend(range(at, flaw.start))
            at = flaw.end
        return [*kept, *range(at, self.end)]

    def copies(self, flaws: list[Flaw], is_one: Callable[[str], bool]) -> list[Flaw]:
        """Return the flaws up to the second copy, and that of the further copies; nothing where there are none."""
        for times in range(2, _MOST_TIMES + 1):
            size, rest = divmod(len(self.value), times)
            if rest == 0 and self.value == self.value[:size] * times and is_one(self.value[:size]):
                start, gap = self.kept[size], self.kept[size - 1] + 1
                before = [flaw for flaw in flaws if flaw.end <= start]
                copy = Flaw(FlawKind.DOUBLED, start, self.kept[-1] + 1, "", number=times)
                return [*(flaw._replace(proposal="") if flaw.start >= gap else flaw for flaw in before), copy]
        return []


def scan(text: str, start: int, end: int, alphabet: Alphabet, constructs: re.Pattern[str]) -> Scanned:
    """Find every foreign run and construct of `text[start:end]`."""
    flaws: list[Flaw] = []
    at = start
    for match in constructs.finditer(text, start, end):
        flaws += _runs(text, at, match.start(), alphabet)
        kind = FlawKind(match.lastgroup or "")
        flaws.append(Flaw(kind, match.start(), match.end(), decoded(kind, match.group(), alphabet)))
        at = match.end()
    return Scanned(text, start, end, flaws + _runs(text, at, end, alphabet))


def _runs(text: str, start: int, end: int, alphabet: Alphabet) -> list[Flaw]:
    flaws: list[Flaw] = []
    for match in alphabet.foreign.finditer(text, start, end):
        at, last = match.span()
        kind = alphabet.kind(text[at])
        for index in range(at + 1, last):
            char = text[index]
            following = alphabet.kind(char)
            is_joined = kind is FlawKind.EMOJI and (following in _JOINED_TO_EMOJI or char == "\u200d")
            if following is not kind and not is_joined:
                flaws.append(Flaw(kind, at, index, _reading(kind, text[at:index], alphabet)))
                at, kind = index, following
        flaws.append(Flaw(kind, at, last, _reading(kind, text[at:last], alphabet)))
    return flaws


def _reading(kind: FlawKind, run: str, alphabet: Alphabet) -> str | None:
    if kind in _NOTHING:
        return ""
    if kind in _READ_AS_ANOTHER:
        folded = "".join(alphabet.fold(plain_reading(char) or char) for char in run)
        return folded if alphabet.allows(folded) else None
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
    return kept if alphabet.allows(kept) else None
