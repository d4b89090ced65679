"""`igauth watch`: stays in the foreground and keeps tokens alive, one line an event; for systemd and containers."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from tui.clock import rfc3339
from tui.commands.options import DURATION
from tui.commands.pipe import counted, put, say
from tui.commands.running import open_command, run_work

if TYPE_CHECKING:
    from tui.services import Services
    from tui.tokens.keeper import RefreshResult
    from tui.tokens.states import TokenState

LEAST = 60
"""Seconds between two rounds: as often as `inspect_interval_minutes` can say."""

_TROUBLES = ("login_needed", "app_credentials", "could_not_ask")


@click.command()
@click.option(
    "--every", type=DURATION, help="How often to ask, 1m or more, such as 60m; without it the interval of config.toml."
)
def watch(every: int | None) -> int:
    """Ask about every token at a gentle interval, extend what is due, and print one line an event.

    Ends on SIGTERM (143), SIGHUP (129) or ctrl+c (130); what is being stored is finished first.
    """
    if every is not None and every < LEAST:
        raise click.UsageError(
            f"--every must be {LEAST // 60}m or more: asking more often only uses up what Facebook allows."
        )
    os.environ.setdefault("IGAUTH_ACTOR", "timer")
    services = open_command()
    interval = services.settings.inspect_interval_minutes * 60 if every is None else every
    return run_work(services, lambda: _watch(services, interval))


async def _watch(services: "Services", interval: int) -> int:
    held = counted(len(services.tokens()), "token")
    say(f"Watching {held}, asking every {interval} s. Ends on ctrl+c or SIGTERM.")
    states = _states(services)
    troubles = Repeats()
    while True:
        states = await _round(services, states, troubles)
        troubles.next_round()
        await asyncio.sleep(interval)


class Repeats:
    """Says a trouble once; while each round brings it again, only that it lasts, after 2, 4, 8, ... rounds."""

    def __init__(self) -> None:
        self._rounds: dict[str, int] = {}
        self._heard: set[str] = set()

    def tell(self, text: str, how: Callable[[str], None] = say) -> None:
        """Say it, if it is new or its next turn has come."""
        if text in self._heard:
            return
        self._heard.add(text)
        count = self._rounds.get(text, 0) + 1
        self._rounds[text] = count
        if count == 1:
            how(text)
        elif count & (count - 1) == 0:
            how(f"still, after {count} rounds: {text.removeprefix('igauth: ')}")

    def next_round(self) -> None:
        """Forget what did not come again: it is news when it does."""
        self._rounds = {text: count for text, count in self._rounds.items() if text in self._heard}
        self._heard.clear()


async def _round(services: "Services", before: "dict[str, TokenState]", troubles: "Repeats") -> "dict[str, TokenState]":
    """Ask, extend what is due, run hooks and report; whatever goes wrong this time may go well the next."""
    from tui.commands.asking import ask_all
    from tui.commands.failure import explain
    from tui.commands.hooks import run_hooks
    from tui.tokens.store import StoreError
    from tui.vault.errors import VaultError

    try:
        await ask_all(services, [token.name for token in await asyncio.to_thread(services.tokens)], troubles.tell)
        results = await services.keeper.refresh_many(
            due_now(services), lambda result: _report(services, result, troubles)
        )
        after = await asyncio.to_thread(_states, services)
        for name, state in after.items():
            if before.get(name) != state:
                _print(services, f"{name} is {state} now (was {before.get(name, 'not there')})")
        await run_hooks(services, results)
    except (VaultError, StoreError) as error:  # such as a token that somebody forgot just now
        troubles.tell(f"igauth: {explain(error)[0]}")
        return before
    return after


def due_now(services: "Services") -> list[str]:
    """Return the names of the tokens a refresh can help now, by each profile's window."""
    from tui.tokens.policy import Policy, due_names

    now = services.clock.now()
    return [
        name
        for token in services.tokens()
        for name in due_names([token], now, Policy(window=services.window_of(token.profile)))
    ]


def _states(services: "Services") -> "dict[str, TokenState]":
    from tui.tokens.token import state

    now = services.clock.now()
    return {token.name: state(token, now, services.window_of(token.profile)) for token in services.tokens()}


def _report(services: "Services", result: "RefreshResult", troubles: "Repeats") -> None:
    from tui.commands.refresh import for_command

    if result.result in _TROUBLES:
        troubles.tell(for_command(result), lambda text: _print(services, text))
    else:
        _print(services, for_command(result))


def _print(services: "Services", text: str) -> None:
    put(f"{rfc3339(services.clock.now())} {text}")
    sys.stdout.flush()
