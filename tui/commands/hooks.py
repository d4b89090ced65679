"""Commands of `config.toml` that run when something happened to a token: facts in the environment, never the token."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from tui.clock import rfc3339
from tui.commands.pipe import say

if TYPE_CHECKING:
    from tui.services import Services
    from tui.settings.schema import Hooks
    from tui.tokens.keeper import RefreshResult
    from tui.tokens.token import Token

LIMIT = 30.0
"""Seconds that a hook may take before it is ended."""

Event = Literal["extended", "due", "expired"]

_TOLD = "hooks/told"
"""Note of the vault: the event that the hooks last heard of each token, as JSON."""


async def run_hooks(services: "Services", results: "Sequence[RefreshResult]" = ()) -> None:
    """Run the hooks that fit the results of a refresh, and those for tokens that have become due or died since.

    One after the other; what goes wrong is said on stderr. What a hook was told of a token's state is noted, so
    that it hears once of each, whoever noticed it and however often the timer runs; a token that was asked to be
    refreshed in vain is told each time.
    """
    hooks = services.settings.hooks
    if not (hooks.extended or hooks.due or hooks.expired):
        return
    tokens = {token.name: token for token in await asyncio.to_thread(services.tokens)}
    for result in results:
        if result.result == "extended" and result.name in tokens:
            await _run(hooks, "extended", {**_facts(services, tokens[result.name]), **_facts_of(result)})
    in_vain = {result.name: result for result in results if result.result == "login_needed"}
    told = await asyncio.to_thread(_told, services)
    heard = {name: event for name, event in told.items() if name in tokens}
    for name, token in tokens.items():
        event = _event_of(services, token) or ("due" if name in in_vain else None)
        if event is None:
            heard.pop(name, None)
        elif name in in_vain or heard.get(name) != event:
            more = _facts_of(in_vain[name]) if name in in_vain else {}
            await _run(hooks, event, {**_facts(services, token), **more})
            heard[name] = event
    if heard != told:
        await asyncio.to_thread(services.meta.set, _TOLD, json.dumps(heard))


def _event_of(services: "Services", token: "Token") -> Event | None:
    from tui.tokens.token import state

    match state(token, services.clock.now(), services.window_of(token.profile)):
        case "due":
            return "due"
        case "expired" | "invalid":
            return "expired"
        case _:
            return None


def _told(services: "Services") -> dict[str, str]:
    """Return the event that was last told of each token."""
    found = json.loads(services.meta.get(_TOLD) or "{}")
    return {str(name): str(event) for name, event in found.items()} if isinstance(found, dict) else {}


def _facts(services: "Services", token: "Token") -> dict[str, str]:
    from tui.tokens.token import reason, state

    now = services.clock.now()
    return {
        "IGAUTH_TOKEN_NAME": token.name,
        "IGAUTH_PROFILE": token.profile,
        "IGAUTH_STATE": state(token, now, services.window_of(token.profile)),
        "IGAUTH_REASON": reason(token, now) or "",
        "IGAUTH_EXPIRES_AT": rfc3339(token.expires_at) or "never",
        "IGAUTH_DATA_ACCESS_EXPIRES_AT": rfc3339(token.data_access_expires_at) or "none",
    }


def _facts_of(result: "RefreshResult") -> dict[str, str]:
    return {
        "IGAUTH_RESULT": result.result,
        "IGAUTH_SECONDS_GAINED": str(result.seconds_gained),
        "IGAUTH_REASON": result.reason or "",
    }


async def _run(hooks: "Hooks", event: Event, facts: Mapping[str, str]) -> None:
    command: tuple[str, ...] = getattr(hooks, event)
    if not command:
        return
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, "IGAUTH_EVENT": event, **facts},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=2,  # our stdout is data
            start_new_session=True,
        )
    except OSError as error:
        say(f"igauth: hook {event} could not be started: {command[0]}: {error.strerror}. Mend [hooks] in config.toml.")
        return
    try:
        status = await asyncio.wait_for(process.wait(), LIMIT)
    except (TimeoutError, asyncio.CancelledError) as error:
        _end(process)
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        say(f"igauth: hook {event} took longer than {LIMIT:.0f} s and was ended: {command[0]}")
        return
    if status != 0:
        say(f"igauth: hook {event} ended with status {status}: {command[0]}")


def _end(process: asyncio.subprocess.Process) -> None:
    import signal

    try:
        os.killpg(process.pid, signal.SIGKILL)  # its children too
    except ProcessLookupError:
        return
