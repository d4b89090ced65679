"""What time it is, corrected by what Facebook's own clock says."""

import time
from datetime import UTC, datetime
from functools import lru_cache

NOTICED = 60.0
"""Seconds of difference below which the local clock is believed (graph-api.md section 14, item 17)."""

LAST_SECOND = 253_402_300_799
"""The last second of the year 9999: what a date can hold."""


def rfc3339(moment: float | None) -> str | None:
    """Return `2026-11-23T23:20:59Z`, the form of times in every machine-read output; None stays None."""
    if moment is None:
        return None
    day, second = divmod(min(max(int(moment), 0), LAST_SECOND), 86_400)
    minute, second = divmod(second, 60)
    return f"{_day(day)}T{minute // 60:02d}:{minute % 60:02d}:{second:02d}Z"


@lru_cache(maxsize=512)  # many moments fall on the same day
def _day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


class Clock:
    """This machine's clock, corrected once it differs from Facebook's by more than a minute; injected everywhere."""

    def __init__(self) -> None:
        self.skew = 0.0
        """Seconds added to this machine's clock; 0 while it agrees with Facebook's."""

    def now(self) -> float:
        """Return the corrected time as unix seconds, UTC."""
        return time.time() + self.skew

    def learn(self, server_time: float) -> None:
        """Compare with the unix seconds, UTC, of a `Date` header that Facebook just sent; keep what is noticeable."""
        difference = server_time - time.time()
        self.skew = difference if abs(difference) > NOTICED else 0.0
