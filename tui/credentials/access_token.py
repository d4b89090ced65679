"""The rules for access tokens: printable ASCII without blank (graph-api.md section 12), in practice `EAA` and more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.credentials.belonging import STANDS, elsewhere, placeholder, placeholder_spot, what_it_is
from tui.credentials.characters import kind_of
from tui.credentials.model import Field, Severity, Spot
from tui.credentials.pieces import CONSTRUCTS_AND_PERCENT, Alphabet, kept_positions, scan, without_nothing
from tui.credentials.remarks import words_behind
from tui.credentials.wrapping import LISTED, pasted_along, trimmed

_TOKEN = Alphabet(re.compile(r"[^!-~]+"), re.compile(r"[!-~]"), kind_of, lambda char: char)
_CLEAN = re.compile(r"EAA[0-9A-Za-z]{17,}")
_EDGE = frozenset("\"'`<>()[]{},;.*+:!?\\")
_FRONT = frozenset("\"'`<([{*:,;=")
_FOREIGN_EDGE = frozenset(("bracket", "punctuation", "symbol"))
_BEGINS = re.compile(r"(?<![0-9A-Za-z])EAA[0-9A-Za-z]{17,}")
_LONG_WORD = re.compile(r"[0-9A-Za-z]{16}|://")
_WORDS = re.compile(r"[A-Za-z']{1,15}(?: +[A-Za-z']{1,15})+[.!?]?")
_TOKEN_LABEL = re.compile(
    r"[^0-9A-Za-z]{0,8}(?:(?:authorization[\"']?\s*[:=]\s*[\"']?)?bearer\s+(?=\S)"
    r"|[A-Za-z_ ?&$-]{0,40}token[\"'`*]*\s*(?:[:=：]|=>|\s)\s*(?:bearer\s+(?=\S))?)[\"'`]?",
    re.IGNORECASE,
)
_TOKEN_TAIL_AFTER_LABEL = re.compile(r"[\"']\s{0,8}[,}]|&[A-Za-z_]{1,40}=|</|\n[A-Za-z_ ]{2,24}[:=]")
_TOKEN_TAIL = re.compile(
    r"#_=_$|\n[A-Za-z_ ]{2,24}[:=]|</[A-Za-z]+>"
    r"|&(?:expires_in|data_access_expiration_time|long_lived_token|state|token_type)=",
    re.IGNORECASE,
)


def token_spots(text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Return every spot of an access token."""
    if _CLEAN.fullmatch(text):
        repeated = _repeated(text)
        return [repeated] if repeated is not None else []
    if placeholder(text, 0, len(text)):
        return [placeholder_spot("token", 0, len(text))]
    whole = what_it_is(text.strip()) in ("app token", "Threads token", "address")
    start, end = (0, len(text)) if whole else _find(text)
    spots = pasted_along(text, start, end, _TOKEN)
    start, end, edges = trimmed(text, start, end, _TOKEN)
    if start < end and placeholder(text, start, end):
        return [*spots, *edges, placeholder_spot("token", start, end)]
    edges, start, end = _punctuated(text, start, end, edges, text[:start].strip())
    return [*spots, *_inside(text, start, end, edges, context)]


def _find(text: str) -> tuple[int, int]:
    """Return where the token itself stands; the whole of the text where nothing was pasted along."""
    if _WORDS.fullmatch(text.strip()):
        return 0, len(text)
    label = _TOKEN_LABEL.match(text)
    start = label.end() if label is not None and label.end() < len(text) else 0
    begins = _BEGINS.search(text, start)
    if begins is not None and _is_front(text[start : begins.start()]):
        start = begins.start()
    markup = re.match(r"\s*<[A-Za-z][^<>]*>", text)
    if start == 0 and markup is not None and markup.end() < len(text):
        start = markup.end()
    tail = (_TOKEN_TAIL_AFTER_LABEL if start else _TOKEN_TAIL).search(text, start) or _TOKEN_TAIL.search(text, start)
    end = tail.start() if tail is not None and tail.start() > start else len(text)
    return start, words_behind(text, start, end)


def _is_front(front: str) -> bool:
    """Tell whether what stands before a token was pasted along, and is no part of a longer one."""
    if LISTED.fullmatch(front):
        return True
    return any("!" <= char <= "~" and char not in _FRONT for char in front) and not _LONG_WORD.search(front)


