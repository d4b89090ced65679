"""What automation can do for a token, honestly: one sentence, pure functions of (token, now, policy)."""

from dataclasses import dataclass

from tui.tokens.countdown import ago, day_text, moment_text, stamp
from tui.tokens.policy import Policy, earliest_attempt, next_run
from tui.tokens.token import DAY, WINDOW, Token, reason, state


@dataclass(frozen=True, slots=True)
class Forecast:
    """Until when a token works with a timer and nobody's help, and when that timer tries next.

    Times are unix seconds, UTC. `until` None: no end by date (or nothing is known); `next_attempt` None: never.
    """

    sentence: str
    until: int | None = None
    next_attempt: int | None = None


def forecast(token: Token, now: float, window: int = WINDOW, policy: Policy | None = None) -> Forecast:
    """Foretell a token's life under a timer; `policy` defaults to one that runs at any moment with `window`.

    Each extension is taken to win about 60 days (graph-api.md section 4); data access cannot be won by one.
    """
    policy = policy or Policy(window=window)
    match state(token, now, window):
        case "unknown":
            return Forecast("Nothing is known of it yet: inspect it first.")
        case "expired" | "invalid":
            why = reason(token, now) or "refused"
            return Forecast(f"A timer cannot help any more ({why}): log in again.", until=token.expires_at)
    if token.kind == "app":
        return Forecast("An app token lives as long as the App Secret: nothing to keep alive.")
    if token.expires_at is None:
        return _endless(token, now)
    return _dated(token, token.expires_at, now, policy)


def _endless(token: Token, now: float) -> Forecast:
    end = token.data_access_expires_at
    ways = "a password change, a lost role or a removed app still ends it"
    if end is None:
        return Forecast(f"Never expires, so there is nothing to extend; {ways}.")
    return Forecast(
        f"Never expires, so it is not exchanged; works until {day_text(end, now)}, then you must log in again"
        " (data access, 90 days).",
        until=end,
    )


def _dated(token: Token, expires_at: int, now: float, policy: Policy) -> Forecast:
    end = token.data_access_expires_at
    start = earliest_attempt(token, policy)
    attempt = None if start is None else next_run(max(start, now), policy)
    if end is not None and end <= expires_at:
        return Forecast(
            f"Works until {day_text(end, now)}, then you must log in again (data access, 90 days); extending it"
            " gains nothing.",
            until=end,
            next_attempt=attempt if attempt is not None and attempt < end else None,
        )
    if attempt is None or attempt >= expires_at:
        return Forecast(
            f"No timer runs before it ends on {stamp(expires_at)}: press r, or log in again.", until=expires_at
        )
    when = f"Next attempt {moment_text(attempt, now)}."
    if _refused_last(token):
        tried = ago(now - (token.tried_at or now))
        return Forecast(
            f"Facebook did not move its end when asked {tried}; a timer asks again. Unless that helps, it ends on"
            f" {day_text(expires_at, now)}. {when}",
            until=expires_at,
            next_attempt=attempt,
        )
    if end is None:
        return Forecast(f"A timer can keep this alive without you. {when}", until=None, next_attempt=attempt)
    return Forecast(
        f"A timer can keep this alive without you until {day_text(end, now)}; then you must log in again (data"
        f" access, 90 days). {when}",
        until=end,
        next_attempt=attempt,
    )


def _refused_last(token: Token) -> bool:
    """Tell whether the last try should have moved the end and did not: within a day of a move nothing does."""
    if token.tried_at is None:
        return False
    moved = token.extended_at or token.issued_at
    return moved is None or token.tried_at - moved >= DAY
