"""When a token is worth exchanging, and when it is not: pure functions of (token, now)."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tui.tokens.states import is_unusable
from tui.tokens.token import DAY, WINDOW, Token, state

Plan = Literal["exchange", "never_expires", "login_needed"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How one profile's tokens are kept alive. Durations in seconds.

    `run_every` and `run_anchor` (unix seconds, UTC) say when the timer runs, as anchor plus multiples;
    `run_every` 0: at any moment.
    """

    window: int = WINDOW
    min_interval: int = DAY
    run_every: int = 0
    run_anchor: int = 0


def plan(token: Token, now: float, window: float = WINDOW) -> Plan:
    """Return what a refresh of an inspected token should do.

    Unusable tokens cannot be exchanged (graph-api.md section 4). One that is due by data access only would gain
    nothing: a server-side exchange is not user activity (same section). One without an end stays as it is.
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


def earliest_attempt(token: Token, policy: Policy) -> int | None:
    """Return from when the policy exchanges the token (unix seconds, UTC); None: never.

    Inside the window, and not more often than `min_interval`; for a token with little life left the interval
    shrinks with it, else a two-hour token would expire before its first attempt.
    """
    if token.expires_at is None or token.kind == "app":
        return None
    start = token.expires_at - policy.window
    tried = max(token.extended_at or 0, token.tried_at or 0)  # when Facebook last answered an exchange of it
    if not tried:
        return start
    return max(start, tried + min(policy.min_interval, max(60, (token.expires_at - tried) // 4)))


def next_run(moment: float, policy: Policy) -> int:
    """Return the first run of the timer at or after the second of `moment`, in unix seconds, UTC."""
    if policy.run_every <= 0:
        return int(moment)
    steps = math.ceil((int(moment) - policy.run_anchor) / policy.run_every)
    return policy.run_anchor + steps * policy.run_every


def is_due(token: Token, now: float, policy: Policy) -> bool:
    """Tell whether a timer has something to do: an exchange that may help, or a first inspection."""
    if token.inspected_at is None:
        return True
    if plan(token, now, policy.window) != "exchange":
        return False
    start = earliest_attempt(token, policy)
    return start is not None and start <= now


def is_unchecked(token: Token, now: float, interval: float = DAY) -> bool:
    """Tell whether Facebook was not asked about the token for `interval` seconds.

    Meta never announces that it ended a token and advises a daily check (graph-api.md section 4).
    """
    return token.inspected_at is None or now - token.inspected_at >= interval


def due_names(
    tokens: Iterable[Token], now: float, window_of: Callable[[str], int], unchecked: float | None = None
) -> list[str]:
    """Return the names a timer should refresh; with `unchecked` seconds also those not asked about for so long.

    `window_of` returns the refresh window of a profile in seconds.
    """
    return [
        token.name
        for token in tokens
        if is_due(token, now, Policy(window=window_of(token.profile)))
        or (unchecked is not None and is_unchecked(token, now, unchecked))
    ]


def jitter(key: str, spread: int) -> int:
    """Return 0 to `spread` - 1 seconds, always the same for one key: so that many machines do not meet."""
    if spread <= 0:
        return 0
    import hashlib  # loads OpenSSL, which a look at the state does without

    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % spread
