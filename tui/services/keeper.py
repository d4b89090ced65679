"""The keeper: inspects, refreshes and adopts tokens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from tui.facebook.errors import FacebookError, Fault, means_wrong_app
from tui.log import log
from tui.network.silence import one_run
from tui.redact import Secret
from tui.services.adoption import adopt
from tui.services.asker import Access, Asker
from tui.services.candidates import use_candidate
from tui.services.extender import extend, failed_inspection, paused
from tui.services.finish import each, finish
from tui.tokens.errors import BeingRefreshed, NoCredentials, NoValue, StoreError, StoreUnavailable
from tui.tokens.extension import gained
from tui.tokens.policy import plan
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.token import DAY, Token, reason

JUST_NOW = 5
"""Seconds: a token extended this shortly before a command began was extended by a concurrent run."""

_LOCK_POLL = 0.05
_LOCK_PATIENCE = 180.0


class Keeper:
    """Keeps tokens valid. Every token that Facebook issues is stored before anything else is done with it.

    All methods belong to one event loop.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._store, self._clock, self._gates = asker.store, asker.clock, asker.gates

    async def open(self, name: str) -> tuple[Token, Secret, Access]:
        """Return a token, its value, and what is needed to ask Facebook with it.

        Raises NoSuchToken, NoValue, NoCredentials, StoreError.
        """
        token = await asyncio.to_thread(self._store.token, name)
        value = await asyncio.to_thread(self._store.value, name)
        return token, value, await self._asker.access(token.profile)

    async def stored(self, names: Collection[str]) -> list[Token]:
        """Return tokens as they are stored, without asking. Raises StoreError."""
        return await asyncio.to_thread(lambda: [self._store.token(name) for name in names])

    async def inspect(self, name: str) -> Token:
        """Ask Facebook what the token is now, store and return it.

        Raises NoSuchToken, NoValue, NoCredentials, and FacebookError where nothing was learned: the last state
        stays then, with the failure beside it. While Facebook throttles the app it is not asked at all. The Pages
        reached are asked for once a day, while none is known, and after a failure.
        """
        async with self._locked(name):
            known = await asyncio.to_thread(self._store.token, name)
            access = await self._asker.access(known.profile)
            if pause := self._gates.pause(access.app.app_id):
                raise FacebookError(fault=Fault.APP_PAUSED, detail=str(int(pause.until) // 60 * 60 + 60))
            token, value = await self._asked(known, access)
            is_recent = known.inspected_at is not None and (token.inspected_at or 0) - known.inspected_at < DAY
            if known.pages and known.failure is None and is_recent:
                return token
            return await self._asker.describe(token, value, access)

    async def _asked(self, known: Token, access: Access) -> tuple[Token, Secret]:
        """Inspect a token; where it needs a login, use a candidate that works. Returns it with its value."""
        token = known
        cause: Exception | None = None
        try:
            value = await asyncio.to_thread(self._store.value, known.name)
            token, _ = await self._asker.inspect(known, value, access)
        except NoValue as error:
            cause = error
        except FacebookError as error:
            if not means_wrong_app(error):
                raise
            cause = error
        else:
            if plan(token, self._clock.now(), self._asker.window_of(token.profile)) != "login_needed":
                return token, value
        found = await finish(use_candidate(self._asker, token, access))
        if found is not None:
            return found, await asyncio.to_thread(self._store.value, found.name)
        if cause is not None:
            raise cause
        return token, value

    async def inspect_many(self, names: Sequence[str], on_asked: Callable[[str, Exception | None], None]) -> None:
        """Ask about many tokens, at most `concurrency` at once; `on_asked` gets each, with why it was not asked about.

        A host that times out three times in a row is not asked about the rest. What `on_asked` raises ends the work.
        """

        async def one(name: str) -> None:
            try:
                await self.inspect(name)
            except Exception as error:
                on_asked(name, error)
            else:
                on_asked(name, None)

        with one_run():
            await each(names, self._gates.concurrency, one)

    async def refresh_pages(self, name: str) -> Token:
        """Ask which Pages and Instagram accounts a token reaches, store and return it. Raises as `inspect`."""
        async with self._locked(name):
            return await self._asker.pages(*await self.open(name))

    async def adopt(
        self,
        name: str,
        profile: str,
        value: Secret,
        origin: str,
        expires_in: int | None = None,
        *,
        replace: bool = False,
    ) -> Token:
        """Store a token that a login issued or a person imported (`origin` `import`: never exchanged).

        Stored in whatever state Facebook reports, as `unknown` where it could not be asked (`failure` says why).
        One from a login that lives less than a day is extended at once. With `replace` an existing token of that
        name gets the new value if it is at least as good. Raises NameTaken, BadName, and AdoptionRefused
        where the token is of another app, is no token, or is not as good as the current one; an issued value is on
        disk even then.
        """
        async with self._locked(name):
            now = int(self._clock.now())
            end = now + expires_in if expires_in else None
            mark = value.fingerprint()
            token = Token(name, profile, "", obtained_at=now, expires_at=end, origin=origin, fingerprint=mark)
            return await finish(adopt(self._asker, token, value, may_replace=replace))

    async def refresh(self, name: str) -> RefreshResult:
        """Inspect, extend where that helps, inspect the result, make it current if proven.

        Never twice at once for one token, in this or another process: the one that waited finds it extended and does
        nothing. Raises NoSuchToken, and the store's own error where the disk or keyring refuses. A cancellation waits
        for a token that may just be issued: afterwards it is extended, or as it was.
        """
        began = self._clock.machine_time()  # what is known of the skew may change while a command runs
        known = await asyncio.to_thread(self._store.token, name)
        return _logged(await self._refresh_since(known, began))

    async def refresh_many(
        self, names: Sequence[str], on_result: Callable[[RefreshResult], None] = lambda _result: None
    ) -> list[RefreshResult]:
        """Refresh many tokens, at most `concurrency` at once and within what Facebook's usage headers allow.

        `on_result` is called with each as it is done; the list is in the order of `names`. When Facebook throttles an
        app, its remaining tokens are `could_not_ask` without asking, and so is the rest behind a host that timed out
        three times in a row; also one whose store, secrets or connection fail, and the others go on. Cancelling leaves
        every token extended or as it was. Raises NoSuchToken before anything is done.
        """
        began = self._clock.machine_time()
        known = await asyncio.to_thread(lambda: [self._store.token(name) for name in names])

        async def one(token: Token) -> RefreshResult:
            if pause := await self._gates.enter(token.app_id):
                result = paused(token, pause)
            else:
                try:
                    result = _logged(await self._refresh_since(token, began))
                except Exception as error:
                    cause = error if isinstance(error, StoreError) else StoreUnavailable(token.name, error)
                    result = RefreshResult(token, RefreshCode.COULD_NOT_ASK, Reason.STORE, cause=cause)
                finally:
                    self._gates.leave(token.app_id)
            on_result(result)
            return result

        self._gates.begin()
        with one_run():
            return await each(known, self._gates.concurrency, one)

    async def _refresh_since(self, seen: Token, began: float) -> RefreshResult:
        try:
            async with self._locked(seen.name):
                token = await asyncio.to_thread(self._store.token, seen.name)
                if token.extended_at != seen.extended_at:
                    return self._extended_meanwhile(token)
                return await self._refresh(token, began)
        except BeingRefreshed as error:
            return RefreshResult(seen, RefreshCode.COULD_NOT_ASK, Reason.LOCKED, cause=error)
        except NoCredentials as error:
            return RefreshResult(seen, RefreshCode.APP_CREDENTIALS, Reason.MISSING, cause=error)

    async def _refresh(self, token: Token, began: float) -> RefreshResult:
        access = await self._asker.access(token.profile)
        if pause := self._gates.pause(access.app.app_id):
            return paused(token, pause)
        result = await self._refresh_current(token, access, began)
        if result.result is not RefreshCode.LOGIN_NEEDED:
            return result
        found = await finish(use_candidate(self._asker, result.token, access))
        if found is None:
            return result
        return RefreshResult(found, RefreshCode.EXTENDED, Reason.CANDIDATE, seconds_gained=gained(token, found))

    async def _refresh_current(self, token: Token, access: Access, began: float) -> RefreshResult:
        try:
            value = await asyncio.to_thread(self._store.value, token.name)
            token, before = await self._asker.inspect(token, value, access)
        except NoValue:
            return await self._login_needed(token, Reason.NO_VALUE)
        except FacebookError as error:
            return failed_inspection(token, error)
        now = self._clock.now()
        if self._extended_by_concurrent_run(token, now, began):
            return self._extended_meanwhile(token)
        match plan(token, now, self._asker.window_of(token.profile)):
            case "login_needed":
                return await self._login_needed(token, reason(token, now) or Reason.DATA_ACCESS)
            case "never_expires":
                return RefreshResult(token, RefreshCode.NEVER_EXPIRES)
            case "exchange":
                if pause := self._gates.pause(access.app.app_id):  # the inspection itself used up the allowance
                    return paused(token, pause)
                return await finish(extend(self._asker, token, value, before, access))

    async def _login_needed(self, token: Token, reason: str) -> RefreshResult:
        result = RefreshResult(token, RefreshCode.LOGIN_NEEDED, reason)
        await asyncio.to_thread(self._asker.recorder.refused, result)
        return result

    def _extended_meanwhile(self, token: Token) -> RefreshResult:
        own = token.fingerprint in self._asker.own
        return RefreshResult(token, RefreshCode.UNCHANGED, Reason.EXTENDED_MEANWHILE, by_this_process=own)

    def _extended_by_concurrent_run(self, token: Token, now: float, began: float) -> bool:
        """Tell whether another run, such as one started with ours, extended the token before we read it."""
        if token.extended_at is None:
            return False
        return -JUST_NOW <= now - token.extended_at <= self._clock.machine_time() - began + JUST_NOW

    @asynccontextmanager
    async def _locked(self, name: str) -> AsyncIterator[None]:
        """Hold the token's lock without holding up the event loop. Raises BeingRefreshed after three minutes."""
        waited = 0.0
        while True:
            lock = self._store.refresh_lock(name, wait=0)
            taking = asyncio.to_thread(lock.__enter__)
            try:
                await finish(taking, undo=lambda lock=lock: lock.__exit__(None, None, None))  # type: ignore[misc]
                break
            except BeingRefreshed:
                if waited >= _LOCK_PATIENCE:
                    raise
            await asyncio.sleep(_LOCK_POLL)
            waited += _LOCK_POLL
        try:
            yield
        finally:
            await finish(asyncio.to_thread(lock.__exit__, None, None, None))


def _logged(result: RefreshResult) -> RefreshResult:
    log("refresh %s: %s (%s)", result.name, result.result, result.reason or "done")
    return result
