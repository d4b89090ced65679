"""The states a token can be in, and what is true of each, in one table.

`tui.tokens.token.state` decides which state a token has; `styles/` has a class and a color for each, and
`terminal/plain_text.py` an ASCII sign for each glyph.
"""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class TokenState(StrEnum):
    """A token's state. The value is the word of every interface; the order is that of the filter on the screen."""

    DUE = "due"
    VALID = "valid"
    EXPIRED = "expired"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Group(IntEnum):
    """Where lists for people place a token: the lowest first."""

    USABLE = 0
    UNKNOWN = 1
    UNUSABLE = 2


class StateRow(NamedTuple):
    """What is true of one state.

    `severity` orders states from good to bad. `works`: Facebook last confirmed it and no deadline has passed.
    `exit_status` is that of `igauth status` and the level of a Nagios plugin. `ansi` are
    the SGR parameters of the word's ink and ground: no color alone is legible on black and on white.
    """

    severity: int
    group: Group
    works: bool
    exit_status: int
    glyph: str
    ansi: str


STATES: dict[TokenState, StateRow] = {
    TokenState.DUE: StateRow(1, Group.USABLE, True, 1, "◐", "30;43;103"),
    TokenState.VALID: StateRow(0, Group.USABLE, True, 0, "●", "30;42"),
    TokenState.EXPIRED: StateRow(3, Group.UNUSABLE, False, 2, "×", "37;97;41"),
    TokenState.INVALID: StateRow(3, Group.UNUSABLE, False, 2, "!", "37;97;41"),
    TokenState.UNKNOWN: StateRow(2, Group.UNKNOWN, False, 3, "○", "30;46"),
}


def is_unusable(state: TokenState) -> bool:
    """Tell whether only a new login or another token helps."""
    return STATES[state].group is Group.UNUSABLE
