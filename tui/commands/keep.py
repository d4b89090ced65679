"""`igauth keep`: what a timer runs. It keeps tokens valid without a person, once or in the foreground."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import assert_never

import click

from tui.clock import rfc3339
from tui.commands.asking import not_asked_line
from tui.commands.failure import explain, say_failure
from tui.commands.last_known import put_last_known, readable_tokens
from tui.commands.options import DURATION, passphrase_option
from tui.commands.pipe import put, say
from tui.commands.running import open_command, run_work, say_clock
from tui.services import Services
from tui.services.asking import NotAsked
from tui.services.hook_record import HookFailed
from tui.services.keeping import Event, StateChanged, StepFailed, can_run
from tui.services.keeping import keep as keep_once
from tui.timer.environment import read as read_environment
from tui.tokens.delivery import Delivery, DeliveryState
from tui.tokens.refusals import RefusedTokens
from tui.tokens.results import RefreshResult
from tui.vault.notices import Notice
from tui.wording.commands import command_text
from tui.wording.counts import counted
from tui.wording.hooks import hook_failure
from tui.wording.refresh import bug_in, refresh_line
from tui.wording.surfaces import CommandLine, sentences

DONE, COULD_NOT = 0, 3
LEAST = 60
"""Seconds between two rounds: as often as `inspect_interval_minutes` allows."""


@click.command()
@click.option("--loop", "loops", is_flag=True, help="Stay in the foreground and do it again and again, for containers.")
@click.option("--every", type=DURATION, help="Time between rounds, 1m or more, such as 60m (default: config.toml).")
@click.option("--dry-run", is_flag=True, help="Only prove that every stored secret can be opened.")
@click.option(
    "--environment",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Set the variables in this file first, as an installed timer does.",
)
@passphrase_option()
def keep(loops: bool, every: int | None, dry_run: bool, environment: Path | None) -> int:
    """Ask Facebook about every token, extend what is due, deliver, run hooks, and store the outcome.

    One failure never stops the rest. Exit status 0: all is kept. 1: something needs a person. 3: something could not
    be asked, read or stored. With --loop it prints one line an event, and ends on SIGTERM (143), SIGHUP (129) or
    ctrl+c (130); what is being stored is finished first.
    """
    if every is not None and not loops:
        raise click.UsageError(command_text("keep", "every_without_loop"))
    if every is not None and every < LEAST:
        raise click.UsageError(command_text("keep", "too_often", minutes=LEAST // 60))
    if environment is not None:
        os.environ.update(read_environment(environment))
    if loops or not os.isatty(0):
        os.environ.setdefault("IGAUTH_ACTOR", "timer")
    services = open_command(looks_only=dry_run)
    if dry_run:
        return run_work(services, lambda: _dry_run(services))
    if not loops:
        return run_work(services, lambda: _once(services))
    interval = services.settings.inspect_interval_minutes * 60 if every is None else every
    return run_work(services, lambda: _loop(services, interval))


@click.command()
@click.option("--every", type=DURATION, help="Time between rounds, 1m or more, such as 60m (default: config.toml).")
@passphrase_option()
@click.pass_context
def watch(context: click.Context, every: int | None) -> object:
    """The same as `igauth keep --loop`."""
    return context.invoke(keep, loops=True, every=every)


async def _dry_run(services: Services) -> int:
    try:
        count = await can_run(services)
    except Exception as error:
        say_failure(error)
        return COULD_NOT
    say(command_text("keep", "can_run", tokens=counted(count, "token")))
    return DONE


async def _once(services: Services) -> int:
    problems = set[str]()

    def report(event: Event) -> None:
        match event:
            case RefreshResult() if event.result.is_done:
                put(refresh_line(event, services.clock.now(), CommandLine()))
            case StateChanged():
                put(_changed(event))
            case Delivery(state=DeliveryState.DELIVERED):
                put(_problem(services, event))
            case _:
                if (text := _problem(services, event)) not in problems:  # one hook may fail for several tokens
                    problems.add(text)
                    say(f"igauth: {text}")

    run = await keep_once(services, report)
    say_clock(services)
    if run.exit_status == COULD_NOT:
        put_last_known(services, readable_tokens(services))
    return run.exit_status


async def _loop(services: Services, interval: int) -> int:
    await asyncio.to_thread(_note_loop, services, interval)
    say(command_text("keep", "begun", interval=interval))
    problems = Repeats()

    def report(event: Event) -> None:
        match event:
            case RefreshResult() if event.result.is_done:
                _print(services, refresh_line(event, services.clock.now(), CommandLine()))
            case StateChanged():
                _print(services, _changed(event))
            case Delivery(state=DeliveryState.DELIVERED):
                _print(services, _problem(services, event))
            case RefreshResult():
                problems.report(_problem(services, event), lambda text: _print(services, text))
            case _:
                problems.report(_problem(services, event), lambda text: say(f"igauth: {text}"))

    while True:
        try:
            await keep_once(services, report)
        except BrokenPipeError:
            raise  # nobody reads any more
        except OSError as error:
            with suppress(OSError):
                say_failure(error)
        problems.next_round()
        await asyncio.sleep(interval)


def _note_loop(services: Services, interval: int) -> None:
    try:
        services.timer.note_loop(interval)
    except Exception as error:  # a home that is locked now may be written to in an hour
        say_failure(error)


class Repeats:
    """Says a problem once, and while it lasts again after 2, 4, 8, ... rounds."""

    def __init__(self) -> None:
        self._rounds: dict[str, int] = {}
        self._current: set[str] = set()

    def report(self, text: str, write: Callable[[str], None]) -> None:
        """Write the text if it is new or its next turn has come."""
        if text in self._current:
            return
        self._current.add(text)
        count = self._rounds.get(text, 0) + 1
        self._rounds[text] = count
        if count & (count - 1) == 0:
            write(text if count == 1 else command_text("keep", "still", count=count, text=text))

    def next_round(self) -> None:
        """Forget what did not happen again: it is new when it does."""
        self._rounds = {text: count for text, count in self._rounds.items() if text in self._current}
        self._current.clear()


def _changed(event: StateChanged) -> str:
    return command_text("keep", "changed", name=event.name, state=event.after, before=event.before or "no such token")


def _problem(services: Services, event: Event) -> str:
    match event:
        case NotAsked() | RefusedTokens():
            return not_asked_line(event)
        case StepFailed():
            return explain(event.error)[0]
        case HookFailed():
            return sentences(hook_failure(event), CommandLine())
        case Delivery():
            from tui.wording.delivery import delivery_text

            return sentences(delivery_text(event), CommandLine())
        case Notice():
            from tui.wording.vault import notice_text

            return sentences(notice_text(event), CommandLine())
        case RefreshResult():
            bug = bug_in([event.cause])
            return explain(bug)[0] if bug else refresh_line(event, services.clock.now(), CommandLine())
        case StateChanged():
            return _changed(event)
        case _:
            assert_never(event)


def _print(services: Services, text: str) -> None:
    put(f"{rfc3339(services.clock.now())} {text}")
