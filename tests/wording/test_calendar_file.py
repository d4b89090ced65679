"""Deadlines as a calendar, as its readers read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.samples import NOW, a_token, tokens
from tests.wording.homes import a_home, at_day
from tui.matillion.runs import LastRuns
from tui.services.monitored import Monitored
from tui.tokens.token import DAY, Token
from tui.wording.calendar_file import ics

Calendar = pytest.importorskip("icalendar").Calendar
many = st.lists(tokens, max_size=8, unique_by=lambda token: token.name)


def _events(home: Monitored) -> list[Any]:
    return list(Calendar.from_ical(ics(home)).walk("VEVENT"))


@given(many)
def test_a_calendar_reader_finds_each_usable_tokens_deadline(stored: list[Token]) -> None:
    home = a_home(stored)
    assert all(len(line.encode()) <= 75 for line in ics(home).split("\r\n"))
    events = _events(home)
    usable = [entry.deadline for entry in home.entries if entry.state in ("valid", "due") and entry.deadline]
    assert sorted(int(event["DTSTART"].dt.timestamp()) for event in events) == sorted(usable)
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert all(len(event.walk("VALARM")) == 3 for event in events)
    assert all(event["DURATION"].dt == timedelta(hours=1) for event in events)
    assert all(event["DTSTAMP"].dt.timestamp() == NOW for event in events)


def _uids(*homes: Monitored) -> list[str]:
    return [str(event["UID"]) for home in homes for event in _events(home)]


def test_an_event_keeps_its_name_when_the_deadline_moves() -> None:
    moved = a_home([a_token(expires_at=NOW + 50 * DAY)], now=NOW + DAY)
    assert _uids(a_home([a_token()])) == _uids(moved)


def test_no_two_events_have_one_name() -> None:
    alike = [a_token(name="a.b", profile="c"), a_token(name="a", profile="b.c")]
    matillion = [("acme", at_day(3)), ("b", at_day(3))]
    named = _uids(
        a_home([*alike, a_token(name="matillion", profile="acme")], matillion=matillion),
        a_home(alike, home="/srv/other", matillion=matillion),
    )
    assert len(set(named)) == len(named) == 9


def test_matillions_estimated_end_is_an_event_marked_as_one() -> None:
    [event] = _events(a_home([], matillion=[("acme", at_day(12, entry="ig; prod"))]))
    assert int(event["DTSTART"].dt.timestamp()) == NOW - 11 * DAY - 60 + 60 * DAY
    assert "estimated" in event["SUMMARY"]
    assert "ig; prod" in event["SUMMARY"]
    assert event["DURATION"].dt == timedelta(hours=1)


def test_a_token_that_matillion_lost_already_is_no_event() -> None:
    assert not _events(a_home([], matillion=[("acme", at_day(12, LastRuns(failed_at=NOW - 60, subcode=463)))]))
