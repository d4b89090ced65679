"""A wrong clock changes no token's state and is reported; a jumping clock is harmless."""

import asyncio
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.clocks import FrozenClock, MovableClock
from tests.commands.running import Done, inside
from tests.conftest import MakeSandbox
from tests.screens.driving import NOON, environment, opened
from tests.thoroughness import examples
from tests.tokens.desk import desk_of
from tui.clock import Clock
from tui.facebook import calls
from tui.sandbox import RunningSandbox
from tui.services.clock_difference import ClockDifference
from tui.tokens.policy import due_names
from tui.tokens.token import WINDOW
from tui.wording.facebook import clock_words

DAY = 86_400
TOKENS = ("user_long", "user_due", "user_expired", "user_never")


def _states(done: Done) -> dict[str, str]:
    return {row["name"]: row["state"] for row in done.json["tokens"]}


def _imported(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", sandbox.dialog_url)
    world = sandbox.world
    assert inside("add", "acme", "--app-id", world.app_id, stdin=world.app_secret).status == 0
    for name in TOKENS:
        assert inside("import", name, "--profile", "acme", stdin=world.token(name).value).status == 0
    return _states(inside("status", "--check", "--json"))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_a_day_off_changes_no_state_and_doctor_tells(
    make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    there = Clock().now() + days * DAY
    sandbox = make_sandbox(start_at=there)
    found = _imported(sandbox, monkeypatch)
    facts = {token.name: token.state for token in sandbox.world.tokens}
    assert {name: found[name] for name in TOKENS} == {name: facts[name] for name in TOKENS}
    (clock,) = [line for line in inside("doctor", "--json").json["findings"] if line["check"] == "clock"]
    assert clock["level"] == "warning"
    assert ("behind" if days > 0 else "ahead of") in clock["text"]
    for command in (("status",), ("refresh", "user_due"), ("keep",)):
        assert clock_words(days * DAY) in inside(*command).err


@pytest.mark.parametrize("days", [-1, 1])
async def test_the_status_line_says_that_the_clock_is_off(
    make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, own_home: object, days: int
) -> None:
    sandbox = make_sandbox(start_at=Clock().now() + days * DAY)
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", sandbox.dialog_url)
    async with opened(sandbox, size=(120, 24)) as person:
        await person.wait_for(f"clock 1 d {'behind' if days > 0 else 'ahead'}")


async def test_the_panel_survives_a_clock_that_jumps_back_and_forth(
    make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    sandbox = make_sandbox(start_at=float(NOON), frozen=True)
    for name, value in environment(tmp_path, sandbox.graph_url).items():  # type: ignore[arg-type]
        monkeypatch.setenv(name, value)
    clock = FrozenClock(NOON)
    async with opened(sandbox, clock=clock, size=(120, 24)) as person:
        await person.wait_for("user_due")
        before = person.row("user_long")
        for at in (NOON - 400 * DAY, NOON + 400 * DAY, 0, NOON + 3650 * DAY, NOON - 1):
            clock.at = at
            person.app._tick_every_second()
            await person.pilot.pause()
            assert person.app.is_running
        clock.at = NOON
        person.app._tick_every_second()
        await person.wait_for(lambda: person.row("user_long") == before)


YEAR = 365 * DAY
OFF = st.integers(int(-time.time()), 100 * YEAR)
"""Seconds by which a clock may be off: back to 1970, ahead by a century."""
_ONE_SANDBOX = settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_ONE_SANDBOX
@example(int(-time.time()))
@example(-YEAR)
@example(-61)
@example(59)
@example(YEAR)
@example(2_147_483_648 - int(time.time()))
@given(OFF)
def test_no_clock_keeps_igauth_from_what_is_due(
    sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory, off: int
) -> None:
    async def keep(folder: Path) -> None:
        async with desk_of(sandbox, folder, clock=MovableClock(off)) as desk:
            await desk.take(*TOKENS)
            facts = {token.name: token.state for token in sandbox.world.tokens}
            assert {name: desk.state(name) for name in TOKENS} == {name: facts[name] for name in TOKENS}
            due = due_names(desk.vault.tokens.tokens(), desk.clock.now(), lambda _profile: WINDOW)
            assert due == ["user_due"]
            assert [result.result for result in await desk.keeper.refresh_many(due)] == ["extended"]
            assert desk.state("user_due") == "valid"
            later = MovableClock(off)
            ClockDifference(desk.vault.meta, later).recall()
            # two differences, not two times: between two readings a machine can stand still for a minute
            assert abs(later.skew - desk.clock.skew) < 61, "the next process knows before it asks"

    asyncio.run(keep(tmp_path_factory.mktemp("home")))


@_ONE_SANDBOX
@example(YEAR)
@given(OFF)
def test_without_facebooks_time_its_answers_still_count(
    sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory, off: int
) -> None:
    async def keep(folder: Path) -> None:
        async with desk_of(sandbox, folder, clock=MovableClock(off)) as desk:
            await desk.take("user_due", "user_never")
            assert desk.clock.skew == 0
            assert desk.state("user_due") in ("due", "valid")
            assert (await desk.keeper.refresh("user_due")).result == "extended"
            assert desk.state("user_due") in ("due", "valid")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "read_time", lambda _headers: None)
        asyncio.run(keep(tmp_path_factory.mktemp("home")))


def test_a_difference_is_forgotten_when_the_clock_is_set(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async def learn(off: float) -> float:
        async with desk_of(sandbox, tmp_path, clock=MovableClock(off)) as desk:
            ClockDifference(desk.vault.meta, desk.clock).recall()
            recalled = desk.clock.skew
            await desk.keeper.inspect("user_long")
            return recalled

    async def begin() -> None:
        async with desk_of(sandbox, tmp_path, clock=MovableClock(YEAR)) as desk:
            await desk.take("user_long")

    asyncio.run(begin())
    assert asyncio.run(learn(YEAR)) == pytest.approx(-YEAR, abs=61)
    assert asyncio.run(learn(0)) == 0, "the clock jumped back"
    assert asyncio.run(learn(YEAR)) == 0, "nothing is stored any more"
