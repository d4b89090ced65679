"""The rules for App ID, App Secret, client token and access token: values with a known alphabet.

Shapes as in graph-api.md section 12: an App ID is digits, App Secret and client token are 32 lower-case hex
digits, an access token is printable ASCII without blank, in practice `EAA` and letters and digits.
"""

import re
from functools import lru_cache

from tui.credentials.access_token import TOKEN, find_token, is_token, token_flaws
from tui.credentials.characters import kind_of
from tui.credentials.copied_with import copied_with_value, find_value, label_before, trimmed
from tui.credentials.flaws import AT_EDGES, LENGTHS, Context, Field, Flaw, FlawKind, Severity, Shape
from tui.credentials.pieces import CONSTRUCTS, CONSTRUCTS_AND_PERCENT, Alphabet, Scanned, scan
from tui.credentials.shapes import is_kept_whole, is_placeholder, misplaced, same_as_another

_MISREAD = {"O": "0", "o": "0", "l": "1", "I": "1"}
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
_CLEAN_TOKEN = re.compile(r"EAA[0-9A-Za-z]{17,}")
_INSTAGRAM_ACCOUNT = re.compile(r"17841[0-9]{12}")


@lru_cache(maxsize=4096)
def _id_kind(char: str) -> FlawKind:
    return FlawKind.LOOK_ALIKE if char in _MISREAD else kind_of(char)


@lru_cache(maxsize=4096)
def _hex_kind(char: str) -> FlawKind:
    return FlawKind.UPPER_CASE if char in "ABCDEF" else _id_kind(char)


_ID = Alphabet(re.compile(r"[^0-9]+"), _id_kind, lambda char: _MISREAD.get(char, char))
_HEX = Alphabet(re.compile(r"[^0-9a-f]+"), _hex_kind, lambda char: _MISREAD.get(char, char).lower())


def value_flaws(field: Field, text: str, context: Context) -> list[Flaw]:
    """Return every flaw of an App ID, App Secret, client token or access token."""
    if field == "token" and _CLEAN_TOKEN.fullmatch(text):
        return Scanned(text, 0, len(text), []).copies([], is_token)
    if field == "app_id" and _INSTAGRAM_ACCOUNT.fullmatch(text):
        return [Flaw(FlawKind.INSTAGRAM_ACCOUNT, 0, len(text), severity=Severity.NOTE)]
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
        is_whole = _ALL_PERCENT.fullmatch(core) and _fits(field, with_percent.readable)
        if is_whole or all(flaw.proposal == "" for flaw in with_percent.of(FlawKind.PERCENT_ENCODED)):
            found = with_percent
    if (other := misplaced(field, found, context)) is not None:
        return [other]
    if _is_another_thing(found):
        return [Flaw(FlawKind.WRONG_SHAPE, start, end, quoted=_quotable(core))]
    if (letters := found.of(*_LETTERS)) and not found.of(*_HIDDEN):
        count = sum(flaw.end - flaw.start for flaw in letters)
        if count > 1:
            return [Flaw(FlawKind.WRONG_SHAPE, letters[0].start, letters[-1].end, number=count)]
    if _THOUSANDS.fullmatch(core):
        return _separators(found)
    return _settled_or_repeated(field, found)


def _is_another_thing(found: Scanned) -> bool:
    """Tell whether a text with few digits or none is a word or the like, and no App ID that is hidden or cut."""
    hidden, kept = found.of(*_HIDDEN), len(found.kept)
    if not kept and not found.readable:
        return len(hidden) < len(found.flaws)
    letters = sum(flaw.end - flaw.start for flaw in found.of(*_LETTERS))
    return not hidden and kept < letters and kept + found.readable < LENGTHS["app_id"][0] // 2


def _quotable(core: str) -> str:
    """Return a text that can be no piece of a secret, since it has no digit; else nothing."""
    is_safe = len(core) <= _LONGEST_QUOTED and core.isascii() and core.isprintable()
    has_digit, has_letter = any(map(str.isdigit, core)), any(map(str.isalpha, core))
    return core if is_safe and has_letter and not has_digit else ""


