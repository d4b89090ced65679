"""Find the value in the text that was copied with it: a label, JSON, `NAME=`, `Bearer`, mark-up, a remark, a button."""

import re

from tui.credentials.characters import is_blank, kind_of
from tui.credentials.flaws import Field, Flaw, FlawKind
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
"""The letter before a Python string."""
_NAME_LABEL = re.compile(r"[^0-9A-Za-z]{0,8}([A-Za-z$][A-Za-z0-9_ .:$-]{0,40}?)[\"'`*]*\s*(?:=>|[:=：])\s*")
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_TWO_LETTERS = re.compile(rf"[^\W\d_{_BLANK_LETTERS}]{{2}}|</?[A-Za-z]")
LISTED = re.compile(r"\s*(?:[0-9]{1,2}[.)]|[•●▪■◦∙·])\s+")
"""The number or bullet of a list."""
_BEARER = re.compile(r"(?:authorization\s*[:=]\s*)?bearer\s+", re.IGNORECASE)
_QUOTES_AND_BRACKETS = (FlawKind.QUOTE, FlawKind.ANGLE_BRACKET, FlawKind.BRACKET)
_ANYTHING = re.compile(r".+", re.DOTALL)
_JSON_FRONT = re.compile(r"[\"']\s{0,8}:\s{0,8}[\"']?\s{0,8}$")
_JSON_BACK = re.compile(r"\s*[\"']?\s*[,}\]]\s*(?:[\"'{}\]]|$)")

_LONGEST_REMARK = 240
_BUTTON = (
    r"(?:Copy|COPY|copy|Copied|copied|Reset|Show|Hide|Edit|Save|Cancel|Close|Delete|Remove|Test|Debug"
    r"|Manage\s{1,4}OAuth)"
)
_SMALL_WORD = (
    r"(?i:the|is|are|and|or|to|your|our|my|please|it|this|that|for|of|in|with|by|you|do|not|see|add|from|as|here)"
)
REMARK = re.compile(
    rf"[.,;:!]?\s{{1,8}}(?:{_BUTTON}(?:\s{{1,4}}{_BUTTON}){{0,3}}(?:\s{{1,4}}[Tt]oken)?"
    rf"|\([A-Za-z][^()]{{2,}}\)"
    rf"|(?=(?:[A-Za-z']+[,;:.!?]?\s+)*{_SMALL_WORD}\b)(?:[A-Za-z']+[,;:.!?]?\s+)+[A-Za-z']+)[\s.,;!?]*$"
)
CELL = re.compile(r"\t\s*[A-Z][a-z]{2,}(?:\s+[A-Za-z]+)*\s*$")
"""A tab and a capitalized word: the next cell of a table. A line that was wrapped never holds a tab."""


def find_value(field: Field, text: str) -> tuple[int, int]:
    """Return where the value begins and ends in `text`; the whole of it where nothing was copied with it."""
    candidate = _find_candidate(field, text)
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
    """Return where the quote of a Python string begins behind its prefix letter, 0 where there is none."""
    literal = _LITERAL.match(text)
    if literal is None or not text.rstrip().endswith(literal["quote"], literal.end()):
        return 0
    return literal.start("quote")


def _find_candidate(field: Field, text: str) -> tuple[int, int] | None:
    matches = list(_CANDIDATE[field].finditer(text))
    if not matches:
        return None
    chosen = matches[0]
    if len({match.group().lower() for match in matches}) > 1:
        own = [match for match in matches if _OWN_LABEL[field].search(text, max(0, match.start() - 40), match.start())]
        if len(own) != 1:
            return None
        chosen = own[0]
    outside = f"{text[: chosen.start()]}|{text[chosen.end() :]}"  # no blank: `1.` before digits is no list
    return chosen.span() if _are_words(outside) else None


def _are_words(chunk: str) -> bool:
    """Tell words, mark-up and the bullet of a list from single characters."""
    return bool(LISTED.match(chunk) or _TWO_LETTERS.search(CONSTRUCTS_AND_PERCENT.sub(" ", chunk)))


def trimmed(text: str, start: int, end: int, alphabet: Alphabet) -> tuple[int, int, list[Flaw]]:
    """Return where the value begins and ends without quotes and what stands for nothing, and the flaws of those."""
    found = scan(text, start, end, alphabet, CONSTRUCTS)
    first, after = (found.visible[0], found.visible[-1] + 1) if found.visible else (end, end)
    return first, after, [flaw for flaw in found.flaws if flaw.end <= first or flaw.start >= after]


def label_before(text: str, start: int) -> str:
    """Return the words before the value, in lower case, blanks and punctuation as one blank."""
    return re.sub(r"[^a-z]+", " ", text[max(0, start - 60) : start].lower()).strip()


def copied_with_value(text: str, start: int, end: int, alphabet: Alphabet) -> list[Flaw]:
    """Return the flaws of the text before `start` and behind `end`; fixing removes each."""
    return [*_around(text, 0, start, alphabet, front=True), *_around(text, end, len(text), alphabet, front=False)]


def _around(text: str, start: int, end: int, alphabet: Alphabet, *, front: bool) -> list[Flaw]:
    if start >= end:
        return []
    if not _are_words(text[start:end]) and not (front and 0 < literal_prefix(text) == end):
        return removed_characters(text, start, end, alphabet)
    first, last = start, end
    while first < last and is_blank(text[first]) and (front or text[first] not in " \t\r\n"):
        first += 1
    while last > first and is_blank(text[last - 1]) and not (front and text[last - 1] in " \t\r\n"):
        last -= 1
    kind = _kind_around(text[first:last], front=front)
    if kind is FlawKind.LABEL:
        while last > first and kind_of(text[last - 1]) in _QUOTES_AND_BRACKETS:
            last -= 1
    return [
        *removed_characters(text, start, first, alphabet),
        Flaw(kind, first, last, ""),
        *removed_characters(text, last, end, alphabet),
    ]


def _kind_around(chunk: str, *, front: bool) -> FlawKind:
    if chunk.lstrip().startswith("<"):
        return FlawKind.MARKUP
    if (_JSON_FRONT.search if front else _JSON_BACK.match)(chunk):
        return FlawKind.JSON_FRAGMENT
    if not front:
        return FlawKind.PASTED_ALONG
    return FlawKind.BEARER if _BEARER.fullmatch(chunk) else FlawKind.LABEL


def removed_characters(text: str, start: int, end: int, alphabet: Alphabet) -> list[Flaw]:
    """Return a flaw for each run of characters of `text[start:end]`, none of which is part of the value."""
    found = scan(text, start, end, alphabet._replace(foreign=_ANYTHING), CONSTRUCTS_AND_PERCENT)
    return [flaw._replace(proposal="") for flaw in found.flaws]


def words_behind(text: str, start: int, end: int, words: re.Pattern[str] = REMARK) -> int:
    """Return where words begin behind the value in `text[start:end]`, with the blank before; else `end`.

    A blank followed by something that may be the rest of a wrapped value does not count.
    """
    found = words.search(text, max(start + 1, end - _LONGEST_REMARK), end)
    return found.start() if found is not None else end
