"""Writes, starts and removes the person's own systemd units."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.atomic_file import replace_file
from tui.regular_file import read_regular
from tui.timer import units
from tui.timer.credential import Handover, version_of
from tui.timer.errors import SchedulerFailed, TimerError, TimerProblem
from tui.timer.plan import Plan
from tui.timer.running import NO_ANSWER, Done, run
from tui.timer.undo import restored_on_failure

LARGEST_UNIT = 1 << 20
"""Bytes of a unit's file that are read."""
_TRIAL = 60.0
"""Seconds that a trial run may take."""


def is_usable() -> bool:
    """Tell whether the user's own systemd answers."""
    return run("systemctl", "--user", "show-environment").status == 0


def version() -> int | None:
    """Return systemd's version, such as 257; None where it does not say."""
    return version_of(run("systemctl", "--version").out.decode("utf-8", "replace"))


def unit_folder(environ: Mapping[str, str], account_home: str) -> Path:
    """Return the folder of the person's own units."""
    named = environ.get("XDG_CONFIG_HOME", "")  # systemd ignores a relative one
    return Path(named if named.startswith("/") else Path(account_home, ".config"), "systemd", "user")


def credential_file(folder: Path, unit: str) -> Path:
    """Return where the encrypted passphrase of a timer is kept."""
    return folder / f"{unit}-passphrase.cred"


def _text(unit: Path) -> str:
    return read_regular(unit, LARGEST_UNIT)[0].decode("utf-8", "replace")


def names_in(folder: Path, plan: Plan) -> list[str]:
    """Return the names of this home's units that are installed, those in the form of older versions included."""
    found = []
    for name in dict.fromkeys((plan.unit, "igauth")):
        try:
            text = _text(folder / f"{name}.service")
        except OSError:
            continue
        named = units.home_named_in(text)
        if name == plan.unit if named is None else plan.is_for(named):
            found.append(name)
    return found


def install(folder: Path, plan: Plan, handover: Handover | None) -> None:
    """Write and start the units. Raises TimerError; the files are as before then."""
    texts = units.units(plan, handover)
    with restored_on_failure(*(folder / name for name in texts)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _require_free(folder / f"{plan.unit}.service", plan)
            for name, text in texts.items():
                replace_file(folder / name, text.encode(), 0o644)
        except OSError as error:
            raise SchedulerFailed(TimerProblem.UNITS_NOT_WRITABLE, f"{folder}: {error.strerror}") from None
        _systemctl("daemon-reload")
        try:
            _systemctl("enable", f"{plan.unit}.timer")
            _systemctl("restart", f"{plan.unit}.timer")  # of one that runs already, for its new time
        except TimerError:
            _enabling_link(folder, plan.unit).unlink(missing_ok=True)
            raise
    for name in names_in(folder, plan):
        if name != plan.unit:
            _remove(folder, name)


def _require_free(service: Path, plan: Plan) -> None:
    """Raise TimerError if the file is another home's timer, in the form of older versions, which had one name."""
    if service.exists():
        named = units.home_named_in(_text(service))
        if named is not None and not plan.is_for(named):
            raise SchedulerFailed(TimerProblem.UNIT_OF_OTHER_HOME, named or "the default home")


def remove(folder: Path, plan: Plan) -> bool:
    """Stop and remove this home's units; tell whether there were any. Raises SchedulerFailed."""
    names = names_in(folder, plan)
    for name in names:
        _remove(folder, name)
    return bool(names)


def _remove(folder: Path, name: str) -> None:
    stopped = run("systemctl", "--user", "disable", "--now", f"{name}.timer")
    try:
        files = (folder / f"{name}.timer", folder / f"{name}.service", credential_file(folder, name))
        for path in (*files, _enabling_link(folder, name)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise SchedulerFailed(TimerProblem.UNITS_NOT_WRITABLE, f"{folder}: {error.strerror}") from None
    if stopped.status == 0:
        _systemctl("daemon-reload")


def _enabling_link(folder: Path, name: str) -> Path:
    return folder / "timers.target.wants" / f"{name}.timer"


def prove(environ: Mapping[str, str], plan: Plan, handover: Handover | None) -> None:
    """Start the service's own text once with `--dry-run`, in a unit that goes with the session. Raises TimerError."""
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    name, folder = f"{plan.unit}-trial", runtime / "systemd" / "user"
    output = runtime / f"{name}.output"
    service = folder / f"{name}.service"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(output, b"")
        replace_file(service, units.trial_unit(plan, name, handover, output).encode())
        _systemctl("daemon-reload")
        done = run("systemctl", "--user", "start", service.name, timeout=_TRIAL)
        if done.status == NO_ANSWER:
            run("systemctl", "--user", "stop", service.name)
        if done.status != 0:
            raise TimerError(TimerProblem.NOT_PROVEN, _reason(service.name, done, output.read_bytes()))
    except OSError as error:
        raise SchedulerFailed(TimerProblem.UNITS_NOT_WRITABLE, f"{folder}: {error.strerror}") from None
    finally:
        for path in (service, output):
            path.unlink(missing_ok=True)
        run("systemctl", "--user", "reset-failed", service.name)
        run("systemctl", "--user", "daemon-reload")


def _reason(name: str, done: Done, said: bytes) -> str:
    """Return what the trial said; of a unit that could not start it, what systemd says of it."""
    if said.strip() or done.status == NO_ANSWER:
        return Done(done.status, b"", said or done.err).reason
    shown = run("systemctl", "--user", "show", name, "--property=Result,ExecMainStatus").out.decode("utf-8", "replace")
    return f"{done.reason} ({', '.join(shown.split())})"


@dataclass(frozen=True, slots=True)
class TimerUnit:
    """How systemd has the timer; None where it does not answer."""

    runs: bool | None
    """Whether it is started, and will be after the next boot or login."""
    lingers: bool | None
    """Whether the person's units run while they are not logged in."""


def inspect(name: str) -> TimerUnit:
    """Ask systemd about a timer. Never raises."""
    shown = run("systemctl", "--user", "show", f"{name}.timer", "--property=ActiveState,UnitFileState").out.split()
    runs = {b"ActiveState=active", b"UnitFileState=enabled"} <= set(shown) if shown else None
    linger = run("loginctl", "show-user", str(os.getuid()), "--property=Linger").out.strip()
    return TimerUnit(runs, {b"Linger=yes": True, b"Linger=no": False}.get(linger))


def _systemctl(*words: str) -> None:
    done = run("systemctl", "--user", *words)
    if done.status != 0:
        raise SchedulerFailed(
            TimerProblem.COMMAND_FAILED, f"`systemctl --user {' '.join(words)}` failed: {done.reason}"
        )
