"""A peer that does not answer is given up within a run, by all that ask it, and asked again in the next."""

import asyncio
from contextlib import AsyncExitStack, aclosing

import pytest

from tests.clocks import FrozenClock
from tests.facebook.stub import Reply, ok, refusal, serve
from tests.facebook.talking import APP, TOKEN, Pauses
from tui.facebook.client import GraphClient
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.models import Endpoints
from tui.network.silence import MOST, is_given_up, note_answer, note_no_answer, one_run

STALLED = Reply(raw=b"", stall=True)
AN_INSPECTION = ok({"data": {"is_valid": True, "app_id": "1", "type": "USER"}})


def client_of(url: str, version: str = "v26.0") -> "aclosing[GraphClient]":
    return aclosing(GraphClient(Endpoints(url), version, FrozenClock(0), timeout=0.2, sleep=Pauses()))


async def fault_of(client: GraphClient) -> Fault | None:
    """What came of one question; None for an answer."""
    try:
        await client.inspect(APP, TOKEN)
    except FacebookError as error:
        return error.fault
    return None


async def test_a_silent_host_is_given_up_by_all_its_clients() -> None:
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(serve(STALLED))
        old, new = [await stack.enter_async_context(client_of(stub.url, version)) for version in ("v25.0", "v26.0")]
        with one_run():
            faults = [await fault_of(client) for client in (old, new, old, new, old)]
            asked = len(stub.requests)
        with one_run():
            afterwards = await fault_of(new)
    assert faults == [*[Fault.ANSWER_TIMEOUT] * MOST, Fault.HOST_SILENT, Fault.HOST_SILENT]
    assert asked == MOST
    assert afterwards is Fault.ANSWER_TIMEOUT


async def test_the_error_names_the_host_and_that_nothing_was_sent() -> None:
    async with serve(STALLED) as stub, client_of(stub.url) as client:
        with one_run():
            for _ in range(MOST):
                await fault_of(client)
            with pytest.raises(FacebookError) as caught:
                await client.inspect(APP, TOKEN)
    assert caught.value.host == stub.url.removeprefix("http://")
    assert (caught.value.cause, caught.value.sent, caught.value.inconclusive) == ("timeout", False, True)


@pytest.mark.parametrize("answer", [AN_INSPECTION, refusal(190, "Error validating access token."), Reply(500, b"no")])
async def test_any_answer_in_between_begins_the_count_again(answer: Reply) -> None:
    answers = [answer] * (3 if answer.status == 500 else 1)  # which is asked for again
    async with serve(STALLED, STALLED, *answers, STALLED) as stub, client_of(stub.url) as client:
        with one_run():
            faults = [await fault_of(client) for _ in range(6)]
    assert Fault.HOST_SILENT not in faults


async def test_other_hosts_are_asked_on() -> None:
    async with AsyncExitStack() as stack:
        silent, living = [await stack.enter_async_context(serve(reply)) for reply in (STALLED, AN_INSPECTION)]
        one, other = [await stack.enter_async_context(client_of(stub.url)) for stub in (silent, living)]
        with one_run():
            for _ in range(MOST + 1):
                await fault_of(one)
            assert await fault_of(other) is None


async def test_calls_that_wait_for_a_connection_are_not_begun() -> None:
    async with serve(STALLED) as stub:
        graph = GraphClient(Endpoints(stub.url), "v26.0", FrozenClock(0), concurrency=2, timeout=0.2, sleep=Pauses())
        async with aclosing(graph) as client:
            with one_run():
                faults = await asyncio.gather(*(fault_of(client) for _ in range(20)))
    assert faults.count(Fault.HOST_SILENT) == 20 - len(stub.requests) >= 16


def test_outside_a_run_nobody_is_given_up() -> None:
    for _ in range(MOST):
        note_no_answer("peer")
    assert not is_given_up("peer")


def test_a_run_in_a_run_is_part_of_it() -> None:
    with one_run():
        with one_run():
            for _ in range(MOST):
                note_no_answer("peer")
        assert is_given_up("peer")
        note_answer("peer")
        assert not is_given_up("peer")


async def test_what_outlives_a_run_does_not_belong_to_it() -> None:
    seen: list[bool] = []
    ended = asyncio.Event()

    async def later() -> None:
        await ended.wait()
        seen.append(is_given_up("peer"))

    with one_run():
        for _ in range(MOST):
            note_no_answer("peer")
        task = asyncio.create_task(later())
    ended.set()
    await task
    assert seen == [False]
