"""Runs the commands of `[hooks]` after an event of a token: with facts in the environment, never the token."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from tui.clock import rfc3339
from tui.network.silence import is_given_up, note_answer, note_no_answer, one_run
from tui.services.child import LIMIT, run_child
from tui.services.hook_record import AGAIN, Event, HookFailed, HookRecord, Problem, program_of
from tui.services.root import Services
from tui.settings.schema import Hooks
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.states import TokenState, is_unusable
from tui.tokens.token import DAY, Token, reason, state

UNREACHABLE = 2 * DAY
"""Seconds without an answer about a token from which Facebook is unreachable."""


class _Current(NamedTuple):
    """An event of a token that lasts. `facts` beside those of every event; `since` of `unreachable` alone."""

    token: Token
    event: Event
    facts: Mapping[str, str]
    is_to_be_reported: bool
    since: int = 0


async def run_hooks(
    services: Services,
    results: Sequence[RefreshResult],
    on_failure: Callable[[HookFailed], None],
    not_asked: Collection[str] = (),
    *,
    again: int = AGAIN,
) -> tuple[HookFailed, ...]:
    """Run the hooks for the results of a refresh, and for what has become of tokens since the last run.

    One after the other; failures go to `on_failure`. An event is reported when its hook ends with status 0: that
    happens once, by any command that notices it and however often the timer runs. Else later runs try it again, after
    `again` seconds. For a token that needs a new login after a refresh it runs each time. `not_asked` are
    tokens that this run could not ask about. Return the failures, of this run or an earlier one, of hooks that have
    still to report an event. Raises VaultError.
    """
    hooks = services.settings.hooks
    if not any(program_of(hooks, event) for event in ("extended", "due", "expired", "unreachable")):
        return ()
    record = await asyncio.to_thread(lambda: HookRecord(services.meta))
    silent = {*not_asked, *(result.name for result in results if result.result is RefreshCode.COULD_NOT_ASK)}
    by_name = {result.name: result for result in results}
    current: set[tuple[str, Event]] = set()
    tokens = await asyncio.to_thread(services.tokens)
    with one_run():
        for token in tokens:
            for one in _events(services, token, by_name.get(token.name), record, token.name in silent, again):
                current.add((token.name, one.event))
                if one.is_to_be_reported:
                    await _report(services, record, one, on_failure)
                    await asyncio.to_thread(record.save)
    record.settle(current, [token.name for token in tokens], hooks)
    await asyncio.to_thread(record.save)
    return record.late(hooks)


def _events(
    services: Services, token: Token, result: RefreshResult | None, record: HookRecord, could_not_ask: bool, again: int
) -> Iterator[_Current]:
    """Yield the events of a token now."""
    now = services.clock.now()

    def may_try(event: Event) -> bool:
        waiting = record.waiting(token.name, event)
        if waiting is None or waiting.program != program_of(services.settings.hooks, event):
            return True  # another program may do better
        return now - waiting.at >= again

    code = result.result if result is not None else None
    if result is not None and code is RefreshCode.EXTENDED:
        yield _Current(token, "extended", _result_facts(result), is_to_be_reported=True)
    elif waiting := record.waiting(token.name, "extended"):
        yield _Current(token, "extended", waiting.facts, may_try("extended"))
    needs_login = code is RefreshCode.LOGIN_NEEDED
    its_state = state(token, now, services.settings.window_of(token.profile))
    is_over = is_unusable(its_state)
    if is_over or its_state is TokenState.DUE or needs_login:
        event: Event = "expired" if is_over else "due"
        facts = _result_facts(result) if result is not None and needs_login else {}
        is_unreported = record.reported.get(token.name) != event or needs_login
        yield _Current(token, event, facts, is_unreported and may_try(event))
    since = unreachable_since(token, now, could_not_ask=could_not_ask)
    if since is not None and not is_over:
        facts = {"IGAUTH_UNREACHABLE_SINCE": rfc3339(since) or "", "IGAUTH_REASON": _cause(token)}
        is_unreported = record.unreachable.get(token.name) != since
        yield _Current(token, "unreachable", facts, is_unreported and may_try("unreachable"), since)


def unreachable_since(token: Token, now: float, *, could_not_ask: bool) -> int | None:
    """Return when Facebook last answered about a token that it has not answered about for two days, else None.

    Unix seconds, UTC. `could_not_ask`: the last attempt failed; the token's own failure says that too.
    """
    failed_at = token.failure.at if token.failure is not None else 0
    last = token.inspected_at or token.obtained_at or failed_at or int(now)
    is_silent = could_not_ask or failed_at > last
    return last if is_silent and now - last >= UNREACHABLE else None


async def _report(
    services: Services, record: HookRecord, one: _Current, on_failure: Callable[[HookFailed], None]
) -> None:
    """Run the hook of an event, and note what came of it; an event without a hook counts as reported."""
    token, event, hooks = one.token, one.event, services.settings.hooks
    if program := program_of(hooks, event):
        at = int(services.clock.now())
        if failure := await _run(hooks, event, {**token_facts(services, token), **one.facts}):
            failed = HookFailed(event, program, *failure, token.name, at)
            record.note_failed(failed, one.facts if event == "extended" else {})
            on_failure(failed)
            return
        record.note_reported(token.name, event)
    if event == "unreachable":
        record.unreachable[token.name] = one.since
    elif event != "extended":
        record.reported[token.name] = event


def token_facts(services: Services, token: Token) -> dict[str, str]:
    """Return what a command of the person's gets to know of a token, as environment variables."""
    now = services.clock.now()
    return {
        "IGAUTH_TOKEN_NAME": token.name,
        "IGAUTH_PROFILE": token.profile,
        "IGAUTH_STATE": state(token, now, services.settings.window_of(token.profile)),
        "IGAUTH_REASON": reason(token, now) or "",
        "IGAUTH_EXPIRES_AT": rfc3339(token.expires_at) or "never",
        "IGAUTH_DATA_ACCESS_EXPIRES_AT": rfc3339(token.data_access_expires_at) or "none",
    }


def _result_facts(result: RefreshResult) -> dict[str, str]:
    return {
        "IGAUTH_RESULT": result.result,
        "IGAUTH_SECONDS_GAINED": str(result.seconds_gained),
        "IGAUTH_REASON": result.reason or "",
    }


def _cause(token: Token) -> str:
    """Return why Facebook was not asked: a cause, or code and subcode; empty where igauth could not even try."""
    failure = token.failure
    if failure is None or failure.code is None:
        return failure.cause if failure is not None else ""
    return f"{failure.code}/{failure.subcode}" if failure.subcode is not None else str(failure.code)


async def _run(hooks: Hooks, event: Event, facts: Mapping[str, str]) -> tuple[Problem, str] | None:
    """Run the hook of an event; return how it failed, with the detail, or None."""
    command: tuple[str, ...] = getattr(hooks, event)
    peer = f"hook {event}"
    if is_given_up(peer):
        return ("skipped", "")
    try:
        ended = await run_child(command, {"IGAUTH_EVENT": event, **facts}, LIMIT)
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        return ("not_started", getattr(error, "strerror", None) or str(error))
    if ended.status is None:
        note_no_answer(peer)
        return ("slow", f"{LIMIT:.0f}")
    note_answer(peer)
    return ("failed", str(ended.status)) if ended.status else None
