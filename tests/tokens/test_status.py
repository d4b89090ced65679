"""What `igauth status` says, to people, programs and monitors."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.samples import NOW, a_token, tokens
from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.tokens.status import entries, exit_status, status_report
from tui.tokens.token import DAY, WINDOW, Failure, Token, state
from tui.wording.calendar_file import ics
from tui.wording.monitoring import nagios, openmetrics
from tui.wording.status_table import table

VALID = a_token(name="valid")
DUE = a_token(name="due", expires_at=NOW + DAY)
EXPIRED = a_token(name="expired", expires_at=NOW - DAY)
INVALID = a_token(name="invalid", verdict="invalid", reason="190/460")
UNKNOWN = a_token(name="unknown", inspected_at=None, verdict="unknown", expires_at=None)
many = st.lists(tokens, max_size=8, unique_by=lambda token: token.name)


def window_of(_profile: str) -> int:
    return WINDOW


@pytest.mark.parametrize(
    ("found", "could_not_ask", "status"),
    [
        ((VALID,), False, 0),
        ((VALID, DUE), False, 1),
        ((VALID, DUE, UNKNOWN), False, 3),
        ((VALID, DUE), True, 3),
        ((), False, 3),
        ((UNKNOWN, DUE, EXPIRED), True, 2),
        ((VALID, INVALID), False, 2),
    ],
)
def test_the_exit_status_is_the_worst_2_before_3_before_1(
    found: tuple[Token, ...], could_not_ask: bool, status: int
) -> None:
    states = [state(token, NOW) for token in found]
    assert exit_status(states, could_not_ask=could_not_ask) == status


def test_the_report_says_everything_in_the_agreed_form() -> None:
    token = a_token(
        data_access_expires_at=NOW + 10 * DAY,
        scopes=("email",),
        granular_scopes=(GranularScope("instagram_basic", ("1784",)),),
        pages=(Page("5", "Coffee", "1784", "acmecoffee", ("MANAGE",)), Page("6", "Bare")),
        failure=Failure(NOW, 190, 460, "changed", "Atrace"),
    )
    report = status_report(entries([token], NOW, window_of, lambda _p: ("email", "x")), NOW + 0.7, [{"entry": "ig"}])
    assert list(report) == ["schema", "checked_at", "tokens", "matillion", "timer"]
    assert report["schema"] == 1
    assert report["matillion"] == [{"entry": "ig"}]
    rows = json.loads(json.dumps(report))["tokens"]
    assert len(rows) == 1
    row = rows[0]
    assert {key: row[key] for key in ("profile", "name", "kind", "state", "reason", "seconds_left", "deadline")} == {
        "profile": "acme",
        "name": "prod",
        "kind": "user",
        "state": "due",
        "reason": None,
        "seconds_left": 10 * DAY,
        "deadline": "2026-12-03T23:03:20Z",
    }
    assert row["expires_at"] == "2026-12-23T23:03:20Z"
    assert row["data_access_expires_at"] == row["deadline"]
    assert row["inspected_at"] == "2026-11-23T23:02:20Z"
    assert row["missing_scopes"] == ["x"]
    assert row["pages"][0]["instagram_username"] == "acmecoffee"
    assert row["pages"][1]["instagram_id"] is None
    assert row["failure"]["subcode"] == 460


@given(many, st.integers(min_value=NOW - 300 * DAY, max_value=NOW + 300 * DAY))
def test_seconds_left_is_deadline_minus_checked_at(found: list[Token], now: int) -> None:
    report = json.loads(json.dumps(status_report(entries(found, now, window_of), now)))
    checked = datetime.fromisoformat(report["checked_at"])
    for row in report["tokens"]:
        if row["deadline"] is None:
            assert row["seconds_left"] is None
            continue
        left = datetime.fromisoformat(row["deadline"]) - checked
        assert row["seconds_left"] == max(0, int(left / timedelta(seconds=1)))
    ends = [row["deadline"] or "9999" for row in report["tokens"]]
    assert ends == sorted(ends)


def _calls(count: int) -> int:
    found = [a_token(name=f"t{number}", expires_at=NOW + number) for number in range(count)]
    made = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event == "call"

    sys.setprofile(count_call)
    try:
        status_report(entries(found, NOW, window_of), NOW)
    finally:
        sys.setprofile(None)
    return made


def test_the_work_of_a_report_grows_linearly_with_its_tokens() -> None:
    _calls(1)  # what is imported and kept the first time
    few, many_more = _calls(100), _calls(1_100)
    assert (many_more - few) / 1_000 <= few / 100
    assert (many_more - few) / 1_000 < 60, "calls a token"


PERFDATUM = re.compile(r"'[^'=|]+'=(?:U;;;;|\d+s;@0:\d+;@0:0;0;)")


@given(many)
def test_nagios_gets_one_line_with_well_formed_performance_data(found: list[Token]) -> None:
    rows = entries(found, NOW, window_of)
    line = nagios(rows, exit_status(row.state for row in rows), window_of)
    assert "\n" not in line
    assert line.startswith(("IGAUTH OK - ", "IGAUTH WARNING - ", "IGAUTH CRITICAL - ", "IGAUTH UNKNOWN - "))
    text, _, data = line.partition(" | ")
    assert "|" not in text
    assert all(PERFDATUM.fullmatch(datum) for datum in data.split(" ") if datum)
    assert data.count("=") == len(found)


def test_nagios_names_what_is_wrong_and_what_ends_next() -> None:
    found = entries([VALID, DUE, EXPIRED, INVALID], NOW, window_of)
    line = nagios(found, 2, window_of)
    assert line.startswith("IGAUTH CRITICAL - 1 expired (expired), 1 invalid (invalid), 1 due (due), 1 valid; ")
    assert "next expiry due in 1d 00:00:00" in line
    assert f"'due'={DAY}s;@0:{WINDOW};@0:0;0;" in line
    assert "'invalid'=0s;" in line
    assert nagios([], 3, window_of) == "IGAUTH UNKNOWN - no token is stored"


@given(many)
def test_a_prometheus_parser_reads_what_is_exported(found: list[Token]) -> None:
    strict = pytest.importorskip("prometheus_client.openmetrics.parser").text_string_to_metric_families
    lenient = pytest.importorskip("prometheus_client.parser").text_string_to_metric_families
    text = openmetrics(entries(found, NOW, window_of), NOW)
    families = {family.name: family for family in strict(text)}
    assert {family.name for family in lenient(text)} == set(families)
    counted = {family.name: family for family in strict(openmetrics([], NOW, {"extended": 3, "refused": 1}))}
    assert {(sample.labels["result"], sample.value) for sample in counted["igauth_refresh"].samples} == {
        ("extended", 3),
        ("refused", 1),
    }
    reported = {
        sample.labels["name"]: sample.value for sample in families["igauth_token_deadline_timestamp_seconds"].samples
    }
    expected = {
        entry.token.name: entry.deadline for entry in entries(found, NOW, window_of) if entry.deadline is not None
    }
    assert reported == expected
    states = [sample for sample in families["igauth_token_state"].samples if sample.value == 1]
    assert len(states) == len(found)
    assert families["igauth_status_timestamp_seconds"].samples[0].value == NOW


def test_labels_survive_quotes_and_backslashes() -> None:
    strict = pytest.importorskip("prometheus_client.openmetrics.parser").text_string_to_metric_families
    text = openmetrics(entries([a_token(profile='a"b\\c\nd')], NOW, window_of), NOW)
    samples = next(iter(strict(text))).samples
    assert samples[0].labels["profile"] == 'a"b\\c\nd'


@given(many)
def test_a_calendar_reader_finds_each_living_tokens_deadline(found: list[Token]) -> None:
    calendar = pytest.importorskip("icalendar").Calendar
    text = ics(entries(found, NOW, window_of), NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    events = calendar.from_ical(text).walk("VEVENT")
    reported = sorted(int(event["DTSTART"].dt.timestamp()) for event in events)
    usable = [entry for entry in entries(found, NOW, window_of) if entry.state in ("valid", "due")]
    assert reported == sorted(entry.deadline for entry in usable if entry.deadline is not None)
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert all(len(event.walk("VALARM")) == 3 for event in events)


@given(many, st.integers(min_value=40, max_value=200))
def test_a_table_fits_its_width_and_keeps_its_first_columns(found: list[Token], width: int) -> None:
    lines = table(entries(found, NOW, window_of), NOW, width).splitlines()
    if found:
        assert all(len(line) <= width for line in lines)
        assert lines[0].split()[:3] == ["STATE", "NAME", "LEFT"]
        assert len(lines) == len(found) + 1


def test_a_wide_table_shows_all_and_color_only_where_wanted() -> None:
    token = a_token(subject_name="山田太郎", data_access_expires_at=NOW + 2 * DAY)
    found = entries([token, EXPIRED], NOW, window_of, lambda _profile: ("instagram_basic",))
    text = table(found, NOW, 160)
    assert "2d 00:00:00 *" in text
    assert "instagram_basic" in text
    assert "山田太郎" in text
    assert "\x1b" not in text
    assert "\x1b[31mexpired\x1b[0m" in table(found, NOW, 160, color=True)
    narrow = table(found, NOW, 44)
    assert "山田" not in narrow


def test_the_table_lists_unusable_tokens_last_with_a_reason() -> None:
    refused = a_token(name="refused", verdict="invalid", reason="190/460")
    lines = table(entries([EXPIRED, refused, a_token(name="usable")], NOW, window_of), NOW, 120).splitlines()
    assert lines[0].split()[-1] == "REASON"
    assert [line.split()[1] for line in lines[1:]] == ["usable", EXPIRED.name, "refused"]
    assert lines[2].split()[2] == "ended"
    assert lines[3].split()[2] == "refused"
    assert lines[3].endswith(" 190/460")


def test_a_name_of_wide_characters_does_not_break_the_columns() -> None:
    found = [a_token(name="a", subject_name="山田"), a_token(name="b", subject_name="Dana")]
    first, second = table(entries(found, NOW, window_of), NOW, 120).splitlines()[1:]
    assert "山田" in first
    assert first.index("1 min") + 2 == second.index("1 min")  # two characters take four cells
