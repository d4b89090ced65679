"""Reads and replaces the person's crontab with the system's own command."""

import os
import re
import tempfile
from pathlib import Path

from tui.timer import crontab
from tui.timer.errors import SchedulerFailed, TimerError, TimerProblem
from tui.timer.plan import Plan
from tui.timer.running import NO_SUCH_COMMAND, run

_NONE = re.compile(rb"no crontab|crontab does not exist|can't open '[^']+': No such file", re.IGNORECASE)
"""How `crontab -l` says that there is none yet: Debian's cron, cronie, systemd-cron and dcron; bcron; busybox."""


_UNSURE = re.compile(rb"\\r$", re.MULTILINE)
"""How Debian's `crontab -l` (3.0pl1-162) lists a carriage return: what the line really ends in cannot be known."""


def read() -> bytes | None:
    """Return the person's crontab, empty where there is none yet; None without a `crontab` command.

    Raises SchedulerFailed where it cannot be read for another reason: replacing it then would lose what is in it.
    """
    done = run("crontab", "-l")
    if done.status == NO_SUCH_COMMAND:
        return None
    if done.status == 0:
        return done.out
    if _NONE.search(done.err):
        return b""
    raise SchedulerFailed(TimerProblem.CRONTAB_UNREADABLE, done.reason)


def install(plan: Plan) -> None:
    """Put the line in. Raises TimerError; the crontab is as before then."""
    before = read()
    if before is None:
        raise SchedulerFailed(TimerProblem.NO_SCHEDULER)
    _replace(before, crontab.with_line(before, plan))


def remove(plan: Plan) -> bool:
    """Take the line out; tell whether one was in it. Raises SchedulerFailed; the crontab is as before then."""
    before = read() or b""
    if crontab.line_in(before, plan) is None:
        return False
    _replace(before, crontab.without_line(before, plan))
    return True


def _replace(before: bytes, after: bytes) -> None:
    """Write a crontab from a file, which each crontab command takes; one of them knows no `-`."""
    if after == before:
        return
    if _UNSURE.search(before):
        raise SchedulerFailed(TimerProblem.CRONTAB_NOT_EXACT)
    with tempfile.TemporaryDirectory(prefix="igauth-") as folder:
        name = os.path.join(folder, "crontab")
        with open(name, "wb") as file:
            file.write(after)
        done = run("crontab", name)
    if done.status != 0:
        raise SchedulerFailed(TimerProblem.CRONTAB_REFUSED, done.reason)


_DAEMONS = frozenset({"cron", "crond", "fcron", "bcron-sched"})
_GENERATOR = "lib/systemd/system-generators/systemd-crontab-generator"
"""What systemd-cron has in place of a daemon."""


def daemon_runs(root: Path = Path("/")) -> bool | None:
    """Tell whether something reads crontabs here; None where other people's processes cannot be seen."""
    if (root / "usr" / _GENERATOR).exists() or (root / _GENERATOR).exists():
        return True
    try:
        (root / "proc/1/comm").read_bytes()
        processes = [entry.path for entry in os.scandir(root / "proc") if entry.name.isdigit()]
    except OSError:
        return None
    return any(_program(process) in _DAEMONS for process in processes)


def _program(process: str) -> str:
    try:
        with open(f"{process}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""  # it has ended


def prove(plan: Plan, environ: dict[str, str]) -> None:
    """Run the line's command in cron's way, without changing or asking anything. Raises TimerError.

    `environ`: all that cron sets.
    """
    line = crontab.command(plan, (*plan.words, "--dry-run"))
    done = run("/bin/sh", "-c", os.fsdecode(line), timeout=60, environ=environ, folder=environ["HOME"])
    if done.status != 0:
        raise TimerError(TimerProblem.NOT_PROVEN, done.reason)
