"""`igauth schedule`: a timer that keeps tokens valid, shown before it is written."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import click

from tui.commands.pipe import confirm, put, read_value, say
from tui.commands.running import open_command
from tui.commands.timer_text import Plan, cron_line, kept_environment, units, with_line
from tui.log import log
from tui.process import USAGE
from tui.redact import Secret
from tui.services import Services
from tui.timer.credential import encrypt_for_timer
from tui.timer.errors import SchedulerFailed, TimerError, TimerProblem
from tui.tokens.automation import TimerKind
from tui.tokens.policy import jitter
from tui.vault.passphrase import Passphrase
from tui.wording.automation import timer_lines
from tui.wording.commands import command_text

Kind = Literal["systemd", "cron"]
DONE, NOT_DONE, NO_SUCH_COMMAND = 0, 1, 127
CREDENTIAL_FILE = "igauth-passphrase.cred"

_kind = click.option(
    "--with", "kind", type=click.Choice(["systemd", "cron"]), help="Scheduler to use (default: the one found here)."
)
_yes = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")


@click.group(invoke_without_command=True, subcommand_metavar="COMMAND [ARGS]...")
@click.pass_context
def schedule(context: click.Context) -> int:
    """Install a timer that checks every token once a day and extends what is due."""
    if context.invoked_subcommand is not None:
        return DONE
    needed = command_text("schedule", "command_needed", commands=", ".join(schedule.commands))
    say(f"{context.get_help()}\n\nigauth: {needed}")
    return USAGE


@schedule.command()
@_kind
@_yes
def install(kind: Kind | None, yes: bool) -> int:
    """Show what would be written, ask for confirmation, and install it."""
    services = open_command()
    chosen, plan = kind or _found_here(), _plan(services)
    _show(chosen, plan)
    if plan.passphrase_file and chosen == "cron":
        raise TimerError(TimerProblem.SEALED_WITH_CRON)
    if not confirm("Install this?", yes):
        return NOT_DONE
    log("schedule install with %s", chosen)
    if chosen == "systemd":
        _install_units(services, plan)
    else:
        _change_crontab(cron_line(plan))
    say(command_text("schedule", chosen))
    services.timer.note_installed(TimerKind(chosen), first=_first_run(plan, services.clock.now()))
    return DONE


@schedule.command()
@_kind
@_yes
def remove(kind: Kind | None, yes: bool) -> int:
    """Remove the timer."""
    services = open_command()
    chosen = kind or _found_here()
    if not confirm(f"Remove igauth's timer ({chosen})?", yes):
        return NOT_DONE
    log("schedule remove with %s", chosen)
    if chosen == "systemd":
        _remove_units()
    else:
        _change_crontab("")
    services.timer.note_removed()
    say("Removed.")
    return DONE


@schedule.command()
@_kind
def show(kind: Kind | None) -> int:
    """Print what would be written, and when the timer last ran."""
    services = open_command(looks_only=True)
    _show(kind or _found_here(), _plan(services))
    _say_runs(services)
    return DONE


def _plan(services: Services) -> Plan:
    """Return the plan for this machine. Its minute comes from the home, so that homes run at different times."""
    database = services.home.database
    script = Path(sys.executable).with_name("igauth")
    command = (str(script),) if script.exists() else (sys.executable, "-m", "tui")
    choice = services.secrets.choice if database.exists() else None
    is_sealed = choice is not None and choice.name == "sealed"
    passphrase_file = str(_unit_folder() / CREDENTIAL_FILE) if is_sealed else ""
    return Plan(command, 3, jitter(str(database), 60), kept_environment(os.environ), passphrase_file)


def _first_run(plan: Plan, now: float) -> int:
    """Return when the timer runs first after `now`, by this machine's local time; unix seconds, UTC."""
    today = datetime.fromtimestamp(now).replace(hour=plan.hour, minute=plan.minute, second=0, microsecond=0)
    return int((today if today.timestamp() > now else today + timedelta(days=1)).timestamp())


def _found_here() -> Kind:
    """Return the scheduler that works on this machine. Raises SchedulerFailed."""
    if _run("systemctl --user show-environment").returncode == 0:
        return "systemd"
    if _run("crontab -l").returncode != NO_SUCH_COMMAND:
        return "cron"
    raise SchedulerFailed(TimerProblem.NO_SCHEDULER)


def _show(kind: Kind, plan: Plan) -> None:
    if kind == "cron":
        put(cron_line(plan))
        return
    for name, text in units(plan).items():
        put(f"# {_unit_folder() / name}\n{text}")


def _say_runs(services: Services) -> None:
    known = services.timer.read() if services.home.database.exists() else None
    for line in timer_lines(known, services.clock.now()):
        say(line)


def _unit_folder() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "systemd" / "user"


def _install_units(services: Services, plan: Plan) -> None:
    """Write and enable the units; sealed secrets only with a passphrase that opens them. Raises TimerError."""
    if plan.passphrase_file:
        passphrase = Secret(read_value("Passphrase of igauth's secrets, for the timer"))
        services.ask_passphrase = lambda: Passphrase(passphrase)
        services.secrets.open()
        encrypt_for_timer(passphrase, Path(plan.passphrase_file))
    folder = _unit_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in units(plan).items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise SchedulerFailed(TimerProblem.UNITS_NOT_WRITABLE, f"{folder}: {error.strerror}") from None
    _run("systemctl --user daemon-reload", must_work=True)
    _run("systemctl --user enable --now igauth.timer", must_work=True)


def _remove_units() -> None:
    _run("systemctl --user disable --now igauth.timer")  # not installed: nothing to disable
    for name in ("igauth.service", "igauth.timer", CREDENTIAL_FILE):
        (_unit_folder() / name).unlink(missing_ok=True)
    _run("systemctl --user daemon-reload")


def _change_crontab(line: str) -> None:
    listed = _run("crontab -l")  # fails where there is none yet
    _run("crontab -", with_line(listed.stdout if listed.returncode == 0 else "", line), must_work=True)


def _run(command: str, feed: str = "", *, must_work: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command and return what came of it. With `must_work` raises SchedulerFailed."""
    words = command.split()
    try:
        done = subprocess.run(words, input=feed, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        done = subprocess.CompletedProcess(words, NO_SUCH_COMMAND, "", str(error))
    if must_work and done.returncode != 0:
        detail = f"`{command}` failed: {done.stderr.strip() or done.returncode}"
        raise SchedulerFailed(TimerProblem.COMMAND_FAILED, detail)
    return done
