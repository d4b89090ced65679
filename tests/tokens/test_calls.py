"""How many calls a refresh of many makes, and how many at once."""

from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.conftest import MakeSandbox
from tests.tokens.desk import desk_of
from tests.tokens.test_many import a_crowd, store_all
from tui.facebook.transport import Answer, Call, Transport
from tui.network.failures import Journey

PEOPLE = 24


async def test_each_token_costs_three_calls_at_most_eight_at_once(
    make_sandbox: MakeSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way: list[int] = [0]
    exchange = Transport._exchange

    async def watched(self: Transport, call: Call, client: AsyncClient, journey: Journey) -> Answer:
        under_way.append(under_way[-1] + 1)
        try:
            return await exchange(self, call, client, journey)
        finally:
            under_way.append(under_way[-1] - 1)

    monkeypatch.setattr(Transport, "_exchange", watched)
    sandbox = make_sandbox(a_crowd(tmp_path, PEOPLE))
    async with desk_of(sandbox, tmp_path) as desk:
        names = store_all(desk.vault, sandbox)
        sandbox.fault("delay", times=None, seconds=0.05)
        results = await desk.keeper.refresh_many(names)
    assert {result.result for result in results} == {"extended"}
    assert len(sandbox.calls()) == 3 * PEOPLE
    assert len(sandbox.calls("debug_token")) == 2 * PEOPLE
    assert max(under_way) == 8
