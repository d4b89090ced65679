"""What is ahead of a token, with and without a timer: pure functions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from tui.tokens.automation import Automation
from tui.tokens.policy import earliest_attempt
from tui.tokens.states import STATES, Group
from tui.tokens.token import DAY, WINDOW, Token, is_over_by_clock, state


class Outlook(StrEnum):
    """What is ahead of a token without a person's help."""

    UNKNOWN = "unknown"
    UNUSABLE = "unusable"
    NOT_ASKED_SINCE = "not_asked_since"
    """Its end has passed since Facebook called it valid."""
    CLOCK_AHEAD = "clock_ahead"
    """Facebook called it valid when this clock was past its end already."""
    APP_TOKEN = "app_token"  # noqa: S105 - an app access token, valid as long as the App Secret
    NEVER_EXPIRES = "never_expires"
    DATA_ACCESS_ONLY = "data_access_only"
    DATA_ACCESS_FIRST = "data_access_first"
    NO_TIMER = "no_timer"
    """Nothing extends it."""
    TIMER_FAILS = "timer_fails"
    """A timer should extend it, and does not."""
    NO_RUN_IN_TIME = "no_run_in_time"
    NOT_EXTENDED = "not_extended"
    EXTENDABLE = "extendable"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Until when a token works without a person, and when the timer tries next to extend it.

    Times are unix seconds, UTC. `until` None: no end by date (or nothing is known); `next_attempt` None: never.
    """

    outlook: Outlook
    until: int | None = None
    next_attempt: int | None = None


def forecast(token: Token, now: float, window: int = WINDOW, timer: Automation | None = None) -> Forecast:
    """Predict a token's life with what is known of the timer; `window` in seconds, `timer` None: there is none.

    Nothing is promised where no run can be expected to extend the token. Each extension is taken to gain about 60
    days (graph-api.md section 4); data access is not moved by one.
    """
    group = STATES[state(token, now, window)].group
    match group:
        case Group.UNKNOWN:
            if token.inspected_at is None:
                return Forecast(Outlook.UNKNOWN)
            return Forecast(Outlook.NOT_ASKED_SINCE, until=token.expires_at)
        case Group.UNUSABLE:
            return Forecast(Outlook.UNUSABLE, until=token.expires_at)
        case Group.USABLE:
            if is_over_by_clock(token, now):
                return Forecast(Outlook.CLOCK_AHEAD)
            return _usable(token, now, window, timer)
        case _:
            assert_never(group)


def _usable(token: Token, now: float, window: int, timer: Automation | None) -> Forecast:
    expiry, access = token.expires_at, token.data_access_expires_at
    if token.kind == "app":
        return Forecast(Outlook.APP_TOKEN)
    if expiry is None:
        return Forecast(Outlook.NEVER_EXPIRES if access is None else Outlook.DATA_ACCESS_ONLY, until=access)
    attempt = None
    if timer is not None and timer.extends(token.name, now):
        attempt = timer.first_run(earliest_attempt(token, window) or 0, now)
    if access is not None and access <= expiry:
        next_attempt = attempt if attempt is not None and attempt < access else None
        return Forecast(Outlook.DATA_ACCESS_FIRST, until=access, next_attempt=next_attempt)
    if attempt is None:
        return Forecast(Outlook.NO_TIMER if timer is None else Outlook.TIMER_FAILS, until=expiry)
    if attempt >= expiry:
        return Forecast(Outlook.NO_RUN_IN_TIME, until=expiry)
    if _refused_last(token):
        return Forecast(Outlook.NOT_EXTENDED, until=expiry, next_attempt=attempt)
    return Forecast(Outlook.EXTENDABLE, until=access, next_attempt=attempt)


def _refused_last(token: Token) -> bool:
    """Tell whether the last try should have moved the end and did not: within a day of a move nothing does."""
    if token.tried_at is None:
        return False
    moved = token.extended_at or token.issued_at
    return moved is None or token.tried_at - moved >= DAY
