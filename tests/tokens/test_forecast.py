"""What is foretold, in words."""

from hypothesis import given

from tests.tokens.samples import NOW, a_token, tokens
from tui.tokens.forecast import forecast
from tui.tokens.policy import Policy
from tui.tokens.token import DAY, WINDOW, Token


def test_a_timer_carries_a_token_to_the_end_of_data_access() -> None:
    told = forecast(a_token(data_access_expires_at=NOW + 83 * DAY), NOW)
    assert told.until == NOW + 83 * DAY
    assert told.next_attempt == NOW + 16 * DAY
    assert told.sentence == (
        "A timer can keep this alive without you until 14 Feb; then you must log in again (data access, 90 days)."
        " Next attempt Wed 9 Dec 23:03."
    )


def test_the_next_attempt_is_a_run_of_the_timer() -> None:
    policy = Policy(run_every=DAY, run_anchor=3 * 3_600)
    told = forecast(a_token(expires_at=NOW + 5 * DAY), NOW, WINDOW, policy)
    assert told.next_attempt is not None
    assert told.next_attempt % DAY == 3 * 3_600
    assert NOW <= told.next_attempt < NOW + DAY
    assert told.sentence.endswith("Next attempt Tue 03:00.")


def test_data_access_that_ends_first_makes_extending_pointless() -> None:
    told = forecast(a_token(data_access_expires_at=NOW + 3 * DAY), NOW)
    assert (told.until, told.next_attempt) == (NOW + 3 * DAY, None)
    assert "gains nothing" in told.sentence


def test_an_end_that_did_not_move_is_not_promised_to_move() -> None:
    told = forecast(a_token(expires_at=NOW + 5 * DAY, tried_at=NOW - 3_600), NOW)
    assert told.until == NOW + 5 * DAY
    assert told.next_attempt == NOW - 3_600 + DAY
    assert "did not move its end when asked 1 h ago" in told.sentence


def test_an_end_that_was_moved_within_a_day_is_not_expected_to_move_again() -> None:
    told = forecast(a_token(expires_at=NOW + 59 * DAY, extended_at=NOW - 3_600, tried_at=NOW - 60), NOW)
    assert "did not move" not in told.sentence
    told = forecast(a_token(expires_at=NOW + 30 * DAY, extended_at=NOW - 30 * DAY, tried_at=NOW - 60), NOW)
    assert "did not move" in told.sentence


def test_the_endless_the_dead_and_the_unknown_have_no_attempt() -> None:
    for token, words in (
        (a_token(expires_at=None), "Never expires, so there is nothing to extend"),
        (a_token(expires_at=None, data_access_expires_at=NOW + 80 * DAY), "works until 11 Feb"),
        (a_token(verdict="invalid", reason="190/460"), "cannot help any more (190/460): log in again"),
        (a_token(inspected_at=None), "inspect it first"),
    ):
        told = forecast(token, NOW)
        assert words in told.sentence
        assert told.next_attempt is None


@given(tokens)
def test_no_forecast_looks_back(token: Token) -> None:
    told = forecast(token, NOW)
    assert told.sentence.endswith((".", "again."))
    assert told.next_attempt is None or told.next_attempt >= NOW
