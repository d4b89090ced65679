"""What is predicted of a token under a timer."""

import pytest
from hypothesis import given

from tests.tokens.samples import NOW, a_token, tokens
from tui.tokens.forecast import Outlook, forecast
from tui.tokens.token import DAY, Token


def test_a_timer_extends_until_data_access_ends() -> None:
    ahead = forecast(a_token(data_access_expires_at=NOW + 83 * DAY), NOW)
    assert (ahead.outlook, ahead.until, ahead.next_attempt) == (Outlook.EXTENDABLE, NOW + 83 * DAY, NOW + 16 * DAY)


def test_data_access_that_ends_first_is_not_extended() -> None:
    ahead = forecast(a_token(data_access_expires_at=NOW + 3 * DAY), NOW)
    assert (ahead.outlook, ahead.until, ahead.next_attempt) == (Outlook.DATA_ACCESS_FIRST, NOW + 3 * DAY, None)


def test_an_expiry_that_did_not_move_is_not_promised_to_move() -> None:
    ahead = forecast(a_token(expires_at=NOW + 5 * DAY, tried_at=NOW - 3_600), NOW)
    assert ahead.outlook is Outlook.NOT_EXTENDED
    assert (ahead.until, ahead.next_attempt) == (NOW + 5 * DAY, NOW - 3_600 + DAY)


def test_a_second_try_within_a_day_is_not_a_failure() -> None:
    ahead = forecast(a_token(expires_at=NOW + 59 * DAY, extended_at=NOW - 3_600, tried_at=NOW - 60), NOW)
    assert ahead.outlook is Outlook.EXTENDABLE
    ahead = forecast(a_token(expires_at=NOW + 30 * DAY, extended_at=NOW - 30 * DAY, tried_at=NOW - 60), NOW)
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
    ahead = forecast(token, NOW)
    assert (ahead.outlook, ahead.until, ahead.next_attempt) == (outlook, until, None)


def test_an_expiry_before_the_next_attempt_has_its_own_outlook() -> None:
    token = a_token(expires_at=NOW + 50, tried_at=NOW - 5)
    assert forecast(token, NOW).outlook is Outlook.NO_RUN_IN_TIME


@given(tokens)
def test_no_attempt_is_in_the_past(token: Token) -> None:
    ahead = forecast(token, NOW)
    assert ahead.next_attempt is None or ahead.next_attempt >= NOW
