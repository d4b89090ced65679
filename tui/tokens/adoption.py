"""Stores a token that exists: from a login that just issued it, or from a person who has it."""

import asyncio
from dataclasses import dataclass, replace

from tui.facebook.errors import FacebookError, means_wrong_app
from tui.facebook.models import Inspection
from tui.redact import Secret
from tui.tokens.asker import Access, Asker
from tui.tokens.errors import AdoptionRefused, NameTaken, NoCredentials, NoSuchToken, Refusal
from tui.tokens.extension import inspected, is_no_token, judge
from tui.tokens.life import is_usable
from tui.tokens.recorder import failure_of
from tui.tokens.token import DAY, Failure, GranularScope, Token, deadline

IMPORT = "import"
SHORT = DAY
"""Seconds: a login's token that lives less is the short kind, to be exchanged at once (graph-api.md section 14)."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A value on its way in: what is known of it, and its version where it is on disk already."""

    token: Token
    value: Secret
    version: str | None
    seen: Inspection | None


async def adopt(
    asker: Asker,
    name: str,
    profile: str,
    value: Secret,
    origin: str,
    expires_in: int | None,
    *,
    may_replace: bool,
) -> Token:
    """Store, inspect, store what it is. What `Keeper.adopt` says holds here."""
    version = None
    if origin != IMPORT:  # just issued: on disk before anything else, even before its name is looked at
        version = await asyncio.to_thread(_keep, asker, name, profile, value, origin)
    current = await asyncio.to_thread(_current, asker, name)
    if current is not None and not may_replace:
        raise NameTaken(name)
    now = int(asker.clock.now())
    token = Token(
        name=name,
        profile=profile,
        app_id="",
        obtained_at=now,
        expires_at=now + expires_in if expires_in else None,
        origin=origin,
        fingerprint=value.fingerprint(),
    )
    try:
        access = await asker.access(profile)
    except NoCredentials:
        failure = Failure(now, None, None, "", cause="")
        return await asyncio.to_thread(
            _store_candidate, asker, _Candidate(replace(token, failure=failure), value, version, None), None
        )
    candidate = await _inspected(asker, _Candidate(token, value, version, None), access)
    if origin != IMPORT:
        candidate = await _lengthened(asker, candidate, access)
    stored = await asyncio.to_thread(_store_candidate, asker, candidate, current)
    return await asker.describe(stored, candidate.value, access)


async def _inspected(asker: Asker, candidate: _Candidate, access: Access) -> _Candidate:
    """Ask what the value is; where that fails it is unknown. Raises AdoptionRefused."""
    app_id = access.app.app_id
    token = replace(candidate.token, app_id=app_id)
    try:
        seen = await asker.ask(candidate.value, access)
    except FacebookError as error:
        if means_wrong_app(error):
            raise _other_app(token) from None
        failure = failure_of(error, int(asker.clock.now()))
        return replace(candidate, token=replace(token, failure=failure))
    if seen.app_id and seen.app_id != app_id:
        raise _other_app(token)
    if token.origin == IMPORT and is_no_token(seen):  # what a login issued is kept, however it is described
        message = seen.error.message if seen.error is not None else ""
        raise AdoptionRefused(Refusal.NO_TOKEN, token.name, token.profile, message=message)
    return replace(candidate, token=inspected(replace(token, expires_at=None), seen), seen=seen)


async def _lengthened(asker: Asker, candidate: _Candidate, access: Access) -> _Candidate:
    """Exchange a short-lived token of a login; what does not prove itself better is left as a candidate."""
    token, before = candidate.token, candidate.seen
    now = asker.clock.now()
    if before is None or token.verdict != "valid" or token.expires_at is None or token.kind == "app":
        return candidate
    if token.expires_at - now > SHORT:
        return candidate
    try:
        version, value = await asker.exchange(token.name, token.profile, candidate.value, access, token.kind)
        after = await asker.ask(value, access)
    except FacebookError as error:
        failure = failure_of(error, int(now))
        return replace(candidate, token=replace(token, failure=failure))
    if judge(before, after).reason is not None:
        return candidate
    at = int(asker.clock.now())
    token = inspected(replace(token, issued_at=None), after)
    token = replace(token, extended_at=at, tried_at=at, fingerprint=value.fingerprint())
    asker.own.add(token.fingerprint)
    return _Candidate(token, value, version, after)


def _store_candidate(asker: Asker, candidate: _Candidate, current: Token | None) -> Token:
    """Make the candidate the token of its name. Raises AdoptionRefused where the current one is better."""
    token = candidate.token
    if current is not None:
        _check_better(current, token, asker.clock.now())
        token = replace(token, pages=current.pages)
    version = candidate.version or _keep(asker, token.name, token.profile, candidate.value, token.origin)
    if current is None:
        asker.store.add_token(token, version)
    else:
        asker.store.make_current(token.name, version, token)
    asker.recorder.adopted(token, IMPORT if token.origin == IMPORT else "login", candidate.value)
    return token


def _check_better(current: Token, token: Token, now: float) -> None:
    if not is_usable(current, now):
        return
    lost = tuple(GranularScope(scope) for scope in sorted(set(current.scopes) - set(token.scopes)))
    old_end, new_end = deadline(current), deadline(token)
    if not is_usable(token, now):
        refusal = Refusal.NOT_KNOWN_TO_WORK
    elif current.subject_id and token.subject_id != current.subject_id:
        refusal = Refusal.OTHER_PERSON
    elif lost:
        refusal = Refusal.SCOPES_LOST
    elif new_end is not None and (old_end is None or new_end < old_end):
        refusal = Refusal.EARLIER_END
    else:
        return
    raise AdoptionRefused(refusal, token.name, token.profile, lost_scopes=lost)


def _keep(asker: Asker, name: str, profile: str, value: Secret, origin: str) -> str:
    return asker.store.add_issued(name, profile, value, at=int(asker.clock.now()), origin=origin)


def _current(asker: Asker, name: str) -> Token | None:
    try:
        return asker.store.token(name)
    except NoSuchToken:
        return None


def _other_app(token: Token) -> AdoptionRefused:
    return AdoptionRefused(Refusal.OTHER_APP, token.name, token.profile, app_id=token.app_id)
