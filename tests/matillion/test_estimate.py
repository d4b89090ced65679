"""The estimate for Matillion's own token, and how runs change it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.estimate import DAY, Estimate, Standing, estimate
from tui.matillion.runs import LastRuns
from tui.wording.matillion import estimate_line, estimate_sentence, reminder

DONE = 1_800_000_000 - 1_800_000_000 % DAY + 8 * 3600
"""08:00 UTC of some day."""


def at_day(elapsed: float, runs: LastRuns | None = None) -> Estimate:
    return estimate("ig_prod", DONE, DONE + elapsed * DAY, runs or LastRuns())


def test_the_day_is_called_an_estimate() -> None:
    found = at_day(11.5)
    assert estimate_sentence(found) == "about day 12 of 60, estimated"
    assert found.standing == Standing.ESTIMATED


def test_a_successful_run_is_shown_with_its_time() -> None:
    found = at_day(11.4, LastRuns(worked_at=DONE + 11 * DAY + 6 * 3600 + 120))
    assert found.standing == Standing.WORKED
    assert estimate_line(found) == "Matillion: ig_prod · worked 2027-01-26 14:02 UTC; about day 12 of 60, estimated"


def test_a_refused_run_is_shown_with_its_reason() -> None:
    runs = LastRuns(worked_at=DONE + DAY, failed_at=DONE + 5 * DAY, subcode=463)
    found = at_day(6, runs)
    assert found.standing == Standing.FAILED
    assert found.reason == "190/463"
    assert "190/463" in estimate_sentence(found)
    assert reminder(found) is not None


def test_runs_before_the_last_authorization_do_not_count() -> None:
    runs = LastRuns(worked_at=DONE - 10, failed_at=DONE - 5, subcode=463)
    assert at_day(1, runs).standing == Standing.ESTIMATED


def test_a_success_after_a_failure_counts() -> None:
    runs = LastRuns(worked_at=DONE + 3 * DAY, failed_at=DONE + 2 * DAY, subcode=463)
    assert at_day(4, runs).standing == Standing.WORKED


@pytest.mark.parametrize(
    ("elapsed", "words"), [(45.9, None), (46.0, "14 days"), (57.9, "3 days"), (59.5, "1 day "), (60.0, "has probably")]
)
def test_reminders_are_due_from_14_days(elapsed: float, words: str | None) -> None:
    text = reminder(at_day(elapsed))
    assert (text is not None) == (words is not None)
    assert text is None or words is None or words in text.what


def test_past_60_days_it_is_still_an_estimate() -> None:
    found = at_day(63)
    assert found.standing == Standing.OVER
    assert "estimated" in estimate_sentence(found)


@given(st.integers(0, 200 * DAY))
def test_the_sentence_is_always_marked_as_an_estimate(elapsed: int) -> None:
    found = estimate("ig_prod", DONE, DONE + elapsed, LastRuns())
    assert "estimated" in estimate_sentence(found)
    assert found.seconds_left == max(0, 60 * DAY - elapsed)
