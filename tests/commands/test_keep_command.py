"""`igauth keep`: does what a timer does and stores the outcome; with --loop (once `watch`) it goes on."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.commands.running import ROOT, UNREACHABLE, Person, inside, without_terminal
from tui.redact import Secret
from tui.services import open_services
from tui.services.keeping import Event
from tui.services.keeping import keep as keep_once
from tui.tokens.automation import Automation, RunFailure, RunProblem, TimerKind, TimerState
from tui.vault.notices import Notice, NoticeCode
from tui.vault.spill import Spilled, SpillFile

_FAST = """
import sys, tui.commands.keep
from tui.cli import run
tui.commands.keep.LEAST = 1
sys.exit(run(["watch", "--every", "1s"]))
"""


def _watch(**environ: str) -> subprocess.Popen[str]:
    """Start a watch whose rounds follow one another faster than a person may ask for."""
    return subprocess.Popen(
        [sys.executable, "-c", _FAST],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environ},
    )


def test_watch_extends_due_tokens_and_ends_on_sigterm(person: Person) -> None:
    person.import_tokens("user_due", "user_long")
    process = _watch()
    assert process.stdout is not None
    first = process.stdout.readline()
    assert "user_due: Extended by" in first
    assert "user_due is now valid (before: due)" in process.stdout.readline()
    person.sandbox.revoke("user_long", "password_changed")
    assert "user_long is now invalid (before: valid)" in process.stdout.readline()
    process.terminate()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "Traceback" not in err
    events = inside("history", "--token", "user_due", "--json").json["events"]
    assert (events[0]["action"], events[0]["actor"]) == ("extend", "timer")


def test_watch_goes_on_when_facebook_cannot_be_asked(person: Person) -> None:
    person.import_tokens("user_due")
    process = _watch(IGAUTH_GRAPH_URL=UNREACHABLE)
    assert process.stderr is not None
    lines = [process.stderr.readline() for _ in range(3)]
    assert ["could not ask" in line for line in lines] == [False, True, True]
    assert "still, after 2 rounds: could not ask about user_due" in lines[2], "the same trouble is said once"
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=20)


def test_a_lasting_problem_is_reported_at_growing_intervals() -> None:
    from tui.commands.keep import Repeats

    problems, written = Repeats(), list[str]()
    for _ in range(9):
        problems.report("away", written.append)
        problems.report("away", written.append)
        problems.next_round()
    assert written == ["away", *(f"still, after {count} rounds: away" for count in (2, 4, 8))]
    problems.next_round()
    problems.report("away", written.append)
    assert written[-1] == "away"


def test_watch_refuses_to_ask_all_the_time(person: Person) -> None:
    done = inside("watch", "--every", "59s")
    assert (done.status, done.out) == (64, "")
    assert "--every must be 1m or more" in done.err


def test_a_number_without_a_unit_asks_for_one(person: Person) -> None:
    done = inside("watch", "--every", "5")
    assert (done.status, done.out) == (64, "")
    assert "such as 60m" in done.err
    assert "30s" not in done.err, "shorter than watch allows"


def _timer(home: Path) -> Automation:
    """Return what is stored about the timer of a home."""
    services = open_services({"IGAUTH_HOME": str(home)}, "command")
    found = services.timer.read()
    services.vault.close()
    assert found is not None
    return found


def _install(home: Path) -> None:
    services = open_services({"IGAUTH_HOME": str(home)}, "command")
    services.timer.note_installed(TimerKind.CRON)
    services.vault.close()


def test_one_run_extends_what_is_due_and_stores_it(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    _install(own_home)
    done = without_terminal("keep", stdin="")
    assert (done.returncode, done.stderr) == (0, "")
    assert "user_due: Extended by" in done.stdout
    run = _timer(own_home).run
    assert run is not None
    assert (run.extended, run.failures, run.exit_status) == (1, (), 0)
    events = inside("history", "--token", "user_due", "--json").json["events"]
    assert (events[0]["action"], events[0]["actor"]) == ("extend", "timer")


def test_a_run_asks_however_lately_that_was_done(person: Person) -> None:
    person.import_tokens("user_long")
    person.point_at(UNREACHABLE)
    assert inside("keep").status == 3, "a run that asks nobody looks like one that can"


def test_one_token_that_fails_does_not_stop_the_rest(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    _install(own_home)
    with sqlite3.connect(own_home / "igauth.db") as database:
        database.execute("UPDATE tokens SET inspected_at = 1")
        database.execute(
            "DELETE FROM secret_values WHERE ref IN (SELECT 'token/' || id FROM versions WHERE token = 'user_long')"
        )
    done = inside("keep")
    assert done.status == 1, done.err
    assert "user_due: Extended by" in done.out
    run = _timer(own_home).run
    assert run is not None
    assert run.extended == 1
    assert {name for failure in run.failures for name in failure.names} == {"user_long"}


def test_a_full_disk_for_its_output_does_not_stop_a_run(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    _install(own_home)
    with open("/dev/full", "w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "tui", "keep"],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert process.returncode == 1, process.stderr
    assert "Nothing was changed" not in process.stderr
    run = _timer(own_home).run
    assert run is not None
    assert (run.extended, run.failures) == (1, ())


def test_a_token_that_needs_a_login_is_not_kept(person: Person, own_home: Path) -> None:
    person.import_tokens("user_expired", "user_long")
    _install(own_home)
    done = inside("keep")
    assert (done.status, done.out) == (1, "")
    assert "user_expired" in done.err, "the reason of the exit status"
    run = _timer(own_home).run
    assert run is not None
    assert run.failures == (RunFailure(RunProblem.LOGIN_NEEDED, ("user_expired",), "190/463"),)
    assert run.worked, "the timer did all that a timer can"


def test_a_run_without_network_is_a_failed_run(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due")
    _install(own_home)
    person.point_at(UNREACHABLE)
    done = inside("keep")
    assert done.status == 3
    timer = _timer(own_home)
    assert timer.run is not None
    assert {failure.problem for failure in timer.run.failures} == {RunProblem.COULD_NOT_ASK}
    assert timer.state(timer.run.ended) is TimerState.FAILING


def test_a_dry_run_opens_secrets_and_asks_nobody(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due")
    _install(own_home)
    person.point_at(UNREACHABLE)
    assert inside("keep", "--dry-run").status == 0
    assert _timer(own_home).run is None, "a rehearsal is no run"
    with sqlite3.connect(own_home / "igauth.db") as database:
        database.execute("DELETE FROM secret_values")
    assert inside("keep", "--dry-run").status == 3


def test_every_belongs_to_the_loop() -> None:
    assert inside("keep", "--every", "5m").status == 64


def test_the_loop_is_a_timer(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due")
    process = _watch()
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=20)
    assert (_timer(own_home).kind, _timer(own_home).every) == (TimerKind.LOOP, 1)


def test_a_database_that_was_recovered_is_a_failed_run(own_home: Path) -> None:
    assert without_terminal("due", stdin="").returncode == 1
    for file in own_home.glob("igauth.db-*"):
        file.unlink()
    (own_home / "igauth.db").write_bytes(b"no database")
    done = without_terminal("keep", stdin="")
    assert done.returncode == 3, "tokens may be missing"
    assert "The database was damaged." in done.stderr
    assert without_terminal("keep", stdin="").returncode == 0


def test_a_later_round_stores_what_could_not_be_stored(person: Person, own_home: Path) -> None:
    person.import_tokens("user_long")
    services = open_services(os.environ, "timer")
    assert len(services.token_store.versions("user_long")) == 1
    spilled = Spilled("1" * 16, "user_long", "acme", int(services.clock.now()), "extend")
    assert SpillFile(own_home / "igauth.db").keep(spilled, Secret("EAAspilled" * 10))
    seen: list[Event] = []
    asyncio.run(keep_once(services, seen.append))
    assert len(services.token_store.versions("user_long")) == 2
    assert [event.code for event in seen if isinstance(event, Notice)] == [NoticeCode.TOKENS_IMPORTED]
    services.vault.close()
