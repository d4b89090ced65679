"""What status, doctor, schedule show, login and import say of the timer and its last run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.commands.running import Done, Person, inside
from tui.services import Services
from tui.services.root import open_services
from tui.tokens.automation import DAY, Run, RunFailure, RunProblem, TimerKind
from tui.wording.automation import NO_TIMER, absent_hint, first_token_advice, run_failure_text, timer_lines
from tui.wording.surfaces import CommandLine, sentences

FAILURE = RunFailure(RunProblem.SECRETS, (), "keyring_silent")
INSTALL = "igauth schedule install"


@contextmanager
def _services() -> Iterator[Services]:
    services = open_services(os.environ, "command")
    yield services
    services.vault.close()


def _install(kind: TimerKind = TimerKind.CRON, *, days_ago: int = 0) -> None:
    with _services() as services:
        services.timer.note_installed(kind)
        services.meta.set("timer/since", str(int(services.clock.now()) - days_ago * DAY))


def _run(*failures: RunFailure, extended: int = 0) -> None:
    with _services() as services:
        now = int(services.clock.now())
        services.timer.note_run(Run(now - 5, now, extended, failures))


def _timer_findings(done: Done) -> list[dict[str, str]]:
    return [finding for finding in done.json["findings"] if finding["check"] == "timer"]


# --- status --------------------------------------------------------------------------------------------------------


def test_status_says_that_no_timer_is_installed(person: Person) -> None:
    assert NO_TIMER not in inside("status").err, "there is no token yet"
    person.import_tokens("user_long")
    done = inside("status")
    assert NO_TIMER in done.err
    assert INSTALL in done.err
    assert done.status == 0, "the timer does not change it"
    assert inside("status", "--json").json["timer"] is None


def test_tokens_without_an_end_need_no_timer(person: Person) -> None:
    person.import_tokens("page_never", "user_never")
    assert inside("status").err == ""


def test_status_says_what_the_last_run_did(person: Person) -> None:
    person.import_tokens("user_long")
    _install()
    _run(extended=3)
    done = inside("status")
    assert "3 extended" in done.err
    assert NO_TIMER not in done.err
    timer = inside("status", "--json").json["timer"]
    assert (timer["state"], timer["kind"], timer["missed"], timer["failing_since"]) == ("working", "cron", 0, None)
    assert (timer["last_run"]["extended"], timer["last_run"]["exit_status"]) == (3, 0)
    assert timer["next_run"] > timer["last_run"]["ended"] > ""


def test_status_says_since_when_and_why_runs_fail(person: Person) -> None:
    person.import_tokens("user_long")
    _install()
    _run(FAILURE)
    done = inside("status")
    assert run_failure_text(FAILURE).what in done.err
    assert done.status == 0
    timer = inside("status", "--json").json["timer"]
    assert timer["state"] == "failing"
    assert timer["failing_since"] == timer["last_run"]["began"]
    assert timer["last_run"]["failures"] == [{"problem": "secrets", "names": [], "detail": "keyring_silent"}]
    assert timer["last_run"]["exit_status"] == 3


def test_status_counts_the_runs_that_are_missing(person: Person) -> None:
    person.import_tokens("user_long")
    _install(days_ago=4)
    assert "3 runs" in inside("status").err
    timer = inside("status", "--json").json["timer"]
    assert (timer["state"], timer["missed"], timer["last_run"]) == ("overdue", 3, None)


@pytest.mark.parametrize("form", ["json", "nagios", "openmetrics", "ics"])
def test_what_programs_read_comes_without_a_sentence(person: Person, form: str) -> None:
    person.import_tokens("user_long")
    _install()
    _run(FAILURE)
    assert inside("status", "--format", form).err == ""


def test_a_run_is_not_mailed_about_itself(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.import_tokens("user_long")
    monkeypatch.setenv("IGAUTH_ACTOR", "timer")
    assert inside("status").err == ""


# --- doctor --------------------------------------------------------------------------------------------------------


def test_doctor_warns_where_nothing_extends_tokens(person: Person) -> None:
    assert _timer_findings(inside("doctor", "--json")) == []
    person.import_tokens("user_long")
    done = inside("doctor", "--json")
    (finding,) = _timer_findings(done)
    assert (finding["level"], done.status) == ("warning", 0)
    assert INSTALL in finding["cure"]


def test_doctor_fails_for_a_timer_that_fails(person: Person) -> None:
    person.import_tokens("user_long")
    _install(TimerKind.OTHER)
    _run(FAILURE, RunFailure(RunProblem.HOOK, ("expired",), "3"))
    done = inside("doctor", "--json")
    found = _timer_findings(done)
    assert done.status == 1
    assert [finding["level"] for finding in found] == ["failure"] * 3
    assert run_failure_text(FAILURE).what == found[1]["text"]
    assert "expired" in found[2]["text"]
    assert all(finding["cure"] for finding in found[1:])


@pytest.mark.parametrize("days", [2, 5])
def test_doctor_fails_for_a_timer_that_missed_a_run(person: Person, days: int) -> None:
    person.import_tokens("user_long")
    _install(TimerKind.LOOP, days_ago=days)
    done = inside("doctor", "--json")
    (finding,) = _timer_findings(done)
    assert (finding["level"], done.status) == ("failure", 1)
    assert "igauth keep --loop" in finding["cure"]


def test_doctor_is_content_with_a_timer_that_works(person: Person) -> None:
    person.import_tokens("user_long")
    _install(TimerKind.OTHER)
    _run(RunFailure(RunProblem.LOGIN_NEEDED, ("user_long",), "190/460"))
    done = inside("doctor", "--json")
    assert [finding["level"] for finding in _timer_findings(done)] == ["ok", "warning"]
    assert done.status == 0


# --- schedule show -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TimerKind)
def test_schedule_show_tells_all_of_the_last_run(person: Person, kind: TimerKind) -> None:
    person.import_tokens("user_long")
    _install(kind)
    _run(FAILURE, extended=2)
    done = inside("schedule", "show", "--with", "cron")
    with _services() as services:
        timer, now = services.timer.read(), services.clock.now()
    for line in timer_lines(timer, now)[1:]:
        assert line in done.err
    assert "2 extended" in done.err
    assert run_failure_text(FAILURE).what in done.err


def test_schedule_show_says_where_to_look(person: Person) -> None:
    _install(TimerKind.SYSTEMD, days_ago=5)
    with _services() as services:
        timer = services.timer.read()
    assert timer is not None
    assert absent_hint(timer) in inside("schedule", "show", "--with", "cron").err


# --- after a login or an import --------------------------------------------------------------------------------------


def test_the_first_token_comes_with_the_advice_to_install(person: Person) -> None:
    advice = sentences(first_token_advice(), CommandLine())

    def imported(name: str) -> str:
        return inside("import", name, "--profile", "acme", stdin=person.value(name)).err

    assert advice in imported("user_long")
    assert advice not in imported("user_due"), "once is enough"
    assert INSTALL in advice


def test_no_advice_where_a_timer_runs_or_nothing_ends(person: Person) -> None:
    advice = sentences(first_token_advice(), CommandLine())
    never = inside("import", "user_never", "--profile", "acme", stdin=person.value("user_never"))
    assert advice not in never.err
    assert inside("forget", "user_never", "--yes").status == 0
    _install()
    assert advice not in inside("import", "user_long", "--profile", "acme", stdin=person.value("user_long")).err


def test_a_timer_that_never_ran_has_a_first_run(person: Person) -> None:
    person.import_tokens("user_long")
    services = open_services(os.environ, "command")
    services.timer.note_installed(TimerKind.CRON)
    services.vault.close()
    assert "has not run yet. Its first run is due" in inside("status").err
