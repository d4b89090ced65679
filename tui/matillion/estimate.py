"""Estimates how long Matillion's own token lasts. Pure.

Source: matillion.md section 5. Matillion's token cannot be read. It is taken to live 60 days from its last
authorization; that is not documented, so the result is always called an estimate. Only a task run is certain.
"""

from dataclasses import dataclass
from enum import StrEnum

from tui.matillion.runs import LastRuns

DAY = 86_400
LIFE_DAYS = 60
WARN_DAY = 53
"""A monitor warns once this day is past."""
REMINDER_DAYS = 14
"""Days left from which a person is reminded."""


class Standing(StrEnum):
    """What is known about Matillion's token."""

    ESTIMATED = "estimated"
    WORKED = "worked"
    FAILED = "failed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate for one OAuth entry. Times are unix seconds, UTC.

    `reason` is Facebook's, as `190/463`.
    """

    entry: str
    standing: Standing
    authorized_at: int
    day: int
    ends_at: int
    seconds_left: int
    worked_at: int | None
    failed_at: int | None
    reason: str

    @property
    def level(self) -> int:
        """What a monitor makes of it: 2 a run failed, 1 past WARN_DAY, 0 fine. Days alone are never critical.

        A run that worked after the estimated end shows that the estimate is wrong: 0.
        """
        if self.standing is Standing.FAILED:
            return 2
        outlived = self.worked_at is not None and self.worked_at >= self.ends_at
        return int(self.day > WARN_DAY and not outlived)


def estimate(entry: str, authorized_at: int, now: float, runs: LastRuns) -> Estimate:
    """Return the estimate at `now`. A run that ended before the last authorization does not count."""
    ends_at = authorized_at + LIFE_DAYS * DAY
    left = max(0, int(ends_at - now))
    worked_at, failed_at = runs.since(authorized_at)
    standing = Standing.OVER if left == 0 else Standing.ESTIMATED
    if failed_at is not None:
        standing = Standing.FAILED
    elif worked_at is not None:
        standing = Standing.WORKED
    return Estimate(
        entry=entry,
        standing=standing,
        authorized_at=authorized_at,
        day=max(1, int((now - authorized_at) // DAY) + 1),
        ends_at=ends_at,
        seconds_left=left,
        worked_at=worked_at,
        failed_at=failed_at,
        reason=runs.reason if failed_at is not None else "",
    )
