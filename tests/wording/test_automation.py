"""What is said of the timer and its runs: every state, every problem, every code."""

from typing import get_args

import pytest
from hypothesis import given

from tests.tokens.samples import NOW, failures, runs, timers
from tui.facebook.errors import Cause, Fault
from tui.services.keeping import UNREADABLE_ROW
from tui.tokens.automation import (
    DAY,
    Automation,
    Run,
    RunFailure,
    RunProblem,
    TimerKind,
    TimerState,
    timer_state,
)
from tui.tokens.delivery import DeliveryProblem
from tui.vault import errors
from tui.vault.errors import SecretsProblem
from tui.wording.automation import (
    absent_hint,
    kind_text,
    run_failure_text,
    run_text,
    timer_line,
    timer_lines,
    timer_next,
    timer_sentences,
    timer_sign,
    timer_text,
)
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.text import Do
from tui.wording.times import moment_text

SHORT, WIDE = 38, 118
"""Cells of the line on terminals of 40 and 120 columns."""


def _is_prose(text: str) -> bool:
    return bool(text) and "{" not in text and "None" not in text and "  " not in text


@given(timers)
def test_every_timer_has_a_text_that_says_its_state(timer: Automation | None) -> None:
    text, its_state = timer_text(timer, NOW), timer_state(timer, NOW)
    assert _is_prose(sentences(text, CommandLine()))
    assert (text.next is None) == (its_state is TimerState.WORKING)
    assert (timer_sign(its_state) == "") == (its_state is TimerState.WORKING)
    assert all(_is_prose(line) for line in timer_lines(timer, NOW))


@given(timers)
def test_the_line_fits_and_marks_what_is_wrong(timer: Automation | None) -> None:
    for width in (SHORT, 78, WIDE):
        line = timer_line(timer, NOW, width)
        assert len(line) <= width
        assert _is_prose(line)
        assert line.startswith("! ") == (timer_state(timer, NOW) is not TimerState.WORKING)


@pytest.mark.parametrize("its_state", TimerState)
def test_only_a_working_timer_has_no_sign(its_state: TimerState) -> None:
    assert bool(timer_sign(its_state)) == (its_state is not TimerState.WORKING)


def test_without_a_timer_the_command_is_named_at_each_width() -> None:
    for width in (SHORT, 78, WIDE):
        assert "igauth schedule install" in timer_line(None, NOW, width)
    assert timer_sentences(None, NOW) == sentences(timer_text(None, NOW), CommandLine())
    action = timer_next(None, NOW)
    assert action is not None
    assert action.do is Do.INSTALL_TIMER


def test_a_failing_timer_says_since_when_and_why() -> None:
    failure = RunFailure(RunProblem.SECRETS, (), "keyring_silent")
    run = Run(NOW - 700, NOW - 600, 0, (failure,))
    timer = Automation(DAY, NOW - 9 * DAY, NOW - 600, run=run, failing_since=NOW - 3 * DAY)
    said = timer_text(timer, NOW)
    assert moment_text(NOW - 3 * DAY, NOW) in said.what
    assert run_failure_text(failure).what in said.why
    assert moment_text(NOW - 3 * DAY, NOW) in timer_line(timer, NOW, WIDE)


def test_an_overdue_timer_says_how_many_runs_are_missing() -> None:
    timer = Automation(DAY, NOW - 9 * DAY, NOW - 5 * DAY, run=Run(NOW - 5 * DAY, NOW - 5 * DAY))
    assert timer.missed(NOW) == 4
    assert "4 runs" in timer_text(timer, NOW).what
    for width in (SHORT, 78, WIDE):
        assert "4 runs" in timer_line(timer, NOW, width)


def test_a_run_that_worked_says_what_it_did() -> None:
    run = Run(NOW, NOW, 3, (RunFailure(RunProblem.LOGIN_NEEDED, ("a", "b")), RunFailure(RunProblem.HOOK, ("due",))))
    assert run_text(run) == "3 extended, 2 need a new login, 1 problem"
    assert run_text(Run(NOW, NOW)) == "nothing to extend"
    timer = Automation(DAY, NOW - 9 * DAY, NOW - 600, run=Run(NOW - 600, NOW - 600, 3))
    assert "3 extended" in timer_line(timer, NOW, 78)


@given(runs)
def test_every_run_has_a_phrase(run: Run) -> None:
    assert _is_prose(run_text(run))


@given(failures)
def test_every_problem_has_a_sentence_with_names_and_detail(failure: RunFailure) -> None:
    text = run_failure_text(failure)
    said = sentences(text, CommandLine())
    assert _is_prose(said)
    assert text.what.endswith(".")
    assert text.hint or text.next
    if failure.problem in (RunProblem.COULD_NOT_ASK, RunProblem.LOGIN_NEEDED, RunProblem.HOOK, RunProblem.DELIVERY):
        assert all(name in said for name in failure.names)
    if failure.detail == "No such file" and failure.problem is not RunProblem.LOGIN_NEEDED:
        assert "No such file" in said


_TYPES = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.VaultError)]
_BASES = {
    "VaultError", "NotOurs", "SecretsUnavailable", "StoreUndecided", "WrongPassphrase", "PassphraseCommandFailed",
    "BackupRefused",
}  # fmt: skip
"""Types that are named by their problem."""


@pytest.mark.parametrize(
    "code",
    [
        *get_args(Cause),
        *(fault.name.lower() for fault in Fault),
        *SecretsProblem,
        *DeliveryProblem,
        "BeingRefreshed",
        "NoSuchToken",
        *errors.FileProblem,
        *(kind.__name__ for kind in _TYPES if kind.__name__ not in _BASES),
        "slow",
        "3",
        "MissingCredentials",
        "SettingsError",
        UNREADABLE_ROW,
    ],
)
def test_every_code_of_a_cause_has_words(code: str) -> None:
    assert f"({code})" not in run_failure_text(RunFailure(RunProblem.STORE, (), code)).what


@pytest.mark.parametrize("kind", TimerKind)
def test_every_kind_of_timer_has_words(kind: TimerKind) -> None:
    timer = Automation(DAY, NOW, kind=kind)
    assert kind_text(timer)
    assert "igauth" in absent_hint(timer)
