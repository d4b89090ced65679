"""`igauth watch`: stays in the foreground and keeps tokens alive, one line an event; for systemd and containers."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import click

from tui.commands.options import DURATION
from tui.commands.pipe import put, rfc3339, say
from tui.commands.running import open_command, run_work

if TYPE_CHECKING:
    from tui.services import Services
    from tui.tokens.keeper import RefreshResult
    from tui.tokens.token import State


@click.command()
@click.option("--every", type=DURATION, help="How often to ask, such as 60m; without it the interval of config.toml.")
def watch(every: int | None) -> int:
    """Ask about every token at a gentle interval, extend what is due, and print one line an event.

    Ends on SIGTERM (143), SIGHUP (129) or ctrl+c (130); what is being stored is finished first.
    """
    os.environ.setdefault("IGAUTH_ACTOR", "timer")
    services = open_command()
    interval = max(1, services.settings.inspect_interval_minutes * 60 if every is None else every)
    return run_work(services, lambda: _watch(services, interval))


async def _watch(services: "Services", interval: int) -> int:
    say(f"Watching {len(services.tokens())} tokens, asking every {interval} s. Ends on ctrl+c or SIGTERM.")
    states = _states(services)
    while True:
        states = await _round(services, states)
        await asyncio.sleep(interval)


async def _round(services: "Services", before: "dict[str, State]") -> "dict[str, State]":
    """Ask, extend what is due, run hooks and report; whatever goes wrong this time may go well the next."""
    from tui.commands.asking import ask_all
    from tui.commands.hooks import run_hooks
    from tui.tokens.store import StoreError
    from tui.vault.errors import VaultError

    try:
        await ask_all(services, [token.name for token in await asyncio.to_thread(services.tokens)])
        results = await services.keeper.refresh_many(due_now(services), lambda result: _report(services, result))
        after = await asyncio.to_thread(_states, services)
        for name, state in after.items():
            if before.get(name) != state:
                _print(services, f"{name} is {state} now (was {before.get(name, 'not there')})")
        await run_hooks(services, results)
    except (VaultError, StoreError) as error:  # such as a token that somebody forgot just now
        say(f"igauth: {error}")
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


def _states(services: "Services") -> "dict[str, State]":
    from tui.tokens.token import state

    now = services.clock.now()
    return {token.name: state(token, now, services.window_of(token.profile)) for token in services.tokens()}


def _report(services: "Services", result: "RefreshResult") -> None:
    from tui.commands.refresh import for_command

    _print(services, for_command(result))


def _print(services: "Services", text: str) -> None:
    put(f"{rfc3339(services.clock.now())} {text}")
    sys.stdout.flush()
