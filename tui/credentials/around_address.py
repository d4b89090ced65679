"""Find an address in the text copied with it: labels, JSON, mark-up, quotes, brackets, remarks, punctuation."""

import re
from urllib.parse import unquote

from tui.credentials.characters import kind_of
from tui.credentials.copied_with import CELL, LISTED, literal_prefix, removed_characters, words_behind
from tui.credentials.flaws import AT_EDGES, INVISIBLE, Flaw, FlawKind, Severity
from tui.credentials.pieces import CONSTRUCTS_AND_PERCENT, Alphabet, decoded

_ALLOWED = r"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%"
URL = Alphabet(re.compile(rf"[^{_ALLOWED}]+"))
ENCODED = re.compile(r"https?(?P<percent>%(?:25){0,3})3A(?:(?P=percent)2F){2}", re.IGNORECASE)
"""The beginning of an address that is percent-encoded, once or several times."""

_SCHEME = re.compile(r"https?(?::|%(?:25){0,3}3A)(?:/|%(?:25){0,3}2F|\\)", re.IGNORECASE)
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
_CONSTRUCT_ROOM = 12
_OPENING = {">": "<", "}": "{", "]": "["}


def percent_decoded(address: str) -> str:
    """Return an address that begins as `ENCODED`, decoded as often as it was encoded."""
    found = ENCODED.match(address)
    for _ in range(1 + found["percent"].count("25") if found else 0):
        address = unquote(address)
    return address


def unwrapped(text: str, *, in_a_table: bool) -> tuple[list[Flaw], int, int]:
    """Return the flaws of the text around the address, and where the address begins and ends.

    `in_a_table`: a tab and a capitalized word behind it are the next cell, and no part of it.
    """
    link = _LINK.fullmatch(text)
    if link is not None and ("://" not in link["words"] or link["words"] == link["address"]):
        start, end = link.span("address")
        return [Flaw(FlawKind.MARKUP, 0, start, ""), Flaw(FlawKind.MARKUP, end, len(text), "")], start, end
    flaws, start = _front(text)
    end = words_behind(text, start, len(text))
    if in_a_table:
        end = words_behind(text, start, end, CELL)
    if end < len(text):
        flaws.append(Flaw(FlawKind.PASTED_ALONG, end, len(text), ""))
    end = _before_markup(text, start, end, flaws)
    if ENCODED.match(text, start, end) and (following := text.find("&", start, end)) > 0:
        flaws.append(Flaw(FlawKind.PASTED_ALONG, following, end, ""))
        end = following
    return flaws, start, _before_loose_end(text, start, end, flaws)


def _front(text: str) -> tuple[list[Flaw], int]:
    """Return the flaws of the text before the scheme; none where it may be part of the address."""
    scheme = _SCHEME.search(text)
    if scheme is None:
        return [], 0
    end = scheme.start()
    chunk = text[:end]
    bare = CONSTRUCTS_AND_PERCENT.sub(" ", chunk)
    if LISTED.fullmatch(chunk) or 0 < literal_prefix(text) == end - 1:
        return [Flaw(FlawKind.LABEL, 0, end, "")], end
    if not _TWO_LETTERS.search(bare):
        if any(char.isalnum() and char.isascii() for char in bare):
            return [], 0
        return removed_characters(text, 0, end, URL), end
    if bare[-1].isalnum() or _INSIDE_A_QUERY.search(chunk) or "://" in URL.foreign.sub("", chunk):
        return [], 0
    words = chunk.lstrip()
    kind = FlawKind.MARKUP if words.startswith("<") else FlawKind.JSON_FRAGMENT if '":' in chunk else FlawKind.LABEL
    first = len(chunk) - len(words) if words == chunk.lstrip(" ") else 0
    lead = [Flaw(FlawKind.SPACE, 0, first, "")] if first else []
    return [*lead, Flaw(kind, first, end, "")], end


def _before_markup(text: str, start: int, end: int, flaws: list[Flaw]) -> int:
    """Return where the address ends before a closing bracket or tag; adds the flaw of what follows."""
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
        flaws.append(Flaw(FlawKind.MARKUP if "<" in text[cut:end] else kind_of(text[cut]), cut, end, ""))
    return cut


def _before_loose_end(text: str, start: int, end: int, flaws: list[Flaw]) -> int:
    """Return where the address ends before blanks, quotes, brackets and punctuation; adds their flaws."""
    marked = re.search(r"[*_]{1,3}$", text[:start])
    if marked is not None and end - start > len(marked[0]) and text.endswith(marked[0], start, end):
        flaws.append(Flaw(FlawKind.SYMBOL, end - len(marked[0]), end, ""))
        end -= len(marked[0])
    while end > start and not text.endswith(("..", "…"), start, end):
        construct = _CONSTRUCT_AT_END.search(text, max(start, end - _CONSTRUCT_ROOM), end)
        if construct is not None and decoded(FlawKind(construct.lastgroup or ""), construct.group(), URL) == "":
            flaws.append(Flaw(FlawKind(construct.lastgroup or ""), construct.start(), end, ""))
            end = construct.start()
            continue
        severity = _looseness(text, start, end)
        if severity is None:
            break
        flaws.append(Flaw(kind_of(text[end - 1]), end - 1, end, "", severity))
        end -= 1
    return end


def _looseness(text: str, start: int, end: int) -> Severity | None:
    """Return how certain it is that the last character is no part of the address; None where it may be."""
    char = text[end - 1]
    if _OPENING.get(char, "") and text.find(_OPENING[char], start, end) >= 0:
        return None
    if not URL.allows(char):
        return Severity.BLOCKS if kind_of(char) in INVISIBLE | AT_EDGES else None
    if char == "]":
        return Severity.BLOCKS
    if char in _TRAILING or (char == ")" and text.count("(", start, end) < text.count(")", start, end)):
        return Severity.SUSPICIOUS
    return None
