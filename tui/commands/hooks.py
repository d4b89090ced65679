"""Runs the commands of `[hooks]` after an event of a token: with facts in the environment, never the token."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Literal, assert_never

from tui.clock import rfc3339
from tui.commands.pipe import say
from tui.services import Services
from tui.settings.schema import Hooks
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.states import TokenState
from tui.tokens.token import Token, reason, state

LIMIT = 30.0
"""Seconds that a hook may take before it is ended."""

Event = Literal["extended", "due", "expired"]

_NOTED = "hooks/told"
"""Note of the vault: the event that a hook last ran for, by token, as JSON."""


async def run_hooks(services: Services, results: Sequence[RefreshResult] = ()) -> None:
    """Run the hooks for the results of a refresh, and for tokens that have become due or unusable since the last run.

    One after the other; failures are printed on stderr. The last event of each token is noted, so that its hook runs
    once, whichever command noticed the event and however often the timer runs; for a token that needs a new login
    after a refresh it runs each time.
    """
    hooks = services.settings.hooks
    if not (hooks.extended or hooks.due or hooks.expired):
        return
    tokens = {token.name: token for token in await asyncio.to_thread(services.tokens)}
    by_name = {result.name: result for result in results}
    noted = await asyncio.to_thread(_noted_events, services)
    events: dict[str, str] = {}
    for name, token in tokens.items():
        result = by_name.get(name)
        code = result.result if result is not None else None
        if code is RefreshCode.EXTENDED:
            await _run(hooks, "extended", _facts(services, token, result))
        needs_login = code is RefreshCode.LOGIN_NEEDED
        event = _event_of(services, token) or ("due" if needs_login else None)
        if event is None:
            continue
        if needs_login or noted.get(name) != event:
            await _run(hooks, event, _facts(services, token, result if needs_login else None))
        events[name] = event
    if events != noted:
        await asyncio.to_thread(services.meta.set, _NOTED, json.dumps(events))


def _event_of(services: Services, token: Token) -> Event | None:
    its_state = state(token, services.clock.now(), services.settings.window_of(token.profile))
    match its_state:
        case TokenState.DUE:
            return "due"
        case TokenState.EXPIRED | TokenState.INVALID:
            return "expired"
        case TokenState.VALID | TokenState.UNKNOWN:
            return None
        case _:
            assert_never(its_state)


def _noted_events(services: Services) -> dict[str, str]:
    """Return the event that a hook last ran for, by token."""
    noted = json.loads(services.meta.get(_NOTED) or "{}")
    return {str(name): str(event) for name, event in noted.items()} if isinstance(noted, dict) else {}


def _facts(services: Services, token: Token, result: RefreshResult | None) -> dict[str, str]:
    now = services.clock.now()
    facts = {
        "IGAUTH_TOKEN_NAME": token.name,
        "IGAUTH_PROFILE": token.profile,
        "IGAUTH_STATE": state(token, now, services.settings.window_of(token.profile)),
        "IGAUTH_REASON": reason(token, now) or "",
        "IGAUTH_EXPIRES_AT": rfc3339(token.expires_at) or "never",
        "IGAUTH_DATA_ACCESS_EXPIRES_AT": rfc3339(token.data_access_expires_at) or "none",
    }
    if result is not None:
        facts |= {"IGAUTH_RESULT": result.result, "IGAUTH_SECONDS_GAINED": str(result.seconds_gained)}
        facts["IGAUTH_REASON"] = result.reason or ""
    return facts


async def _run(hooks: Hooks, event: Event, facts: Mapping[str, str]) -> None:
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
        say(f"igauth: hook {event} could not be started: {command[0]}: {error.strerror}. Fix [hooks] in config.toml.")
        return
    try:
        status = await asyncio.wait_for(process.wait(), LIMIT)
    except (TimeoutError, asyncio.CancelledError) as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its children too
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        say(f"igauth: hook {event} took longer than {LIMIT:.0f} s and was ended: {command[0]}")
        return
    if status != 0:
        say(f"igauth: hook {event} ended with status {status}: {command[0]}")