def _punctuated(text: str, start: int, end: int, edges: list[Spot], before: str) -> tuple[list[Spot], int, int]:
    """Take quotes, brackets and punctuation off both ends; a run of stars hides something unless it stands at both.

    A bar or underscore that was taken off the front (`before`) goes at the end too.
    """
    spots = list(edges)
    loose = _EDGE | {before[-1]} if before[-1:] in ("|", "_", "~", "#") else _EDGE
    while start < end and text[start] in _FRONT:
        spots.append(Spot(kind_of(text[start]), "blocks", start, start + 1, ""))
        start += 1
    starred = text[start - 3 : start] == "***"
    while end > start and text[end - 1] in loose and not text.endswith("..", start, end):
        if text.endswith("***", start, end) and not starred:
            break
        spots.append(Spot(kind_of(text[end - 1]), "blocks", end - 1, end, ""))
        end -= 1
        while end > start and text[end - 1].isspace():
            spots.append(Spot(kind_of(text[end - 1]), "blocks", end - 1, end, ""))
            end -= 1
    return spots, start, end


def _inside(text: str, start: int, end: int, edges: list[Spot], context: Mapping[Field, str]) -> list[Spot]:
    spots = list(edges)
    pieces = scan(text, start, end, _TOKEN, CONSTRUCTS_AND_PERCENT)
    foreign = elsewhere(without_nothing(text, start, end, pieces), "token", start, end, context)
    if foreign is not None:
        return [*_merged(spots), foreign]
    if _WORDS.fullmatch(text, start, end) and not text.startswith("EAA", start):
        detail = f"words, and no token. {STANDS['token']}"
        return [*_merged(spots), Spot("wrong_shape", "blocks", start, end, named=False, detail=detail)]
    for piece in pieces:
        is_foreign = any(not "!" <= char <= "~" for char in text[piece.start : piece.end])
        severity: Severity = "blocks" if is_foreign or piece.kind in ("truncated", "masked", "markup") else "suspicious"
        if piece.kind != "masked" or text[piece.start] not in "xX":
            at_an_edge = piece.kind in _FOREIGN_EDGE and (piece.start == start or piece.end == end)
            spots.append(Spot(piece.kind, severity, piece.start, piece.end, "" if at_an_edge else piece.reading))
    kept = kept_positions(start, end, pieces)
    value = "".join(text[index] for index in kept)
    repeated = _repeated(value)
    if repeated is not None:
        first = kept[repeated.start]
        between = [spot for spot in spots if spot.end <= first or spot.start >= end]
        return [*_merged(between), repeated._replace(start=first, end=kept[-1] + 1)]
    if len(list(_BEGINS.finditer(text, start, end))) > 1:
        detail = "two values, one token behind the other. Keep the right one"
        return [*_merged(spots), Spot("two_values", "blocks", start, end, named=False, detail=detail)]
    return _merged(spots) or _notes(value, start, end)


def _merged(spots: list[Spot]) -> list[Spot]:
    """Join neighbours of one kind into one spot."""
    merged: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: spot.start):
        last = merged[-1] if merged else None
        if last is not None and last.end == spot.start and (last.kind, last.proposal) == (spot.kind, spot.proposal):
            merged[-1] = last._replace(end=spot.end)
        else:
            merged.append(spot)
    return merged


def _repeated(value: str) -> Spot | None:
    half, odd = divmod(len(value), 2)
    if odd or half < 20 or value[:half] != value[half:] or not what_it_is(value[:half]):
        return None
    detail = "value twice in a row, once is enough"
    return Spot("doubled", "blocks", half, len(value), "", named=False, detail=detail)


def _notes(value: str, start: int, end: int) -> list[Spot]:
    if not value or start == end:
        return []
    if not value.startswith("EAA"):
        detail = "unusual beginning, tokens of Facebook's login begin with EAA"
        return [Spot("unusual_token", "note", start, end, named=False, detail=detail)]
    if len(value) < 40:
        detail = f"short for a token, {len(value)} characters; 198 to 303 have been seen"
        return [Spot("short_token", "note", start, end, named=False, detail=detail)]
    if not value.isalnum():
        detail = "unusual characters, tokens of Facebook's login are letters and digits"
        return [Spot("unusual_token", "note", start, end, named=False, detail=detail)]
    return []
