"""The time a token has left."""

from tui.tokens.states import TokenState
from tui.tokens.token import Token, deadline, nearer_clock
from tui.wording.times import countdown, stamp


def time_left(token: Token, its_state: TokenState, now: float) -> str:
    """Return the time to the deadline as a countdown; a word where there is nothing to count."""
    end = deadline(token)
    if its_state is TokenState.UNKNOWN and end is None:
        return "?"
    if its_state is TokenState.INVALID and (end is None or end > now):
        return "refused"
    return countdown(None if end is None else end - now)


def time_left_until(token: Token, now: float) -> str:
    """Return the time to the deadline and its date: `57d 03:12:09 left, until 2027-01-22 12:00 UTC`."""
    end = deadline(token)
    if end is None:
        if token.inspected_at is None:
            return "expiry not known yet"
        return "expiry not known" if token.verdict in ("invalid", "expired") else "never expires"
    if end <= now:
        return f"ended {stamp(end)}"
    which = " (data access)" if nearer_clock(token) == "data_access" else ""
    return f"{countdown(end - now)} left, until {stamp(end)}{which}"
