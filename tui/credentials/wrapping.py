"""Find the value inside what was pasted along with it: a label, JSON, `NAME=`, `Bearer`, mark-up, a button's word."""

from __future__ import annotations

import re

from tui.credentials.characters import is_blank, kind_of
from tui.credentials.model import Field, Spot
from tui.credentials.pieces import CONSTRUCTS, CONSTRUCTS_AND_PERCENT, Alphabet, scan

_HEX32 = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=ecret)|(?<=oken))[0-9a-fA-F]{32}(?:(?![0-9A-Za-z])|(?=Copy|Show|Hide|Reset))"
)
_CANDIDATE: dict[Field, re.Pattern[str]] = {
    "app_id": re.compile(r"(?:(?<![0-9A-Za-z])|(?<=ID))[0-9]{12,18}(?:(?![0-9A-Za-z])|(?=Copy|copy|App))"),
    "app_secret": _HEX32,
    "client_token": _HEX32,
}
_OWN_LABEL: dict[Field, re.Pattern[str]] = {
    "app_id": re.compile(r"(?:app(?:lication)?|client)[\s_-]*id\W*$", re.IGNORECASE),
    "app_secret": re.compile(r"secret\W*$", re.IGNORECASE),
    "client_token": re.compile(r"client[\s_-]*token\W*$", re.IGNORECASE),
}
_WORD_LABEL = re.compile(
    r"[^0-9A-Za-z]{0,8}(?:(?:authorization\s*[:=]\s*)?bearer\s+(?=\S)"
    r"|(?:(?:facebook|meta|fb|instagram|your|my|the)\s+)*"
    r"(?:(?:app(?:lication)?|client)[\s_-]*(?:id|secret|token)|access[\s_-]*token|secret|token|id)"
    r"[\"'`*]*\s*(?:[:=：]|=>|%3D|\s)\s*(?:bearer\s+(?=\S))?)",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"\s*[bBuU](?P<quote>['\"])")
"""The letter in front of a Python string."""
_NAME_LABEL = re.compile(r"[^0-9A-Za-z]{0,8}([A-Za-z$][A-Za-z0-9_ .:$-]{0,40}?)[\"'`*]*\s*(?:=>|[:=：])\s*")
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_TWO_LETTERS = re.compile(rf"[^\W\d_{_BLANK_LETTERS}]{{2}}|</?[A-Za-z]")
LISTED = re.compile(r"\s*(?:[0-9]{1,2}[.)]|[•●▪■◦∙·])\s+")
"""The number or bullet of a list."""
_BEARER = re.compile(r"(?:authorization\s*[:=]\s*)?bearer\s+", re.IGNORECASE)
_JSON_FRONT = re.compile(r"[\"']\s{0,8}:\s{0,8}[\"']?\s{0,8}$")
_JSON_BACK = re.compile(r"\s*[\"']?\s*[,}\]]\s*(?:[\"'{}\]]|$)")


def find_value(text: str, field: Field) -> tuple[int, int]:
    """Return where the value itself stands in `text`; the whole of it where nothing was pasted along."""
    candidate = _find_candidate(text, field)
    if candidate is not None:
        return candidate
    if field == "app_id" and (scheme := re.match(r"\s*fb(?=[0-9]{12,18}\s*$)", text)) is not None:
        return scheme.end(), len(text)
    if (literal := literal_prefix(text)) > 0:
        return literal, len(text)
    label = _WORD_LABEL.match(text)
    if label is None:
        named = _NAME_LABEL.match(text)
        label = named if named is not None and re.search(r"[g-zG-Z_]", named.group(1)) else None
    if label is None or label.end() == len(text) or text.startswith("//", label.end()):
        return 0, len(text)
    return label.end(), len(text)


def literal_prefix(text: str) -> int:
    """Return where the quote of a Python string begins behind the letter in front of it, 0 where there is none."""
    literal = _LITERAL.match(text)
    if literal is None or not text.rstrip().endswith(literal["quote"], literal.end()):
        return 0
    return literal.start("quote")


