"""The values that the rules speak in: fields, flaws, and the spots that the rules mark on the way to a flaw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Field = Literal["app_id", "app_secret", "client_token", "token", "callback_url", "pasted_redirect", "dialog_url"]
FIELDS: tuple[Field, ...] = (
    "app_id",
    "app_secret",
    "client_token",
    "token",
    "callback_url",
    "pasted_redirect",
    "dialog_url",
)
Severity = Literal["blocks", "suspicious", "note"]
RANK: Mapping[Severity, int] = {"blocks": 0, "suspicious": 1, "note": 2}
NO_CONTEXT: Mapping[Field, str] = {}

TITLES: Mapping[Field, str] = {
    "app_id": "App ID",
    "app_secret": "App Secret",
    "client_token": "client token",
    "token": "access token",
    "callback_url": "callback URL",
    "pasted_redirect": "redirected address",
    "dialog_url": "login address",
}
"""What the person knows each field as."""


WITH_ARTICLE: Mapping[Field, str] = {
    field: f"{'an' if title[0] in 'Aa' else 'a'} {title}" for field, title in TITLES.items()
}


@dataclass(frozen=True, slots=True)
class Character:
    """One code point and the name Unicode gives it."""

    code_point: int
    name: str

    @property
    def notation(self) -> str:
        """The usual way to write it, as in `U+00A0`."""
        return f"U+{self.code_point:04X}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a text, and where.

    `start` and `end` are code points, `end` exclusive. `characters` names what stands there, and is empty where
    the flaw is the shape of the value and not a character of it. `proposal` is the text that would stand in its
    place once mended, None where only the person can know.
    """

    kind: str
    severity: Severity
    start: int
    end: int
    characters: tuple[Character, ...]
    message: str
    cause: str
    effect: str
    proposal: str | None = None


class Spot(NamedTuple):
    """A flaw before it has words: what a rule found, where, and what it would put there.

    `named` says whether the characters at the spot may be told one by one. `detail` replaces the sentence made
    from the characters; it never holds a piece of the value.
    """

    kind: str
    severity: Severity
    start: int
    end: int
    proposal: str | None = None
    named: bool = True
    detail: str = ""


def is_clean(flaws: tuple[Flaw, ...]) -> bool:
    """Tell whether nothing blocks and nothing is suspicious; notes do not count."""
    return all(flaw.severity == "note" for flaw in flaws)
