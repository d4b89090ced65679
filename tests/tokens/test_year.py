"""400 days of the timer's command against the sandbox's clock: what can live lives, and the forecast comes true."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

from tests.clocks import FrozenClock
from tests.conftest import MakeSandbox
from tests.tokens.desk import Desk, desk_of
from tui.tokens.automation import Automation
from tui.tokens.forecast import Forecast, forecast
from tui.tokens.life import is_usable
from tui.tokens.policy import due_names
from tui.tokens.token import DAY, WINDOW

DAYS = 400
START = 1_795_478_400  # 2026-11-24 00:00 UTC

WORLD = """
primary_app = "acme"

[[apps]]
key = "acme"
name = "Acme Insights"

[[people]]
key = "dana"
name = "Dana Whitfield"
roles = { acme = "administrators" }

[[pages]]
key = "coffee"
name = "Acme Coffee Roasters"
people = ["dana"]

[[grants]]
person = "dana"
app = "acme"
last_active = "-1d"
"""

TOKENS = {
    "keeps_going": 'issued = "-40d"\nexpires = "20d 5h"\ndata_access = "never"',
    "system": 'kind = "system_user"\nissued = "-29d"\nexpires = "31d 2h"',
    "ninety_days": 'issued = "-50d"\nexpires = "10d 3h"\ndata_access = "90d"',
    "access_first": 'issued = "-20d"\nexpires = "40d"\ndata_access = "30d"',
    "short": 'issued = "-20m"\nexpires = "1h 10m"\ndata_access = "never"\nlong_lived = false',
    "endless": 'kind = "page"\npage = "coffee"\nissued = "-20d"\ndata_access = "never"',
    "endless_access": 'issued = "-10d"\nexpires = "never"\ndata_access = "80d"',
}
FOREVER = {"keeps_going", "system", "short", "endless"}


def write_world(folder: Path) -> Path:
    rows = [f'[[tokens]]\nname = "{name}"\napp = "acme"\nperson = "dana"\n{facts}' for name, facts in TOKENS.items()]
    path = folder / "year.toml"
    path.write_text("\n\n".join([WORLD, *rows]) + "\n")
    return path


class Year:
    """Each day's forecasts, when the timer exchanged what, and when each token was first seen unusable."""

    def __init__(self) -> None:
        self.forecasts: dict[str, list[tuple[float, Forecast]]] = defaultdict(list)
        self.exchanged: dict[str, list[float]] = defaultdict(list)
        self.ended: dict[str, float] = {}


async def live_a_day(desk: Desk, year: Year) -> None:
    now = desk.clock.now()
    for token in desk.vault.tokens.tokens():
        timer = Automation(DAY, int(now) - DAY)  # runs now, and then each day
        year.forecasts[token.name].append((now, forecast(token, now, WINDOW, timer)))
        if not is_usable(token, now):
            year.ended.setdefault(token.name, now)
    due = due_names(desk.vault.tokens.tokens(), now, lambda _profile: WINDOW)
    for result in await desk.keeper.refresh_many(due):
        if result.result == "extended":
            year.exchanged[result.name].append(now)


async def test_every_extendable_token_lives_and_forecasts_come_true(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    sandbox = make_sandbox(write_world(tmp_path), start_at=START, frozen=True)
    year, clock = Year(), FrozenClock(START)
    async with desk_of(sandbox, tmp_path, clock=clock, actor="timer") as desk:
        await desk.take(*TOKENS)
        for _ in range(DAYS):
            await live_a_day(desk, year)
            clock.at = sandbox.clock.advance(DAY)
        assert set(year.ended) == set(TOKENS) - FOREVER
        for name in FOREVER:
            assert desk.is_current_usable(name)
    for name in TOKENS:
        check_forecasts(name, year)


def check_forecasts(name: str, year: Year) -> None:
    """Compare what each day predicted with what the following days brought."""
    horizon = year.forecasts[name][-1][0]
    for now, predicted in year.forecasts[name]:
        is_over = name in year.ended and now >= year.ended[name]
        if is_over:
            assert predicted.next_attempt is None
            continue
        next_one = next((at for at in year.exchanged[name] if at >= now), None)
        if predicted.next_attempt is None or predicted.next_attempt > horizon:
            assert next_one is None, (name, now, predicted)
        else:
            assert next_one is not None, (name, now, predicted)
            run = START + math.ceil((predicted.next_attempt - START) / DAY) * DAY  # the timer runs once a day
            assert abs(next_one - run) < 120, (name, now, predicted)
        if predicted.until is None:
            assert name not in year.ended, (name, predicted)
        else:
            assert 0 <= year.ended[name] - predicted.until < DAY + 120, (name, now, predicted)
