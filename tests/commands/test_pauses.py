"""A pause that Facebook asked for holds for the next process too, for a day at most, and only for the app."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.running import Person, inside, outside
from tui.clock import Clock
from tui.tokens.gates import HOUR
from tui.wording.times import stamp

DAY = 86_400


@pytest.fixture
def pauses(person: Person, own_home: Path) -> Callable[..., list[float]]:
    """Reads the stored pauses, and stores another end for this app where one is given."""

    def stored(until: object = None) -> list[float]:
        with closing(sqlite3.connect(own_home / "igauth.db")) as connection, connection:
            if until is not None:
                key = f"pause/{person.sandbox.world.app_id}"
                connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, str(until)))
                return []
            return [float(row[0]) for row in connection.execute("SELECT value FROM meta WHERE key LIKE 'pause/%'")]

    return stored


def _now() -> float:
    return Clock().now()


@pytest.mark.parametrize("command", [("refresh", "user_due"), ("keep",), ("status", "--check")], ids=" ".join)
def test_the_next_process_does_not_ask_either(
    person: Person, pauses: Callable[..., list[float]], command: tuple[str, ...]
) -> None:
    person.import_tokens("user_due")
    person.sandbox.fault("throttle", path="debug_token")
    first = outside("refresh", "user_due")
    assert first.status == 3, first.out + first.err
    (until,) = pauses()
    assert until == pytest.approx(_now() + HOUR, abs=60)
    asked = len(person.sandbox.calls())
    done = outside(*command)
    assert done.status == 3, done.out + done.err
    assert len(person.sandbox.calls()) == asked
    assert stamp(until)[:13] in done.out + done.err, "until when"
    assert pauses() == [until], "nothing is written again"


def test_a_pause_that_is_over_is_removed(person: Person, pauses: Callable[..., list[float]]) -> None:
    person.import_tokens("user_due")
    pauses(int(_now()) - 5)
    assert inside("refresh", "user_due").status == 0
    assert pauses() == []


@pytest.mark.parametrize("until", [_now() + 400 * DAY, 10**30, "soon", -1], ids=["a_year", "huge", "no_number", "past"])
def test_no_stored_end_keeps_igauth_from_asking_for_long(
    person: Person, pauses: Callable[..., list[float]], until: object
) -> None:
    person.import_tokens("user_due")
    pauses(int(until) if isinstance(until, float) else until)
    assert inside("refresh", "user_due").status == 0
    assert pauses() == []


@pytest.mark.parametrize("fault", ["throttle_user", "throttle_instagram", "throttle_pages", "throttle_ads"])
def test_a_limit_that_is_not_the_apps_stops_one_token_only(
    person: Person, pauses: Callable[..., list[float]], fault: str
) -> None:
    person.import_tokens("user_due", "user_long")
    person.sandbox.fault(fault, path="debug_token")
    done = inside("refresh", "user_due", "user_long", "--json")
    results = {row["name"]: row["result"] for row in done.json["results"]}
    assert sorted(results.values()) == ["could_not_ask", "extended"]
    assert pauses() == []


def test_a_pause_is_known_where_nothing_can_be_stored(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    with closing(sqlite3.connect(own_home / "igauth.db")) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON meta WHEN NEW.key LIKE 'pause/%' "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    person.sandbox.fault("throttle", path="debug_token")
    done = inside("refresh", "user_due", "user_long", "--json")
    assert done.status == 3
    assert {row["reason"] for row in done.json["results"]} <= {"4", "throttled"}
    assert inside("refresh", "user_due").status == 0, "a new process asks again"
