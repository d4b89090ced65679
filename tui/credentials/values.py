"""The rules for App ID, App Secret and client token: short values with a known alphabet.

Shapes as in graph-api.md section 12: an App ID is digits, App Secret and client token are 32 lower-case hex
digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tui.credentials.belonging import STANDS, elsewhere, placeholder, placeholder_spot, same_as_another, what_it_is
from tui.credentials.characters import kind_of
from tui.credentials.model import WITH_ARTICLE, Field, Severity, Spot
from tui.credentials.pieces import (
    CONSTRUCTS,
    CONSTRUCTS_AND_PERCENT,
    Alphabet,
    Piece,
    kept_positions,
    scan,
    without_nothing,
)
from tui.credentials.wrapping import find_value, label_before, pasted_along, trimmed

_MISREAD = {"O": "0", "o": "0", "l": "1", "I": "1"}
_HEX_LENGTH = 32
_SHORTEST_ID, _LONGEST_ID = 12, 18
_EDGE_KINDS = frozenset(["quote", "angle_bracket", "bracket", "punctuation", "backslash", "symbol", "masked"])
_SEPARATORS = frozenset(["punctuation", "quote"])
_SPREADSHEET = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([,.'’_ \u00a0\u202f\u2009٬])[0-9]{3})(?:\1[0-9]{3})+")
_DECIMALS = re.compile(
    r"(?P<whole>[0-9]{12,18}|[0-9]{1,3}(?:(?P<by>[,.'’ \u00a0\u202f])[0-9]{3})(?:(?P=by)[0-9]{3})+)[.,]0{1,2}"
)
_EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; those behind it become zeros."""
_ALL_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_AT_AN_END = re.compile(r"^%[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}$")
_CLEAN: Mapping[Field, re.Pattern[str]] = {
    "app_id": re.compile(r"[0-9]{12,18}"),
    "app_secret": re.compile(r"[0-9a-f]{32}"),
    "client_token": re.compile(r"[0-9a-f]{32}"),
}


def _hex_kind(char: str) -> str:
    if char in "ABCDEF":
        return "upper_case"
    return "look_alike" if char in _MISREAD else kind_of(char)


def _id_kind(char: str) -> str:
    return "look_alike" if char in _MISREAD else kind_of(char)


_HEX = Alphabet(
    re.compile(r"[^0-9a-f]+"), re.compile(r"[0-9a-f]"), _hex_kind, lambda char: _MISREAD.get(char, char).lower()
)
_ID = Alphabet(re.compile(r"[^0-9]+"), re.compile(r"[0-9]"), _id_kind, lambda char: _MISREAD.get(char, char))


