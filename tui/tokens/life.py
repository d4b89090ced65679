"""How much of a token's life is used, which scopes it lacks, and what it met: pure functions."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from tui.tokens.states import STATES
from tui.tokens.token import DAY, Token, deadline, nearer_clock, state

if TYPE_CHECKING:
    from tui.tokens.refusals import RefusedTokens

DATA_ACCESS_LIFE = 90 * DAY
"""Seconds of data access after the person was last active in the app (graph-api.md section 4)."""


def life_used(token: Token, now: float) -> float | None:
    """Return the used part, 0.0 to 1.0, of the life that ends at the deadline; None where it is not known."""
    end = deadline(token)
    if end is None:
        return None
    if nearer_clock(token) == "data_access":
        begin: int | None = end - DATA_ACCESS_LIFE
    else:
        begin = token.issued_at or token.extended_at or token.obtained_at or None
    if begin is None or begin >= end:
        return None
    return min(1.0, max(0.0, (now - begin) / (end - begin)))


def missing_scopes(token: Token, expected: Sequence[str]) -> tuple[str, ...]:
    """Return the expected scopes the token lacks, in the order expected; none while nothing is known of it."""
    if token.inspected_at is None or token.kind == "app":
        return ()
    return _lacking(tuple(expected), token.scopes) if expected else ()


@lru_cache(maxsize=256)  # the tokens of one app mostly have the same scopes
def _lacking(expected: tuple[str, ...], scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(scope for scope in expected if scope not in scopes)


def is_usable(token: Token, now: float) -> bool:
    """Tell whether Facebook last said the token works and none of its deadlines has passed."""
    return STATES[state(token, now)].works


def known_refusals(tokens: Sequence[Token]) -> "tuple[RefusedTokens, ...]":
    """Return the apps and persons that Meta refused when it was last asked about the tokens."""
    if not any(token.failure is not None and token.failure.may_be_refusal for token in tokens):
        return ()
    from tui.tokens.refusals import standing  # its table costs a look at the state some milliseconds

    return standing(tokens)
