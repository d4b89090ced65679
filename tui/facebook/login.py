"""One login attempt: three doors at once, the first that proves itself wins, then the token step by step."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from tui.facebook import permissions as rights
from tui.facebook.client import GraphClient
from tui.facebook.device import wait_for_device
from tui.facebook.dialog import LoginRequest
from tui.facebook.errors import FacebookError
from tui.facebook.listener import Expected, LoopbackListener
from tui.facebook.login_events import (
    AnswerTaken,
    Declined,
    DeviceCodeShown,
    DoorFailed,
    DoorName,
    ForeignRequest,
    Inspected,
    LoginEvent,
    PagesRead,
    PermissionsRead,
    StepFailed,
    TokenStored,
)
from tui.facebook.models import AppCredentials, DeviceCode, Inspection, Issued
from tui.facebook.pasted import Answer, AnswerRefused, read_answer
from tui.facebook.remedies import remedy_of
from tui.facebook.witness import Witness
from tui.redact import Secret

SECONDS = 15 * 60.0
"""How long an attempt waits for an answer."""

_LONG_LIFE = 30 * 86_400
_BROWSER_GRACE = 1.5


class LoginOver(Exception):
    """The attempt ended without a token: its time ran out, or it was cancelled. Nothing is left open."""

    def __init__(self, reason: Literal["deadline", "cancelled"]) -> None:
        self.reason = reason
        self.message = (
            "The login was not finished in time. Log in again for a new link."
            if reason == "deadline"
            else "The login was cancelled; nothing was changed."
        )
        super().__init__(self.message)


class Keep(Protocol):
    """Puts a token on disk. `is_given`: the person had it already, so that it may be another app's."""

    async def __call__(self, issued: Issued, *, is_given: bool) -> None:
        """Return once it is there."""


