"""Asks Facebook on behalf of the keeper, within what it allows, and stores each answer at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tui.clock import Clock
from tui.facebook.errors import FacebookError, means_app_limit
from tui.facebook.models import AppCredentials, Inspection, Issued
from tui.facebook.remedies import refusal_of
from tui.redact import Secret
from tui.services.candidate_trials import CandidateTrials
from tui.services.clock_difference import ClockDifference
from tui.services.pauses import Pauses
from tui.services.recorder import Recorder
from tui.tokens.errors import NoCredentials, StoreUnavailable
from tui.tokens.extension import inspected
from tui.tokens.gates import Gates, Pause
from tui.tokens.token import Token
from tui.vault.errors import VaultError
from tui.vault.tokens_table import TokensTable

if TYPE_CHECKING:
    from tui.facebook.client import GraphClient

Answer = TypeVar("Answer")

_SECOND_TRY = 1.0
"""Seconds before an exchange that Facebook called a passing fault is tried once more."""


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to ask Facebook about one profile's tokens."""

    graph: "GraphClient"
    app: AppCredentials


class IssuedVersion(NamedTuple):
    """A value that is on disk as a candidate, and the id of its version."""

    id: str
    value: Secret


@dataclass(eq=False)
class Asker:
    """The calls the keeper makes, each with its bookkeeping: usage, failures, stored answers.

    `client` and `credentials` are asked by profile name; `window_of` returns a profile's refresh window in seconds.
    """

    store: TokensTable
    client: "Callable[[str], Awaitable[GraphClient]]"
    credentials: Callable[[str], AppCredentials]
    clock: Clock
    window_of: Callable[[str], int]
    recorder: Recorder
    gates: Gates
    pauses: Pauses
    difference: ClockDifference
    trials: CandidateTrials
    _noted_skew: float | None = field(default=None, init=False)
    own: set[str] = field(default_factory=set)
    """Fingerprints of what this process extended: what another run extended is reported as its work."""

    async def access(self, profile: str) -> Access:
        """Return client and app credentials of a profile. Raises NoCredentials, StoreError.

        A pause that Facebook asked another process for counts from here on.
        """
        try:
            app = await asyncio.to_thread(self.credentials, profile)
        except VaultError as error:  # a locked keyring does not mean that credentials are missing
            raise StoreUnavailable(profile, error) from None
        except Exception as error:
            raise NoCredentials(profile, error) from None
        if (until := await asyncio.to_thread(self.pauses.read, app.app_id)) is not None:
            self.gates.close(app.app_id, until)
        return Access(await self.client(profile), app)

    async def ask(self, value: Secret, access: Access) -> Inspection:
        """Ask what a token is now. Raises FacebookError."""
        return await self._counted(access, access.graph.inspect(access.app, value))

    async def inspect(self, token: Token, value: Secret, access: Access) -> tuple[Token, Inspection]:
        """Inspect the current value and store what came of it. Raises FacebookError, kept beside the last state."""
        try:
            seen = await self.ask(value, access)
        except FacebookError as error:
            await asyncio.to_thread(self.recorder.failed, token, error, "inspect")
            raise
        fresh = inspected(token, seen)
        await asyncio.to_thread(self._store_inspection, token, fresh)
        return fresh, seen

    def _store_inspection(self, token: Token, fresh: Token) -> None:
        self.store.update_token(fresh)
        self.recorder.inspected(token, fresh, self.window_of(token.profile))

    async def exchange(self, token: Token, value: Secret, access: Access) -> IssuedVersion:
        """Exchange a token; the new one is on disk when this returns it.

        A fault that Facebook itself calls passing is tried once more. Raises FacebookError.
        """

        async def issue() -> Issued:
            call = access.graph.exchange_long_lived(access.app, value, sixty_days=token.kind == "system_user")
            return await self._learning(access, call)

        before = self.gates.pause(access.app.app_id)
        try:
            try:
                issued = await issue()
            except FacebookError as error:
                if not error.is_transient or error.cause == "throttled":
                    raise
                await asyncio.sleep(_SECOND_TRY)
                issued = await issue()
            return await asyncio.to_thread(self.keep, token, issued.value, "exchange")
        finally:
            await self._note(access, before)

    def keep(self, token: Token, value: Secret, origin: str) -> IssuedVersion:
        """Store a value that was issued just now, before anything else is done with it."""
        at = int(self.clock.now())
        version = self.store.add_issued(token.name, token.profile, value, at=at, origin=origin)
        return IssuedVersion(version, value)

    async def describe(self, token: Token, value: Secret, access: Access) -> Token:
        """Learn the person's name and the Pages reached, as far as Facebook tells; most failures change nothing.

        Raises FacebookError where the app or the person is refused; it is stored beside the token's state.
        """
        if token.verdict != "valid" or self.gates.pause(access.app.app_id):
            return token
        try:
            if not token.subject_name and token.kind in ("user", "page", "system_user"):
                name = await self._counted(access, access.graph.me(access.app, value))
                token = replace(token, subject_name=name)
                await asyncio.to_thread(self.store.update_token, token)
            if token.kind == "user":
                token = await self.pages(token, value, access)
        except FacebookError as error:
            if refusal_of(error) is None:
                return token
            await asyncio.to_thread(self.recorder.failed, token, error, "inspect")
            raise
        if token.failure is not None:  # what stood was a refusal to answer just this
            token = replace(token, failure=None)
            await asyncio.to_thread(self.store.update_token, token)
        return token

    async def pages(self, token: Token, value: Secret, access: Access) -> Token:
        """Ask which Pages a token reaches, store and return it. Raises FacebookError."""
        pages = await self._counted(access, access.graph.pages(access.app, value))
        found = tuple(replace(page, token=Secret("")) for page in pages)
        if found != token.pages:
            token = replace(token, pages=found)
            await asyncio.to_thread(self.store.update_token, token)
        return token

    async def _counted(self, access: Access, call: Awaitable[Answer]) -> Answer:
        """Make a call, and learn from its answer what is stored for the processes to come."""
        before = self.gates.pause(access.app.app_id)
        try:
            return await self._learning(access, call)
        finally:
            await self._note(access, before)

    async def _learning(self, access: Access, call: Awaitable[Answer]) -> Answer:
        """Make a call, and learn from its headers or its refusal how much more the app may ask."""
        app_id = access.app.app_id
        try:
            return await call
        except FacebookError as error:
            if means_app_limit(error):
                self.gates.throttle(app_id, error.regain_minutes)
            raise
        finally:
            self.gates.learn(app_id, access.graph.served.usage)

    async def _note(self, access: Access, before: Pause | None) -> None:
        """Store a pause that is not the one from `before`, and a difference of the clock that is new."""
        if (pause := self.gates.pause(access.app.app_id)) is not None and pause != before:
            await asyncio.to_thread(self.pauses.note, access.app.app_id, pause.until)
        if self.clock.skew != self._noted_skew:
            self._noted_skew = self.clock.skew
            await asyncio.to_thread(self.difference.note)
