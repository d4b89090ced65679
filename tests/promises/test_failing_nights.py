"""Each way in which a nightly run can fail is seen the same day: on the screen, in status, by doctor, by monitors."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.commands.running import Done
from tests.promises import nights
from tests.promises.nights import Cause, Night, NotPossibleHere, a_night
from tui.sandbox import RunningSandbox
from tui.tokens.automation import RunFailure, RunProblem, TimerState
from tui.wording.automation import run_failure_text


class Expected(NamedTuple):
    """What a failure is for the machine: exit status of the run, state of the timer, and the problem it noted.

    `check`: what `doctor` finds besides the timer, where the cause lasts and can be looked at.
    """

    status: int
    state: TimerState
    problem: RunProblem | None = None
    """None: the outcome is absent."""
    check: str = ""


FAILING, OVERDUE = TimerState.FAILING, TimerState.OVERDUE
NIGHTS: dict[Cause, Expected] = {
    nights.locked_keyring: Expected(3, FAILING, RunProblem.SECRETS, "secrets"),
    nights.no_d_bus: Expected(3, FAILING, RunProblem.SECRETS, "secrets"),
    nights.sealed_without_passphrase: Expected(3, FAILING, RunProblem.SECRETS, "secrets"),
    nights.moved_program: Expected(127, OVERDUE),
    nights.full_disk: Expected(3, OVERDUE, check="vault"),
    nights.read_only_home: Expected(3, OVERDUE, check="vault"),
    nights.locked_for_writing: Expected(3, FAILING, RunProblem.STORE),
    nights.no_network: Expected(3, FAILING, RunProblem.COULD_NOT_ASK, "network"),
    nights.proxy_gone: Expected(3, FAILING, RunProblem.COULD_NOT_ASK, "network"),
    nights.throttled: Expected(3, FAILING, RunProblem.COULD_NOT_ASK),
    nights.expired_app_secret: Expected(1, FAILING, RunProblem.APP_CREDENTIALS),
    nights.unreadable_row: Expected(3, FAILING, RunProblem.STORE),
    nights.hook_missing: Expected(1, FAILING, RunProblem.HOOK),
    nights.delivery_refused: Expected(1, FAILING, RunProblem.DELIVERY),
}


class Seen(NamedTuple):
    """What the four surfaces say after a night."""

    run: Done
    screen: Done
    status: Done
    json: Done
    doctor: Done
    nagios: Done

    def row(self, name: str) -> str:
        """One line of the table that is printed with `-s`."""
        timer = self.json.json["timer"]
        problems = [failure["problem"] for failure in (timer["last_run"] or {"failures": []})["failures"]]
        cells = (
            f"{name.replace('_', ' ')}: keep {self.run.status}, {timer['state']}, {' '.join(problems) or 'no outcome'}",
            f"screen: {json.loads(self.screen.out)['line']}",
            f"status {self.status.status}: {self.status.err.splitlines()[-1]}",
            f"doctor {self.doctor.status}: {', '.join(sorted(_failing(self.doctor)))}",
            f"nagios {self.nagios.status}: {self.nagios.out.split(' | ')[0]}",
        )
        return "\n    ".join(cells)


def _failing(doctor: Done) -> set[str]:
    return {finding["check"] for finding in doctor.json["findings"] if finding["level"] == "failure"}


def _after(night: Night, cause: Cause) -> Seen:
    if cause is nights.locked_for_writing:
        with cause(night):
            keep = night.start("keep")
            nights.until(keep.stderr, "locked")
        out, err = keep.communicate(timeout=60)
        return Seen(Done(keep.returncode, out, err), *_look(night))
    with cause(night):
        return Seen(night.run_as_timer(), *_look(night))


def _look(night: Night) -> tuple[Done, Done, Done, Done, Done]:
    return (
        night.python("tests.promises.tokens_screen"),
        night.run("status"),
        night.run("status", "--json"),
        night.run("doctor", "--json"),
        night.run("status", "--format", "nagios"),
    )


@pytest.mark.parametrize("cause", NIGHTS, ids=lambda cause: cause.__name__)
def test_a_failed_night_is_seen_on_every_surface(facebook: RunningSandbox, own_home: Path, cause: Cause) -> None:
    night, expected = a_night(facebook, own_home, "user_long"), NIGHTS[cause]
    try:
        seen = _after(night, cause)
    except NotPossibleHere as reason:
        pytest.skip(str(reason))
    print(seen.row(cause.__name__))
    assert seen.run.status == expected.status, seen.run
    timer = seen.json.json["timer"]
    assert timer["state"] == expected.state
    if expected.problem is None:
        assert (timer["missed"], timer["last_run"]) == (2, None)
        assert "2 runs" in seen.status.err
    else:
        (failure,) = timer["last_run"]["failures"]
        assert (failure["problem"], timer["last_run"]["exit_status"]) == (expected.problem, expected.status)
        text = run_failure_text(RunFailure(expected.problem, tuple(failure["names"]), failure["detail"] or ""))
        assert text.what in seen.status.err
    screen = json.loads(seen.screen.out)
    assert screen["state"] == expected.state
    assert screen["line"].startswith("! ")
    assert seen.doctor.status == 1
    assert {"timer", expected.check} - {""} <= _failing(seen.doctor)
    assert seen.nagios.status == 1, "valid tokens: the timer alone"
    assert seen.nagios.out.startswith("IGAUTH WARNING - ")
    assert "timer" in seen.nagios.out.split(" | ")[0]


def test_a_night_that_went_well_is_said_nowhere(facebook: RunningSandbox, own_home: Path) -> None:
    night = a_night(facebook, own_home, "user_long")
    seen = Seen(night.run_as_timer(), *_look(night))
    assert seen.run.status == 0, seen.run
    assert seen.json.json["timer"]["state"] == TimerState.WORKING
    assert json.loads(seen.screen.out)["state"] == TimerState.WORKING
    assert "timer" not in _failing(seen.doctor)
    assert seen.nagios.status == 0
