"""The timer: whether its runs work, and how the installed one differs from what would be installed now."""

from collections.abc import Iterator, Mapping

from tui.services.doctor.findings import Code, Finding, Level, TimerSeen
from tui.services.root import Services


def timer_findings(services: Services, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Return whether the timer works, and how the installed one differs from what would be installed now.

    A vault that cannot be read is reported already.
    """
    from tui.services.scheduling import Scheduling
    from tui.timer.errors import TimerError
    from tui.vault.errors import VaultError

    try:
        yield from _runs(services)
        for fault in Scheduling(services, environ).faults():
            yield Finding("timer", "failure" if fault.fault.stops_runs else "warning", value=fault)
    except TimerError as error:
        yield Finding("timer", "failure", value=error)
    except VaultError:
        return


def _runs(services: Services) -> Iterator[Finding]:
    """Return whether the timer works, and each problem of its last run; nothing where no token needs a timer."""
    from tui.tokens.automation import RunProblem, TimerState
    from tui.tokens.policy import can_be_extended

    timer, now = services.timer.read(), services.clock.now()
    if timer is None:
        if any(can_be_extended(token, now) for token in services.tokens()):
            yield Finding("timer", "warning", Code.NO_TIMER)
        return
    yield Finding("timer", "ok" if timer.state(now) is TimerState.WORKING else "failure", value=TimerSeen(timer, now))
    for failure in timer.failures:
        level: Level = "warning" if failure.problem is RunProblem.LOGIN_NEEDED else "failure"
        yield Finding("timer", level, value=failure)
