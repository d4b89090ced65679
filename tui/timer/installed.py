"""What is installed, compared with what would be written now."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from tui.settings import Home
from tui.timer import cron, crontab, environment, systemd, units
from tui.timer.credential import Handover
from tui.timer.errors import TimerError
from tui.timer.plan import Plan, environment_file_in, home_id
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
    ENVIRONMENT_LACKS = "environment_lacks"
    """The timer lacks variables that are set here."""
    CREDENTIAL_MISSING = "credential_missing"
    SEALED_WITH_CRON = "sealed_with_cron"
    """The secrets were sealed after the crontab line was installed, which cannot supply their passphrase."""
    INSTALLED_TWICE = "installed_twice"
    HOME_MOVED = "home_moved"
    """The timer that was installed names the place where this home was before."""
    STOPPED = "stopped"
    NO_DAEMON = "no_daemon"
    """Nothing was found here that reads crontabs."""
    NO_LINGER = "no_linger"
    """The person's units run only while they are logged in."""
    KEYRING_AFTER_LOGIN = "keyring_after_login"
    """Runs also start while nobody is logged in, and most keyrings are locked then."""

    @property
    def stops_runs(self) -> bool:
        """Whether no run can be expected."""
        return self in _STOPPING


_STOPPING = (
    Fault.NOT_INSTALLED_ANY_MORE,
    Fault.HOME_MOVED,
    Fault.PROGRAM_MISSING,
    Fault.ENVIRONMENT_MISSING,
    Fault.CREDENTIAL_MISSING,
    Fault.SEALED_WITH_CRON,
    Fault.STOPPED,
)


@dataclass(frozen=True, slots=True)
class TimerFault:
    """A fault of the installed timer; `detail` is what it is about: a program, a file, names of variables."""

    fault: Fault
    kind: TimerKind
    detail: str = ""


def installed_kinds(plan: Plan, folder: Path) -> tuple[TimerKind, ...]:
    """Return which timers this home has. Raises SchedulerFailed where the crontab cannot be read."""
    found = [TimerKind.SYSTEMD] if systemd.names_in(folder, plan) else []
    if crontab.line_in(cron.read() or b"", plan) is not None:
        found.append(TimerKind.CRON)
    return tuple(found)


def former(plan: Plan) -> Plan | None:
    """Return the plan of the place where this home was before it was moved: its environment file came along."""
    try:
        stored = environment.read(plan.environment_file)
    except (TimerError, VaultError):
        return None
    before = Path(stored.get("IGAUTH_HOME") or plan.environment_file.parent)
    if before == plan.environment_file.parent or before.exists():
        return None
    home = Home(before, before, before)
    return replace(plan, environment_file=environment.file_of(home), home_id=home_id(home, plan.account_home))


def faults(plan: Plan, folder: Path, recorded: TimerKind | None, *, in_keyring: bool = False) -> tuple[TimerFault, ...]:
    """Compare what is installed with the plan. `recorded`: the timer that the home knows of.

    `in_keyring`: whether a keyring has the secrets that runs need.
    Raises SchedulerFailed where the crontab cannot be read.
    """
    kinds = installed_kinds(plan, folder)
    found: list[TimerFault] = []
    if recorded in (TimerKind.SYSTEMD, TimerKind.CRON) and recorded not in kinds:
        found.append(_gone(plan, folder, recorded))
    if len(kinds) > 1:
        found.append(TimerFault(Fault.INSTALLED_TWICE, TimerKind.SYSTEMD))
    if TimerKind.CRON in kinds:
        line = crontab.line_in(cron.read() or b"", plan) or b""
        words = crontab.words_of(line, plan.account_home)
        found += _command(plan, TimerKind.CRON, words, crontab.runs_as_planned(line, plan))
        if plan.credential is not None:
            found.append(TimerFault(Fault.SEALED_WITH_CRON, TimerKind.CRON))
        if in_keyring:
            found.append(TimerFault(Fault.KEYRING_AFTER_LOGIN, TimerKind.CRON))
        if cron.daemon_runs() is False:
            found.append(TimerFault(Fault.NO_DAEMON, TimerKind.CRON))
    if TimerKind.SYSTEMD in kinds:
        found += _unit(plan, folder, in_keyring=in_keyring)
    return tuple(found)


def _gone(plan: Plan, folder: Path, recorded: TimerKind) -> TimerFault:
    before = former(plan)
    if before is not None and recorded in installed_kinds(before, folder):
        return TimerFault(Fault.HOME_MOVED, recorded, str(before.environment_file.parent))
    return TimerFault(Fault.NOT_INSTALLED_ANY_MORE, recorded)


def _unit(plan: Plan, folder: Path, *, in_keyring: bool) -> Iterator[TimerFault]:
    name, kind = systemd.names_in(folder, plan)[0], TimerKind.SYSTEMD
    text = (folder / f"{name}.service").read_text("utf-8", "replace")
    planned = [units.service_unit(plan, way) for way in (Handover.LOAD, Handover.DECRYPT)]
    yield from _command(plan, kind, units.words_of(text), text in planned)
    if plan.credential is not None and not plan.credential.exists():
        yield TimerFault(Fault.CREDENTIAL_MISSING, kind, str(plan.credential))
    unit = systemd.inspect(name)
    if unit.runs is False:
        yield TimerFault(Fault.STOPPED, kind, f"{name}.timer")
    if unit.lingers is False:
        yield TimerFault(Fault.NO_LINGER, kind)
    elif in_keyring:
        yield TimerFault(Fault.KEYRING_AFTER_LOGIN, kind)


def _command(plan: Plan, kind: TimerKind, words: Sequence[str], as_planned: bool) -> Iterator[TimerFault]:
    """Compare the installed command with the plan's; the worst fault alone, as one installation cures all.

    Variables that the timer lacks, and those with another value, are two faults.
    """
    program = words[0] if words else ""
    file = environment_file_in(words)
    stored = _stored(file)
    if program and shutil.which(program) is None:
        yield TimerFault(Fault.PROGRAM_MISSING, kind, program)
    elif file is not None and stored is None:
        yield TimerFault(Fault.ENVIRONMENT_MISSING, kind, str(file))
    elif program and program != plan.program[0]:
        yield TimerFault(Fault.OTHER_PROGRAM, kind, program)
    elif not as_planned or stored is None:
        yield TimerFault(Fault.DIFFERENT, kind)
    else:
        lacking = [name for name in environment.MISSED if name in plan.variables and name not in stored]
        if lacking:
            yield TimerFault(Fault.ENVIRONMENT_LACKS, kind, ", ".join(lacking))
        differing = [name for name in environment.COMPARED if stored.get(name) != plan.variables.get(name)]
        if names := [name for name in differing if name not in lacking]:
            yield TimerFault(Fault.OTHER_ENVIRONMENT, kind, ", ".join(names))


def _stored(file: Path | None) -> Mapping[str, str] | None:
    try:
        return None if file is None else environment.read(file)
    except (TimerError, VaultError):
        return None
