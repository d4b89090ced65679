"""Homes as monitors see them, for tests of what is written about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.tokens.samples import NOW, a_token
from tui.matillion.estimate import Estimate, estimate
from tui.matillion.runs import LastRuns
from tui.services.monitored import Monitored
from tui.tokens.automation import Automation, Run, RunFailure, RunProblem
from tui.tokens.status import entries
from tui.tokens.token import DAY, WINDOW, Token

VALID = a_token(name="valid")
DUE = a_token(name="due", expires_at=NOW + DAY)
EXPIRED = a_token(name="expired", expires_at=NOW - DAY, verdict="expired", reason="190/463")
INVALID = a_token(name="invalid", verdict="invalid", reason="190/460")
UNKNOWN = a_token(name="unknown", inspected_at=None, verdict="unknown", expires_at=None)
ENDLESS = a_token(name="endless", expires_at=None)

FAILED_RUN = Run(NOW - 60, NOW - 50, 0, (RunFailure(RunProblem.SECRETS, ("valid",), "keyring_silent"),))
WORKED_RUN = Run(NOW - 60, NOW - 50, 1)
WORKING = Automation(DAY, NOW - 30 * DAY, NOW - 50, run=WORKED_RUN, last_success=NOW - 50)
FAILING = Automation(DAY, NOW - 30 * DAY, NOW - 50, run=FAILED_RUN, failing_since=NOW - 3 * DAY)
NEVER_RUN = Automation(DAY, NOW - 60)


def late(days: float) -> Automation:
    """A timer, due daily, whose last run is so long ago."""
    return Automation(DAY, NOW - 30 * DAY, NOW - int(days * DAY), run=WORKED_RUN)


def a_home(tokens: Sequence[Token] = (VALID,), **facts: Any) -> Monitored:
    """A home at NOW with a working timer, unless said otherwise."""
    values = {"home": "/srv/igauth", "now": NOW, "automation": WORKING, **facts}
    return Monitored(entries=entries(tokens, NOW, window_of), **values)


def at_day(day: int, runs: LastRuns | None = None, entry: str = "ig_prod") -> Estimate:
    """The estimate on this day of a token of Matillion."""
    return estimate(entry, NOW - (day - 1) * DAY - 60, NOW, runs or LastRuns())


def window_of(_profile: str) -> int:
    """The refresh window of every profile, in seconds."""
    return WINDOW
