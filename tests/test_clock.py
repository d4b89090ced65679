"""When a server's time counts: not from a cache, not by one answer alone."""

import pytest

from tui.clock import Clock
from tui.facebook.wire import OLDEST_ANSWER, read_time

DAY = 86_400
AT = 1_795_478_400.0  # 2026-11-24 00:00 UTC
DATE = "Tue, 24 Nov 2026 00:00:00 GMT"


class StillClock(Clock):
    """A machine's clock that tests move."""

    def __init__(self, off: float) -> None:
        super().__init__()
        self.off = off
        self.passed = 0.0

    def machine_time(self) -> float:
        """Return what the machine's clock shows."""
        return AT + self.off + self.passed

    def steady_time(self) -> float:
        """Return seconds since the test began."""
        return self.passed

    def hear(self, after: float, server_time: float) -> None:
        """Let seconds pass, and hear what a server says."""
        self.passed += after
        self.learn(server_time)


@pytest.mark.parametrize("off", [-400 * DAY, -DAY, 3_600, 400 * DAY])
def test_two_answers_that_agree_correct_the_clock(off: float) -> None:
    clock = StillClock(off)
    clock.hear(0, AT)
    assert (clock.skew, clock.is_doubted) == (0, True)
    clock.hear(1.2, AT + 1)
    assert not clock.is_doubted
    assert clock.now() == pytest.approx(AT + 1.2, abs=3)


@pytest.mark.parametrize("after", [0.2, 2.0, 3_600.0])
def test_the_same_old_date_again_is_no_agreement(after: float) -> None:
    clock = StillClock(0)
    clock.hear(0, AT - 5 * DAY)
    clock.hear(after, AT - 5 * DAY)
    clock.hear(after, AT - 5 * DAY)
    assert (clock.skew, clock.is_doubted) == (0, True)


def test_answers_of_different_ages_are_no_agreement() -> None:
    clock = StillClock(0)
    for days in (9, 5, 7, 3):
        clock.hear(2, AT - days * DAY)
    assert (clock.skew, clock.is_doubted) == (0, True)


def test_one_answer_shows_that_the_clock_was_set_right() -> None:
    clock = StillClock(DAY)
    clock.hear(0, AT)
    clock.hear(2, AT + 2)
    assert clock.skew
    clock.off = 0
    clock.hear(1, AT + 3)
    assert (clock.skew, clock.is_doubted) == (0, False)


def test_one_old_answer_does_not_undo_what_two_have_shown() -> None:
    clock = StillClock(DAY)
    clock.hear(0, AT)
    clock.hear(2, AT + 2)
    known = clock.skew
    clock.hear(1, AT - 9 * DAY)
    assert (clock.skew, clock.is_doubted) == (known, True)
    clock.hear(1, AT + 4)
    assert (clock.skew, clock.is_doubted) == (known, False)


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"date": DATE}, AT),
        ({"date": DATE, "age": "0"}, AT),
        ({"date": DATE, "age": str(OLDEST_ANSWER)}, AT + OLDEST_ANSWER),
        ({"date": DATE, "age": str(OLDEST_ANSWER + 1)}, None),
        ({"date": DATE, "age": "0, 864000"}, None),
        ({"date": DATE, "age": "-5"}, None),
        ({"date": DATE, "age": "old"}, None),
        ({"date": "Tue, 24 Nov 2026 00:00:00 -0000"}, AT),
        ({"date": "today"}, None),
        ({"date": "Tue, 24 Nov 99999 00:00:00 GMT"}, None),
        ({"date": "Wed, 01 Jan 1000 00:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_what_headers_say_of_the_time(headers: dict[str, str], shown: float | None) -> None:
    assert read_time(headers) == shown
