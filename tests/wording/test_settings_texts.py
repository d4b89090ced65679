"""Words for settings and timers: every code has its own, with its facts filled in."""

from pathlib import Path

import pytest

from tui.settings import Problem, SettingsError
from tui.settings.errors import KeyFault, KeymapProblem, Place
from tui.settings.schema import Kind
from tui.timer.errors import TimerError, TimerProblem
from tui.timer.installed import Fault, TimerFault
from tui.tokens.automation import TimerKind
from tui.wording.failures import failure_text
from tui.wording.schedule import fault_text
from tui.wording.settings import keymap_problem, settings_error


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_of_the_settings_has_words(problem: Problem) -> None:
    error = SettingsError(
        problem, Path("/x/config.toml"), "profiles.acme", Place(3, 7), Kind.NUMBER, "Denied", "\u201c"
    )
    text = settings_error(error)
    in_the_file = "{name}"  # what a path in config.toml can hold
    assert "{" not in (text.what + text.why + text.hint).replace(in_the_file, "")
    assert text.hint or text.why or text.next


@pytest.mark.parametrize("fault", KeyFault)
def test_every_fault_of_a_key_has_words(fault: KeyFault) -> None:
    said = keymap_problem(KeymapProblem(fault, "leave", "f99", "save"))
    assert "leave" in said
    assert "{" not in said


@pytest.mark.parametrize("problem", TimerProblem)
def test_every_problem_of_a_timer_has_words(problem: TimerProblem) -> None:
    text = failure_text(TimerError(problem, "the system's words"))
    assert text is not None
    assert "{" not in text.what + text.hint


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_of_an_installed_timer_has_words(fault: Fault) -> None:
    text = fault_text(TimerFault(fault, TimerKind.CRON, "/opt/igauth"))
    assert text.hint
    assert "{" not in text.what + text.hint
