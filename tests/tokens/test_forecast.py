"""What is predicted of a token, with a timer and without."""

import pytest
from hypothesis import given

from tests.tokens.samples import NOW, a_token, timers, tokens
from tui.tokens.automation import Automation, Run, RunFailure, RunProblem, TimerState, timer_state
from tui.tokens.forecast import Outlook, forecast
from tui.tokens.policy import earliest_attempt
from tui.tokens.token import DAY, WINDOW, Token

TIMER = Automation(3_600, NOW - 50 * DAY, NOW - 600)
"""A timer that works and runs each hour, the next time in 50 minutes."""
PROMISES = (Outlook.EXTENDABLE, Outlook.NOT_EXTENDED, Outlook.NO_RUN_IN_TIME)


def failing(problem: RunProblem, *names: str) -> Automation:
    """A daily timer whose last run had one problem."""
    run = Run(NOW - 700, NOW - 600, 0, (RunFailure(problem, names),))
    return Automation(DAY, NOW - 9 * DAY, NOW - 600, run=run, failing_since=NOW - 700)


def test_a_timer_extends_until_data_access_ends() -> None:
    ahead = forecast(a_token(data_access_expires_at=NOW + 83 * DAY), NOW, WINDOW, TIMER)
    assert (ahead.outlook, ahead.until, ahead.next_attempt) == (
        Outlook.EXTENDABLE,
        NOW + 83 * DAY,
        NOW + 16 * DAY + 3_000,
    )


def test_data_access_that_ends_first_is_not_extended() -> None:
    ahead = forecast(a_token(data_access_expires_at=NOW + 3 * DAY), NOW, WINDOW, TIMER)
    assert (ahead.outlook, ahead.until, ahead.next_attempt) == (Outlook.DATA_ACCESS_FIRST, NOW + 3 * DAY, None)


def test_an_expiry_that_did_not_move_is_not_promised_to_move() -> None:
    ahead = forecast(a_token(expires_at=NOW + 5 * DAY, tried_at=NOW - 3_600), NOW, WINDOW, TIMER)
    assert ahead.outlook is Outlook.NOT_EXTENDED
    assert (ahead.until, ahead.next_attempt) == (NOW + 5 * DAY, NOW - 600 + DAY)


def test_a_second_try_within_a_day_is_not_a_failure() -> None:
    ahead = forecast(a_token(expires_at=NOW + 59 * DAY, extended_at=NOW - 3_600, tried_at=NOW - 60), NOW, WINDOW, TIMER)
    assert ahead.outlook is Outlook.EXTENDABLE
    ahead = forecast(
        a_token(expires_at=NOW + 30 * DAY, extended_at=NOW - 30 * DAY, tried_at=NOW - 60), NOW, WINDOW, TIMER
    )
    assert ahead.outlook is Outlook.NOT_EXTENDED


@pytest.mark.parametrize(
    ("token", "outlook", "until"),
    [
        (a_token(kind="app"), Outlook.APP_TOKEN, None),
        (a_token(expires_at=None), Outlook.NEVER_EXPIRES, None),
        (a_token(expires_at=None, data_access_expires_at=NOW + 80 * DAY), Outlook.DATA_ACCESS_ONLY, NOW + 80 * DAY),
        (a_token(verdict="invalid", reason="190/460"), Outlook.UNUSABLE, NOW + 30 * DAY),
        (a_token(inspected_at=None), Outlook.UNKNOWN, None),
    ],
)
def test_a_token_that_is_not_extended_has_no_attempt(token: Token, outlook: Outlook, until: int | None) -> None:
    ahead = forecast(token, NOW, WINDOW, TIMER)
    assert (ahead.outlook, ahead.until, ahead.next_attempt) == (outlook, until, None)


def test_an_expiry_before_the_next_attempt_has_its_own_outlook() -> None:
    token = a_token(expires_at=NOW + 50, tried_at=NOW - 5)
    assert forecast(token, NOW, WINDOW, TIMER).outlook is Outlook.NO_RUN_IN_TIME


@given(tokens, timers)
def test_no_attempt_comes_before_the_next_run(token: Token, timer: Automation | None) -> None:
    ahead = forecast(token, NOW, WINDOW, timer)
    if ahead.next_attempt is not None:
        assert timer is not None
        assert ahead.next_attempt >= max(NOW, timer.next_run)
        assert ahead.next_attempt >= (earliest_attempt(token) or 0)


@given(tokens, timers)
def test_nothing_is_promised_without_a_timer_that_works(token: Token, timer: Automation | None) -> None:
    ahead = forecast(token, NOW, WINDOW, timer)
    if timer is None or timer_state(timer, NOW) is TimerState.OVERDUE:
        assert ahead.next_attempt is None
        assert ahead.outlook not in PROMISES
    if ahead.outlook is Outlook.NO_TIMER:
        assert timer is None
        assert ahead.until == token.expires_at


@given(tokens)
def test_a_timer_changes_only_what_it_could_extend(token: Token) -> None:
    alone, kept = forecast(token, NOW, WINDOW, None), forecast(token, NOW, WINDOW, TIMER)
    if alone.outlook is Outlook.NO_TIMER:
        assert kept.outlook in PROMISES
    else:
        assert (alone.outlook, alone.until) == (kept.outlook, kept.until)


@pytest.mark.parametrize(
    ("problem", "names", "outlook"),
    [
        (RunProblem.SECRETS, (), Outlook.TIMER_FAILS),
        (RunProblem.COULD_NOT_ASK, ("prod",), Outlook.TIMER_FAILS),
        (RunProblem.COULD_NOT_ASK, ("other",), Outlook.EXTENDABLE),
        (RunProblem.HOOK, ("extended",), Outlook.EXTENDABLE),
        (RunProblem.DELIVERY, ("prod",), Outlook.EXTENDABLE),
        (RunProblem.LOGIN_NEEDED, ("other",), Outlook.EXTENDABLE),
    ],
)
def test_only_what_hinders_the_token_takes_its_promise(
    problem: RunProblem, names: tuple[str, ...], outlook: Outlook
) -> None:
    assert forecast(a_token(), NOW, WINDOW, failing(problem, *names)).outlook is outlook


@pytest.mark.parametrize(
    ("last_run", "outlook"),
    [(NOW - 3_600, Outlook.EXTENDABLE), (NOW - 36 * 3_600, Outlook.EXTENDABLE), (NOW - 4 * DAY, Outlook.TIMER_FAILS)],
    ids=["working", "missed", "overdue"],
)
def test_two_runs_that_are_missing_take_the_promise(last_run: int, outlook: Outlook) -> None:
    ahead = forecast(a_token(expires_at=NOW + 9 * DAY), NOW, WINDOW, Automation(DAY, NOW - 30 * DAY, last_run))
    assert ahead.outlook is outlook


def test_the_next_attempt_waits_for_the_next_run() -> None:
    ahead = forecast(a_token(expires_at=NOW + 9 * DAY), NOW, WINDOW, Automation(DAY, NOW - 30 * DAY, NOW - 3_600))
    assert ahead.next_attempt == NOW - 3_600 + DAY


def test_a_run_that_is_not_known_promises_nothing() -> None:
    timer = Automation(DAY, NOW - 9 * DAY, NOW - 600, run=None, failing_since=NOW - 700)
    assert forecast(a_token(), NOW, WINDOW, timer).outlook is Outlook.TIMER_FAILS
