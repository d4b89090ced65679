"""Finds, among the values that Facebook issued and igauth stored, one that works where the current one does not."""

import asyncio

from tui.facebook.errors import FacebookError, means_wrong_app
from tui.facebook.models import Inspection
from tui.redact import Secret
from tui.services.asker import Access, Asker
from tui.tokens.errors import StoreError
from tui.tokens.extension import inspected, subject_of
from tui.tokens.life import is_usable
from tui.tokens.policy import plan
from tui.tokens.store import Version
from tui.tokens.token import Token

AT_ONCE = 10
"""Candidates of one token that are asked about in one run: each costs a call of what the app is allowed."""


async def use_candidate(asker: Asker, token: Token, access: Access) -> Token | None:
    """Make the newest candidate that works the current value of a token that needs a login; None where none does.

    It works where Facebook calls it valid for this app and for the same person (and Page). A token that is still usable
    is replaced only by one that has its scopes and needs no login soon. What does not work is asked about again after
    a day.
    """
    for version in await asyncio.to_thread(_waiting, asker, token):
        if asker.gates.pause(access.app.app_id):
            return None
        try:
            value = await asyncio.to_thread(asker.store.value_of, version.id)
            seen = await asker.ask(value, access)
        except StoreError:
            continue
        except FacebookError as error:
            if not means_wrong_app(error):
                return None  # it is not the candidate that Facebook speaks of
            await asyncio.to_thread(asker.trials.note, version.id)
            continue
        found = _taken(token, version, value, seen)
        if _fits(asker, token, found, seen, access):
            await asyncio.to_thread(_make_current, asker, version, found)
            return found
        await asyncio.to_thread(asker.trials.note, version.id)
    return None


def _waiting(asker: Asker, token: Token) -> list[Version]:
    """Return the candidates to ask about, newest first, each value once."""
    known = {token.fingerprint}
    found = []
    for version in asker.store.versions(token.name):
        is_new = version.status == "candidate" and version.fingerprint not in known
        if is_new and not asker.trials.is_recent(version.id):
            known.add(version.fingerprint)
            found.append(version)
    return found[:AT_ONCE]


def _taken(token: Token, version: Version, value: Secret, seen: Inspection) -> Token:
    """Return the token as it is with the candidate's value."""
    at = version.at or seen.at  # what was recovered from a damaged file has no date
    fresh = Token(
        token.name,
        token.profile,
        app_id="",
        obtained_at=at,
        extended_at=at if version.origin == "exchange" else None,
        tried_at=at if version.origin == "exchange" else None,
        origin=version.origin if version.origin == "login" else token.origin,
        fingerprint=value.fingerprint(),
        subject_name=token.subject_name,
        pages=token.pages,
    )
    return inspected(fresh, seen)


def _fits(asker: Asker, token: Token, found: Token, seen: Inspection, access: Access) -> bool:
    now = asker.clock.now()
    if seen.app_id != access.app.app_id or (token.subject_id and subject_of(seen) != token.subject_id):
        return False
    if not is_usable(token, now):
        return is_usable(found, now)
    keeps_scopes = set(token.scopes) <= set(found.scopes)
    return keeps_scopes and plan(found, now, asker.window_of(token.profile)) != "login_needed"


def _make_current(asker: Asker, version: Version, found: Token) -> None:
    asker.store.make_current(found.name, version.id, found)
    asker.own.add(found.fingerprint)
    asker.recorder.adopted(found, "adopt")
    asker.trials.forget(version.id)
