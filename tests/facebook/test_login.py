"""All login methods at once against the sandbox: one exchange, one token, no port and no poll left."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from tests.facebook.stub import Reply, Request, ok, refusal, serve
from tui.clock import Clock
from tui.facebook.client import GraphClient
from tui.facebook.dialog import LoginRequest, start_login
from tui.facebook.errors import FacebookError
from tui.facebook.listener import LoopbackListener
from tui.facebook.login import Login, LoginOver
from tui.facebook.login_events import (
    AnswerTaken,
    Declined,
    DeviceFailed,
    ForeignRequest,
    Inspected,
    LoginEvent,
    PagesRead,
    PermissionsRead,
    StepFailed,
    TokenStored,
)
from tui.facebook.login_methods import LoginMethod
from tui.facebook.models import AppCredentials, DeviceCode, Endpoints, Issued
from tui.facebook.paced_count import PacedCount
from tui.facebook.pasted import AnswerRefused, Refusal
from tui.facebook.remedies import RemedyCode
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services.logins import ALL_METHODS
from tui.wording.facebook import remedy_code
from tui.wording.login import page_words

SCOPES = ("instagram_basic", "pages_show_list", "pages_read_engagement")


@dataclass
class Attempt:
    """One running login and all of its events."""

    login: Login
    listener: LoopbackListener
    request: LoginRequest
    events: list[LoginEvent] = field(default_factory=list)
    stored: list[Issued] = field(default_factory=list)
    given: list[bool] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def of(self, kind: type) -> list[LoginEvent]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def attempt(
    graph_url: str, app: AppCredentials, *, client_token: str = "", seconds: float = 20.0, interval: float = 0.01
) -> AsyncIterator[Attempt]:
    listener = LoopbackListener(page_words)
    port = await listener.open(0)
    endpoints = Endpoints(graph_url, graph_url)

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(interval)

    async def store(issued: Issued, is_given: bool) -> None:
        made.stored.append(issued)
        made.given.append(is_given)
        made.order.append("stored")

    def on_event(event: LoginEvent) -> None:
        made.events.append(event)
        made.order.append(type(event).__name__)

    async with aclosing(GraphClient(endpoints, "v26.0", Clock(), timeout=30, sleep=sleep)) as client:
        request = start_login(endpoints, "v26.0", app.app_id, f"http://localhost:{port}/", SCOPES, now=0)
        login = Login(
            client,
            app,
            request,
            client_token=Secret(client_token) if client_token else None,
            listener=listener,
            on_event=on_event,
            on_token=store,
            seconds=seconds,
            sleep=sleep,
        )
        made = Attempt(login, listener, request)
        yield made
        login.cancel()
    await nothing_left(port)


async def nothing_left(port: int) -> None:
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert [task for task in others if "facebook" in repr(task.get_coro())] == []


def of_sandbox(sandbox: RunningSandbox) -> AppCredentials:
    return AppCredentials(sandbox.app_id, Secret(sandbox.app_secret))


async def confirm(request: LoginRequest, person: str, *, decision: str = "allow") -> str:
    """Walk through the dialog as a browser does; return the address it ends at."""
    async with httpx.AsyncClient(timeout=60) as browser:
        reply = await browser.get(f"{request.url}&as={person}&decision={decision}")
    assert reply.status_code == 302, reply.text
    return reply.headers["location"]


def person_of(sandbox: RunningSandbox) -> str:
    app = sandbox.state.apps[sandbox.app_id]
    return next(person.key for person in sandbox.state.people.values() if app.key in person.roles)


async def visit(address: str) -> httpx.Response:
    async with httpx.AsyncClient(follow_redirects=True, timeout=60) as browser:
        return await browser.get(address.partition("#")[0])


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_login_in_the_browser_reports_each_step(
    sandbox: RunningSandbox,
) -> None:
    async with attempt(sandbox.graph_url, of_sandbox(sandbox)) as made:
        running = asyncio.create_task(made.login.run())
        address = await confirm(made.request, person_of(sandbox))
        page = await visit(address)
        assert "Back to your terminal" in page.text
        assert page.url.path == "/done"
        issued = await running
    assert issued == made.stored[-1]
    assert made.of(AnswerTaken) == [AnswerTaken(LoginMethod.BROWSER)]
    (inspected,) = made.of(Inspected)
    assert isinstance(inspected, Inspected)
    assert inspected.inspection.is_valid
    assert inspected.inspection.app_id == sandbox.app_id
    (permissions,) = made.of(PermissionsRead)
    assert isinstance(permissions, PermissionsRead)
    assert permissions.missing == ()
    (reach,) = made.of(PagesRead)
    assert isinstance(reach, PagesRead)
    assert any(page.instagram_id for page in reach.pages)
    assert made.order.index("stored") < made.order.index("TokenStored")
    assert made.order[1] == "stored", "nothing is asked before the token is on disk"
    assert made.of(StepFailed) == []


async def test_a_pasted_address_does_the_same(sandbox: RunningSandbox) -> None:
    async with attempt(sandbox.graph_url, of_sandbox(sandbox)) as made:
        running = asyncio.create_task(made.login.run())
        with pytest.raises(AnswerRefused):
            made.login.paste(made.request.url)
        address = await confirm(made.request, person_of(sandbox))
        answer = made.login.paste(f"> <{address}>\n")
        with pytest.raises(AnswerRefused) as refused:
            made.login.paste(address)
        assert refused.value.reason is Refusal.ALREADY_ANSWERED
        await running
    assert made.of(AnswerTaken)[0] == AnswerTaken(LoginMethod.PASTE, answer.removed)


async def test_a_code_confirmed_on_another_device_does_the_same(sandbox: RunningSandbox) -> None:
    client_token = sandbox.world.client_token
    async with attempt(sandbox.graph_url, of_sandbox(sandbox), client_token=client_token) as made:
        running = asyncio.create_task(made.login.run())
        await until(lambda: made.of(DeviceCode) or made.of(DeviceFailed))
        if made.of(DeviceFailed):
            pytest.skip("this world's app does not allow device login")
        (shown,) = made.of(DeviceCode)
        assert isinstance(shown, DeviceCode)
        form = {"user_code": shown.user_code, "as": person_of(sandbox), "decision": "allow"}
        async with httpx.AsyncClient(timeout=60) as browser:
            reply = await browser.post(shown.url, data=form)
        assert reply.status_code < 400, reply.text
        issued = await running
    assert issued.value in [stored.value for stored in made.stored]
    assert made.of(AnswerTaken) == [AnswerTaken(LoginMethod.DEVICE)]


async def test_an_existing_token_is_used_unchanged(sandbox: RunningSandbox) -> None:
    token = Secret(sandbox.world.token("user_long").value)
    async with attempt(sandbox.graph_url, of_sandbox(sandbox)) as made:
        running = asyncio.create_task(made.login.run())
        made.login.use_token(token)
        assert (await running).value == token
    assert [issued.value for issued in made.stored] == [token]
    assert made.of(AnswerTaken) == [AnswerTaken(LoginMethod.TOKEN)]


async def test_a_short_existing_token_is_extended_and_both_are_stored(sandbox: RunningSandbox) -> None:
    token = Secret(sandbox.world.token("user_short").value)
    async with attempt(sandbox.graph_url, of_sandbox(sandbox)) as made:
        running = asyncio.create_task(made.login.run())
        made.login.use_token(token)
        issued = await running
    assert [stored.value for stored in made.stored] == [token, issued.value]
    assert made.given == [True, False]  # the longer one is this app's for certain: Facebook made it from the other
    assert issued.value != token


async def test_a_declined_dialog_is_reported_and_the_login_goes_on(sandbox: RunningSandbox) -> None:
    async with attempt(sandbox.graph_url, of_sandbox(sandbox)) as made:
        running = asyncio.create_task(made.login.run())
        await visit(await confirm(made.request, person_of(sandbox), decision="deny"))
        (declined,) = made.of(Declined)
        assert isinstance(declined, Declined)
        assert declined == Declined("Permissions error.", RemedyCode("dialog-access-denied"))
        await visit(f"http://localhost:{made.listener.port}/?code=AQforged&state=x")
        made.login.paste(await confirm(made.request, person_of(sandbox)))
        await running
    assert len(made.of(TokenStored)) >= 1
    assert made.of(ForeignRequest) == [ForeignRequest(1)]


async def test_a_fast_growing_count_is_reported_rarely_and_finally() -> None:
    reported: list[int] = []
    paced = PacedCount(reported.append)
    for count in range(1, 10_001):
        paced.set(count)
        if count == 5_000:
            while not reported:
                await asyncio.sleep(0.01)
    paced.finish()
    assert reported == [5_000, 10_000]
    paced.set(10_001)
    paced.finish()
    paced.finish()
    assert reported == [5_000, 10_000, 10_001]


# --- all orders, against a Graph server that counts --------------------------------------------------------------


class Counting:
    """A Graph server that hands out tokens and counts what it is asked."""

    def __init__(self, *, device: bool = True) -> None:
        self.exchanged: list[str] = []
        self.confirmed = False
        self.device = device
        self.polls = 0
        self.hold = asyncio.Event()
        self.hold.set()

    def __call__(self, request: Request) -> Reply:
        path = request.path.removeprefix("/v26.0/")
        if path == "oauth/access_token":
            kind = "code" if "code" in request.form else "long"
            self.exchanged.append(kind)
            return ok({"access_token": f"EAA{kind}{len(self.exchanged)}" + "x" * 20, "expires_in": 5_184_000})
        if path == "device/login":
            if not self.device:
                return refusal(3, "(#3) Application does not have the capability to make this API call.")
            return ok({"code": "d" * 32, "user_code": "AB12CD", "expires_in": 420, "interval": 5})
        if path == "device/login_status":
            self.polls += 1
            if self.confirmed:
                return ok({"access_token": "EAAdevice" + "x" * 20, "expires_in": 5_184_000})
            return refusal(31, "pending", subcode=1349174)
        if path == "debug_token":
            return ok({"data": {"is_valid": True, "app_id": "1", "type": "USER"}})
        return ok({"data": []})


APP = AppCredentials("1", Secret("0123456789abcdef0123456789abcdef"))


async def answer_by(made: Attempt, server: Counting, methods: Sequence[LoginMethod], together: bool) -> None:
    target = f"/?code=AQlistener0123456789&state={made.request.state.reveal()}"
    ask = f"GET {target} HTTP/1.1\r\nHost: localhost:{made.listener.port}\r\n\r\n".encode()

    async def answer(method: LoginMethod) -> None:
        if method is LoginMethod.BROWSER:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", made.listener.port)
                writer.write(ask)
                await reader.read()
                writer.close()
            except OSError:
                pass  # closed already: another method was first
        elif method is LoginMethod.DEVICE:
            server.confirmed = True
        else:
            with contextlib.suppress(AnswerRefused):  # closed already
                state = made.request.state.reveal()
                made.login.paste(f"{made.request.redirect_uri}?code=AQpaste0123456789&state={state}")

    if together:
        await asyncio.gather(*(answer(method) for method in methods))
        return
    for method in methods:
        await answer(method)
        await asyncio.sleep(0)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("methods", list(itertools.permutations(ALL_METHODS)))
async def test_in_every_order_of_answers_exactly_one_token_comes(
    methods: tuple[LoginMethod, ...], together: bool
) -> None:
    server = Counting()
    async with serve(by=server) as stub, attempt(stub.url, APP, client_token="f" * 32) as made:
        running = asyncio.create_task(made.login.run())
        await until(lambda: server.polls)
        await answer_by(made, server, methods, together)
        issued = await running
        polls = server.polls
        assert len(made.stored) == 1
        assert len(made.of(AnswerTaken)) == 1
        assert len(server.exchanged) <= 1
        taken = made.of(AnswerTaken)[0]
        assert isinstance(taken, AnswerTaken)
        assert server.exchanged == ([] if taken.method is LoginMethod.DEVICE else ["code"])
        if not together and methods[0] is LoginMethod.PASTE:
            assert taken.method is LoginMethod.PASTE
        assert issued == made.stored[0]
        await asyncio.sleep(0.05)
        assert server.polls == polls, "the device code is still asked for"


async def test_the_deadline_ends_the_attempt() -> None:
    server = Counting()
    async with serve(by=server) as stub, attempt(stub.url, APP, client_token="f" * 32, seconds=0.2) as made:
        assert made.login.deadline == pytest.approx(0.2)
        with pytest.raises(LoginOver) as caught:
            await made.login.run()
        assert caught.value.reason == "deadline"
        with pytest.raises(AnswerRefused):
            made.login.paste(f"{made.request.redirect_uri}?code=AQ012345&state={made.request.state.reveal()}")
    assert server.exchanged == []


async def test_a_canceled_login_leaves_nothing_behind() -> None:
    server = Counting()
    async with serve(by=server) as stub, attempt(stub.url, APP, client_token="f" * 32) as made:
        running = asyncio.create_task(made.login.run())
        await until(lambda: server.polls)
        made.login.cancel()
        with pytest.raises(LoginOver) as caught:
            await running
        assert caught.value.reason == "canceled"
    assert server.exchanged == []
    assert made.stored == []


async def test_a_canceled_login_still_stores_a_token_it_asked_for() -> None:
    server = Counting()
    reached, go_on = asyncio.Event(), asyncio.Event()
    async with serve(by=server) as stub, attempt(stub.url, APP) as made:
        original = made.login._client.exchange_code

        async def slow(
            app: AppCredentials, code: Secret, redirect_uri: str, code_verifier: Secret | None = None
        ) -> Issued:
            reached.set()
            await go_on.wait()
            return await original(app, code, redirect_uri, code_verifier)

        made.login._client.exchange_code = slow  # type: ignore[method-assign]
        running = asyncio.create_task(made.login.run())
        await asyncio.sleep(0)
        made.login.paste(f"{made.request.redirect_uri}?code=AQ0123456789&state={made.request.state.reveal()}")
        await reached.wait()
        running.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert len(made.stored) == 1


async def test_no_poll_while_the_code_is_redeemed() -> None:
    server = Counting()
    async with serve(by=server) as stub, attempt(stub.url, APP, client_token="f" * 32) as made:
        original = made.login._client.exchange_code
        polls: list[int] = []

        async def slow(
            app: AppCredentials, code: Secret, redirect_uri: str, code_verifier: Secret | None = None
        ) -> Issued:
            polls.append(server.polls)
            await asyncio.sleep(0.2)
            polls.append(server.polls)
            return await original(app, code, redirect_uri, code_verifier)

        made.login._client.exchange_code = slow  # type: ignore[method-assign]
        running = asyncio.create_task(made.login.run())
        await until(lambda: server.polls)
        made.login.paste(f"{made.request.redirect_uri}?code=AQ0123456789&state={made.request.state.reveal()}")
        await running
    assert polls[0] == polls[1]


async def test_a_refused_code_is_redeemed_once_and_raised() -> None:
    async with serve(refusal(100, "This authorization code has been used.", subcode=36009)) as stub:
        async with attempt(stub.url, APP) as made:
            running = asyncio.create_task(made.login.run())
            await asyncio.sleep(0)
            made.login.paste(f"{made.request.redirect_uri}?code=AQ0123456789&state={made.request.state.reveal()}")
            with pytest.raises(FacebookError) as caught:
                await running
        assert caught.value.subcode == 36009
        assert len(stub.requests) == 1
    assert made.stored == []


async def test_a_failure_after_the_token_is_only_an_event() -> None:
    def answer(request: Request) -> Reply:
        if "code" in request.form:
            return ok({"access_token": "EAAshort" + "x" * 20, "expires_in": 3600})
        return Reply(500, b"")

    async with serve(by=answer) as stub, attempt(stub.url, APP) as made:
        running = asyncio.create_task(made.login.run())
        await asyncio.sleep(0)
        made.login.paste(f"{made.request.redirect_uri}?code=AQ0123456789&state={made.request.state.reveal()}")
        issued = await running
    assert made.stored == [issued]
    failed = [event.step for event in made.of(StepFailed) if isinstance(event, StepFailed)]
    assert failed == ["extend", "inspect", "permissions", "pages"]


async def test_an_app_without_device_login_keeps_other_methods() -> None:
    server = Counting(device=False)
    async with serve(by=server) as stub, attempt(stub.url, APP, client_token="f" * 32) as made:
        running = asyncio.create_task(made.login.run())
        await until(lambda: made.of(DeviceFailed))
        (failed,) = made.of(DeviceFailed)
        assert isinstance(failed, DeviceFailed)
        assert remedy_code(failed.error) == "capability-3"
        made.login.paste(f"{made.request.redirect_uri}?code=AQ0123456789&state={made.request.state.reveal()}")
        await running
    assert server.exchanged == ["code"]
