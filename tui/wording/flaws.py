"""The words for flaws of a pasted value: what is wrong, how it likely happened, what it causes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from tui.credentials.flaws import LENGTHS, SHOWN, Field, Flaw, FlawKind, Severity, Side
from tui.credentials.inspection import grouped, is_like_a_secret
from tui.harmless import harmless
from tui.wording.counts import counted, listed
from tui.wording.text import Text
from tui.wording.texts import phrase, phrases

TITLES: Mapping[Field, str] = {
    "app_id": "App ID",
    "app_secret": "App Secret",
    "client_token": "client token",
    "token": "access token",
    "callback_url": "callback URL",
    "pasted_redirect": "redirected address",
    "dialog_url": "login address",
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.BLOCKS: "error",
    Severity.SUSPICIOUS: "warning",
    Severity.NOTE: "note",
}
NO_FLAW = "No flaw found."
NO_FIX = "Nothing to fix automatically."
FIX_QUESTION = "Fix it?"
_NOT_NAMED = (FlawKind.HTML_ENTITY, FlawKind.PERCENT_ENCODED, FlawKind.WRITTEN_ESCAPE, FlawKind.ESCAPE_SEQUENCE)
"""Kinds of several ASCII characters, whose names would not help."""


def with_article(field: Field) -> str:
    """Return the title of a field with its article, as in `an App ID`."""
    return f"{'an' if TITLES[field][0] in 'Aa' else 'a'} {TITLES[field]}"


def titled(field: Field) -> str:
    """Return the title of a field as the beginning of a line."""
    return TITLES[field][:1].upper() + TITLES[field][1:]


def flaw_text(field: Field, flaw: Flaw, others: Sequence[Flaw] = ()) -> Text:
    """Return what is wrong (a noun with its place, or whole sentences), how it likely happened, and what it causes.

    `others` are more flaws of the same kind. Never holds a piece of a secret.
    """
    words, facts = phrases("flaws", flaw.kind), _facts(field, flaw)
    what = words["what"].format_map(facts) if "what" in words else _noun_and_place(field, words["noun"], flaw, others)
    effect = words.get("hint") or phrase("flaws", "effects", flaw.severity)
    return Text(what, words["why"].format_map(facts), hint=effect.format_map(facts))


def _noun_and_place(field: Field, noun: str, flaw: Flaw, others: Sequence[Flaw]) -> str:
    characters = dict.fromkeys(chain(*(each.characters for each in (flaw, *others))))
    names = [f"{char.name} {char.notation}" for char in characters]
    named = listed(names)
    size = f" ({flaw.end - flaw.start} characters)" if flaw.end - flaw.start > 1 else ""
    if flaw.kind is FlawKind.EMPTY:
        return f"{noun}, only {named}{size}" if names else f"{noun}, the {TITLES[field]} is missing"
    place = f"after character {flaw.start}" if flaw.start else "at the start"
    again = f" and in {counted(len(others), 'more place')}" if others else ""
    if flaw.side in (Side.LEADING, Side.TRAILING):
        noun = f"{flaw.side} {noun}"
    if names and flaw.kind not in _NOT_NAMED:
        noun += f" inside, {named}" if flaw.side is Side.INSIDE else f", {named}"
    return f"{noun}{size} {place}{again}"


def _facts(field: Field, flaw: Flaw) -> dict[str, str]:
    unit = "digit" if field == "app_id" else "character"
    shortest, longest = LENGTHS.get(field, (0, 0))
    return {
        **phrases("flaws", "fields", field),
        "title": TITLES[field],
        "a_title": with_article(field),
        "subject": _subject(field, flaw),
        "counted": counted(flaw.number, unit),
        "length": str(shortest) if shortest == longest else f"{shortest} to {longest}",
        "times": "twice" if flaw.number == 2 else f"{flaw.number} times",
        "number": str(flaw.number),
        "rounded": "" if flaw.fixable else "; digits after the 15th may be rounded. Copy it from Meta's console",
        "elsewhere": phrases("flaws", "elsewhere").get(flaw.shape or "", "").format(a_title=with_article(field)),
        "family": phrases("flaws", "families").get(flaw.shape or "", ""),
        "other": TITLES[flaw.other] if flaw.other else "",
    }


def _subject(field: Field, flaw: Flaw) -> str:
    if flaw.quoted:
        return f'"{flaw.quoted}" contains letters'
    return f"This contains {flaw.number} letters" if flaw.number else f"This is not {with_article(field)}"


def message(field: Field, flaw: Flaw, others: Sequence[Flaw] = ()) -> str:
    """Return what is wrong as one or more whole sentences."""
    what = flaw_text(field, flaw, others).what
    return f"{what[:1].upper()}{what[1:]}." if "noun" in phrases("flaws", flaw.kind) else what


def flaw_lines(field: Field, flaws: Iterable[Flaw], prefix: str = "") -> Iterator[str]:
    """Return each flaw as `error: what is wrong`, after the prefix, and an indented line with cause and effect."""
    for first, *others in grouped(flaws):
        text = flaw_text(field, first, others)
        yield f"{prefix}{SEVERITIES[first.severity]}: {text.what}"
        yield f"  {text.why} {text.hint}"


def fix_preview(field: Field, before: str, after: str) -> str:
    """Return what a value is once it is fixed: itself, or of one that is or may contain a secret its length."""
    name = f"{titled(field)}, fixed"
    if field in SHOWN and after == harmless(after) and not is_like_a_secret(after):
        return f"{name}: {after}"
    return f"{name}: {counted(len(after), 'character')} instead of {len(before)} (not shown)"
