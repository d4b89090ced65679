"""Take off what was pasted around an address: labels, JSON, mark-up, quotes, brackets, remarks, closing punctuation."""

from __future__ import annotations

import re

from tui.credentials.characters import kind_of, stands_for_nothing
from tui.credentials.model import Severity, Spot
from tui.credentials.pieces import CONSTRUCTS_AND_PERCENT, Alphabet, decoded, scan
from tui.credentials.remarks import cell_behind, words_behind
from tui.credentials.wrapping import LISTED, literal_prefix

_ALLOWED = r"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%"
URL = Alphabet(re.compile(rf"[^{_ALLOWED}]+"), re.compile(rf"[{_ALLOWED}]"), kind_of, lambda char: char)
ENCODED = re.compile(r"https?%3A%2F%2F", re.IGNORECASE)

_SCHEME = re.compile(r"https?(?::|%3A)(?:/|%2F|\\)", re.IGNORECASE)
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")
_TAG = re.compile(r"[\"']?\s{0,8}(?:>|</?[A-Za-z])")
_CLOSING_TAG = re.compile(r"</[A-Za-z]{1,12}>\s{0,8}$")
_INSIDE_A_QUERY = re.compile(r"[/?]\S{0,400}=$")
_LINK = re.compile(
    r"[\s*_]*\[(?P<words>[^\[\]]*)\]\(\s{0,8}<?(?P<address>https?://[^\s()<>]+)>?\s{0,8}\)[\s*_.,;]*", re.IGNORECASE
)
_CONSTRUCT_AT_END = re.compile(
    r"(?:(?P<html_entity>&(?:nbsp|quot|apos|lt|gt|ensp|emsp|thinsp|zwnj|zwj|shy|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"|(?P<written_escape>\\(?:[nrt]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})))$"
)
_TRAILING = frozenset(",;.'\"`’”")
_FOREIGN_EDGE = frozenset(("quote", "symbol", "bracket", "angle_bracket", "backslash", "punctuation"))
_CONSTRUCT_ROOM = 12
_OPENING = {">": "<", "}": "{", "]": "["}


def unwrapped(text: str, *, in_a_table: bool) -> tuple[list[Spot], int, int]:
    """Return the spots of what stands around the address, and where the address begins and ends.

    `in_a_table`: a tab and a capitalised word behind it are the next cell, and no part of it.
    """
    link = _LINK.fullmatch(text)
    if link is not None and ("://" not in link["words"] or link["words"] == link["address"]):
        start, end = link.span("address")
        return [_markup(0, start), _markup(end, len(text))], start, end
    front, start = _front_of(text)
    end = words_behind(text, start, len(text))
    if in_a_table:
        end = cell_behind(text, start, end)
    spots = [*front, Spot("pasted_along", "blocks", end, len(text), "", named=False)] if end < len(text) else front
    end = _before_mark_up(text, start, end, spots)
    if ENCODED.match(text, start, end) and (following := text.find("&", start, end)) > 0:
        spots.append(Spot("pasted_along", "blocks", following, end, "", named=False))
        end = following
    back, end = _back(text, start, end)
    return spots + back, start, end


def _markup(start: int, end: int) -> Spot:
    return Spot("markup", "blocks", start, end, "", named=False)


def _front_of(text: str) -> tuple[list[Spot], int]:
    scheme = _SCHEME.search(text)
    if scheme is None or scheme.start() == 0:
        return [], 0
    front = _front(text, scheme.start())
    return ([], 0) if front is None else (front, scheme.start())


def _front(text: str, end: int) -> list[Spot] | None:
    """Return the spots of what stands before the scheme, None where that may be part of the address."""
    chunk = text[:end]
    bare = CONSTRUCTS_AND_PERCENT.sub(" ", chunk)
    if LISTED.fullmatch(chunk) or 0 < literal_prefix(text) == end - 1:
        return [Spot("label", "blocks", 0, end, "", named=False)]
    if _TWO_LETTERS.search(bare):
        if bare[-1].isalnum() or _INSIDE_A_QUERY.search(chunk) or "://" in URL.foreign.sub("", chunk):
            return None
        first = len(chunk) - len(chunk.lstrip())
        kind = "markup" if chunk.lstrip().startswith("<") else "json_fragment" if '":' in chunk else "label"
        lead = [Spot("space", "blocks", 0, first, "")] if first and set(chunk[:first]) == {" "} else []
        return [*lead, Spot(kind, "blocks", first if lead else 0, end, "", named=False)]
    if any(char.isalnum() and char.isascii() for char in bare):
        return None
    everything = URL._replace(foreign=re.compile(r".+", re.DOTALL))
    return [
        Spot(piece.kind, "blocks", piece.start, piece.end, "")
        for piece in scan(text, 0, end, everything, CONSTRUCTS_AND_PERCENT)
    ]


def _before_mark_up(text: str, start: int, end: int, spots: list[Spot]) -> int:
    """Return where the address ends before a closing bracket or tag; adds the spot of what follows."""
    cut = end
    if start and text[:start].rstrip().endswith("("):
        close = text.find(")", start, end)
        if close > 0 and not text[close + 1 : end].strip(" \t\r\n,;.*_`\"'"):
            cut = close
    tag = _TAG.search(text, start, end) if "<" in text[:start] else None
    if tag is not None:
        cut = tag.start()
    elif start == 0 and (closing := _CLOSING_TAG.search(text, 0, end)):
        cut = closing.start()
    if cut < end:
        is_mark_up = "<" in text[cut:end]
        kind = "markup" if is_mark_up else kind_of(text[cut])
        spots.append(Spot(kind, "blocks", cut, end, "", named=not is_mark_up))
    return cut


def _back(text: str, start: int, end: int) -> tuple[list[Spot], int]:
    """Take blanks, quotes, brackets, closing punctuation and what stands for them off the end."""
    spots: list[Spot] = []
    marked = re.search(r"[*_]{1,3}$", text[:start])
    if marked is not None and end - start > len(marked[0]) and text.endswith(marked[0], start, end):
        spots.append(Spot("symbol", "blocks", end - len(marked[0]), end, ""))
        end -= len(marked[0])
    while end > start:
        if text.endswith(("..", "…"), start, end):
            break
        construct = _CONSTRUCT_AT_END.search(text, max(start, end - _CONSTRUCT_ROOM), end)
        if construct is not None and decoded(construct.lastgroup or "", construct.group(), URL) == "":
            spots.append(Spot(construct.lastgroup or "", "blocks", construct.start(), end, ""))
            end = construct.start()
            continue
        severity = _loose(text, start, end)
        if severity is None:
            break
        kind = kind_of(text[end - 1])
        last = spots[-1] if spots else None
        if last is not None and last.kind == kind and last.start == end:
            spots[-1] = last._replace(start=end - 1)
        else:
            spots.append(Spot(kind, severity, end - 1, end, ""))
        end -= 1
    return spots, end


def _loose(text: str, start: int, end: int) -> Severity | None:
    """Say how sure it is that the last character is no part of the address; None where it may well be one."""
    char = text[end - 1]
    kind = kind_of(char)
    if _OPENING.get(char, "") and text.find(_OPENING[char], start, end) >= 0:
        return None
    if not URL.allowed.fullmatch(char):
        return "blocks" if stands_for_nothing(kind) or kind in _FOREIGN_EDGE else None
    if char in _TRAILING:
        return "suspicious"
    if char == "]":
        return "blocks"
    if char == ")" and text.count("(", start, end) < text.count(")", start, end):
        return "suspicious"
    return None
