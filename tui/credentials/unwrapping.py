"""Removes what terminals, messengers and people put around a pasted text, and remembers where it was cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, islice, pairwise

from tui.credentials.around_address import ENCODED, percent_decoded


class Removed(StrEnum):
    """What was taken off a pasted text."""

    LINE_BREAKS = "line_breaks"
    SPACES = "spaces"
    BORDERS = "borders"
    LINE_PREFIXES = "line_prefixes"  # quote marks, line numbers, comment and diff signs, a program's quotes
    INVISIBLE = "invisible"
    ESCAPES = "escapes"
    HTML = "html"
    BACKSLASHES = "backslashes"
    CARETS = "carets"
    MAIL_ENCODING = "mail_encoding"
    VIEW_SOURCE = "view_source"
    FRAGMENT = "fragment"  # Facebook's own #_=_
    SAFE_LINKS = "safe_links"
    LINK_REWRITER = "link_rewriter"
    PERCENT_ENCODING = "percent_encoding"
    OTHER_TEXT = "other_text"
    QUOTES = "quotes"


_ESCAPE = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0e-\x1a\x7f]")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]")
_NEWLINE = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_BARS = "\u2500-\u259f\u23b8-\u23bf"
_RULE = re.compile(r"[\u2500\u2501\u2504-\u250b\u254c-\u254f\u2550\u2580\u2581\u2584\u2594]{2,}|^\s*\+[-=+]{3,}\+?\s*$")
_ASCII_EDGES = re.compile(r"^\s*\|+|\|+\s*$")
_BAR = re.compile(rf"[{_BARS}]+")
_WORD = re.compile(r"[A-Z]?[a-z]{0,11}")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_SOFT_BREAK = re.compile(r"=(?:\r\n|\r|\n)")
_WRITTEN_OTHERWISE = (
    (_ESCAPE, "", Removed.ESCAPES),
    (_UNSEEN, "", Removed.INVISIBLE),
    (re.compile("&(?:amp;)*#(?:0*38|x0*26);", re.IGNORECASE), "&", Removed.HTML),
    (re.compile("&(?:amp;)*#(?:0*61|x0*3d);", re.IGNORECASE), "=", Removed.HTML),
    (re.compile("&(?:amp;)+"), "&", Removed.HTML),
    (re.compile(r"\\u0026"), "&", Removed.BACKSLASHES),
    (re.compile(r"\\u003d", re.IGNORECASE), "=", Removed.BACKSLASHES),
    (re.compile(r"\\(?=[?&=#/:])|\\$", re.MULTILINE), "", Removed.BACKSLASHES),
    (re.compile(r"\^(?=[?&=#%\"^])|\^$", re.MULTILINE), "", Removed.CARETS),
)
"""What terminals, HTML, JSON and shells write between and for the characters of an address, in this order."""
_PACKED = re.compile(rf"{ENCODED.pattern}[^&\s\"'<>#]*", re.IGNORECASE)
_MOST_PACKED, _DEEPEST = 50, 3
_WRAP_SIGN = re.compile(r"(?m)^[ \t]*[\u21a9\u21aa\u21b2-\u21b5\u23ce]+|[\u21a9\u21aa\u21b2-\u21b5\u23ce]+[ \t]*$")
_MARKER = re.compile(r"\s*(//+|[#+*;!$:-]) ?")
_NUMBER = re.compile(r"\s*([0-9]{1,5})(?:[:.|\u2502]|\s|$)\s*")
_STRING = re.compile(r"""\s*(["'])(.*)\1[,+\\]?\s*""")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The pasted text without any white space and borders.

    `joined` is the text, `cuts` the positions in it at which something was removed, `removed` says what.
    """

    joined: str
    cuts: tuple[int, ...]
    removed: tuple[Removed, ...]

    def pieces(self, start: int, end: int) -> tuple[str, ...]:
        """Return the uncut pieces of `joined[start:end]`."""
        edges = [start, *(cut for cut in self.cuts if start < cut < end), end]
        return tuple(self.joined[a:b] for a, b in pairwise(edges))

    def is_evenly_cut(self, start: int, end: int) -> bool:
        """Return whether the cuts in `joined[start:end]` look like wrapping at one width, so that nothing is missing.

        All pieces between the first and the last are equally long, the last is not longer. A piece cut before or
        behind `&` or `?` may be shorter: some programs wrap addresses there.
        """
        pieces = self.pieces(start, end)
        inner = pairwise(pieces[1:])
        widths = {len(piece) for piece, following in inner if piece[-1] not in "&?" and following[0] not in "&?"}
        return len(widths) <= 1 and (not widths or len(pieces[-1]) <= max(widths))

    def is_wrapped(self, start: int, end: int) -> bool:
        """Return whether `joined[start:end]` is whole, or certainly one text wrapped at one width.

        For a value whose end nothing marks: what follows a cut could be another word. Two equally long pieces before
        it show the width; a last piece that looks like a word of a sentence is not believed.
        """
        *full, last = self.pieces(start, end)
        if not full:
            return True
        same = len({len(piece) for piece in full}) == 1 and len(last) <= len(full[0])
        return len(full) > 1 and same and not _WORD.fullmatch(last)

    def is_cut_at(self, position: int) -> bool:
        """Return whether something was removed right before this position, or it is the beginning or the end."""
        return position in self.cuts or position in (0, len(self.joined))


def readings(text: str) -> tuple[Unwrapped, ...]:
    """Return the ways to read a pasted text: the whole lines, and each column where borders stand inside them."""
    removed: list[Removed] = []
    for pattern, character, name in _WRITTEN_OTHERWISE:
        text = _replaced(pattern, character, text, name, removed)
    if "=3D" in text and _SOFT_BREAK.search(text):
        text = _replaced(_SOFT_BREAK, "", text, Removed.MAIL_ENCODING, removed)
        text = re.sub(r"=([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)
    text = _replaced(_WRAP_SIGN, "", text, Removed.LINE_BREAKS, removed)
    lines = _bare_lines(_NEWLINE.split(text), removed)
    kept = [line.strip() for line in lines if not _RULE.search(line)]
    rows = [_cells(line) for line in kept if line]
    if len(kept) < len(lines) or rows != [[line] for line in kept if line]:
        removed.append(Removed.BORDERS)
    columns = len(rows[0]) if rows else 0
    if columns > 1 and len(rows) > 1 and all(len(row) == columns for row in rows):
        return tuple(_joined([row[n] for row in rows], removed) for n in range(columns))
    # Bars that make no grid stay in the text: where they stand inside a value, that value is not taken.
    return (_joined(["│".join(row) for row in rows], removed),)


def layers(reading: Unwrapped, depth: int = _DEEPEST) -> Iterator[Unwrapped]:
    """Yield the text as it is, then each address that a link rewriter has packed into another one, unpacked."""
    yield reading
    for packed in islice(_PACKED.finditer(reading.joined), _MOST_PACKED if depth else 0):
        if reading.is_evenly_cut(*packed.span()):
            inner = percent_decoded(packed.group())
            yield from layers(Unwrapped(inner, (), (*reading.removed, _packing(reading, packed))), depth - 1)


def _packing(reading: Unwrapped, packed: re.Match[str]) -> Removed:
    if packed.start() == 0:
        return Removed.PERCENT_ENCODING
    return Removed.SAFE_LINKS if "safelinks" in reading.joined.lower() else Removed.LINK_REWRITER


def _bare_lines(lines: list[str], removed: list[Removed]) -> list[str]:
    """Remove what precedes every line: quote marks, line numbers, comment and diff signs, a program's quotes.

    A sign counts only where every line has it: a single one may belong to the text.
    """
    bare = [_QUOTE.sub("", line) for line in lines]
    filled = [line for line in bare if line.strip()]
    if len(filled) > 1:
        numbers = [_NUMBER.match(line) for line in filled]
        signs = [_MARKER.match(line) for line in filled]
        strings = [_STRING.fullmatch(line) for line in filled]
        counted = [int(number[1]) for number in numbers if number is not None]
        if len(counted) == len(filled) and all(after == before + 1 for before, after in pairwise(counted)):
            bare = [_NUMBER.sub("", line, count=1) for line in bare]
        elif len({sign[1] if sign is not None else "" for sign in signs}) == 1 and signs[0] is not None:
            bare = [_MARKER.sub("", line, count=1) for line in bare]
        elif all(strings):
            bare = [string[2] if (string := _STRING.fullmatch(line)) else line for line in bare]
    if bare != lines:
        removed.append(Removed.LINE_PREFIXES)
    return bare


def _cells(line: str) -> list[str]:
    """Split a line at its bars, without the outermost ones."""
    first, *cells = [cell.strip() for cell in _BAR.split(_ASCII_EDGES.sub("", line))]
    cells = [first, *cells] if first or not cells else cells
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _replaced(pattern: re.Pattern[str], by: str, text: str, name: Removed, removed: list[Removed]) -> str:
    cleaned, count = pattern.subn(by, text)
    if count:
        removed.append(name)
    return cleaned


def _joined(lines: list[str], removed: list[Removed]) -> Unwrapped:
    filled = [words for words in (line.split() for line in lines) if words]
    pieces = [word for words in filled for word in words]
    everything = list(removed)
    if len(filled) > 1:
        everything.append(Removed.LINE_BREAKS)
    if len(pieces) > len(filled):
        everything.append(Removed.SPACES)
    return Unwrapped("".join(pieces), tuple(accumulate(map(len, pieces[:-1]))), tuple(everything))
