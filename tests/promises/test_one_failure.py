"""One failure never stops the rest: the last known states, a sentence, exit 3, and never a traceback."""

import json
from pathlib import Path

import pytest

from tests.commands.running import Done
from tests.promises import nights
from tests.promises.nights import Cause, Night, NotPossibleHere, a_night
from tui.sandbox import RunningSandbox

CAUSES = [
    nights.locked_keyring,
    nights.sealed_without_passphrase,
    nights.full_disk,
    nights.read_only_home,
    nights.unusable_proxy,
]
COMMANDS = [
    ("status", "--check"),
    ("status", "--check", "--json"),
    ("status", "--check", "--format", "nagios"),
    ("status", "--check", "--format", "openmetrics"),
    ("refresh", "--all"),
    ("refresh", "--due", "--json"),
    ("refresh", "user_due", "user_long"),
    ("keep",),
]


@pytest.fixture
def night(facebook: RunningSandbox, own_home: Path) -> Night:
    """A home whose timer has run well until now."""
    return a_night(facebook, own_home, "user_due", "user_long")


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_each_command_shows_what_is_known_and_exits_3(night: Night, cause: Cause) -> None:
    try:
        with cause(night):
            for command in COMMANDS:
                _is_clear(command, night.run(*command))
            assert night.sandbox.exchanges("user_due") == 0, "what cannot be stored is not exchanged"
    except NotPossibleHere as reason:
        pytest.skip(str(reason))


def _is_clear(command: tuple[str, ...], done: Done) -> None:
    assert done.status == 3, (command, done)
    assert "user_due" in done.out, (command, done)
    assert "Traceback" not in done.out + done.err
    assert "report" not in done.err, f"no fault of igauth: {done.err}"
    if "--json" in command:
        rows = json.loads(done.out)["results" if command[0] == "refresh" else "tokens"]
        assert rows[0]["name"] == "user_due"
    elif "nagios" in command:
        assert done.out.startswith("IGAUTH UNKNOWN - "), done
        assert len(done.out.splitlines()) == 1
    assert len(done.err.splitlines()) <= 2, f"the reason, and the timer: {done.err}"


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_reading_needs_neither_secrets_nor_room(night: Night, cause: Cause) -> None:
    try:
        with cause(night):
            assert night.run("due").out == "user_due\n"
            done = night.run("status", "--format", "nagios")
            assert done.out.startswith("IGAUTH ")
            assert "user_due" in done.out
    except NotPossibleHere as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("cause", [nights.locked_keyring, nights.full_disk], ids=lambda cause: cause.__name__)
def test_the_guide_is_printed_where_no_check_can_be_run(night: Night, cause: Cause) -> None:
    with cause(night):
        done = night.run("guide", "--check", "--json")
        assert done.status == 3
        assert done.json["steps"]
        assert len(done.err.splitlines()) == 1


def test_a_loop_goes_on_where_nothing_can_be_stored(night: Night) -> None:
    with nights.full_disk(night):
        loop = night.start("keep", "--loop")
        nights.until(loop.stderr, str(night.database))
        assert loop.poll() is None
        loop.terminate()
        _, err = loop.communicate(timeout=60)
        assert (loop.returncode, "Traceback" in err) == (143, False)


def test_an_unreadable_vault_gives_a_line_and_an_object(night: Night, tmp_path: Path) -> None:
    night.write("PRAGMA user_version = 99")
    line = night.run("status", "--format", "nagios")
    assert line.status == 3
    assert line.out.startswith("IGAUTH UNKNOWN - ")
    found = night.run("status", "--json")
    assert found.status == 3
    assert found.json["error"] == {"problem": "store", "detail": "TooNew"}
    assert found.json["tokens"] == []
    assert night.run("status").out == ""
    for command in ("keep", "due"):
        assert night.run(command).status == 3


def test_an_unreadable_vault_leaves_the_old_metrics(night: Night, tmp_path: Path) -> None:
    file = tmp_path / "igauth.prom"
    night.run("status", "--format", "openmetrics", "--output", str(file))
    before = file.read_bytes()
    night.write("PRAGMA user_version = 99")
    assert night.run("status", "--format", "openmetrics", "--output", str(file)).status == 3
    assert file.read_bytes() == before


def test_a_damaged_row_stops_no_other_token(night: Night) -> None:
    with nights.unreadable_row(night):
        seen = night.run("status", "--json")
        assert seen.status == 3
        assert {row["name"]: row["state"] for row in seen.json["tokens"]} == {"user_due": "due", "user_long": "unknown"}
        assert seen.err.count("user_long") == 1
        assert night.run("doctor").status == 1
        kept = night.run("keep")
        assert kept.status == 3
        assert "user_due: Extended" in kept.out
        assert night.run("keep").status == 0, "what is stored about it is whole again"


def test_a_damaged_value_fails_one_token_alone(night: Night) -> None:
    night.write(
        "UPDATE secret_values SET value = x'ff00' WHERE ref = (SELECT 'token/' || id FROM versions WHERE token = ?)",
        "user_long",
    )
    kept = night.run("keep")
    assert kept.status == 3
    assert "user_due: Extended" in kept.out
    assert "user_long" in kept.err
    assert "Traceback" not in kept.err


def test_a_locked_database_keeps_the_outcome_for_later(night: Night) -> None:
    with nights.locked_for_writing(night):
        assert night.run("status", "--format", "nagios").out.startswith("IGAUTH WARNING - ")
        assert night.run("due").out == "user_due\n"
        keep = night.start("keep")
        nights.until(keep.stderr, "locked")
    out, _ = keep.communicate(timeout=60)
    assert keep.returncode == 3
    assert "user_due" in out
    (run,) = night.meta("timer/run")
    assert json.loads(run)["failures"][0]["detail"] == "Locked"
