"""`igauth watch`: extends, reports each event once, and goes on without Facebook."""

import os
import subprocess
import sys

from tests.commands.running import ROOT, UNREACHABLE, Person, inside

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
