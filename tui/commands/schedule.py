"""`igauth schedule`: a timer that keeps tokens valid, shown before it is written."""

import os
from typing import Literal

import click

from tui.commands.pipe import confirm, put, read_value, say
from tui.commands.running import open_command
from tui.process import USAGE
from tui.redact import Secret
from tui.services import Services
from tui.services.scheduling import Scheduling
from tui.tokens.automation import TimerKind
from tui.wording.automation import timer_lines
from tui.wording.commands import command_text
from tui.wording.schedule import fault_text, kinds_text
from tui.wording.surfaces import CommandLine, sentences

Kind = Literal["systemd", "cron"]
DONE, NOT_DONE = 0, 1

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
    """Show what would be written, ask for confirmation, prove it with a trial run, and install it.

    The trial run has the timer's own environment: it opens every stored secret and asks nobody. Where it fails,
    nothing is installed. A timer of the other kind that this home has is removed.
    """
    services = open_command()
    scheduling = Scheduling(services, os.environ)
    chosen = TimerKind(kind) if kind else scheduling.kind_here()
    _show(scheduling, chosen)
    scheduling.require_possible(chosen)
    if not confirm("Install this?", yes):
        return NOT_DONE
    passphrase = None
    if scheduling.plan().credential is not None:
        passphrase = Secret(read_value("Passphrase of igauth's secrets, for the timer"))
    removed = scheduling.install(chosen, passphrase)
    if removed:
        say(command_text("schedule", "other_removed", kinds=kinds_text(removed)))
    say(command_text("schedule", chosen))
    _say_faults(scheduling)
    return DONE


@schedule.command()
@_kind
@_yes
def remove(kind: Kind | None, yes: bool) -> int:
    """Remove this home's timer: the systemd units, the crontab line, or both. Exit status 1 where there is none.

    Where only a loop or another scheduler ran `igauth keep`, its runs are no longer expected.
    """
    scheduling = Scheduling(open_command(), os.environ)
    kinds = scheduling.installed_kinds()
    wanted = tuple(found for found in kinds if kind in (None, found))
    if wanted and not confirm(f"Remove igauth's timer ({kinds_text(wanted)})?", yes):
        return NOT_DONE
    removed = scheduling.remove(wanted)
    if not removed:
        is_forgotten = kind is None and scheduling.forget()
        say(command_text("schedule", "forgotten" if is_forgotten else "nothing_to_remove"))
        return DONE if is_forgotten else NOT_DONE
    say(command_text("schedule", "removed", kinds=kinds_text(removed)))
    return DONE


@schedule.command()
@_kind
def show(kind: Kind | None) -> int:
    """Print what would be written, when the timer last ran, and how what is installed differs from it."""
    services = open_command(looks_only=True)
    scheduling = Scheduling(services, os.environ)
    _show(scheduling, TimerKind(kind) if kind else scheduling.kind_here())
    _say_runs(services)
    _say_faults(scheduling)
    return DONE


def _show(scheduling: Scheduling, kind: TimerKind) -> None:
    for name, text in scheduling.texts(kind).items():
        put(f"# {name}\n{text}" if name else text)
    say(command_text("schedule", "variables", path=scheduling.plan().environment_file))


def _say_runs(services: Services) -> None:
    known = services.timer.read() if services.home.database.exists() else None
    for line in timer_lines(known, services.clock.now()):
        say(line)


def _say_faults(scheduling: Scheduling) -> None:
    for fault in scheduling.faults():
        say(f"igauth: {sentences(fault_text(fault), CommandLine())}")