def _find_candidate(text: str, field: Field) -> tuple[int, int] | None:
    matches = list(_CANDIDATE[field].finditer(text))
    if not matches:
        return None
    chosen = matches[0]
    if len({match.group().lower() for match in matches}) > 1:
        own = [match for match in matches if _OWN_LABEL[field].search(text, max(0, match.start() - 40), match.start())]
        if len(own) != 1:
            return None
        chosen = own[0]
    outside = f"{text[: chosen.start()]} {text[chosen.end() :]}"
    return chosen.span() if _are_words(outside) else None


def _are_words(chunk: str) -> bool:
    """Tell words, mark-up and the mark of a list from characters that slipped in."""
    return bool(LISTED.match(chunk) or _TWO_LETTERS.search(CONSTRUCTS_AND_PERCENT.sub(" ", chunk)))


def trimmed(text: str, start: int, end: int, alphabet: Alphabet) -> tuple[int, int, list[Spot]]:
    """Take the pieces that stand for nothing, and quotes, off both ends; the core is looked at for itself."""
    pieces = scan(text, start, end, alphabet, CONSTRUCTS)
    spots: list[Spot] = []
    for piece in pieces:
        if piece.start != start or piece.reading != "":
            break
        start = piece.end
        spots.append(Spot(piece.kind, "blocks", piece.start, piece.end, ""))
    for piece in reversed(pieces):
        if piece.end != end or piece.reading != "" or piece.start < start:
            break
        end = piece.start
        spots.append(Spot(piece.kind, "blocks", piece.start, piece.end, ""))
    return start, end, spots


def label_before(text: str, start: int) -> str:
    """Return the words that stand before the value, in lower case, blanks and punctuation as one blank."""
    return re.sub(r"[^a-z]+", " ", text[max(0, start - 60) : start].lower()).strip()


def pasted_along(text: str, start: int, end: int, alphabet: Alphabet) -> list[Spot]:
    """Return the spots for what stands before `start` and behind `end`; each is taken away by mending."""
    return [*_junk(text, 0, start, alphabet, front=True), *_junk(text, end, len(text), alphabet, front=False)]


def _junk(text: str, start: int, end: int, alphabet: Alphabet, *, front: bool) -> list[Spot]:
    if start >= end:
        return []
    if not _are_words(text[start:end]) and not (front and 0 < literal_prefix(text) == end):
        return _character_spots(text, start, end, alphabet)
    first, last = start, end
    while first < last and is_blank(kind_of(text[first])) and (front or text[first] not in " \t\r\n"):
        first += 1
    while last > first and is_blank(kind_of(text[last - 1])) and not (front and text[last - 1] in " \t\r\n"):
        last -= 1
    kind = _junk_kind(text[first:last], front=front)
    if kind == "label":
        while last > first and kind_of(text[last - 1]) in ("quote", "angle_bracket", "bracket"):
            last -= 1
    return [
        *_character_spots(text, start, first, alphabet),
        Spot(kind, "blocks", first, last, "", named=False),
        *_character_spots(text, last, end, alphabet),
    ]


def _junk_kind(chunk: str, *, front: bool) -> str:
    if chunk.lstrip().startswith("<"):
        return "markup"
    if front:
        if _JSON_FRONT.search(chunk):
            return "json_fragment"
        return "bearer" if _BEARER.fullmatch(chunk) else "label"
    return "json_fragment" if _JSON_BACK.match(chunk) else "pasted_along"


def _character_spots(text: str, start: int, end: int, alphabet: Alphabet) -> list[Spot]:
    everything = alphabet._replace(foreign=re.compile(r".+", re.DOTALL))
    return [
        Spot(piece.kind, "blocks", piece.start, piece.end, "")
        for piece in scan(text, start, end, everything, CONSTRUCTS_AND_PERCENT)
    ]
