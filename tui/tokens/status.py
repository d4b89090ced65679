"""The last known state of every token, as the object of `status --json` and its exit status: pure functions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tui.tokens.countdown import rfc3339
from tui.tokens.life import missing_scopes, report_key
from tui.tokens.token import (
    GranularScope,
    PageToken,
    State,
    Token,
    deadline,
    nearer_clock,
    reason,
    state,
)

SCHEMA = 1
VALID, DUE, DEAD, UNKNOWN = 0, 1, 2, 3
"""Exit statuses of `igauth status` (design.md, Commands): the worst is 2, then 3, then 1."""

WindowOf = Callable[[str], int]
ExpectedOf = Callable[[str], Sequence[str]]


def _nothing_expected(_profile: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One token and what is true of it at one moment. Times are unix seconds, UTC; `left` in seconds."""

    token: Token
    state: State
    reason: str | None
    deadline: int | None
    left: int | None
    missing: tuple[str, ...] = ()


def entries(
    tokens: Iterable[Token], now: float, window_of: WindowOf, expected_of: ExpectedOf = _nothing_expected
) -> list[Entry]:
    """Return an entry a token: soonest deadline first, none last, then by name."""
    known: dict[str, tuple[int, Sequence[str]]] = {}
    found = []
    for token in sorted(tokens, key=report_key):
        profile = token.profile
        if profile not in known:
            known[profile] = window_of(profile), expected_of(profile)
        window, expected = known[profile]
        end = deadline(token)
        its_state = state(token, now, window)
        found.append(
            Entry(
                token,
                its_state,
                reason(token, now) if its_state in ("expired", "invalid") else None,
                end,
                None if end is None else max(0, int(end - now)),
                missing_scopes(token, expected),
            )
        )
    return found


def exit_status(tokens: Iterable[Token], now: float, window_of: WindowOf, *, could_not_ask: bool = False) -> int:
    """Return the worst of: 2 some expired or invalid, 3 unknown, could not ask or no token, 1 some due, 0 all valid."""
    windows: dict[str, int] = {}
    states = set()
    for token in tokens:
        if token.profile not in windows:
            windows[token.profile] = window_of(token.profile)
        states.add(state(token, now, windows[token.profile]))
    if states & {"expired", "invalid"}:
        return DEAD
    if could_not_ask or not states or "unknown" in states:
        return UNKNOWN
    return DUE if "due" in states else VALID


def status_report(
    tokens: Iterable[Token],
    now: float,
    window_of: WindowOf,
    matillion: Sequence[object] = (),
    *,
    expected_of: ExpectedOf = _nothing_expected,
) -> dict[str, object]:
    """Return the object of `status --json`, made at `now` (unix seconds, UTC)."""
    return {
        "schema": SCHEMA,
        "checked_at": rfc3339(now),
        "tokens": [_row(entry) for entry in entries(tokens, int(now), window_of, expected_of)],
        "matillion": list(matillion),
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
        "granular_scopes": [_granular(granular) for granular in token.granular_scopes],
        "pages": [_page(page) for page in token.pages],
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


def _granular(granular: GranularScope) -> dict[str, object]:
    return {"scope": granular.scope, "target_ids": list(granular.target_ids) or None}


def _page(page: PageToken) -> dict[str, object]:
    return {
        "id": page.page_id,
        "name": page.name,
        "instagram_id": page.instagram_id or None,
        "instagram_username": page.instagram_username or None,
        "tasks": list(page.tasks),
    }
