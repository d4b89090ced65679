"""The last known state of every token, as the object of `status --json` and its exit status: pure functions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tui.clock import rfc3339
from tui.tokens.automation import Automation
from tui.tokens.life import missing_scopes
from tui.tokens.states import STATES, TokenState, is_unusable
from tui.tokens.token import Token, deadline, nearer_clock, reason, state

SCHEMA = 1
CHECK_FAILED = STATES[TokenState.UNKNOWN].exit_status
"""Exit status of `igauth status` where Facebook could not be asked or there is no token."""
_WORST_FIRST = (2, 3, 1, 0)

WindowOf = Callable[[str], int]
ExpectedOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One token and what is true of it at one moment. Times are unix seconds, UTC; `left` in seconds."""

    token: Token
    state: TokenState
    reason: str | None
    deadline: int | None
    left: int | None
    missing: tuple[str, ...] = ()


def entries(
    tokens: Iterable[Token], now: float, window_of: WindowOf, expected_of: ExpectedOf = lambda _profile: ()
) -> list[Entry]:
    """Return an entry a token: soonest deadline first, none last, then by name (docs/architecture.md, Contracts)."""
    known: dict[str, tuple[int, Sequence[str]]] = {}
    found = []
    for token in tokens:
        profile = token.profile
        if profile not in known:
            known[profile] = window_of(profile), expected_of(profile)
        window, expected = known[profile]
        end = deadline(token)
        found.append(
            Entry(
                token,
                state(token, now, window),
                reason(token, now),
                end,
                None if end is None else max(0, int(end - now)),
                missing_scopes(token, expected),
            )
        )
    return sorted(found, key=lambda entry: (entry.deadline is None, entry.deadline or 0, entry.token.name))


def exit_status(states: Iterable[TokenState], *, could_not_ask: bool = False) -> int:
    """Return the worst of: 2 some expired or invalid, 3 unknown, could not ask or no token, 1 some due, 0 all valid."""
    worst = max(states, key=lambda its_state: STATES[its_state].severity, default=TokenState.UNKNOWN)
    if could_not_ask and not is_unusable(worst):
        return CHECK_FAILED
    return STATES[worst].exit_status


def worst_first(status: int) -> int:
    """Return where an exit status stands from bad to good, as a key to sort by: 2 before 3 before 1 before 0."""
    return _WORST_FIRST.index(status)


def status_report(
    found: Iterable[Entry], now: float, matillion: Sequence[object] = (), timer: Automation | None = None
) -> dict[str, object]:
    """Return the object of `status --json` for entries made at `now` (unix seconds, UTC)."""
    return {
        "schema": SCHEMA,
        "checked_at": rfc3339(now),
        "tokens": [_row(entry) for entry in found],
        "matillion": list(matillion),
        "timer": None if timer is None else timer_report(timer, now),
    }


def timer_report(timer: Automation, now: float) -> dict[str, object]:
    """Return what is known of the timer at `now` and of its last run. `last_run` is null where no outcome is known."""
    run = timer.run
    return {
        "state": timer.state(now),
        "kind": timer.kind,
        "every_seconds": timer.every,
        "installed_at": rfc3339(timer.since),
        "last_run": None
        if run is None
        else {
            "began": rfc3339(run.began),
            "ended": rfc3339(run.ended),
            "extended": run.extended,
            "failures": [
                {"problem": failure.problem, "names": list(failure.names), "detail": failure.detail or None}
                for failure in run.failures
            ],
            "exit_status": run.exit_status,
        },
        "last_success": rfc3339(timer.last_success),
        "next_run": rfc3339(timer.next_run),
        "missed": timer.missed(now),
        "failing_since": rfc3339(timer.failing_since),
    }


def _row(entry: Entry) -> dict[str, object]:
    token = entry.token
    failure = token.failure
    return {
        "profile": token.profile,
        "name": token.name,
        "kind": token.kind,
        "state": entry.state,
        "reason": entry.reason,
        "expires_at": rfc3339(token.expires_at),
        "data_access_expires_at": rfc3339(token.data_access_expires_at),
        "deadline": rfc3339(entry.deadline),
        "nearer_clock": nearer_clock(token),
        "seconds_left": entry.left,
        "inspected_at": rfc3339(token.inspected_at),
        "app_id": token.app_id or None,
        "subject_id": token.subject_id or None,
        "subject_name": token.subject_name or None,
        "issued_at": rfc3339(token.issued_at),
        "obtained_at": rfc3339(token.obtained_at or None),
        "extended_at": rfc3339(token.extended_at),
        "origin": token.origin or None,
        "fingerprint": token.fingerprint or None,
        "scopes": list(token.scopes),
        "missing_scopes": list(entry.missing),
        "granular_scopes": [
            {"scope": granted.scope, "target_ids": list(granted.target_ids) or None}
            for granted in token.granular_scopes
        ],
        "pages": [
            {
                "id": page.page_id,
                "name": page.name,
                "instagram_id": page.instagram_id or None,
                "instagram_username": page.instagram_username or None,
                "tasks": list(page.tasks),
            }
            for page in token.pages
        ],
        "failure": None
        if failure is None
        else {
            "at": rfc3339(failure.at),
            "code": failure.code,
            "subcode": failure.subcode,
            "message": failure.message,
            "fbtrace_id": failure.fbtrace_id or None,
        },
    }
