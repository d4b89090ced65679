"""Which calls are made again after a fault, and which never are."""

from contextlib import aclosing

import pytest

from tests.clocks import FrozenClock
from tests.facebook.stub import Reply, Request, ok, refusal, serve
from tests.facebook.talking import APP, ISSUED, TOKEN, Pauses, talking_to
from tui.clock import Clock
from tui.facebook.client import GraphClient
from tui.facebook.errors import FacebookError
from tui.facebook.models import Endpoints
from tui.redact import Secret


@pytest.mark.parametrize(
    "fault",
    [
        Reply(500, b"<html>"),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
        Reply(raw=b""),
        refusal(2, "Please retry", transient=True, status=500),
        refusal(100, "Invalid verification code format."),
        Reply(200, b""),
    ],
)
async def test_a_code_is_sent_once_whatever_comes_back(fault: Reply) -> None:
    async with serve(fault) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError):
            await client.exchange_code(APP, Secret("AQcode"), "http://localhost:8765/")
    assert len(stub.requests) == 1


@pytest.mark.parametrize("fault", [Reply(503, b""), Reply(raw=b""), refusal(2, "x", transient=True, status=500)])
async def test_a_token_exchange_that_may_have_arrived_is_not_repeated(fault: Reply) -> None:
    async with serve(fault) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.exchange_long_lived(APP, TOKEN)
    assert len(stub.requests) == 1
    assert caught.value.inconclusive


async def test_a_token_that_was_issued_waits_for_no_clock() -> None:
    clock, pauses, date = Clock(), Pauses(), "Tue, 24 Nov 2020 00:00:00 GMT"

    def answer(request: Request) -> Reply:
        return ok(ISSUED if "oauth" in request.path else {"id": "1", "name": "N"}, Date=date)

    async with (
        serve(by=answer) as stub,
        aclosing(GraphClient(Endpoints(stub.url), "v26.0", clock, sleep=pauses)) as client,
    ):
        await client.exchange_long_lived(APP, TOKEN)
        assert clock.is_doubted
        assert (len(stub.requests), pauses.seconds) == (1, [])
        await client.me(APP, TOKEN)
    assert pauses.seconds, "the next call finds out"


@pytest.mark.parametrize(
    "fault", [Reply(503, b"<html>"), Reply(raw=b""), refusal(2, "x", transient=True), refusal(190, "x", transient=True)]
)
async def test_a_question_is_asked_again_after_a_passing_fault(fault: Reply) -> None:
    async with serve(fault, fault, ok({"id": "1", "name": "N"})) as stub, talking_to(stub) as client:
        assert await client.me(APP, TOKEN) == "N"
    assert len(stub.requests) == 3


async def test_a_call_is_made_three_times_at_most_with_longer_pauses() -> None:
    pauses = Pauses()
    async with (
        serve(Reply(500, b"")) as stub,
        aclosing(GraphClient(Endpoints(stub.url), "v26.0", FrozenClock(0), sleep=pauses)) as client,
    ):
        with pytest.raises(FacebookError) as caught:
            await client.me(APP, TOKEN)
    assert len(stub.requests) == 3
    assert pauses.seconds == sorted(pauses.seconds)
    assert caught.value.cause == "server"


@pytest.mark.parametrize(
    "reply",
    [
        refusal(4, "(#4) Application request limit reached"),
        Reply(429, b"slow"),
        refusal(80002, "x", status=429),
    ],
)
async def test_throttling_is_reported_and_not_repeated(reply: Reply) -> None:
    async with serve(reply) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.me(APP, TOKEN)
    assert len(stub.requests) == 1
    assert caught.value.cause == "throttled"
    assert caught.value.inconclusive
