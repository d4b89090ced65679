"""A wrong clock changes no token's state and is reported; a jumping clock is harmless."""

import pytest

from tests.clocks import FrozenClock
from tests.commands.running import Done, inside
from tests.conftest import MakeSandbox
from tests.screens.driving import NOON, environment, opened
from tui.clock import Clock
from tui.sandbox import RunningSandbox

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


@pytest.mark.parametrize("days", [-1, 1])
async def test_the_status_line_says_that_the_clock_is_off(
    make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, own_home: object, days: int
) -> None:
    sandbox = make_sandbox(start_at=Clock().now() + days * DAY)
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", sandbox.dialog_url)
    async with opened(sandbox, size=(120, 24)) as person:
        await person.wait_for(f"clock off {'+' if days > 0 else '-'}86")


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
