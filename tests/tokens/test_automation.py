"""What unattended runs came to, and when one is missed."""

from hypothesis import given
from hypothesis import strategies as st

from tui.tokens.automation import (
    DAY,
    GRACE,
    NEEDS_PERSON,
    Automation,
    Run,
    RunFailure,
    RunProblem,
    TimerState,
    timer_state,
)


@given(st.sets(st.sampled_from(RunProblem)))
def test_exit_status_is_3_unless_only_a_person_can_help(problems: set[RunProblem]) -> None:
    run = Run(0, 1, failures=tuple(RunFailure(problem) for problem in problems))
    assert run.exit_status == (0 if not problems else 1 if problems <= NEEDS_PERSON else 3)
    assert run.worked == (problems <= {RunProblem.LOGIN_NEEDED})


@given(st.integers(60, 3 * DAY), st.integers(0, 10**9), st.integers(0, 40), st.floats(0, 1, exclude_max=True))
def test_each_absent_outcome_is_one_missed_run(every: int, last: int, absent: int, part: float) -> None:
    timer = Automation(every, since=0, last_run=last)
    due = last + every * (1 + absent) + min(GRACE, every)
    assert timer.missed(due) == absent
    assert timer.missed(due + 1 + part * (every - 2)) == absent + 1


def test_a_timer_that_never_ran_counts_from_its_installation() -> None:
    timer = Automation(DAY, since=5 * DAY)
    assert timer.state(6 * DAY) is TimerState.WORKING
    assert timer.state(6 * DAY + GRACE + 1) is TimerState.MISSED
    assert timer.state(7 * DAY + GRACE + 1) is TimerState.OVERDUE


def test_a_new_timer_does_not_miss_older_runs() -> None:
    timer = Automation(DAY, since=50 * DAY, last_run=3 * DAY)
    assert timer.state(50 * DAY + 60) is TimerState.WORKING


def test_a_failing_run_is_shown_until_one_works() -> None:
    failing = Automation(DAY, since=0, last_run=DAY, failing_since=DAY - 60)
    assert failing.state(DAY + 60) is TimerState.FAILING
    assert failing.state(2 * DAY + GRACE + 1) is TimerState.OVERDUE, "a failure and then nothing is no single miss"


def test_only_a_timer_that_works_extends() -> None:
    assert timer_state(None, 0) is TimerState.NONE
    assert {state for state in TimerState if state.extends} == {TimerState.WORKING, TimerState.MISSED}
