"""What `igauth status` says, to people, programs and monitors."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.samples import NOW, a_token, tokens
from tests.wording.homes import DUE, EXPIRED, INVALID, UNKNOWN, VALID, at_day, window_of
from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.tokens.status import entries, exit_status, status_report
from tui.tokens.token import DAY, Failure, Token, state
from tui.wording.status_table import table

many = st.lists(tokens, max_size=8, unique_by=lambda token: token.name)


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
    # a square would be ten times as many; a few calls more or less come from caches and the garbage collector
    assert (many_more - few) / 1_000 < 1.5 * few / 100
    assert (many_more - few) / 1_000 < 60, "calls a token"


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
    assert "\x1b[37;97;41mexpired\x1b[0m" in table(found, NOW, 160, color=True)
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


def test_the_table_ends_with_matillions_own_day_count() -> None:
    matillion = [("acme", at_day(54)), ("b", at_day(3, entry="山田" * 40))]
    for found in ([], entries([VALID], NOW, window_of)):
        lines = table(found, NOW, 60, matillion=matillion).splitlines()
        assert lines[-2] == "Matillion: ig_prod (acme): about day 54 of 60, estimated"
        assert lines[-1].endswith("~")
        assert len(lines) == (4 if found else 3)


def test_a_name_of_wide_characters_does_not_break_the_columns() -> None:
    found = [a_token(name="a", subject_name="山田"), a_token(name="b", subject_name="Dana")]
    first, second = table(entries(found, NOW, window_of), NOW, 120).splitlines()[1:]
    assert "山田" in first
    assert first.index("1 min") + 2 == second.index("1 min")  # two characters take four cells
