"""Asking for a device code: pending, too fast, expired, declined, and a Facebook that does not answer."""

import asyncio
from contextlib import aclosing

import pytest

from tests.facebook.stub import Reply, ok, refusal, serve
from tui.clock import Clock
from tui.facebook.client import GraphClient
from tui.facebook.device import wait_for_device
from tui.facebook.errors import FacebookError
from tui.facebook.models import DeviceCode, Endpoints, Issued
from tui.redact import Secret

PENDING = refusal(31, "This request requires the user to take a pending action", subcode=1349174)
TOO_FAST = refusal(17, "User request limit reached", subcode=1349172)
GRANTED = ok({"access_token": "EAAdevice" + "x" * 20, "expires_in": 5_184_000})
DEVICE = DeviceCode(Secret("d" * 32), "AB12CD", "https://www.facebook.com/device", 420, 5)


async def poll(*replies: Reply) -> tuple[Issued | FacebookError, list[float], int]:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with serve(*replies) as stub:
        async with aclosing(GraphClient(Endpoints(stub.url), "v26.0", Clock(), sleep=asyncio.sleep)) as client:
            try:
                outcome: Issued | FacebookError = await wait_for_device(
                    client, "1", Secret("f" * 32), DEVICE, sleep=sleep
                )
            except FacebookError as error:
                outcome = error
        return outcome, pauses, len(stub.requests)


async def test_a_pending_code_is_asked_for_at_its_interval() -> None:
    outcome, pauses, asked = await poll(PENDING, PENDING, GRANTED)
    assert isinstance(outcome, Issued)
    assert (pauses, asked) == ([5, 5, 5], 3)


@pytest.mark.parametrize(
    "reply", [TOO_FAST, refusal(1, "slow_down"), refusal(4, "(#4) Application request limit reached")]
)
async def test_it_slows_down_on_request(reply: Reply) -> None:
    outcome, pauses, _ = await poll(PENDING, reply, PENDING, reply, GRANTED)
    assert isinstance(outcome, Issued)
    assert pauses == [5, 5, 10, 10, 15]


@pytest.mark.parametrize(
    ("reply", "subcode"),
    [
        (refusal(463, "The session has expired", subcode=1349152), 1349152),
        (refusal(100, "User has declined to authorize your application", subcode=1349173), 1349173),
    ],
)
async def test_it_ends_when_declined_or_expired(reply: Reply, subcode: int) -> None:
    outcome, _, asked = await poll(PENDING, reply)
    assert isinstance(outcome, FacebookError)
    assert (outcome.subcode, asked) == (subcode, 2)


async def test_it_bears_a_passing_fault_and_not_a_lasting_one() -> None:
    outcome, _, _ = await poll(PENDING, Reply(503, b""), Reply(raw=b""), PENDING, GRANTED)
    assert isinstance(outcome, Issued)
    outcome, _, asked = await poll(Reply(503, b""))
    assert isinstance(outcome, FacebookError)
    assert asked < 15


async def test_it_ends_in_time_without_an_answer_of_facebook() -> None:
    outcome, pauses, _ = await poll(PENDING)
    assert isinstance(outcome, FacebookError)
    assert outcome.subcode == 1349152
    assert sum(pauses) == pytest.approx(420)
