"""What is said of Matillion's own token: an estimate, unless a run proved something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.estimate import DAY, Estimate, estimate, reminder_text
from tui.matillion.runs import Seen, TokenFault

DONE = 1_800_000_000 - 1_800_000_000 % DAY + 8 * 3600
"""08:00 UTC of some day."""


def at_day(elapsed: float, seen: Seen | None = None) -> Estimate:
    found = estimate("ig_prod", DONE, DONE + elapsed * DAY, seen)
    assert found is not None
    return found


def test_without_step_12_nothing_is_said() -> None:
    assert estimate("ig_prod", None, DONE) is None


def test_day_twelve_is_called_an_estimate() -> None:
    found = at_day(11.5)
    assert found.sentence == "about day 12 of 60, estimated"
    assert found.stand == "estimated"


def test_a_run_raises_it_to_worked_with_its_time() -> None:
    found = at_day(11.4, Seen(worked_at=DONE + 11 * DAY + 6 * 3600 + 120))
    assert found.stand == "worked"
    assert found.sentence == "worked at 14:02 UTC; about day 12 of 60, estimated"
    assert "on " in at_day(20, Seen(worked_at=DONE + 11 * DAY)).sentence


def test_a_refused_run_says_so_and_leads_to_steps_11_and_12() -> None:
    seen = Seen(worked_at=DONE + DAY, failed_at=DONE + 5 * DAY, fault=TokenFault(463, "…"))
    found = at_day(6, seen)
    assert found.stand == "failed"
    assert "190/463" in found.sentence
    assert "steps 11 and 12" in reminder_text(found)


def test_what_a_run_showed_before_the_last_authorisation_does_not_count() -> None:
    seen = Seen(worked_at=DONE - 10, failed_at=DONE - 5, fault=TokenFault(463, "…"))
    assert at_day(1, seen).stand == "estimated"


def test_a_success_after_a_failure_counts_more() -> None:
    seen = Seen(worked_at=DONE + 3 * DAY, failed_at=DONE + 2 * DAY, fault=TokenFault(463, "…"))
    assert at_day(4, seen).stand == "worked"


@pytest.mark.parametrize(
    ("elapsed", "reminder"), [(45.9, None), (46.0, 14), (52.9, 14), (53.0, 7), (57.9, 7), (58.0, 2), (60.0, 0), (99, 0)]
)
def test_reminders_come_at_fourteen_seven_and_two_days(elapsed: float, reminder: int | None) -> None:
    found = at_day(elapsed)
    assert found.reminder == reminder
    assert bool(reminder_text(found)) == (reminder is not None)


def test_past_sixty_days_it_has_probably_ended_but_is_still_an_estimate() -> None:
    found = at_day(63)
    assert found.stand == "over"
    assert "probably ended, estimated" in found.sentence


@given(st.integers(0, 200 * DAY))
def test_the_sentence_never_sounds_like_a_known_figure(elapsed: int) -> None:
    found = estimate("ig_prod", DONE, DONE + elapsed)
    assert found is not None
    assert "estimated" in found.sentence
    assert found.seconds_left == max(0, 60 * DAY - elapsed)
