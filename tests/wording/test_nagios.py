"""The one line for Nagios, Icinga and NRPE."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tokens.samples import NOW, a_token, tokens
from tests.wording.homes import (
    DUE,
    ENDLESS,
    EXPIRED,
    FAILING,
    INVALID,
    NEVER_RUN,
    UNKNOWN,
    VALID,
    WORKING,
    a_home,
    at_day,
    late,
    window_of,
)
from tui.matillion.estimate import WARN_DAY
from tui.matillion.runs import LastRuns
from tui.services.monitored import Monitored
from tui.tokens.automation import Automation, TimerState
from tui.tokens.token import DAY, WINDOW, Token
from tui.wording.nagios import nagios, nagios_unknown

LEVELS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
many = st.lists(tokens, max_size=8, unique_by=lambda token: token.name)
timers = st.sampled_from((None, WORKING, FAILING, NEVER_RUN, late(1.5), late(2.5)))
days = st.lists(st.integers(1, 80), max_size=3)

# the plugin guidelines: 'label'=value[unit];[warn];[crit];[min];[max]
ITEM = re.compile(
    r"'(?P<label>[^'=]+)'=(?P<value>\d+)(?P<unit>s?);(?P<warn>\d*:?);(?P<crit>\d*:?);(?P<min>\d*);(?P<max>\d*)"
)


def _line(home: Monitored) -> str:
    return nagios(home, window_of)


def _items(line: str) -> list[re.Match[str]]:
    items = [ITEM.fullmatch(item) for item in line.partition(" | ")[2].split()]
    assert None not in items
    return [item for item in items if item is not None]


def _is_outside(bounds: str, value: int) -> bool:
    """Tell whether a range of the plugin guidelines alerts: `n:` below n, `n` below 0 and above n."""
    low, colon, high = bounds.partition(":")
    if not bounds:
        return False
    return value < int(low) if colon and not high else not 0 <= value <= int(low)


@given(many, timers, days)
def test_it_is_one_line_with_data_as_the_guidelines_say(
    stored: list[Token], timer: Automation | None, estimated: list[int]
) -> None:
    matillion = [(f"profile{number}", at_day(day)) for number, day in enumerate(estimated)]
    home = a_home(stored, automation=timer, matillion=matillion)
    line = _line(home)
    assert "\n" not in line
    assert line.startswith(f"IGAUTH {LEVELS[home.level]} - ")
    assert line.count("|") <= 1
    assert ";" not in line.partition(" | ")[0], "Nagios makes colons of them"
    labels = [item["label"] for item in _items(line)]
    assert len(set(labels)) == len(labels)
    assert "U" not in [item["value"] for item in _items(line)]


@given(many, timers, st.integers(1, 80))
def test_the_ranges_say_the_same_as_the_states(stored: list[Token], timer: Automation | None, day: int) -> None:
    home = a_home(stored, automation=timer, matillion=[("acme", at_day(day))])
    items = {item["label"]: item for item in _items(_line(home))}
    for entry in home.entries:
        item = items.get(entry.token.name)
        if item is None:
            assert not entry.left
            continue
        value = int(item["value"])
        assert _is_outside(item["crit"], value) == (value == 0)
        if entry.state != "unknown":
            assert _is_outside(item["crit"], value) == (entry.state in ("expired", "invalid"))
            assert _is_outside(item["warn"], value) == (entry.state != "valid")
    estimated = items["matillion:acme"]
    assert _is_outside(estimated["warn"], int(estimated["value"])) == (day > WARN_DAY)
    if timer is not None:
        missed = items["timer:runs_missed"]
        assert _is_outside(missed["warn"], int(missed["value"])) == (timer.missed(NOW) >= 2)


def test_it_names_the_worst_first_and_what_ends_next() -> None:
    line = _line(a_home([VALID, DUE, EXPIRED, INVALID, UNKNOWN]))
    text = line.partition(" | ")[0]
    assert text.startswith(
        "IGAUTH CRITICAL - 1 expired (expired), 1 invalid (invalid), 1 unknown (unknown), 1 due (due), "
    )
    assert "next expiry due in 1d 00:00:00" in text
    assert f"'due'={DAY}s;{WINDOW + 1}:;1:;0;" in line
    assert "'invalid'=0s;" in line
    assert "'unknown'" not in line


def test_within_a_state_the_soonest_deadline_is_first() -> None:
    stored = [a_token(name=f"t{day}", expires_at=NOW + day * DAY) for day in (5, 1, 9, 3, 7, 2, 8)]
    assert "7 due (t1, t2, t3, t5, t7 and 2 more)" in _line(a_home(stored))


def test_no_token_is_unknown_and_has_only_the_timers_data() -> None:
    assert _line(a_home([], automation=None)) == "IGAUTH UNKNOWN - no token is stored, no timer installed"


def test_a_token_without_a_deadline_has_no_item() -> None:
    assert "endless" not in _line(a_home([ENDLESS]))


@pytest.mark.parametrize(
    ("home", "level", "words"),
    [
        (a_home(automation=WORKING), 0, ""),
        (a_home(automation=NEVER_RUN), 0, ""),
        (a_home(automation=None), 0, "no timer installed"),
        (a_home(automation=late(1.5)), 0, "1 timer run missing"),
        (a_home(automation=late(2.5)), 1, "2 timer runs missing"),
        (a_home(automation=FAILING), 1, "timer runs have failed since"),
        (a_home([EXPIRED], automation=late(9)), 2, "timer runs missing"),
        (a_home([UNKNOWN], automation=late(9)), 3, "timer runs missing"),
        (a_home(all_asked=False), 3, "not every token could be asked about"),
        (a_home(matillion=[("acme", at_day(53))]), 0, "acme about day 53"),
        (a_home(matillion=[("acme", at_day(54))]), 1, "acme about day 54"),
        (a_home(matillion=[("acme", at_day(75))]), 1, "by estimate (acme about day 75)"),
        (a_home(matillion=[("acme", at_day(75, LastRuns(worked_at=NOW - DAY)))]), 0, "acme about day 75"),
        (a_home(matillion=[("acme", at_day(5, LastRuns(failed_at=NOW - DAY, subcode=463)))]), 2, "acme 190/463"),
    ],
)
def test_level_and_word_tell_of_timer_and_estimate_too(home: Monitored, level: int, words: str) -> None:
    line = _line(home)
    assert home.level == level
    assert line.startswith(f"IGAUTH {LEVELS[level]} - ")
    assert words in line.partition(" | ")[0]
    if not words:
        assert "timer" not in line.partition(" | ")[0]


def test_what_raises_the_level_stands_before_what_does_not() -> None:
    text = _line(a_home(automation=late(2.5), matillion=[("acme", at_day(60))]))
    assert text.startswith("IGAUTH WARNING - 2 timer runs missing")
    assert text.index("acme about day 60") < text.index("1 valid")


def test_every_timer_state_has_a_level() -> None:
    from tui.services.monitored import TIMER_LEVELS

    assert set(TIMER_LEVELS) == set(TimerState)


def _long_names(count: int, verdict: Callable[[int], str]) -> list[Token]:
    return [
        a_token(name=f"{number:04}" + "n" * 60, expires_at=NOW + number * DAY, verdict=verdict(number))
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", [1, 10, 60, 65, 70, 75, 80, 85, 90, 1_000])
def test_the_data_ends_at_a_whole_item_below_8000_bytes(count: int) -> None:
    stored = _long_names(count, lambda _number: "valid")
    line = _line(a_home(stored))
    assert len(f"{line}\n".encode()) < 8_000
    items = _items(line)
    left_out = re.search(r", (\d+) values? left out \|", line)
    assert len(items) + (int(left_out[1]) if left_out else 0) == count + 2  # two are the timer's
    if left_out:
        assert len(f"{line} {'n' * 120}") > 8_000, "an item more would have fitted"
        shown = {item["label"] for item in items}
        assert {token.name for token in stored[:40]} <= shown, "the soonest stay"


@pytest.mark.parametrize("count", [1, 4, 20, 300])
def test_the_text_fits_the_older_packets_of_nrpe(count: int) -> None:
    stored = _long_names(count, lambda number: ("valid", "invalid", "expired")[number % 3])
    unknown = [a_token(name=f"u{number}" + "u" * 60, inspected_at=None) for number in range(count)]
    matillion = [(f"{number:03}" + "p" * 60, at_day(40 + number % 30)) for number in range(count)]
    text = _line(a_home([*stored, *unknown], automation=FAILING, matillion=matillion)).partition(" | ")[0]
    assert len(text.encode()) < 1_000


@given(st.text())
@example("it cannot be read; | 'x'=1\nat all")
def test_a_reason_of_any_kind_is_one_short_line(reason: str) -> None:
    line = nagios_unknown(reason)
    assert line.startswith("IGAUTH UNKNOWN - ")
    assert len(line.splitlines()) == 1
    assert not {"|", ";"} & set(line)
    assert len(line.encode()) < 4_000


def test_a_long_reason_is_cut() -> None:
    assert len(nagios_unknown("ä" * 5_000).encode()) < 1_000
