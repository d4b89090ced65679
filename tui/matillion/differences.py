"""Compares what Matillion sends with the profile, character by character. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from tui.matillion.address import DialogAddress, visible

_ALIKE = 0.6
"""Similarity below which two values are unrelated, so that only their first difference is useful."""


class Parameter(StrEnum):
    """What is compared; the value is the name in the address."""

    APP_ID = "client_id"
    CALLBACK_URL = "redirect_uri"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two values differ: `theirs[start:end]` stands for `ours[ours_start:ours_end]`.

    `is_whole`: the values are unrelated from there on.
    """

    ours_start: int
    ours_end: int
    start: int
    end: int
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One parameter as the profile has it and as Matillion sends it, both made visible; `ours` may be empty."""

    parameter: Parameter
    ours: str
    theirs: str
    differences: tuple[Difference, ...]


def compare(address: DialogAddress, app_id: str, callback_url: str) -> tuple[Comparison, ...]:
    """Compare App ID and callback URL of a profile with what Matillion sends."""
    return tuple(
        Comparison(parameter, visible(ours), visible(theirs), differences(ours, theirs))
        for parameter, ours, theirs in (
            (Parameter.APP_ID, app_id, address.client_id),
            (Parameter.CALLBACK_URL, callback_url, address.redirect_uri),
        )
    )


def differences(ours: str, theirs: str) -> tuple[Difference, ...]:
    """Return every place where `theirs` differs from `ours`, in order; both are made visible first."""
    ours, theirs = visible(ours), visible(theirs)
    if ours == theirs:
        return ()
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    if not ours or not theirs or matcher.ratio() < _ALIKE:
        pairs = enumerate(zip(ours, theirs, strict=False))
        at = next((place for place, (a, b) in pairs if a != b), min(len(ours), len(theirs)))
        return (Difference(at, len(ours), at, len(theirs), is_whole=True),)
    return tuple(Difference(*span[1:]) for span in matcher.get_opcodes() if span[0] != "equal")
