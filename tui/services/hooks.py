"""Runs the commands of `[hooks]` after an event of a token: with facts in the environment, never the token."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from tui.clock import rfc3339
from tui.services.root import Services
from tui.settings.schema import Hooks
from tui.stored_json import json_object
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.states import TokenState, is_unusable
from tui.tokens.token import Token, reason, state

LIMIT = 30.0
"""Seconds that a hook may take before it is ended."""

Event = Literal["extended", "due", "expired"]

_NOTED = "hooks/told"
"""Note of the vault: the event that a hook last ran for, by token, as JSON."""


class HookFailed(NamedTuple):
    """A hook that did not end with status 0. `problem` says how; `detail`: its status, or what the system said."""

    event: Event
    program: str
    problem: Literal["not_started", "slow", "failed"]
    detail: str


async def run_hooks(
    services: Services, results: Sequence[RefreshResult], on_failure: Callable[[HookFailed], None]
) -> None:
    """Run the hooks for the results of a refresh, and for tokens that have become due or unusable since the last run.

    One after the other; failures go to `on_failure`. The last event of each token is noted, so that its hook runs
    once, whichever command noticed the event and however often the timer runs; for a token that needs a new login
    after a refresh it runs each time.
    """
    hooks = services.settings.hooks
    if not (hooks.extended or hooks.due or hooks.expired):
        return

    async def run(event: Event, facts: Mapping[str, str]) -> None:
        if failed := await _run(hooks, event, facts):
            on_failure(failed)

    by_name = {result.name: result for result in results}
    noted = json_object(await asyncio.to_thread(services.meta.get, _NOTED))
    events: dict[str, str] = {}
    for token in await asyncio.to_thread(services.tokens):
        result = by_name.get(token.name)
        code = result.result if result is not None else None
        if code is RefreshCode.EXTENDED:
            await run("extended", _facts(services, token, result))
        needs_login = code is RefreshCode.LOGIN_NEEDED
        its_state = state(token, services.clock.now(), services.settings.window_of(token.profile))
        event: Event = "expired" if is_unusable(its_state) else "due"
        if event == "due" and its_state is not TokenState.DUE and not needs_login:
            continue
        if needs_login or noted.get(token.name) != event:
            await run(event, _facts(services, token, result if needs_login else None))
        events[token.name] = event
    if events != noted:
        await asyncio.to_thread(services.meta.set, _NOTED, json.dumps(events))


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


async def _run(hooks: Hooks, event: Event, facts: Mapping[str, str]) -> HookFailed | None:
    command: tuple[str, ...] = getattr(hooks, event)
    if not command:
        return None
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, "IGAUTH_EVENT": event, **facts},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=2,  # our stdout is data
            start_new_session=True,
        )
    except OSError as error:
        return HookFailed(event, command[0], "not_started", error.strerror or "")
    try:
        status = await asyncio.wait_for(process.wait(), LIMIT)
    except (TimeoutError, asyncio.CancelledError) as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its children too
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        return HookFailed(event, command[0], "slow", f"{LIMIT:.0f}")
    return HookFailed(event, command[0], "failed", str(status)) if status else None
