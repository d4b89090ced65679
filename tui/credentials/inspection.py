"""Find every flaw of a text, and fix it. Pure functions, no input or output."""

from collections.abc import Iterable

from tui.credentials.characters import character, is_blank
from tui.credentials.flaws import OF_CHARACTERS, Context, Field, Flaw, FlawKind, Severity, Side

_MOST_LISTED = 64
_ROUNDS = 6
"""Layers that fixing removes at most; what is still flawed then is left to the person."""
_SHORTEST_SECRET = 20
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def inspect(field: Field, text: str, context: Context | None = None) -> tuple[Flaw, ...]:
    """Return every flaw of `text` as a value of `field`, by position, at one position the gravest first.

    `context` holds the values of other fields, where they are known. Never raises, whatever the text.
    """
    found = _blank_flaws(field, text) if all(map(is_blank, text)) else _flaws(field, text, context or {})
    flaws = _joined(sorted(found, key=lambda flaw: (flaw.start, _RANK[flaw.severity], flaw.end)))
    front, back = _ends_of_value(flaws, len(text))
    return tuple(_placed(flaw, text, front, back) for flaw in flaws)


def _placed(flaw: Flaw, text: str, front: int, back: int) -> Flaw:
    """Return the flaw with its side of the value, and with its characters where they may be named."""
    side = Side.INSIDE if flaw.start > 0 and flaw.end < len(text) else Side.OTHER
    if flaw.start >= back:
        side = Side.TRAILING
    elif flaw.end <= front:
        side = Side.LEADING
    named = text[flaw.start : flaw.end][:_MOST_LISTED] if flaw.kind in OF_CHARACTERS else ""
    return flaw._replace(side=side, characters=tuple(map(character, named)))


def _flaws(field: Field, text: str, context: Context) -> list[Flaw]:
    """Apply the rules of the field; they are imported at the first question, since their patterns take a while."""
    match field:
        case "callback_url":
            from tui.credentials.callback import callback_flaws as rules
        case "pasted_redirect":
            from tui.credentials.logins import redirect_flaws as rules
        case "dialog_url":
            from tui.credentials.logins import dialog_flaws as rules
        case _:
            from tui.credentials.flaw_rules import value_flaws as rules
    return rules(field, text, context)


def _blank_flaws(field: Field, text: str) -> list[Flaw]:
    if field != "client_token":
        return [Flaw(FlawKind.EMPTY, 0, len(text))]
    return [Flaw(FlawKind.SPACE, 0, len(text), "")] if text else []


def _joined(flaws: Iterable[Flaw]) -> list[Flaw]:
    """Join neighbors of one kind that fixing removes."""
    joined: list[Flaw] = []
    for flaw in flaws:
        last = joined[-1] if joined and flaw.proposal == "" and joined[-1].kind is flaw.kind else None
        if last is not None and flaw == last._replace(start=last.end, end=flaw.end):
            joined[-1] = last._replace(end=flaw.end)
        else:
            joined.append(flaw)
    return joined


def _ends_of_value(flaws: list[Flaw], length: int) -> tuple[int, int]:
    """Return where the value begins and ends without the flaws at its ends that fixing removes."""
    front = 0
    for flaw in flaws:
        if flaw.start == front and flaw.proposal == "":
            front = flaw.end
    back = length
    for flaw in reversed(flaws):
        if flaw.end == back and flaw.proposal == "" and flaw.start >= front:
            back = flaw.start
    return front, back


def is_like_a_secret(text: str) -> bool:
    """Tell whether a text looks like an App Secret, a client token or a token, with or without text around it."""
    if len(text) < _SHORTEST_SECRET:
        return False
    from tui.credentials.shapes import SECRET

    return bool(SECRET.search(text))


def holds_a_secret(text: str) -> bool:
    """Tell whether a text holds what looks like a secret, whatever stands right before and behind it."""
    if len(text) < _SHORTEST_SECRET:
        return False
    from tui.credentials.shapes import SECRET_WITHIN

    return bool(SECRET_WITHIN.search(text))


def grouped(flaws: Iterable[Flaw]) -> list[tuple[Flaw, ...]]:
    """Return the flaws with those of one kind at several places together, by the first place of each."""
    groups: dict[object, list[Flaw]] = {}
    for flaw in flaws:
        groups.setdefault((flaw.kind, flaw.severity, flaw.side, flaw.fixable), []).append(flaw)
    return [tuple(group) for group in groups.values()]


def fix_one(field: Field, text: str, flaw: Flaw, context: Context | None = None) -> str | None:
    """Return `text` with this flaw fixed at each of its places, None where only the person can fix it."""
    group = next((group for group in grouped(inspect(field, text, context)) if flaw in group), ())
    fixed = _applied(text, group)
    return fixed if fixed != text else None


def fix(field: Field, text: str, context: Context | None = None) -> str | None:
    """Return `text` with every blocking and suspicious flaw fixed.

    None where there is nothing to fix, or where a blocking or suspicious flaw would remain. Removes what cannot belong
    to the value and reads a character as the one it plainly stands for; adds nothing of its own.
    """
    fixed = text
    for _ in range(_ROUNDS):
        flaws = [flaw for flaw in inspect(field, fixed, context) if flaw.severity is not Severity.NOTE]
        if not flaws:
            return fixed if fixed != text else None
        if not all(flaw.fixable for flaw in flaws):
            return None
        fixed = _applied(fixed, flaws)
    return fixed if fixed != text and is_clean(inspect(field, fixed, context)) else None


def _applied(text: str, flaws: Iterable[Flaw]) -> str:
    """Put each proposal in its place, from the end; where two overlap the later one waits for the next round."""
    limit = len(text)
    for flaw in sorted(flaws, key=lambda flaw: (flaw.start, flaw.end), reverse=True):
        if flaw.end <= limit and flaw.proposal is not None:
            text = text[: flaw.start] + flaw.proposal + text[flaw.end :]
            limit = flaw.start
    return text


def is_clean(flaws: Iterable[Flaw]) -> bool:
    """Tell whether nothing blocks and nothing is suspicious; notes do not count."""
    return all(flaw.severity is Severity.NOTE for flaw in flaws)
