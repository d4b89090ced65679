"""The rules for App ID, App Secret, client token and access token: values with a known alphabet.

Shapes as in graph-api.md section 12: an App ID is digits, App Secret and client token are 32 lower-case hex
digits, an access token is printable ASCII without blank, in practice `EAA` and letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from tui.credentials.access_token import TOKEN, find_token, is_token, token_flaws
from tui.credentials.characters import kind_of
from tui.credentials.model import LENGTHS, Context, Field, Flaw, FlawKind, Severity, Shape
from tui.credentials.pieces import (
    CONSTRUCTS,
    CONSTRUCTS_AND_PERCENT,
    Alphabet,
    kept_positions,
    scan,
    without,
    without_nothing,
)
from tui.credentials.repeats import repeated, until_copy
from tui.credentials.shapes import is_kept_whole, is_placeholder, misplaced, same_as_another
from tui.credentials.wrapping import copied_with_value, find_value, label_before, trimmed

_MISREAD = {"O": "0", "o": "0", "l": "1", "I": "1"}
_EDGE_KINDS = frozenset(
    (
        *(FlawKind.QUOTE, FlawKind.ANGLE_BRACKET, FlawKind.BRACKET, FlawKind.PUNCTUATION, FlawKind.BACKSLASH),
        FlawKind.SYMBOL,
    )
)
_SEPARATORS = (FlawKind.PUNCTUATION, FlawKind.QUOTE)
_LETTERS = (FlawKind.LETTER, FlawKind.FOREIGN_LETTER)
_HIDDEN = (FlawKind.MASKED, FlawKind.TRUNCATED)
_LOSSY = (*_HIDDEN, *_LETTERS, FlawKind.REPLACEMENT_CHARACTER)
"""Kinds behind which a character of the value may be hidden."""
_LONGEST_QUOTED = 40
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
    "token": re.compile(r"EAA[0-9A-Za-z]{17,}"),
}
_INSTAGRAM_ACCOUNT = re.compile(r"17841[0-9]{12}")


def _id_kind(char: str) -> FlawKind:
    return FlawKind.LOOK_ALIKE if char in _MISREAD else kind_of(char)


def _hex_kind(char: str) -> FlawKind:
    return FlawKind.UPPER_CASE if char in "ABCDEF" else _id_kind(char)


_ID = Alphabet(re.compile(r"[^0-9]+"), re.compile(r"[0-9]"), _id_kind, lambda char: _MISREAD.get(char, char))
_HEX = Alphabet(
    re.compile(r"[^0-9a-f]+"), re.compile(r"[0-9a-f]"), _hex_kind, lambda char: _MISREAD.get(char, char).lower()
)


def value_flaws(field: Field, text: str, context: Context) -> list[Flaw]:
    """Return every flaw of an App ID, App Secret, client token or access token."""
    if _CLEAN[field].fullmatch(text):
        return _flaws_of_clean(field, text, context)
    if is_placeholder(text, 0, len(text)):
        return [Flaw(FlawKind.PLACEHOLDER, 0, len(text))]
    alphabet, find, inside = {
        "app_id": (_ID, find_value, _id_flaws),
        "token": (TOKEN, find_token, token_flaws),
    }.get(field, (_HEX, find_value, _hex_flaws))
    start, end = (0, len(text)) if is_kept_whole(text) else find(field, text)
    flaws = [*copied_with_value(text, start, end, alphabet), *_flaws_by_label(field, text, start)]
    start, end, edges = trimmed(text, start, end, alphabet)
    flaws += edges
    if start < end and is_placeholder(text, start, end):
        return [*flaws, Flaw(FlawKind.PLACEHOLDER, start, end)]
    found = inside(field, text, start, end, context)
    return [*flaws, *(flaw for flaw in found if flaw.severity is not Severity.NOTE or not edges)]


def _flaws_of_clean(field: Field, text: str, context: Context) -> list[Flaw]:
    """Return what can be said about a value whose form is right."""
    match field:
        case "app_id":
            if _INSTAGRAM_ACCOUNT.fullmatch(text):
                return [Flaw(FlawKind.INSTAGRAM_ACCOUNT, 0, len(text), severity=Severity.NOTE)]
            return []
        case "token":
            copy = repeated(text, list(range(len(text))), is_token)
            return [copy] if copy is not None else []
        case _:
            return same_as_another(text, field, 0, len(text), context)


def _flaws_by_label(field: Field, text: str, start: int) -> list[Flaw]:
    """Return the flaw of a value that the label before it names as another one of the same form."""
    label = label_before(text, start) if start and field != "token" else ""
    noun = "id" if field == "app_id" else "secret"
    if "threads app " in label and label.endswith(f" {noun}"):
        return [Flaw(FlawKind.THREADS_PRODUCT, start, len(text))]
    if f"instagram app {noun}" in label:
        return [Flaw(FlawKind.INSTAGRAM_PRODUCT, start, len(text))]
    if field == "app_secret" and label.endswith("client token"):
        return [Flaw(FlawKind.WRONG_FIELD, start, len(text), shape=Shape.CLIENT_TOKEN)]
    if field == "client_token" and label.endswith("secret"):
        return [Flaw(FlawKind.WRONG_FIELD, start, len(text), shape=Shape.APP_SECRET)]
    return []


# --- App ID -----------------------------------------------------------------------------------------------------


def _id_flaws(field: Field, text: str, start: int, end: int, context: Context) -> list[Flaw]:
    core = text[start:end]
    if _SPREADSHEET.fullmatch(core):
        return [Flaw(FlawKind.SPREADSHEET_NUMBER, start, end)]
    if (decimals := _DECIMALS.fullmatch(core)) is not None:
        return _decimal_flaws(text, start, start + decimals.end("whole"), end)
    found = scan(text, start, end, _ID, CONSTRUCTS)
    if "%" in core and _AT_AN_END.search(core):
        with_percent = scan(text, start, end, _ID, CONSTRUCTS_AND_PERCENT)
        is_whole = _ALL_PERCENT.fullmatch(core) and _fits(field, _readable(with_percent))
        if is_whole or all(flaw.proposal == "" for flaw in with_percent if flaw.kind is FlawKind.PERCENT_ENCODED):
            found = with_percent
    other = misplaced(without_nothing(text, start, end, found), field, start, end, context)
    if other is not None:
        return [other]
    kept = kept_positions(start, end, found)
    if _is_another_thing(found, len(kept)):
        return [Flaw(FlawKind.WRONG_SHAPE, start, end, quoted=_quotable(core))]
    if _THOUSANDS.fullmatch(core):
        return [Flaw(FlawKind.THOUSANDS_SEPARATOR, flaw.start, flaw.end, "") for flaw in found]
    return _settled_or_repeated(field, text, start, end, found, kept, _is_separator)


def _is_another_thing(found: list[Flaw], kept: int) -> bool:
    """Tell whether a text with few digits or none is a word or the like, and no App ID that is hidden or cut."""
    letters = sum(flaw.end - flaw.start for flaw in found if flaw.kind in _LETTERS)
    is_hidden = [flaw.kind in _HIDDEN for flaw in found]
    if not kept and not _readable(found):
        return not all(is_hidden)
    return not any(is_hidden) and kept < letters and kept + _readable(found) < LENGTHS["app_id"][0] // 2


def _quotable(core: str) -> str:
    """Return a text that can be no piece of a secret, since it has no digit; else nothing."""
    is_safe = len(core) <= _LONGEST_QUOTED and core.isascii() and core.isprintable()
    has_digit, has_letter = any(map(str.isdigit, core)), any(map(str.isalpha, core))
    return core if is_safe and has_letter and not has_digit else ""


def _decimal_flaws(text: str, start: int, whole_end: int, end: int) -> list[Flaw]:
    """Return the flaws of a whole number with decimals, as a spreadsheet or a data frame writes it."""
    found = scan(text, start, whole_end, _ID, CONSTRUCTS)
    is_exact = len(kept_positions(start, whole_end, found)) <= _EXACT_DIGITS
    separators = [Flaw(FlawKind.THOUSANDS_SEPARATOR, flaw.start, flaw.end, "") for flaw in found]
    return [*separators, Flaw(FlawKind.DECIMALS, whole_end, end, "" if is_exact else None)]


def _is_separator(flaw: Flaw, _is_exact: bool) -> bool:
    return flaw.kind in _SEPARATORS or (flaw.kind is FlawKind.SYMBOL and flaw.end - flaw.start == 1)


# --- App Secret, client token -----------------------------------------------------------------------------------


def _hex_flaws(field: Field, text: str, start: int, end: int, context: Context) -> list[Flaw]:
    front: list[Flaw] = []
    if field == "client_token" and (app_id := re.match(r"[0-9]{8,20}\|(?=[0-9a-fA-F]{32}$)", text[start:end])):
        front = [Flaw(FlawKind.APP_ID_BEFORE, start, start + app_id.end(), "")]
    elif re.fullmatch(r"0[xX][0-9a-fA-F]{32}", text[start:end]):
        front = [Flaw(FlawKind.LABEL, start, start + 2, "")]
    if front:
        start = front[0].end
    found = scan(text, start, end, _HEX, CONSTRUCTS)
    if "%" in text[start:end] and not _fits(field, len(kept_positions(start, end, found))):
        found = scan(text, start, end, _HEX, CONSTRUCTS_AND_PERCENT)
    other = misplaced(without_nothing(text, start, end, found), field, start, end, context)
    if other is not None:
        return [*front, other]
    kept = kept_positions(start, end, found)
    is_hidden = any(flaw.kind in _HIDDEN for flaw in found)
    if _unreadable(found) and len(kept) < LENGTHS[field][0] // 2 and not is_hidden:
        return [*front, Flaw(FlawKind.WRONG_SHAPE, start, end)]
    same = same_as_another(without(text, start, end, found), field, start, end, context)
    return [*front, *_settled_or_repeated(field, text, start, end, found, kept, lambda _, is_exact: is_exact), *same]


# --- what App ID and the hex values share -----------------------------------------------------------------------


def _readable(found: Iterable[Flaw]) -> int:
    return sum(len(flaw.proposal or "") for flaw in found)


def _unreadable(found: Iterable[Flaw]) -> int:
    return sum(flaw.end - flaw.start for flaw in found if flaw.proposal is None)


def _fits(field: Field, count: int) -> bool:
    shortest, longest = LENGTHS[field]
    return shortest <= count <= longest


def _settled_or_repeated(
    field: Field,
    text: str,
    start: int,
    end: int,
    found: list[Flaw],
    kept: list[int],
    is_removed: Callable[[Flaw, bool], bool],
) -> list[Flaw]:
    """Return the flaws of the characters with their final proposals, and that of the length or of a repetition."""
    flaws = _settled(field, start, end, found, len(kept), is_removed)
    value = "".join(text[index] for index in kept)
    copy = None if _fits(field, len(value)) else repeated(value, kept, lambda one: _fits(field, len(one)))
    if copy is not None:
        return [*until_copy(flaws, kept, copy), copy]
    return [*flaws, *_length_flaws(field, start, end, found, len(kept))]


def _length_flaws(field: Field, start: int, end: int, found: list[Flaw], count: int) -> list[Flaw]:
    total = count + _readable(found)
    if start == end or _fits(field, count) or _fits(field, total):
        return []
    if field == "app_id":
        if any(flaw.proposal is None and flaw.kind in _LOSSY for flaw in found):
            return []
        return [Flaw(FlawKind.WRONG_LENGTH, start, end, severity=Severity.SUSPICIOUS, number=total)]
    total += _unreadable(found)
    if _fits(field, total) or any(flaw.kind in _HIDDEN for flaw in found):
        return []
    if total == 2 * LENGTHS[field][0]:
        return [Flaw(FlawKind.TWO_VALUES, start, end)]
    return [Flaw(FlawKind.WRONG_LENGTH, start, end, number=total)]


def _settled(
    field: Field, start: int, end: int, found: list[Flaw], kept: int, is_removed: Callable[[Flaw, bool], bool]
) -> list[Flaw]:
    """Decide what fixing puts in the place of each flaw.

    A character that plainly stands for an allowed one is read so where the length then fits; it is removed where
    the value is whole without it; else only what cannot have been part of the value is removed.
    """
    is_read = _fits(field, kept + _readable(found))
    is_whole = _fits(field, kept)
    left, right = _edges(found, start, end)
    is_only_case = all(flaw.kind is FlawKind.UPPER_CASE for flaw in found)
    flaws: list[Flaw] = []
    for index, flaw in enumerate(found):
        proposal = flaw.proposal
        if proposal and is_whole and not is_read:
            proposal = ""
        is_at_edge = index < left or index >= right
        if proposal is None and is_at_edge and flaw.kind in _EDGE_KINDS:
            proposal = ""
        if proposal is None and is_removed(flaw, is_whole or is_read):
            proposal = ""
        severity = Severity.SUSPICIOUS if is_only_case else Severity.BLOCKS
        flaws.append(flaw._replace(proposal=proposal, severity=severity))
    return flaws


def _edges(found: list[Flaw], start: int, end: int) -> tuple[int, int]:
    """Return how many flaws touch the start in a chain, and the index of the first that touches the end so."""
    left, at = 0, start
    while left < len(found) and found[left].start == at:
        at = found[left].end
        left += 1
    right, at = len(found), end
    while right > 0 and found[right - 1].end == at:
        at = found[right - 1].start
        right -= 1
    return left, right
