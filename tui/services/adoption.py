"""Stores a token that exists: from a login that just issued it, or from a person who has it."""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum

from tui.facebook.errors import FacebookError, means_wrong_app
from tui.facebook.models import Inspection
from tui.facebook.permissions import GranularScope
from tui.redact import Secret
from tui.services.asker import Access, Asker, IssuedVersion
from tui.services.recorder import failure_of
from tui.tokens.errors import NameTaken, NoCredentials, NoSuchToken
from tui.tokens.extension import extended, inspected, is_no_token, judge
from tui.tokens.life import is_usable
from tui.tokens.token import DAY, Failure, Token, deadline

IMPORT = "import"
SHORT = DAY
"""Seconds: a login's token that lives less is the short kind, to be exchanged at once (graph-api.md section 14)."""


class Refusal(StrEnum):
    """Why a new token was not made current."""

    NOT_KNOWN_TO_WORK = "not_known_to_work"
    OTHER_PERSON = "other_person"
    SCOPES_LOST = "scopes_lost"
    EARLIER_END = "earlier_end"
    OTHER_APP = "other_app"
    NO_TOKEN = "no_token"  # noqa: S105 - Facebook could not read the text as a token


@dataclass(eq=False)
class AdoptionRefused(Exception):
    """A new token was not made current under `name`. `message` is Facebook's, where it gave one."""

    refusal: Refusal
    name: str
    profile: str
    app_id: str = ""
    lost_scopes: tuple[GranularScope, ...] = ()
    message: str = ""


async def adopt(asker: Asker, token: Token, value: Secret, *, may_replace: bool) -> Token:
    """Store, inspect, store what it is. `token` holds what is known of it; `Keeper.adopt` says the rest."""
    issued = IssuedVersion("", value)  # an import is stored when it is known to be a token
    if token.origin != IMPORT:  # just issued: on disk before anything else, even before its name is looked at
        issued = await asyncio.to_thread(asker.keep, token, value, token.origin)
    current = await asyncio.to_thread(_current, asker, token.name)
    if current is not None and not (may_replace and current.profile == token.profile):
        raise NameTaken(token.name)
    try:
        access = await asker.access(token.profile)
    except NoCredentials:
        token = replace(token, failure=Failure(token.obtained_at, None, None, "", cause=""))
        return await asyncio.to_thread(_store, asker, token, issued, current)
    token, seen = await _inspected(asker, token, value, access)
    if token.origin != IMPORT and seen is not None and _is_short(token):
        token, issued = await _lengthened(asker, token, issued, seen, access)
    stored = await asyncio.to_thread(_store, asker, token, issued, current)
    try:
        return await asker.describe(stored, issued.value, access)
    except FacebookError:  # the app or the person is refused; the token is stored all the same
        return await asyncio.to_thread(asker.store.token, token.name)


async def _inspected(asker: Asker, token: Token, value: Secret, access: Access) -> tuple[Token, Inspection | None]:
    """Ask what the value is; where that fails it is unknown. Raises AdoptionRefused."""
    app_id = access.app.app_id
    token = replace(token, app_id=app_id)
    try:
        seen = await asker.ask(value, access)
    except FacebookError as error:
        if means_wrong_app(error):
            raise _other_app(token) from None
        return replace(token, failure=failure_of(error, int(asker.clock.now()))), None
    if seen.app_id and seen.app_id != app_id:
        raise _other_app(token)
    if token.origin == IMPORT and is_no_token(seen):  # what a login issued is kept, however it is described
        message = seen.error.message if seen.error is not None else ""
        raise AdoptionRefused(Refusal.NO_TOKEN, token.name, token.profile, message=message)
    return inspected(replace(token, expires_at=None), seen), seen


def _is_short(token: Token) -> bool:
    if token.verdict != "valid" or token.expires_at is None or token.kind == "app":
        return False
    return token.expires_at - token.obtained_at <= SHORT


async def _lengthened(
    asker: Asker, token: Token, issued: IssuedVersion, before: Inspection, access: Access
) -> tuple[Token, IssuedVersion]:
    """Exchange a short-lived token of a login; what does not prove itself better is left as a candidate."""
    try:
        longer = await asker.exchange(token, issued.value, access)
        after = await asker.ask(longer.value, access)
    except FacebookError as error:
        return replace(token, failure=failure_of(error, int(asker.clock.now()))), issued
    if judge(before, after) is not None:
        return token, issued
    token = extended(token, after, longer.value.fingerprint(), int(asker.clock.now()))
    asker.own.add(token.fingerprint)
    return token, longer


def _store(asker: Asker, token: Token, issued: IssuedVersion, current: Token | None) -> Token:
    """Make the new token the one of its name. Raises AdoptionRefused where the current one is better."""
    if current is not None:
        _check_better(current, token, asker.clock.now())
        token = replace(token, pages=current.pages)
    version = issued.id or asker.keep(token, issued.value, token.origin).id
    if current is None:
        asker.store.add_token(token, version)
    else:
        asker.store.make_current(token.name, version, token)
    asker.recorder.adopted(token, IMPORT if token.origin == IMPORT else "login")
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


def _current(asker: Asker, name: str) -> Token | None:
    try:
        return asker.store.token(name)
    except NoSuchToken:
        return None


def _other_app(token: Token) -> AdoptionRefused:
    return AdoptionRefused(Refusal.OTHER_APP, token.name, token.profile, app_id=token.app_id)
