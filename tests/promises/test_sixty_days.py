"""60 days with a timer that fails on a third of them: what can live lives, and each failed day is shown that day."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from enum import StrEnum
from pathlib import Path

import keyring
import pytest

from tests.clocks import FrozenClock
from tests.commands.file_keyring import Keyring
from tests.commands.running import ROOT
from tests.conftest import MakeSandbox
from tui.facebook import calls
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services, keeping
from tui.settings import Profile, SettingsStore, find_home
from tui.tokens.automation import TimerKind, TimerState, timer_state
from tui.tokens.token import DAY, WINDOW

DAYS = 60
HOUR = 3_600
START = 1_795_478_400  # 2026-11-24 00:00 UTC
DUE = 3 * HOUR + 600
"""Seconds after midnight at which the timer starts a run."""
EVENING = 21 * HOUR

WORLD = """
primary_app = "acme"

[[apps]]
key = "acme"
name = "Acme Insights"

[[people]]
key = "dana"
name = "Dana Whitfield"
roles = { acme = "administrators" }

[[grants]]
person = "dana"
app = "acme"
last_active = "-1d"
"""
KEPT = [f"token_{number}" for number in range(5)]
NOT_KEPT = "access_ends"
"""The one token that no timer can keep valid: its data access ends, which makes no run a failure."""


class Failure(StrEnum):
    """A way in which a day's run fails."""

    NOT_STARTED = "not_started"
    NO_NETWORK = "no_network"
    KEYRING_LOCKED = "keyring_locked"
    OUTCOME_NOT_STORED = "outcome_not_stored"
    KILLED = "killed"


class Timer:
    """A home with tokens, and what its timer does each day. Times are unix seconds, UTC."""

    def __init__(self, sandbox: RunningSandbox, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox = sandbox
        self._chance = chance
        self._monkeypatch = monkeypatch
        self._clock = FrozenClock(START)

    def move_to(self, at: float) -> None:
        """Let it be `at`, here and at Facebook."""
        self._clock.at = self.sandbox.clock.set(at)

    @asynccontextmanager
    async def services(self) -> AsyncIterator[Services]:
        """What a process of its own would open."""
        opened = Services(SettingsStore(find_home(os.environ), os.environ), self._clock, "timer")
        try:
            yield opened
        finally:
            await opened.close()

    async def install(self) -> None:
        """Import every token of the world, and note that a timer was installed."""
        world = self.sandbox.world
        async with self.services() as services:
            services.profile_store.save(Profile("acme", world.app_id), Secret(world.app_secret))
            for name in (*KEPT, NOT_KEPT):
                await services.keeper.adopt(name, "acme", Secret(world.token(name).value), "import")
            assert services.secrets.choice is not None
            assert services.secrets.choice.name == "keyring"
            services.timer.note_installed(TimerKind.CRON, first=START + DAY + DUE)

    async def run(self) -> None:
        """Do one run."""
        async with self.services() as services:
            await keeping.keep(services, lambda _event: None)

    async def fail(self, failure: Failure) -> None:
        """Do one run that fails."""
        match failure:
            case Failure.NOT_STARTED:
                pass
            case Failure.NO_NETWORK:
                self.sandbox.fault("drop", times=None)
                await self.run()
                self.sandbox.clear_faults()
            case Failure.KEYRING_LOCKED:
                self._monkeypatch.setenv("KEYRING_TROUBLE", "refuse all")
                await self.run()
                self._monkeypatch.delenv("KEYRING_TROUBLE")
            case Failure.OUTCOME_NOT_STORED:
                with self._outcome_refused():
                    await self.run()
            case Failure.KILLED:
                self._run_and_kill()

    @contextlib.contextmanager
    def _outcome_refused(self) -> Iterator[None]:
        """Let the database refuse an outcome, as a full disk would after the last token was stored."""
        database = find_home(os.environ).database
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(
                "CREATE TRIGGER full BEFORE INSERT ON meta WHEN NEW.key LIKE 'timer/%' "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
            yield
            connection.execute("DROP TRIGGER full")

    def _run_and_kill(self) -> None:
        answers = self._chance.randint(1, len((*KEPT, NOT_KEPT)))
        command = [sys.executable, "-m", "tests.promises.killed_run", str(self._clock.at), str(answers)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == -9, done.stderr.decode()

    async def state(self) -> TimerState:
        """What any surface makes of the timer now."""
        async with self.services() as services:
            return timer_state(services.timer.read(), self._clock.now())

    async def ends(self) -> dict[str, int]:
        """When Facebook says that the stored token of each name expires."""
        async with self.services() as services:
            values = {name: services.token_store.value(name).reveal() for name in (*KEPT, NOT_KEPT)}
        return {name: self.sandbox.state.token_named(value).expires_at for name, value in values.items()}


def _world(folder: Path, chance: random.Random) -> Path:
    """Write a world of tokens that expire within the 60 days."""
    rows = [
        f'[[tokens]]\nname = "{name}"\napp = "acme"\nperson = "dana"\nissued = "-1d"\n'
        f'expires = "{chance.randint(4 * DAY, 59 * DAY) // 60}m"\ndata_access = "90d"\n'
        for name in KEPT
    ]
    rows.append(f'[[tokens]]\nname = "{NOT_KEPT}"\napp = "acme"\nperson = "dana"\nexpires = "60d"\ndata_access = "25d"')
    path = folder / "sixty.toml"
    path.write_text("\n".join([WORLD, *rows]))
    return path


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_home: Path) -> Iterator[None]:
    """A keyring, here and in other processes, and no pauses before anything is tried again."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.commands.file_keyring.Keyring")
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.setattr(calls, "PAUSES", (0.0,) * len(calls.PAUSES))
    monkeypatch.setattr(keeping, "_PATIENCE", 0.0)
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_sixty_days_with_a_timer_that_often_fails(
    seed: int, make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, surroundings: None
) -> None:
    chance = random.Random(seed)
    sandbox = make_sandbox(_world(tmp_path, chance), start_at=START, frozen=True)
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    timer = Timer(sandbox, chance, monkeypatch)
    timer.move_to(START + chance.randint(DUE, EVENING))
    await timer.install()
    failures = dict(zip(chance.sample(range(1, DAYS + 1), DAYS // 3), [*Failure] * DAYS, strict=False))
    good_runs: list[float] = []
    ends = await timer.ends()
    for day in range(1, DAYS + 1):
        midnight = START + day * DAY
        failure = failures.get(day)
        # a machine that was off starts the run when it is on again
        late = 0 if failure else chance.choice([0, 0, chance.randint(0, EVENING - DUE)])
        timer.move_to(midnight + DUE + late)
        if failure:
            await timer.fail(failure)
        else:
            await timer.run()
            good_runs.append(midnight + DUE + late)
        timer.move_to(midnight + EVENING)
        shown = await timer.state()
        assert (shown is TimerState.WORKING) is (failure is None), (day, failure, shown)
        before, ends = ends, await timer.ends()
        for name in KEPT:
            had_a_chance = any(before[name] - WINDOW <= run < before[name] for run in good_runs)
            assert ends[name] > before[name] if had_a_chance else ends[name] >= before[name], (day, name)
    assert min(ends[name] for name in KEPT) > START + (DAYS + 1) * DAY
