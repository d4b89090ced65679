"""Durations and moments as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clock import rfc3339
from tui.wording.times import ago, countdown, day_text, moment_text, span, stamp

DAY = 86_400
NOW = 1_795_475_000.0  # Mon 2026-11-23 23:03:20 UTC


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (57 * DAY + 3 * 3600 + 12 * 60 + 9, "57d 03:12:09"),
        (DAY, "1d 00:00:00"),
        (DAY - 1, "23:59:59"),
        (1, "00:00:01"),
        (0.9, "ended"),
        (0, "ended"),
        (-5, "ended"),
        (None, "never"),
    ],
)
def test_a_countdown_shows_days_and_the_clock(seconds: float | None, text: str) -> None:
    assert countdown(seconds) == text


@given(st.integers(min_value=1, max_value=10**9))
def test_a_countdown_can_be_read_back_to_the_second(seconds: int) -> None:
    text = countdown(seconds)
    days, _, clock = text.rpartition(" ")
    hours, minutes, rest = (int(part) for part in clock.split(":"))
    assert int(days.rstrip("d") or 0) * DAY + hours * 3600 + minutes * 60 + rest == seconds
    assert hours < 24
    assert text.isascii()


@given(st.integers(min_value=2, max_value=10**9))
def test_a_countdown_changes_every_second(seconds: int) -> None:
    assert countdown(seconds) != countdown(seconds - 1)


@given(st.floats(allow_nan=False, min_value=-1e12, max_value=1e12))
def test_no_moment_or_age_is_too_odd_for_words(value: float) -> None:
    for text in (ago(value), span(value), rfc3339(value), stamp(value), day_text(value, NOW), moment_text(value, NOW)):
        assert text is not None
        assert text.isascii()


def test_ages_are_shown_in_their_largest_unit() -> None:
    assert [ago(seconds) for seconds in (None, 2, 59, 61, 3 * 3600 + 5, 9 * DAY)] == [
        "never",
        "just now",
        "59 s ago",
        "1 min ago",
        "3 h ago",
        "9 d ago",
    ]


def test_dates_are_utc_whatever_the_machine_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert rfc3339(NOW) == "2026-11-23T23:03:20Z"
    assert stamp(NOW) == "2026-11-23 23:03 UTC"
    assert stamp(None) == "never"
    assert moment_text(NOW, NOW) == "Mon 23:03"
    assert moment_text(NOW + 30 * DAY, NOW) == "Wed 23 Dec 23:03"
    assert day_text(NOW + 400 * DAY, NOW) == "28 Dec 2027"
