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


class Adoption:
    """Stores a new token in whatever state Facebook reports."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._store = asker.store
        self._clock = asker.clock

    async def adopt(
        self,
        name: str,
        profile: str,
        value: Secret,
        origin: str,
        expires_in: int | None,
        *,
        replace_existing: bool,
    ) -> Token:
        """Store, inspect, store what it is. What `Keeper.adopt` says holds here."""
        version = None
        if origin != IMPORT:  # just issued: on disk before anything else, even before its name is looked at
            version = await asyncio.to_thread(self._keep, name, profile, value, origin)
        current = await asyncio.to_thread(self._current, name)
        if current is not None and not replace_existing:
            raise NameTaken(name)
        now = int(self._clock.now())
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
            access = await self._asker.access(profile)
        except NoCredentials:
            failure = Failure(now, None, None, "", cause="")
            return await asyncio.to_thread(
                self._store_candidate, _Candidate(replace(token, failure=failure), value, version, None), None
            )
        candidate = await self._inspected(_Candidate(token, value, version, None), access)
        if origin != IMPORT:
            candidate = await self._lengthened(candidate, access)
        stored = await asyncio.to_thread(self._store_candidate, candidate, current)
        return await self._asker.describe(stored, candidate.value, access)

    async def _inspected(self, candidate: _Candidate, access: Access) -> _Candidate:
        """Ask what the value is; where that fails it is unknown. Raises AdoptionRefused."""
        app_id = access.app.app_id
        token = replace(candidate.token, app_id=app_id)
        try:
            seen = await self._asker.ask(candidate.value, access)
        except FacebookError as error:
            if means_wrong_app(error):
                raise _other_app(token) from None
            failure = failure_of(error, int(self._clock.now()))
            return replace(candidate, token=replace(token, failure=failure))
        if seen.app_id and seen.app_id != app_id:
            raise _other_app(token)
        if token.origin == IMPORT and is_no_token(seen):  # what a login issued is kept, however it is described
            message = seen.error.message if seen.error is not None else ""
            raise AdoptionRefused(Refusal.NO_TOKEN, token.name, token.profile, message=message)
        return replace(candidate, token=inspected(replace(token, expires_at=None), seen), seen=seen)

    async def _lengthened(self, candidate: _Candidate, access: Access) -> _Candidate:
        """Exchange a short-lived token of a login; what does not prove itself better is left as a candidate."""
        token, before = candidate.token, candidate.seen
        now = self._clock.now()
        if before is None or token.verdict != "valid" or token.expires_at is None or token.kind == "app":
            return candidate
        if token.expires_at - now > SHORT:
            return candidate
        try:
            version, value = await self._asker.exchange(token.name, token.profile, candidate.value, access, token.kind)
            after = await self._asker.ask(value, access)
        except FacebookError as error:
            failure = failure_of(error, int(now))
            return replace(candidate, token=replace(token, failure=failure))
        if judge(before, after).reason is not None:
            return candidate
        at = int(self._clock.now())
        token = inspected(replace(token, issued_at=None), after)
        token = replace(token, extended_at=at, tried_at=at, fingerprint=value.fingerprint())
        self._asker.own.add(token.fingerprint)
        return _Candidate(token, value, version, after)

    def _store_candidate(self, candidate: _Candidate, current: Token | None) -> Token:
        """Make the candidate the token of its name. Raises AdoptionRefused where the current one is better."""
        token = candidate.token
        if current is not None:
            self._check_better(current, token)
            token = replace(token, pages=current.pages)
        version = candidate.version or self._keep(token.name, token.profile, candidate.value, token.origin)
        if current is None:
            self._store.add_token(token, version)
        else:
            self._store.make_current(token.name, version, token)
        self._asker.recorder.adopted(token, IMPORT if token.origin == IMPORT else "login", candidate.value)
        return token

    def _check_better(self, current: Token, token: Token) -> None:
        now = self._clock.now()
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

    def _keep(self, name: str, profile: str, value: Secret, origin: str) -> str:
        return self._store.add_issued(name, profile, value, at=int(self._clock.now()), origin=origin)

    def _current(self, name: str) -> Token | None:
        try:
            return self._store.token(name)
        except NoSuchToken:
            return None


def _other_app(token: Token) -> AdoptionRefused:
    return AdoptionRefused(Refusal.OTHER_APP, token.name, token.profile, app_id=token.app_id)
