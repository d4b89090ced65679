"""Find every flaw of a text, put it into words, and propose the mended text. Pure functions, no input or output."""

from __future__ import annotations

from collections.abc import Mapping

from tui.credentials.characters import character, is_blank, kind_of
from tui.credentials.model import NO_CONTEXT, RANK, TITLES, Character, Field, Flaw, Spot, is_clean
from tui.credentials.wording import EFFECTS, NOTED, PROBABLY, WORDINGS

_MOST_NAMED = 4
_MOST_LISTED = 64
_ROUNDS = 6
"""Layers that mending peels at most; what is still flawed then is left to the person."""

_SHORTEST_SECRET = 20
_WRITTEN_OUT = frozenset(("html_entity", "percent_encoded", "written_escape", "escape_sequence"))
"""Kinds that are several plain characters, whose names one by one would say nothing."""


def inspect(field: Field, text: str, context: Mapping[Field, str] | None = None) -> tuple[Flaw, ...]:
    """Return every flaw of `text` as a value of `field`, by position, at one position the gravest first.

    `context` holds the values of other fields, where they are known. Never raises, whatever the text.
    """
    known = context or NO_CONTEXT
    blank = all(is_blank(kind_of(char)) for char in text)
    spots = _blank_spots(field, text) if blank else _spots(field, text, known)
    spots = sorted(spots, key=lambda spot: (spot.start, RANK[spot.severity], spot.end))
    front, back = _outer(spots, len(text))
    return tuple(_in_words(field, text, spot, front, back) for spot in spots)


def _spots(field: Field, text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Ask the rules of the field; they are imported at the first question, since their patterns take a while."""
    if field == "token":
        from tui.credentials.access_token import token_spots

        return token_spots(text, context)
    if field == "callback_url":
        from tui.credentials.callback import callback_spots as rules
    elif field == "pasted_redirect":
        from tui.credentials.logins import redirect_spots as rules
    elif field == "dialog_url":
        from tui.credentials.logins import dialog_spots as rules
    else:
        from tui.credentials.values import value_spots as rules
    return rules(field, text, context)


def _blank_spots(field: Field, text: str) -> list[Spot]:
    if not text:
        return [] if field == "client_token" else [Spot("empty", "blocks", 0, 0, named=False, detail="empty field")]
    if field == "client_token":
        return [Spot("space", "blocks", 0, len(text), "")]
    return [Spot("empty", "blocks", 0, len(text))]


def _outer(spots: list[Spot], length: int) -> tuple[int, int]:
    """Return where the value begins and ends once everything at its ends that is no part of it is away."""
    front = 0
    for spot in spots:
        if spot.start == front and spot.proposal == "":
            front = spot.end
    back = length
    for spot in reversed(spots):
        if spot.end == back and spot.proposal == "" and spot.start >= front:
            back = spot.start
    return front, back


def _in_words(field: Field, text: str, spot: Spot, front: int, back: int) -> Flaw:
    wording = WORDINGS[spot.kind]
    characters = tuple(character(char) for char in text[spot.start : spot.end][:_MOST_LISTED]) if spot.named else ()
    side = "trailing " if spot.start >= back else "leading " if spot.end <= front else ""
    line = spot.detail or _line(spot, wording.noun, "" if not spot.named else side, characters, len(text))
    effect = wording.effect or {"blocks": EFFECTS[field], "suspicious": PROBABLY, "note": NOTED}[spot.severity]
    message = line[:1].upper() + line[1:].removesuffix(".") + "."
    return Flaw(
        spot.kind, spot.severity, spot.start, spot.end, characters, message, wording.cause, effect, spot.proposal
    )


def _line(spot: Spot, noun: str, side: str, characters: tuple[Character, ...], length: int) -> str:
    """Return the flaw in one line: side, noun, the characters by name, and the place."""
    size = spot.end - spot.start
    times = f" ({size} characters)" if size > 1 else ""
    place = f"after character {spot.start}" if spot.start else "at the start"
    if not spot.named or spot.kind in _WRITTEN_OUT:
        return f"{side}{noun}{times} {place}"
    names = [f"{char.name} {char.notation}" for char in dict.fromkeys(characters)]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    listed = ", ".join(names[:_MOST_NAMED])
    if spot.kind == "empty":
        return f"{noun}, only {listed}{more}{times}"
    inside = " inside" if not side and spot.start > 0 and spot.end < length else ""
    return f"{side}{noun}{inside}, {listed}{more}{times} {place}"


def is_like_a_secret(text: str) -> bool:
    """Tell whether a text has the shape of an App Secret, a client token or a token, whatever stands around it."""
    if len(text) < _SHORTEST_SECRET:
        return False
    from tui.credentials.belonging import holds_a_secret

    return holds_a_secret(text)


def describe(field: Field, flaw: Flaw) -> str:
    """Return one line that names the flaw and its place and never holds a piece of the value itself.

    As in `trailing space, SPACE U+0020 after character 32`.
    """
    line = flaw.message.removesuffix(".")
    if line[1:2].islower():
        line = line[:1].lower() + line[1:]
    return line if flaw.kind != "empty" or flaw.characters else f"empty field, the {TITLES[field]} is missing"


def mend_one(field: Field, text: str, flaw: Flaw, context: Mapping[Field, str] | None = None) -> str | None:
    """Return `text` with this one flaw mended, None where only the person can mend it or it is not there any more."""
    if flaw.proposal is None or flaw not in inspect(field, text, context):
        return None
    mended = text[: flaw.start] + flaw.proposal + text[flaw.end :]
    return mended if mended != text else None


def mend(field: Field, text: str, context: Mapping[Field, str] | None = None) -> str | None:
    """Return `text` with every blocking and suspicious flaw mended.

    None where there is nothing to mend, or where a blocking or suspicious flaw would remain. Takes away what
    cannot belong to the value and reads a character as the one it plainly stands for; adds none of its own.
    """
    mended = text
    for _ in range(_ROUNDS):
        flaws = [flaw for flaw in inspect(field, mended, context) if flaw.severity != "note"]
        if not flaws:
            return mended if mended != text else None
        if any(flaw.proposal is None for flaw in flaws):
            return None
        mended = _applied(mended, flaws)
    return mended if mended != text and is_clean(inspect(field, mended, context)) else None


def _applied(text: str, flaws: list[Flaw]) -> str:
    """Put each proposal in its place, from the end; where two overlap the later one waits for the next round."""
    limit = len(text)
    for flaw in sorted(flaws, key=lambda flaw: (flaw.start, flaw.end), reverse=True):
        if flaw.end <= limit and flaw.proposal is not None:
            text = text[: flaw.start] + flaw.proposal + text[flaw.end :]
            limit = flaw.start
    return text