def _decimal_flaws(text: str, start: int, whole_end: int, end: int) -> list[Flaw]:
    """Return the flaws of a whole number with decimals, as a spreadsheet or a data frame writes it."""
    found = scan(text, start, whole_end, _ID, CONSTRUCTS)
    is_exact = len(found.kept) <= _EXACT_DIGITS
    return [*_separators(found), Flaw(FlawKind.DECIMALS, whole_end, end, "" if is_exact else None)]


def _separators(found: Scanned) -> list[Flaw]:
    return [Flaw(FlawKind.THOUSANDS_SEPARATOR, flaw.start, flaw.end, "") for flaw in found.flaws]


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
    if "%" in text[start:end] and not _fits(field, len(found.kept)):
        found = scan(text, start, end, _HEX, CONSTRUCTS_AND_PERCENT)
    if (other := misplaced(field, found, context)) is not None:
        return [*front, other]
    if found.unreadable and len(found.kept) < LENGTHS[field][0] // 2 and not found.of(*_HIDDEN):
        return [*front, Flaw(FlawKind.WRONG_SHAPE, start, end)]
    same = same_as_another(found.value, field, start, end, context)
    return [*front, *_settled_or_repeated(field, found), *same]


# --- what App ID and the hex values share -----------------------------------------------------------------------


def _fits(field: Field, count: int) -> bool:
    shortest, longest = LENGTHS[field]
    return shortest <= count <= longest


def _settled_or_repeated(field: Field, found: Scanned) -> list[Flaw]:
    """Return the flaws of the characters with their final proposals, and that of the length or of a repetition."""
    flaws = _settled(field, found)
    copies = [] if _fits(field, len(found.value)) else found.copies(flaws, lambda one: _fits(field, len(one)))
    return copies or [*flaws, *_length_flaws(field, found)]


def _length_flaws(field: Field, found: Scanned) -> list[Flaw]:
    start, end, count = found.start, found.end, len(found.kept)
    total = count + found.readable
    if start == end or _fits(field, count) or _fits(field, total):
        return []
    if field == "app_id":
        if any(flaw.proposal is None for flaw in found.of(*_LOSSY)):
            return []
        return [Flaw(FlawKind.WRONG_LENGTH, start, end, severity=Severity.SUSPICIOUS, number=total)]
    total += found.unreadable
    if _fits(field, total) or found.of(*_HIDDEN):
        return []
    if total == 2 * LENGTHS[field][0]:
        return [Flaw(FlawKind.TWO_VALUES, start, end)]
    return [Flaw(FlawKind.WRONG_LENGTH, start, end, number=total)]


def _settled(field: Field, found: Scanned) -> list[Flaw]:
    """Decide what fixing puts in the place of each flaw.

    A character that plainly stands for an allowed one is read so where the length then fits; it is removed where
    the value is whole without it; else only what cannot have been part of the value is removed.
    """
    is_read, is_whole = _fits(field, len(found.kept) + found.readable), _fits(field, len(found.kept))
    first, last = (found.kept[0], found.kept[-1]) if found.kept else (found.end, found.start)
    is_only_case = all(flaw.kind is FlawKind.UPPER_CASE for flaw in found.flaws)
    severity = Severity.SUSPICIOUS if is_only_case else Severity.BLOCKS
    flaws: list[Flaw] = []
    for flaw in found.flaws:
        proposal = flaw.proposal
        if proposal and is_whole and not is_read:
            proposal = ""
        if proposal is None:
            is_at_edge = not first < flaw.start < last and flaw.kind in AT_EDGES
            is_removed = _is_separator(flaw) if field == "app_id" else is_whole or is_read
            proposal = "" if is_at_edge or is_removed else None
        flaws.append(flaw._replace(proposal=proposal, severity=severity))
    return flaws


def _is_separator(flaw: Flaw) -> bool:
    return flaw.kind in _SEPARATORS or (flaw.kind is FlawKind.SYMBOL and flaw.end - flaw.start == 1)
