"""When a token is worth exchanging, and when it is not: pure functions of (token, now)."""

from collections.abc import Callable, Iterable
from typing import Literal

from tui.tokens.states import is_unusable
from tui.tokens.token import DAY, WINDOW, Token, state

AHEAD = 3_600
"""Seconds by which an answer may lie ahead of the clock; one further ahead shows that the clock was set back."""

Plan = Literal["exchange", "never_expires", "login_needed"]


def plan(token: Token, now: float, window: float = WINDOW) -> Plan:
    """Return what a refresh of an inspected token should do.

    What Facebook refuses cannot be exchanged (graph-api.md section 4); a passed end alone is no refusal. One that is
    due by data access only would gain nothing: a server-side exchange is not user activity (same section). One
    without an end stays as it is.
    """
    if is_unusable(state(token, now, window)):
        return "login_needed"
    if _due_by_data_access_only(token, now, window):
        return "login_needed"
    if token.kind == "app" or token.expires_at is None:
        return "never_expires"
    return "exchange"


def _due_by_data_access_only(token: Token, now: float, window: float) -> bool:
    ends = token.data_access_expires_at
    if ends is None or ends - now > window:
        return False
    return token.expires_at is None or token.expires_at - now > window


def earliest_attempt(token: Token, window: float = WINDOW) -> int | None:
    """Return from when a timer exchanges the token (unix seconds, UTC); None: never.

    Inside the window, and not more often than once a day; for a token with little life left the interval
    shrinks with it, else a two-hour token would expire before its first attempt.
    """
    if token.expires_at is None or token.kind == "app":
        return None
    start = int(token.expires_at - window)
    tried = max(token.extended_at or 0, token.tried_at or 0)  # when Facebook last answered an exchange of it
    if not tried:
        return start
    if tried >= token.expires_at:  # by a clock that is wrong
        return max(start, tried + DAY)
    return max(start, tried + min(DAY, max(60, (token.expires_at - tried) // 4)))


def can_be_extended(token: Token, now: float) -> bool:
    """Tell whether a token is one that a timer keeps valid: usable, and with an end that an exchange moves."""
    return token.expires_at is not None and token.kind != "app" and not is_unusable(state(token, now))


def is_due(token: Token, now: float, window: float = WINDOW) -> bool:
    """Tell whether a timer has something to do: an exchange that may help, or an inspection.

    A token that was never asked about is inspected first, and one that was asked about when the clock showed a later
    time: only an answer of Facebook's shows what time it is.
    """
    if token.inspected_at is None or token.inspected_at - now >= AHEAD:
        return True
    if plan(token, now, window) != "exchange":
        return False
    start = earliest_attempt(token, window)
    return start is not None and start <= now


def due_names(
    tokens: Iterable[Token], now: float, window_of: Callable[[str], int], unchecked: float | None = None
) -> list[str]:
    """Return the names a timer should refresh; with `unchecked` seconds also those not asked about for so long.

    `window_of` returns the refresh window of a profile in seconds. Meta never announces that it ended a token and
    advises a daily check (graph-api.md section 4).
    """
    return [
        token.name
        for token in tokens
        if is_due(token, now, window_of(token.profile))
        or (unchecked is not None and not -AHEAD < now - (token.inspected_at or 0) < unchecked)
    ]


def jitter(key: str, spread: int) -> int:
    """Return 0 to `spread` - 1 seconds, always the same for one key: so that many machines do not meet."""
    if spread <= 0:
        return 0
    import hashlib  # loads OpenSSL, which a look at the state does without

    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()[:8]) % spread