class Login:
    """One attempt. Create, `run` in a task; `paste`, `use_token` and `cancel` from the same event loop.

    `on_event` hears each LoginEvent. `on_token` is awaited with every token the moment it arrives, before any other
    call: it puts it on disk. The listener must be open already (its port stands in the redirect) and is closed here.
    """

    def __init__(
        self,
        client: GraphClient,
        app: AppCredentials,
        request: LoginRequest,
        *,
        client_token: Secret | None = None,
        device_scopes: tuple[str, ...] = (),
        listener: LoopbackListener | None = None,
        on_event: Callable[[LoginEvent], object],
        on_token: Keep | None = None,
        seconds: float = SECONDS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._app = app
        self.request = request
        self._client_token = client_token
        self._device_scopes = device_scopes or request.scopes
        self._listener = listener
        self._on_event = on_event
        self._on_token = on_token
        self._seconds = seconds
        self._sleep = sleep
        self._device_failure: FacebookError | None = None
        self._device_alone = False
        self._witness = Witness(lambda count: on_event(ForeignRequest(count)))
        self._winner: asyncio.Future[tuple[DoorName, Answer | Issued]] = asyncio.get_running_loop().create_future()
        self._winner.add_done_callback(_heard)

    @property
    def deadline(self) -> float:
        """When the doors close, in unix seconds, UTC."""
        return self.request.started_at + self._seconds

    # --- the doors --------------------------------------------------------------------------------------------

    def paste(self, text: str) -> Answer:
        """Take a pasted text; raises AnswerRefused (and the attempt goes on) where it is not this login's answer."""
        self._check_open()
        answer = read_answer(text, self.request)
        self._win("paste", answer)
        return answer

    def use_token(self, token: Secret) -> None:
        """Take a token that exists instead of a login; raises AnswerRefused where another door was faster."""
        self._check_open()
        self._win("token", Answer(None, token))

    def wait_for_device_alone(self) -> None:
        """Say that nothing can come by another door: once the device's code fails, so does the attempt."""
        self._device_alone = True
        if self._device_failure is not None:
            self._fail(self._device_failure)

    def cancel(self) -> None:
        """Close all doors. Once an answer was taken its token is still fetched and stored."""
        self._fail(LoginOver("cancelled"))

    def _check_open(self) -> None:
        if self._winner.done():
            raise AnswerRefused("This login has its answer already. Wait for its token, or log in again.", "no_answer")

    def _fail(self, error: LoginOver | FacebookError) -> None:
        if not self._winner.done():
            self._winner.set_exception(error)

    def _win(self, door: DoorName, answer: Answer | Issued) -> None:
        if not self._winner.done():
            self._winner.set_result((door, answer))

    # --- the attempt ------------------------------------------------------------------------------------------

    async def run(self) -> Issued:
        """Wait for an answer, redeem it once, store and extend the token, tell what it reaches; return it.

        Raises LoginOver, or FacebookError where no token was issued: a code is never sent twice, so only a new login
        helps then. Failures after that are events, since the token is safe.
        """
        closing: asyncio.Task[None] | None = None
        device = asyncio.create_task(self._device()) if self._client_token else None
        try:
            if self._listener is not None:
                self._listener.expect(
                    Expected(self.request, self._came_by_browser, self._was_declined, self._witness.saw)
                )
            door, answer = await self._wait()
            await _ended(device)
            self._witness.finish()
            if self._listener is not None:
                closing = asyncio.create_task(self._listener.close(_BROWSER_GRACE if door == "listener" else 0.0))
            self._on_event(_taken(door, answer))
            # What was issued must reach the disk, even if whoever waits for us is cancelled now.
            redeeming = asyncio.create_task(self._redeem(answer))
            try:
                issued = await asyncio.shield(redeeming)
            except asyncio.CancelledError:
                await asyncio.wait({redeeming})
                raise
            return await self._follow_up(issued, is_foreign=door == "token")
        finally:
            self.cancel()
            await _ended(device)
            if closing is not None:
                await asyncio.wait({closing})
            if self._listener is not None:
                await self._listener.close()
            self._witness.finish()

    async def _wait(self) -> tuple[DoorName, Answer | Issued]:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(self._winner)
        except TimeoutError:
            if self._winner.done() and not self._winner.exception():
                return self._winner.result()
        raise LoginOver("deadline")

    def _came_by_browser(self, answer: Answer) -> None:
        self._win("listener", answer)

    def _was_declined(self, refused: AnswerRefused) -> None:
        self._on_event(Declined(refused.message))

    async def _device(self) -> None:
        assert self._client_token is not None
        app_id = self._app.app_id
        try:
            code = await self._client.start_device_login(app_id, self._client_token, self._device_scopes)
            self._on_event(_shown(code))
            issued = await wait_for_device(self._client, app_id, self._client_token, code, sleep=self._sleep)
        except FacebookError as error:
            self._device_failure = error
            if self._device_alone:
                self._fail(error)
            elif not self._winner.done():
                self._on_event(DoorFailed("device", error.message, remedy_of(error)))
            return
        self._win("device", issued)

    # --- after the answer -------------------------------------------------------------------------------------

    async def _redeem(self, answer: Answer | Issued) -> Issued:
        if isinstance(answer, Issued):
            issued = answer
        elif answer.token is not None:
            issued = Issued(answer.token)
        else:
            assert answer.code is not None
            issued = await self._client.exchange_code(
                self._app, answer.code, self.request.redirect_uri, self.request.code_verifier
            )
        await self._store(issued, is_given=isinstance(answer, Answer) and answer.token is not None)
        return issued

    async def _store(self, issued: Issued, *, is_given: bool = False, extended: bool = False) -> None:
        if self._on_token is not None:
            await self._on_token(issued, is_given=is_given)
        self._on_event(TokenStored(issued.expires_in, extended))

    async def _follow_up(self, issued: Issued, *, is_foreign: bool) -> Issued:
        inspection = await self._inspect(issued) if issued.expires_in is None else None
        if _worth_extending(issued, inspection):
            extending = asyncio.create_task(self._extend(issued))
            try:
                issued = await asyncio.shield(extending)
            except asyncio.CancelledError:
                await asyncio.wait({extending})
                raise
            inspection = None
        if inspection is None:
            inspection = await self._inspect(issued)
        if inspection is not None:
            self._on_event(Inspected(inspection))
        if inspection is None or inspection.kind != "page":
            await self._tell_reach(issued)
        return issued

    async def _extend(self, issued: Issued) -> Issued:
        try:
            longer = await self._client.exchange_long_lived(self._app, issued.value)
        except FacebookError as error:
            self._on_event(StepFailed("extend", error, remedy_of(error)))
            return issued
        await self._store(longer, extended=True)
        return longer

    async def _inspect(self, issued: Issued) -> Inspection | None:
        try:
            return await self._client.inspect(self._app, issued.value)
        except FacebookError as error:
            self._on_event(StepFailed("inspect", error, remedy_of(error)))
            return None

    async def _tell_reach(self, issued: Issued) -> None:
        try:
            granted = await self._client.permissions(self._app, issued.value)
        except FacebookError as error:
            self._on_event(StepFailed("permissions", error, remedy_of(error)))
        else:
            refused = rights.declined(granted)
            # with a config_id Facebook alone knows what was asked: what the person refused is what lacks
            lacking = rights.missing(granted, self.request.scopes or refused)
            self._on_event(PermissionsRead(granted, lacking, refused))
        try:
            self._on_event(PagesRead(await self._client.pages(self._app, issued.value)))
        except FacebookError as error:
            self._on_event(StepFailed("pages", error, remedy_of(error)))


def _worth_extending(issued: Issued, inspection: Inspection | None) -> bool:
    """Tell whether an exchange can help: not for a token that lives long already, never ends, or is dead."""
    if issued.expires_in is not None:
        return issued.expires_in < _LONG_LIFE
    if inspection is None or not inspection.is_valid or inspection.kind in ("page", "app", "system_user"):
        return False
    return inspection.expires_at is not None and inspection.expires_at - inspection.at < _LONG_LIFE


def _taken(door: DoorName, answer: Answer | Issued) -> AnswerTaken:
    return AnswerTaken(door) if isinstance(answer, Issued) else AnswerTaken(door, answer.removed, answer.proven)


def _shown(code: DeviceCode) -> DeviceCodeShown:
    return DeviceCodeShown(code.user_code, code.verification_url, code.expires_in)


async def _ended(task: asyncio.Task[None] | None) -> None:
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)  # once more, should a library on the way have swallowed it


def _heard(future: "asyncio.Future[tuple[DoorName, Answer | Issued]]") -> None:
    """Take note of the outcome, so that an attempt nobody ran does not complain when it is thrown away."""
    if not future.cancelled():
        future.exception()
