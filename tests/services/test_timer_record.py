"""What is stored about the timer and its runs."""

import json
from pathlib import Path

import pytest

from tests.clocks import FrozenClock
from tui.services.timer_record import TimerRecord
from tui.tokens.automation import DAY, Run, RunFailure, RunProblem, TimerKind, TimerState
from tui.vault.vault import open_vault

NOW = 1_800_000_000
FAILED = (RunFailure(RunProblem.COULD_NOT_ASK, ("a", "b"), "unreachable"), RunFailure(RunProblem.HOOK, ("due",), "2"))


@pytest.fixture
def clock() -> FrozenClock:
    """Return the clock of the record."""
    return FrozenClock(NOW)


@pytest.fixture
def record(tmp_path: Path, clock: FrozenClock) -> TimerRecord:
    """Return the record of a new home."""
    return TimerRecord(open_vault(tmp_path / "igauth.db", clock.now, throw_away=True).meta, clock)


def test_a_run_is_read_as_it_was_stored(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON)
    run = Run(NOW, NOW + 5, 2, FAILED)
    record.note_run(run)
    found = record.read()
    assert found is not None
    assert (found.kind, found.run, found.last_run, found.next_run) == (TimerKind.CRON, run, NOW + 5, NOW + 5 + DAY)


def test_failing_since_is_the_first_failure_after_a_success(record: TimerRecord) -> None:
    record.note_installed(TimerKind.SYSTEMD)
    seen = []
    for day, failures in enumerate([(), FAILED, FAILED, (), FAILED]):
        record.note_run(Run(NOW + day * DAY, NOW + day * DAY + 5, failures=failures))
        found = record.read()
        assert found is not None
        seen.append((found.failing_since, found.last_success))
    days = [NOW + day * DAY for day in range(5)]
    assert [since for since, _ in seen] == [None, days[1], days[1], None, days[4]]
    assert [success for _, success in seen] == [days[0] + 5] * 3 + [days[3] + 5] * 2


def test_a_login_that_is_needed_is_no_failure_of_the_timer(record: TimerRecord) -> None:
    record.note_installed(TimerKind.SYSTEMD)
    record.note_run(Run(NOW, NOW, failures=(RunFailure(RunProblem.LOGIN_NEEDED, ("a",), "190/463"),)))
    found = record.read()
    assert found is not None
    assert found.run is not None
    assert (found.failing_since, found.run.exit_status) == (None, 1)


def test_runs_of_another_scheduler_are_a_timer_from_the_second(record: TimerRecord) -> None:
    record.note_run(Run(NOW, NOW))
    assert record.read() is None, "a single one may have been anybody's"
    record.note_run(Run(NOW + 60, NOW + 60), unattended=False)
    assert record.read() is None, "a person at a terminal is no timer"
    record.note_run(Run(NOW + DAY, NOW + DAY))
    found = record.read()
    assert found is not None
    assert found.kind is TimerKind.OTHER


def test_a_persons_run_is_no_run_of_the_timer(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON)
    record.note_run(Run(NOW, NOW, failures=FAILED))
    record.note_run(Run(NOW + DAY, NOW + DAY), unattended=False)
    found = record.read()
    assert found is not None
    assert (found.last_run, found.failures) == (NOW, FAILED), "the network of a person is not the timer's"


def test_a_persons_run_ends_what_needed_a_person(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON)
    record.note_run(Run(NOW, NOW, failures=FAILED[1:]))
    record.note_run(Run(NOW + 60, NOW + 60), unattended=False)
    found = record.read()
    assert found is not None
    assert (found.last_run, found.failing_since, found.failures) == (NOW, None, ())


def test_a_crontab_line_may_run_at_another_hour(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON, first=NOW)
    for day in range(1, 4):
        began = NOW + day * DAY + 12 * 3600
        record.note_run(Run(began, began + 60))
    found = record.read()
    assert found is not None
    assert found.state(began + DAY - 1) is TimerState.WORKING, "a person has changed the hour of the line"
    assert found.next_run == began + DAY
    assert found.state(began + DAY + 7 * 3600) is TimerState.MISSED


def test_one_run_at_another_hour_moves_no_timer(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON, first=NOW)
    for began in (NOW, NOW + 12 * 3600, NOW + DAY):
        record.note_run(Run(began, began + 60))
    found = record.read()
    assert found is not None
    assert (found.first, found.next_run) == (NOW, NOW + 2 * DAY)


def test_a_run_after_a_removal_is_no_scheduler(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON)
    record.note_run(Run(NOW, NOW))
    record.note_removed()
    record.note_run(Run(NOW + 60, NOW + 60))
    assert record.read() is None, "a single one may have been anybody's"


def test_two_runs_in_a_row_are_no_scheduler(record: TimerRecord) -> None:
    for second in (0, 20, 40):
        record.note_run(Run(NOW + second, NOW + second + 5))
    assert record.read() is None, "somebody tried it out"


def test_a_weekly_scheduler_is_expected_weekly(record: TimerRecord) -> None:
    record.note_run(Run(NOW, NOW))
    record.note_run(Run(NOW + 7 * DAY, NOW + 7 * DAY))
    found = record.read()
    assert found is not None
    assert found.every == 7 * DAY


def test_a_loop_that_never_ends_a_round_is_overdue(record: TimerRecord, clock: FrozenClock) -> None:
    for _ in range(5):
        record.note_loop(3600)
        clock.at += 3600
    found = record.read()
    assert found is not None
    assert (found.kind, found.state(clock.at)) == (TimerKind.LOOP, TimerState.OVERDUE)


def test_a_loop_does_not_replace_an_installed_timer(record: TimerRecord) -> None:
    record.note_installed(TimerKind.SYSTEMD)
    record.note_loop(3600)
    found = record.read()
    assert found is not None
    assert (found.kind, found.every) == (TimerKind.SYSTEMD, DAY)


def test_a_removed_timer_misses_nothing(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON)
    record.note_run(Run(NOW, NOW, failures=FAILED))
    record.note_removed()
    assert record.read() is None
    record.note_installed(TimerKind.CRON)
    found = record.read()
    assert found is not None
    assert found.failing_since is None


def test_what_another_version_stored_is_read_leniently(record: TimerRecord) -> None:
    record.note_installed(TimerKind.CRON)
    newer = {"began": NOW, "ended": NOW, "failures": [{"problem": "later"}, 3, {}], "more": 1}
    for text, run in (
        (json.dumps(newer), Run(NOW, NOW, failures=(RunFailure(RunProblem.INTERNAL),) * 2)),
        ("[]", None),
        ("{", None),
    ):
        record._meta.set("timer/run", text)
        found = record.read()
        assert found is not None
        assert found.run == run
