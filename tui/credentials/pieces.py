"""Cut a text into what the field allows and the pieces that it does not: runs of one family, and known constructs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tui.credentials.characters import kind_of, plain_reading, stands_for_nothing

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
CONSTRUCTS_AND_PERCENT = re.compile(
    "|".join((_ESCAPE, _ENTITY, _TAG, _CONTINUED, _WRITTEN, _MASK, _SHORTENED, _PERCENT))
)
ADDRESS_CONSTRUCTS = re.compile(
    "|".join(
        (_ESCAPE, _ENTITY, _TAG, _CONTINUED, _UNICODE, _MASK.replace("|[xX]{6,}", ""), r"(?P<truncated>[…⋯]+|\.{3,})")
    )
)

_WRAPPERS = frozenset(("quote", "angle_bracket"))
_WRITTEN_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


class Piece(NamedTuple):
    """A stretch that the field does not allow. `reading`: what plainly stands there, "" nothing, None unknown."""

    kind: str
    start: int
    end: int
    reading: str | None


class Alphabet(NamedTuple):
    """What a field allows: `foreign` finds runs outside of it, `fold` turns a plain reading into an allowed text."""

    foreign: re.Pattern[str]
    allowed: re.Pattern[str]
    kind: Callable[[str], str]
    fold: Callable[[str], str]


def scan(text: str, start: int, end: int, alphabet: Alphabet, constructs: re.Pattern[str]) -> list[Piece]:
    """Return every foreign piece of `text[start:end]`, in order, none overlapping."""
    pieces: list[Piece] = []
    at = start
    for match in constructs.finditer(text, start, end):
        pieces += _runs(text, at, match.start(), alphabet)
        kind = match.lastgroup or ""
        pieces.append(Piece(kind, match.start(), match.end(), decoded(kind, match.group(), alphabet)))
        at = match.end()
    return pieces + _runs(text, at, end, alphabet)


def _runs(text: str, start: int, end: int, alphabet: Alphabet) -> list[Piece]:
    pieces: list[Piece] = []
    for match in alphabet.foreign.finditer(text, start, end):
        run_start, run_kind = match.start(), ""
        for index in range(match.start(), match.end()):
            kind = alphabet.kind(text[index])
            if run_kind == "emoji" and (
                kind == "variation_selector" or kind == "tag_character" or text[index] == "\u200d"
            ):
                kind = "emoji"
            if run_kind and kind != run_kind:
                pieces.append(Piece(run_kind, run_start, index, _reading(run_kind, text[run_start:index], alphabet)))
                run_start = index
            run_kind = kind
        pieces.append(
            Piece(run_kind, run_start, match.end(), _reading(run_kind, text[run_start : match.end()], alphabet))
        )
    return pieces


def _reading(kind: str, run: str, alphabet: Alphabet) -> str | None:
    if stands_for_nothing(kind) or kind in _WRAPPERS:
        return ""
    if kind in ("upper_case", "look_alike", "non_ascii_digit"):
        folded = [alphabet.fold(plain_reading(char) or char) for char in run]
        return "".join(folded) if all(alphabet.allowed.fullmatch(char) for char in folded) else None
    return None


def decoded(kind: str, run: str, alphabet: Alphabet) -> str | None:
    """Read an entity, a written escape or percent-encoding: "" where it stands for a blank, None where unknown."""
    if kind in ("escape_sequence", "markup", "line_break"):
        return ""
    if kind == "html_entity":
        from html import unescape

        plain = unescape(run)
    elif kind == "written_escape":
        plain = _WRITTEN_CONTROLS.get(run[1]) or chr(int(run[2:], 16))
    elif kind == "percent_encoded":
        try:
            plain = bytes.fromhex(run.replace("%", "")).decode()
        except UnicodeDecodeError:
            return None
    else:
        return None
    kept = "".join(char for char in plain if not stands_for_nothing(kind_of(char)) and kind_of(char) not in _WRAPPERS)
    return kept if all(alphabet.allowed.fullmatch(char) for char in kept) else None


def kept_positions(start: int, end: int, pieces: list[Piece]) -> list[int]:
    """Return the positions of `start..end` that no piece covers."""
    kept: list[int] = []
    at = start
    for piece in pieces:
        kept.extend(range(at, piece.start))
        at = piece.end
    kept.extend(range(at, end))
    return kept


def without_nothing(text: str, start: int, end: int, pieces: list[Piece]) -> str:
    """Return `text[start:end]` without the pieces that stand for nothing."""
    parts: list[str] = []
    at = start
    for piece in pieces:
        if piece.reading == "":
            parts.append(text[at : piece.start])
            at = piece.end
    parts.append(text[at:end])
    return "".join(parts)
