"""The rules for access tokens: where the token is in a text, and what no token contains."""

import re

from tui.credentials.characters import kind_of
from tui.credentials.copied_with import LISTED, words_behind
from tui.credentials.flaws import Context, Field, Flaw, FlawKind, Severity
from tui.credentials.pieces import CONSTRUCTS_AND_PERCENT, Alphabet, scan
from tui.credentials.shapes import misplaced, shape_of

TOKEN = Alphabet(re.compile(r"[^!-~]+"))
_SHORTEST_REPEATED = 20
_SHORT = 40
_EDGE = frozenset("\"'`<>()[]{},;.*+:!?\\")
_FRONT = frozenset("\"'`<([{*:,;=")
_FOREIGN_EDGE = (FlawKind.BRACKET, FlawKind.PUNCTUATION, FlawKind.SYMBOL)
_BEGINS = re.compile(r"(?<![0-9A-Za-z])EAA[0-9A-Za-z]{17,}")
_SYMBOLS_BEHIND = re.compile(r"EAA[0-9A-Za-z]{17,}(?P<behind>\|[0-9]*|[%#&=@$~^/|]+)")
"""What is no part of a token that has letters and digits alone; `-` and `_` may be, should the form change."""
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


def find_token(_field: Field, text: str) -> tuple[int, int]:
    """Return where the token begins and ends; the whole of the text where nothing was copied with it."""
    if _WORDS.fullmatch(text.strip()):
        return 0, len(text)
    label = _TOKEN_LABEL.match(text)
    start = label.end() if label is not None and label.end() < len(text) else 0
    begins = _BEGINS.search(text, start)
    if begins is not None and _is_copied_with_token(text[start : begins.start()]):
        start = begins.start()
    markup = re.match(r"\s*<[A-Za-z][^<>]*>", text)
    if start == 0 and markup is not None and markup.end() < len(text):
        start = markup.end()
    tail = (_TOKEN_TAIL_AFTER_LABEL if start else _TOKEN_TAIL).search(text, start) or _TOKEN_TAIL.search(text, start)
    end = tail.start() if tail is not None and tail.start() > start else len(text)
    return start, words_behind(text, start, end)


def _is_copied_with_token(chunk: str) -> bool:
    """Tell whether the text before a token was copied with it, and is no part of a longer one."""
    if LISTED.fullmatch(chunk):
        return True
    return any("!" <= char <= "~" and char not in _FRONT for char in chunk) and not _LONG_WORD.search(chunk)


def is_token(value: str) -> bool:
    """Tell whether a value looks like a token or another credential as long as one."""
    return len(value) >= _SHORTEST_REPEATED and shape_of(value) is not None


def token_flaws(field: Field, text: str, start: int, end: int, context: Context) -> list[Flaw]:
    """Return the flaws of `text[start:end]`, from which quotes and blanks have been removed."""
    edges, start, end = _punctuated(text, start, end)
    if (symbols := _SYMBOLS_BEHIND.fullmatch(text, start, end)) is not None:
        behind = symbols.start("behind")
        kind = {"%": FlawKind.SHELL_MARK, "#": FlawKind.SHELL_MARK}.get(symbols["behind"], FlawKind.SYMBOL)
        if symbols["behind"][-1].isdigit():
            kind = FlawKind.PASTED_ALONG
        return [*edges, Flaw(kind, behind, end, "")]
    found = scan(text, start, end, TOKEN, CONSTRUCTS_AND_PERCENT)
    if (other := misplaced(field, found, context)) is not None:
        return [*edges, other]
    if _WORDS.fullmatch(text, start, end) and not text.startswith("EAA", start):
        return [*edges, Flaw(FlawKind.WRONG_SHAPE, start, end)]
    flaws = [
        _graded(text, start, end, flaw)
        for flaw in found.flaws
        if flaw.kind is not FlawKind.MASKED or text[flaw.start] not in "xX"
    ]
    if copies := found.copies(flaws, is_token):
        return [*edges, *copies]
    if len(_BEGINS.findall(text, start, end)) > 1:
        return [*edges, *flaws, Flaw(FlawKind.TWO_VALUES, start, end)]
    return [*edges, *flaws] or _notes(found.value, start, end)


def _punctuated(text: str, start: int, end: int) -> tuple[list[Flaw], int, int]:
    """Remove quotes, brackets and punctuation from both ends; a run of stars only where it is at both.

    A bar or underscore that is before the token is removed at the end too.
    """
    before = text[:start].strip()
    loose = _EDGE | {before[-1]} if before[-1:] in ("|", "_", "~", "#") else _EDGE
    first, last = start, end
    while first < last and text[first] in _FRONT:
        first += 1
    is_starred = text[first - 3 : first] == "***"
    while last > first and text[last - 1] in loose and not text.endswith("..", first, last):
        if text.endswith("***", first, last) and not is_starred:
            break
        last = first + len(text[first : last - 1].rstrip())
    removed = (*range(start, first), *range(last, end))
    return [Flaw(kind_of(text[at]), at, at + 1, "") for at in removed], first, last


def _graded(text: str, start: int, end: int, flaw: Flaw) -> Flaw:
    is_foreign = any(not "!" <= char <= "~" for char in text[flaw.start : flaw.end])
    is_certain = is_foreign or flaw.kind in (FlawKind.TRUNCATED, FlawKind.MASKED, FlawKind.MARKUP)
    is_at_edge = flaw.kind in _FOREIGN_EDGE and (flaw.start == start or flaw.end == end)
    severity = Severity.BLOCKS if is_certain else Severity.SUSPICIOUS
    return flaw._replace(severity=severity, proposal="" if is_at_edge else flaw.proposal)


def _notes(value: str, start: int, end: int) -> list[Flaw]:
    """Return what is unusual about a token without flaw; tokens are opaque and may change their form."""
    if value and not value.startswith("EAA"):
        return [Flaw(FlawKind.UNUSUAL_BEGINNING, start, end, severity=Severity.NOTE)]
    if value and len(value) < _SHORT:
        return [Flaw(FlawKind.SHORT_TOKEN, start, end, severity=Severity.NOTE, number=len(value))]
    is_usual = value.isalnum() or not value
    return [] if is_usual else [Flaw(FlawKind.UNUSUAL_CHARACTERS, start, end, severity=Severity.NOTE)]
