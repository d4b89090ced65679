"""One login attempt: all login methods at once, the first valid answer wins, then the token step by step."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Literal, TypeVar

from tui.facebook import login_events as events
from tui.facebook import permissions
from tui.facebook.client import GraphClient
from tui.facebook.device import wait_for_device
from tui.facebook.dialog import LoginRequest
from tui.facebook.errors import FacebookError
from tui.facebook.listener import Expected, LoopbackListener
from tui.facebook.login_methods import LoginMethod
from tui.facebook.models import AppCredentials, DeviceCode, Inspection, Issued
from tui.facebook.paced_count import PacedCount
from tui.facebook.pasted import Answer, AnswerRefused, Refusal, read_answer
from tui.redact import Secret

T = TypeVar("T")

SECONDS = 15 * 60.0
"""How long an attempt waits for an answer."""

_LONG_LIFE = 30 * 86_400
_BROWSER_GRACE = 1.5


@dataclass(eq=False, repr=False)
class LoginOver(Exception):
    """The attempt ended without a token. Nothing is left open."""

    reason: Literal["deadline", "canceled"]


class Login:
    """One attempt. Create, `run` in a task; `paste`, `use_token` and `cancel` from the same event loop.

    `on_event` gets each LoginEvent. `on_token` is awaited with every token the moment it arrives, before any other
    call: it stores it. Its second argument: the person had the token already, so that it may be another app's.
    The listener must be open already (its port is part of the redirect) and is closed here.
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
        on_event: Callable[[events.LoginEvent], object],
        on_token: Callable[[Issued, bool], Awaitable[object]],
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
        self.device: DeviceCode | None = None
        """The code to enter on another device, while it is valid."""
        self.missing: tuple[str, ...] = ()
        """Permissions that were not granted."""
        self._device_failure: FacebookError | None = None
        self._device_alone = False
        self._foreign = PacedCount(lambda count: on_event(events.ForeignRequest(count)))
        self._winner: asyncio.Future[tuple[LoginMethod, Answer | Issued]] = asyncio.get_running_loop().create_future()
        # retrieves the outcome, so that asyncio does not warn about an attempt that was never run
        self._winner.add_done_callback(lambda winner: winner.cancelled() or winner.exception())

    @property
    def deadline(self) -> float:
        """When the attempt ends, in unix seconds, UTC."""
        return self.request.started_at + self._seconds

    @property
    def has_device(self) -> bool:
        """Whether a code for another device is offered, or may still come."""
        return self._client_token is not None and self._device_failure is None

    # --- the answer -------------------------------------------------------------------------------------------

    def paste(self, text: str) -> Answer:
        """Read a pasted text; raises AnswerRefused (and the attempt goes on) where it is not this login's answer."""
        self._check_open()
        answer = read_answer(text, self.request)
        self._win(LoginMethod.PASTE, answer)
        return answer

    def use_token(self, token: Secret) -> None:
        """Use a token that exists instead of a login; raises AnswerRefused where another method was faster."""
        self._check_open()
        self._win(LoginMethod.TOKEN, Answer(None, token))

    def wait_for_device_alone(self) -> None:
        """End the attempt once the device code fails: no other method is in use."""
        self._device_alone = True
        if self._device_failure is not None:
            self._fail(self._device_failure)

    def input_ended(self) -> None:
        """Give up where no answer can come any more, since nothing can be pasted from now on."""
        if self._listener is not None:
            return
        if self._client_token is not None:
            self.wait_for_device_alone()
        else:
            self.cancel()

    async def close(self) -> None:
        """End an attempt that may never have run; leaves no port."""
        self.cancel()
        if self._listener is not None:
            await self._listener.close()

    def cancel(self) -> None:
        """End the attempt. Once an answer was accepted its token is still fetched and stored."""
        self._fail(LoginOver("canceled"))

    def _check_open(self) -> None:
        if self._winner.done():
            raise AnswerRefused(Refusal.ALREADY_ANSWERED)

    def _fail(self, error: Exception) -> None:
        if not self._winner.done():
            self._winner.set_exception(error)

    def _win(self, method: LoginMethod, answer: Answer | Issued) -> None:
        if not self._winner.done():
            self._winner.set_result((method, answer))

    # --- the attempt ------------------------------------------------------------------------------------------

    async def run(self) -> Issued:
        """Wait for an answer, redeem it once, store and extend the token, report what it reaches; return it.

        Raises LoginOver, or FacebookError where no token was issued: a code is never sent twice, so only a new login
        helps then. Failures after that are events, since the token is safe.
        """
        closing: asyncio.Task[None] | None = None
        device = asyncio.create_task(self._device()) if self._client_token else None
        try:
            if self._listener is not None:
                self._listener.expect(
                    Expected(
                        self.request,
                        lambda answer: self._win(LoginMethod.BROWSER, answer),
                        self._on_event,
                        self._foreign.set,
                    )
                )
            method, answer = await self._wait()
            await _ended(device)
            self._foreign.finish()
            if self._listener is not None:
                grace = _BROWSER_GRACE if method is LoginMethod.BROWSER else 0.0
                closing = asyncio.create_task(self._listener.close(grace))
            self._on_event(events.AnswerTaken(method, answer.removed if isinstance(answer, Answer) else ()))
            issued = await _uninterrupted(self._redeem(answer))
            return await self._follow_up(issued, is_foreign=method is LoginMethod.TOKEN)
        finally:
            self.cancel()
            await _ended(device)
            if closing is not None:
                await asyncio.wait({closing})
            await self.close()
            self._foreign.finish()

    async def _wait(self) -> tuple[LoginMethod, Answer | Issued]:
        done, _ = await asyncio.wait({self._winner}, timeout=self._seconds)
        if not done:
            raise LoginOver("deadline")
        return self._winner.result()

    async def _device(self) -> None:
        assert self._client_token is not None
        app_id = self._app.app_id
        try:
            code = await self._client.start_device_login(app_id, self._client_token, self._device_scopes)
            self.device = code
            self._on_event(code)
            issued = await wait_for_device(self._client, app_id, self._client_token, code, sleep=self._sleep)
        except FacebookError as error:
            self.device, self._device_failure = None, error
            if self._device_alone:
                self._fail(error)
            elif not self._winner.done():
                self._on_event(events.DeviceFailed(error))
        except Exception as error:  # else nobody would wait for the code, and nobody know
            self.device = None
            self._fail(error)
        else:
            self._win(LoginMethod.DEVICE, issued)

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
        await self._on_token(issued, is_given)
        self._on_event(events.TokenStored(extended))

    async def _follow_up(self, issued: Issued, *, is_foreign: bool) -> Issued:
        inspection = await self._inspect(issued) if issued.expires_in is None else None
        if _worth_extending(issued, inspection):
            issued = await _uninterrupted(self._extend(issued))
            inspection = None
        if inspection is None:
            inspection = await self._inspect(issued)
        if inspection is not None:
            self._on_event(events.Inspected(inspection))
        if inspection is None or (inspection.is_valid and inspection.kind != "page"):
            await self._report_reach(issued, inspection)
        return issued

    async def _extend(self, issued: Issued) -> Issued:
        longer = await self._result_of("extend", self._client.exchange_long_lived(self._app, issued.value))
        if longer is None:
            return issued
        await self._store(longer, extended=True)
        return longer

    async def _inspect(self, issued: Issued) -> Inspection | None:
        return await self._result_of("inspect", self._client.inspect(self._app, issued.value))

    async def _report_reach(self, issued: Issued, inspection: Inspection | None) -> None:
        granted = await self._result_of("permissions", self._client.permissions(self._app, issued.value))
        if granted is not None:
            # with a config_id only Facebook knows what was requested: what the person declined is missing
            wanted = self.request.scopes or permissions.declined(granted)
            lacking = {*permissions.missing(granted, wanted)}
            if inspection is not None and inspection.scopes:  # a token has what was granted when it was issued
                held = [permissions.Permission(scope, "granted") for scope in inspection.scopes]
                lacking |= {*permissions.missing(held, wanted)}
            self.missing = tuple(scope for scope in dict.fromkeys(wanted) if scope in lacking)
            self._on_event(events.PermissionsRead(self.missing))
        pages = await self._result_of("pages", self._client.pages(self._app, issued.value))
        if pages is not None:
            self._on_event(events.PagesRead(pages))

    async def _result_of(self, step: events.Step, call: Awaitable[T]) -> T | None:
        """Return what a step after the token brings; None where it fails, which is an event: the token is safe."""
        try:
            return await call
        except FacebookError as error:
            self._on_event(events.StepFailed(step, error))
            return None


def _worth_extending(issued: Issued, inspection: Inspection | None) -> bool:
    """Return whether an exchange can help: not for a long-lived, never expiring or invalid token."""
    if issued.expires_in is not None:
        return issued.expires_in < _LONG_LIFE
    if inspection is None or not inspection.is_valid or inspection.kind in ("page", "app", "system_user"):
        return False
    return inspection.expires_at is not None and inspection.expires_at - inspection.at < _LONG_LIFE


async def _uninterrupted(work: Coroutine[object, object, Issued]) -> Issued:
    """Await work that a cancellation must not interrupt: an issued token must reach the disk."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def _ended(task: asyncio.Task[None] | None) -> None:
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)  # once more, should a library on the way have swallowed it
