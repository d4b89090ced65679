"""What is installed, compared with what would be written now."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tui.timer import cron, crontab, environment, systemd, units
from tui.timer.credential import Handover
from tui.timer.errors import TimerError
from tui.timer.plan import Plan
from tui.tokens.automation import TimerKind
from tui.vault.errors import VaultError


class Fault(StrEnum):
    """What is wrong with the installed timer."""

    NOT_INSTALLED_ANY_MORE = "not_installed_any_more"
    """The home knows of a timer that is not there: somebody removed it, or the home was moved or restored."""
    PROGRAM_MISSING = "program_missing"
    OTHER_PROGRAM = "other_program"
    DIFFERENT = "different"
    ENVIRONMENT_MISSING = "environment_missing"
    OTHER_ENVIRONMENT = "other_environment"
    CREDENTIAL_MISSING = "credential_missing"
    INSTALLED_TWICE = "installed_twice"
    STOPPED = "stopped"
    NO_LINGER = "no_linger"
    """The person's units run only while they are logged in."""

    @property
    def stops_runs(self) -> bool:
        """Whether no run can be expected."""
        return self in _STOPPING


_STOPPING = (
    Fault.NOT_INSTALLED_ANY_MORE,
    Fault.PROGRAM_MISSING,
    Fault.ENVIRONMENT_MISSING,
    Fault.CREDENTIAL_MISSING,
    Fault.STOPPED,
)
_REWRITTEN = (Fault.PROGRAM_MISSING, Fault.OTHER_PROGRAM, Fault.DIFFERENT)
"""Faults after which it is not known what a run reads: older versions had no environment file."""


@dataclass(frozen=True, slots=True)
class TimerFault:
    """A fault of the installed timer; `detail` is what it is about: a program, a file, names of variables."""

    fault: Fault
    kind: TimerKind
    detail: str = ""


def installed_kinds(plan: Plan, folder: Path) -> tuple[TimerKind, ...]:
    """Return which timers this home has. Raises SchedulerFailed where the crontab cannot be read."""
    found = [TimerKind.SYSTEMD] if systemd.names_in(folder, plan) else []
    text = cron.read()
    if text and crontab.line_in(text, plan) is not None:
        found.append(TimerKind.CRON)
    return tuple(found)


def faults(plan: Plan, folder: Path, recorded: TimerKind | None) -> tuple[TimerFault, ...]:
    """Compare what is installed with the plan. `recorded`: the timer that the home knows of.

    Raises SchedulerFailed where the crontab cannot be read.
    """
    kinds = installed_kinds(plan, folder)
    found: list[TimerFault] = []
    if recorded in (TimerKind.SYSTEMD, TimerKind.CRON) and recorded not in kinds:
        found.append(TimerFault(Fault.NOT_INSTALLED_ANY_MORE, recorded))
    if len(kinds) > 1:
        found.append(TimerFault(Fault.INSTALLED_TWICE, TimerKind.SYSTEMD))
    if TimerKind.CRON in kinds:
        line = crontab.line_in(cron.read() or b"", plan) or b""
        found += _program(plan, TimerKind.CRON, crontab.program_of(line, plan.account_home)) or _text(
            TimerKind.CRON, crontab.runs_as_planned(line, plan)
        )
    if TimerKind.SYSTEMD in kinds:
        found += _unit(plan, folder)
    if kinds and not any(one.fault in _REWRITTEN for one in found):
        found += _environment(plan, kinds[0])
    return tuple(found)


def _unit(plan: Plan, folder: Path) -> Iterator[TimerFault]:
    name, kind = systemd.names_in(folder, plan)[0], TimerKind.SYSTEMD
    text = (folder / f"{name}.service").read_text("utf-8", "replace")
    planned = [units.service_unit(plan, way) for way in (Handover.LOAD, Handover.DECRYPT)]
    yield from _program(plan, kind, units.program_of(text)) or _text(kind, text in planned)
    if plan.credential is not None and not plan.credential.exists():
        yield TimerFault(Fault.CREDENTIAL_MISSING, kind, str(plan.credential))
    unit = systemd.inspect(name)
    if unit.is_active is False:
        yield TimerFault(Fault.STOPPED, kind, f"{name}.timer")
    if unit.lingers is False:
        yield TimerFault(Fault.NO_LINGER, kind)


def _program(plan: Plan, kind: TimerKind, program: str) -> list[TimerFault]:
    if program == plan.program[0]:
        return []
    if program and shutil.which(program) is None:
        return [TimerFault(Fault.PROGRAM_MISSING, kind, program)]
    return [TimerFault(Fault.OTHER_PROGRAM if program else Fault.DIFFERENT, kind, program)]


def _text(kind: TimerKind, as_planned: bool) -> list[TimerFault]:
    return [] if as_planned else [TimerFault(Fault.DIFFERENT, kind)]


def _environment(plan: Plan, kind: TimerKind) -> Iterator[TimerFault]:
    try:
        stored = environment.read(plan.environment_file)
    except (TimerError, VaultError):
        yield TimerFault(Fault.ENVIRONMENT_MISSING, kind, str(plan.environment_file))
        return
    names = [name for name in environment.COMPARED if stored.get(name) != plan.variables.get(name)]
    if names:
        yield TimerFault(Fault.OTHER_ENVIRONMENT, kind, ", ".join(names))
