"""`igauth watch`: runs in the foreground and keeps tokens valid, one line an event; for systemd and containers."""

import asyncio
import os
from collections.abc import Callable

import click

from tui.clock import rfc3339
from tui.commands.asking import ask_all
from tui.commands.failure import explain
from tui.commands.hooks import run_hooks
from tui.commands.options import DURATION
from tui.commands.pipe import put, say
from tui.commands.running import open_command, run_work
from tui.services import Services
from tui.tokens.errors import StoreError
from tui.tokens.policy import due_names
from tui.tokens.results import RefreshResult
from tui.tokens.states import TokenState
from tui.tokens.token import state
from tui.vault.errors import VaultError
from tui.wording.commands import command_text
from tui.wording.counts import counted
from tui.wording.refresh import refresh_line
from tui.wording.surfaces import CommandLine

LEAST = 60
"""Seconds between two rounds: as often as `inspect_interval_minutes` allows."""


@click.command()
@click.option("--every", type=DURATION, help="Time between rounds, 1m or more, such as 60m (default: config.toml).")
def watch(every: int | None) -> int:
    """Ask Facebook about every token at an interval, extend what is due, and print one line an event.

    Ends on SIGTERM (143), SIGHUP (129) or ctrl+c (130); what is being stored is finished first.
    """
    if every is not None and every < LEAST:
        raise click.UsageError(command_text("watch", "too_often", minutes=LEAST // 60))
    os.environ.setdefault("IGAUTH_ACTOR", "timer")
    services = open_command()
    interval = services.settings.inspect_interval_minutes * 60 if every is None else every
    return run_work(services, lambda: _watch(services, interval))


async def _watch(services: Services, interval: int) -> int:
    states = _states(services)
    say(command_text("watch", "begun", tokens=counted(len(states), "token"), interval=interval))
    problems = Repeats()
    while True:
        states = await _round(services, states, problems)
        problems.next_round()
        await asyncio.sleep(interval)


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
            write(text if count == 1 else command_text("watch", "still", count=count, text=text))

    def next_round(self) -> None:
        """Forget what did not happen again: it is new when it does."""
        self._rounds = {text: count for text, count in self._rounds.items() if text in self._current}
        self._current.clear()


async def _round(services: Services, before: dict[str, TokenState], problems: Repeats) -> dict[str, TokenState]:
    """Ask, extend what is due, run hooks and report; a failure ends the round, not the command."""

    def problem(text: str) -> None:
        problems.report(text, lambda shown: say(f"igauth: {shown}"))

    try:
        await ask_all(services, [token.name for token in await asyncio.to_thread(services.tokens)], problem)
        due = due_names(await asyncio.to_thread(services.tokens), services.clock.now(), services.settings.window_of)
        results = await services.keeper.refresh_many(due, lambda result: _report(services, result, problems))
        after = await asyncio.to_thread(_states, services)
        for name, state in after.items():
            if before.get(name) != state:
                _print(services, f"{name} is now {state} (before: {before.get(name, 'no such token')})")
        await run_hooks(services, results)
    except (VaultError, StoreError) as error:  # such as a token that was removed just now
        problem(explain(error)[0])
        return before
    return after


def _states(services: Services) -> dict[str, TokenState]:
    now = services.clock.now()
    return {token.name: state(token, now, services.settings.window_of(token.profile)) for token in services.tokens()}


def _report(services: Services, result: RefreshResult, problems: Repeats) -> None:
    line = refresh_line(result, services.clock.now(), CommandLine())
    if result.result.is_done:
        _print(services, line)
    else:
        problems.report(line, lambda text: _print(services, text))


def _print(services: Services, text: str) -> None:
    put(f"{rfc3339(services.clock.now())} {text}")