def value_spots(field: Field, text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Return every spot of an App ID, App Secret or client token."""
    if _CLEAN[field].fullmatch(text):
        return _notes(field, text, context)
    alphabet = _ID if field == "app_id" else _HEX
    if placeholder(text, 0, len(text)):
        return [placeholder_spot(field, 0, len(text))]
    whole = what_it_is(text.strip()) in ("app token", "Threads token", "address")
    start, end = (0, len(text)) if whole else find_value(text, field)
    spots = pasted_along(text, start, end, alphabet)
    spots += _label_spots(field, text, start)
    start, end, edges = trimmed(text, start, end, alphabet)
    if start < end and placeholder(text, start, end):
        return [*spots, *edges, placeholder_spot(field, start, end)]
    if field == "app_id":
        return [*spots, *edges, *_id_spots(text, start, end, context)]
    return [*spots, *edges, *_hex_spots(field, text, start, end, context)]


def _label_spots(field: Field, text: str, start: int) -> list[Spot]:
    label = label_before(text, start) if start else ""
    wrong = ""
    if "threads app " in label and label.endswith(" id" if field == "app_id" else " secret"):
        wrong = "the Threads product's own, which Facebook's login does not know"
    elif "instagram app id" in label and field == "app_id":
        wrong = "the Instagram product's own App ID, which Facebook's login does not know"
    elif "instagram app secret" in label and field == "app_secret":
        wrong = "the Instagram product's own secret, which Facebook's login does not know"
    elif field == "app_secret" and label.endswith("client token"):
        wrong = "a client token, by the label pasted with it; it has the same shape as the App Secret"
    elif field == "client_token" and label.endswith("secret"):
        wrong = "an App Secret, by the label pasted with it; it has the same shape as the client token"
    if not wrong:
        return []
    kind = "wrong_field"
    if "Instagram" in wrong or "Threads" in wrong:
        kind = "instagram_product" if "Instagram" in wrong else "threads_product"
    detail = f"value of another place, {wrong}. {STANDS[field]}"
    return [Spot(kind, "blocks", start, len(text), named=False, detail=detail)]


# --- App ID -----------------------------------------------------------------------------------------------------


def _id_spots(text: str, start: int, end: int, context: Mapping[Field, str]) -> list[Spot]:
    core = text[start:end]
    if _SPREADSHEET.fullmatch(core):
        detail = "number in spreadsheet notation, the last digits are gone. Copy the App ID from Meta's console again"
        return [Spot("spreadsheet_number", "blocks", start, end, named=False, detail=detail)]
    if (decimals := _DECIMALS.fullmatch(core)) is not None:
        return _decimal_spots(text, start, start + decimals.end("whole"), end)
    pieces = scan(text, start, end, _ID, CONSTRUCTS)
    if "%" in core and _AT_AN_END.search(core):
        decoded = scan(text, start, end, _ID, CONSTRUCTS_AND_PERCENT)
        whole = _ALL_PERCENT.fullmatch(core) and _is_id_length(len("".join(piece.reading or "" for piece in decoded)))
        if whole or all(piece.reading == "" for piece in decoded if piece.kind == "percent_encoded"):
            pieces = decoded
    foreign = elsewhere(without_nothing(text, start, end, pieces), "app_id", start, end, context)
    if foreign is not None:
        return [foreign]
    kept = kept_positions(start, end, pieces)
    digits = "".join(text[index] for index in kept)
    readable = sum(len(piece.reading or "") for piece in pieces)
    if not kept and not readable and any(piece.kind not in ("masked", "truncated") for piece in pieces):
        detail = f"no number, an App ID is digits only. {STANDS['app_id']}"
        return [Spot("wrong_shape", "blocks", start, end, named=False, detail=detail)]
    if _THOUSANDS.fullmatch(core):
        return [Spot("thousands_separator", "blocks", piece.start, piece.end, "") for piece in pieces]
    repeated = _repeated(digits, kept, _is_id_length)
    spots = _settle(pieces, start, end, len(digits), _is_id_length, _separators_go)
    if repeated is not None:
        return [*_before_copy(spots, kept, repeated), repeated]
    return [*spots, *_id_length(pieces, start, end, len(digits), readable)]


def _decimal_spots(text: str, start: int, whole_end: int, end: int) -> list[Spot]:
    """Return the spots of a whole number with decimals, as a spreadsheet or a data frame writes it."""
    pieces = scan(text, start, whole_end, _ID, CONSTRUCTS)
    is_exact = len(kept_positions(start, whole_end, pieces)) <= _EXACT_DIGITS
    sure = "" if is_exact else f"; behind digit {_EXACT_DIGITS} it may be rounded. Copy the App ID from Meta's console"
    detail = f"number with decimals, as a spreadsheet writes it{sure}"
    spots = [Spot("thousands_separator", "blocks", piece.start, piece.end, "") for piece in pieces]
    proposal = "" if is_exact else None
    return [*spots, Spot("spreadsheet_number", "blocks", whole_end, end, proposal, named=False, detail=detail)]


def _is_id_length(count: int) -> bool:
    return _SHORTEST_ID <= count <= _LONGEST_ID


def _separators_go(piece: Piece, _exact: bool) -> bool:
    return piece.kind in _SEPARATORS or (piece.kind == "symbol" and piece.end - piece.start == 1)


def _id_length(pieces: list[Piece], start: int, end: int, count: int, readable: int) -> list[Spot]:
    if _is_id_length(count + readable) or _is_id_length(count) or start == end:
        return []
    if any(piece.reading is None and piece.kind in _LOSSY for piece in pieces):
        return []
    detail = f"wrong length, {count + readable} digits where an App ID has {_SHORTEST_ID} to {_LONGEST_ID}"
    return [Spot("wrong_length", "suspicious", start, end, named=False, detail=detail)]


# --- App Secret, client token -----------------------------------------------------------------------------------


def _hex_spots(field: Field, text: str, start: int, end: int, context: Mapping[Field, str]) -> list[Spot]:
    spots: list[Spot] = []
    if field == "client_token" and (in_front := re.match(r"[0-9]{8,20}\|(?=[0-9a-fA-F]{32}$)", text[start:end])):
        spots.append(Spot("app_id_in_front", "blocks", start, start + in_front.end(), "", named=False))
        start += in_front.end()
    elif re.fullmatch(r"0[xX][0-9a-fA-F]{32}", text[start:end]):
        spots.append(Spot("label", "blocks", start, start + 2, "", named=False))
        start += 2
    pieces = scan(text, start, end, _HEX, CONSTRUCTS)
    if "%" in text[start:end] and len(kept_positions(start, end, pieces)) != _HEX_LENGTH:
        pieces = scan(text, start, end, _HEX, CONSTRUCTS_AND_PERCENT)
    foreign = elsewhere(without_nothing(text, start, end, pieces), field, start, end, context)
    if foreign is not None:
        return [*spots, foreign]
    kept = kept_positions(start, end, pieces)
    value = "".join(text[index] for index in kept)
    unknown = sum(piece.end - piece.start for piece in pieces if piece.reading is None)
    if unknown and len(kept) < _HEX_LENGTH // 2 and not any(piece.kind in ("masked", "truncated") for piece in pieces):
        detail = f"wrong shape, {WITH_ARTICLE[field]} is 32 of the digits 0-9 and letters a-f. {STANDS[field]}"
        return [*spots, Spot("wrong_shape", "blocks", start, end, named=False, detail=detail)]
    repeated = _repeated(value, kept, _is_hex_length)
    settled = _settle(pieces, start, end, len(value), _is_hex_length, lambda _piece, exact: exact)
    if repeated is not None:
        return [*spots, *_before_copy(settled, kept, repeated), repeated]
    spots += settled + _hex_length(field, pieces, start, end, len(value))
    same = same_as_another(value, field, start, end, context)
    return [*spots, same] if same is not None else spots


def _is_hex_length(count: int) -> bool:
    return count == _HEX_LENGTH


def _hex_length(field: Field, pieces: list[Piece], start: int, end: int, count: int) -> list[Spot]:
    readable = sum(len(piece.reading or "") for piece in pieces)
    unknown = sum(piece.end - piece.start for piece in pieces if piece.reading is None)
    if start == end or _HEX_LENGTH in (count, count + readable, count + readable + unknown):
        return []
    if any(piece.kind in ("masked", "truncated") for piece in pieces):
        return []
    total = count + readable + unknown
    two = total == 2 * _HEX_LENGTH
    if two:
        detail = f"two values, {total} characters where {WITH_ARTICLE[field]} has {_HEX_LENGTH}. Keep the right one"
        return [Spot("two_values", "blocks", start, end, named=False, detail=detail)]
    counted = "1 character" if total == 1 else f"{total} characters"
    detail = f"wrong length, {counted} where {WITH_ARTICLE[field]} has {_HEX_LENGTH}. Copy it again, whole"
    return [Spot("wrong_length", "blocks", start, end, named=False, detail=detail)]


# --- what App ID and the hex values share -----------------------------------------------------------------------

_LOSSY = frozenset(["masked", "truncated", "replacement_character", "letter", "foreign_letter"])
"""Families behind which a character of the value may be hidden."""


def _settle(
    pieces: list[Piece],
    start: int,
    end: int,
    kept: int,
    fits: Callable[[int], bool],
    goes: Callable[[Piece, bool], bool],
) -> list[Spot]:
    """Decide what mending puts in each piece's place.

    A character that plainly stands for an allowed one is read so where the length then fits; it is taken away
    where the value is whole without it; else only what cannot have been part of the value goes.
    """
    read = fits(kept + sum(len(piece.reading or "") for piece in pieces))
    whole = fits(kept)
    left, right = _edges(pieces, start, end)
    only_case = all(piece.kind == "upper_case" for piece in pieces)
    spots: list[Spot] = []
    for index, piece in enumerate(pieces):
        proposal = piece.reading
        if proposal and not read and whole:
            proposal = ""
        if proposal is None and piece.kind not in ("masked", "truncated") and (index < left or index >= right):
            proposal = "" if piece.kind in _EDGE_KINDS else None
        if proposal is None and goes(piece, whole or read):
            proposal = ""
        severity: Severity = "suspicious" if piece.kind == "upper_case" and only_case else "blocks"
        spots.append(Spot(piece.kind, severity, piece.start, piece.end, proposal))
    return spots


def _edges(pieces: list[Piece], start: int, end: int) -> tuple[int, int]:
    """Return how many pieces touch the start in a chain, and the index of the first that touches the end so."""
    left, at = 0, start
    while left < len(pieces) and pieces[left].start == at:
        at = pieces[left].end
        left += 1
    right, at = len(pieces), end
    while right > 0 and pieces[right - 1].end == at:
        at = pieces[right - 1].start
        right -= 1
    return left, right


def _repeated(value: str, kept: list[int], fits: Callable[[int], bool]) -> Spot | None:
    """Return the spot of the second and further copies when `value` is one fitting value several times over."""
    if fits(len(value)):
        return None
    for times in (2, 3, 4):
        size, rest = divmod(len(value), times)
        if rest == 0 and fits(size) and value == value[:size] * times:
            detail = f"value {'twice' if times == 2 else f'{times} times'} in a row, once is enough"
            return Spot("doubled", "blocks", kept[size], kept[-1] + 1, "", named=False, detail=detail)
    return None


def _before_copy(spots: list[Spot], kept: list[int], repeated: Spot) -> list[Spot]:
    """Return the spots in front of the second copy; what stands between the copies goes with it."""
    gap = kept[kept.index(repeated.start) - 1] + 1
    return [spot._replace(proposal="") if spot.start >= gap else spot for spot in spots if spot.end <= repeated.start]


def _notes(field: Field, text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Return what may be said of a value whose shape is right."""
    if field == "app_id" and re.fullmatch(r"17841[0-9]{12}", text):
        detail = "number of an Instagram account perhaps, those have 17 digits and begin with 17841"
        return [Spot("instagram_account", "note", 0, len(text), named=False, detail=detail)]
    if field in ("app_secret", "client_token"):
        same = same_as_another(text, field, 0, len(text), context)
        return [same] if same is not None else []
    return []
