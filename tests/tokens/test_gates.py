"""When an app may not be asked, and for how long."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

import tui.tokens.gates
from tests.clocks import FrozenClock
from tests.terminals.waiting import DEADLINE
from tests.tokens.desk import desk_of
from tui.facebook.client import GraphClient
from tui.facebook.errors import LIMITS_OF_OTHERS, FacebookError, means_app_limit
from tui.facebook.models import Issued, Served, Usage
from tui.facebook.wire import read_usage
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services.asker import Access
from tui.services.pauses import Pauses
from tui.tokens.gates import HOUR, LONGEST_PAUSE, Gates

NOW = 1_795_478_400
APP = "805638479520745"


@pytest.mark.parametrize(("minutes", "seconds"), [(0, HOUR), (37, 37 * 60), (100_000, LONGEST_PAUSE)])
def test_a_pause_lasts_as_asked_and_a_day_at_most(minutes: int, seconds: int) -> None:
    gates = Gates(FrozenClock(NOW), 8)
    gates.learn(APP, Usage(100, minutes))
    pause = gates.pause(APP)
    assert pause is not None
    assert pause.until - NOW == seconds


def test_a_clock_that_is_set_back_ends_a_pause() -> None:
    clock = FrozenClock(NOW)
    gates = Gates(clock, 8)
    gates.throttle(APP, 60)
    clock.at -= 2 * LONGEST_PAUSE
    assert gates.pause(APP) is None
    gates.throttle(APP, 60)
    assert gates.pause(APP) is not None


def test_headers_of_pages_and_businesses_are_not_the_apps() -> None:
    full = '{"1":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":99}]}'
    page = '{"call_count":100,"total_time":100}'
    headers = {"x-business-use-case-usage": full, "x-page-usage": page, "x-ad-account-usage": '{"acc_id_util_pct":100}'}
    assert read_usage(headers) == Usage()
    assert read_usage({**headers, "x-app-usage": '{"call_count":13}'}) == Usage(13)


def test_whose_limit_an_error_is_about() -> None:
    for code in (None, 4, 341, 613):
        assert means_app_limit(FacebookError("slow", cause="throttled", code=code))
    for code in LIMITS_OF_OTHERS:
        assert not means_app_limit(FacebookError("slow", cause="throttled", code=code))
    assert not means_app_limit(FacebookError("no", code=4))


async def test_a_first_refresh_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    gates = Gates(FrozenClock(NOW), 3)
    assert await gates.enter(APP) is None
    monkeypatch.setattr(tui.tokens.gates, "ALONE", 0.01)
    for _ in range(2):
        assert await asyncio.wait_for(gates.enter(APP), DEADLINE) is None
    full = asyncio.create_task(gates.enter(APP))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not full.done()
    gates.leave(APP)
    assert await asyncio.wait_for(full, DEADLINE) is None


async def test_the_others_wait_for_the_first_refresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.tokens.gates, "ALONE", 3_600)
    gates = Gates(FrozenClock(NOW), 3)
    assert await gates.enter(APP) is None
    second = asyncio.create_task(gates.enter(APP))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not second.done()
    gates.leave(APP)
    assert await asyncio.wait_for(second, DEADLINE) is None


async def test_a_token_that_was_issued_is_stored_before_a_pause(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with desk_of(sandbox, tmp_path) as desk:
        token = await desk.take("user_due")
        stored: list[int] = []

        class Watched(Pauses):
            def note(self, app_id: str, until: float) -> None:
                stored.append(len(desk.vault.tokens.versions("user_due")))

        class Graph:
            served = Served("v26.0", Usage(100, 5))

            async def exchange_long_lived(self, *_facts: object, **_more: object) -> Issued:
                return Issued(Secret("EAA" + "n" * 60))

        asker = replace(desk.keeper._asker, pauses=Watched(desk.vault.meta, desk.clock))
        before = len(desk.vault.tokens.versions("user_due"))
        await asker.exchange(token, Secret("EAA" + "o" * 60), Access(cast(GraphClient, Graph()), desk.app))
        assert stored == [before + 1]
