"""What time it is, corrected by what Facebook's own clock says."""

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

NOTICED = 60.0
"""Seconds of difference below which the local clock is believed (graph-api.md section 14, item 17)."""

AGREEING = 3.0
"""Seconds by which two answers may differ and still show the same time: an answer is some time on its way."""

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


class _Reading(NamedTuple):
    """A server's time (unix seconds, UTC) and when it was read, in seconds that no change of a clock moves."""

    server_time: float
    steady: float


class Clock:
    """This machine's clock, corrected where two answers of Facebook's agree that it is off; injected everywhere."""

    def __init__(self) -> None:
        self.skew = 0.0
        """Seconds added to this machine's clock; 0 while it agrees with Facebook's."""
        self.is_doubted = False
        """Whether an answer showed another time than `now` and none has confirmed it yet."""
        self._reading: _Reading | None = None

    def now(self) -> float:
        """Return the corrected time as unix seconds, UTC."""
        return self.machine_time() + self.skew

    def machine_time(self) -> float:
        """Return what this machine's own clock shows, as unix seconds, UTC."""
        return time.time()

    def steady_time(self) -> float:
        """Return seconds that pass evenly, whatever is done to this machine's clock."""
        return time.monotonic()

    def learn(self, server_time: float) -> None:
        """Compare with the unix seconds, UTC, of a `Date` that Facebook just sent.

        One answer is enough to show that this machine's clock, or the known difference, is right. Another difference
        counts once a second answer shows that this time goes on: a cache can send the same old date again.
        """
        difference = server_time - self.machine_time()
        steady = self.steady_time()
        if abs(difference) <= NOTICED:
            self._settle(0.0)
        elif self.skew and abs(difference - self.skew) <= NOTICED:
            self._settle(self.skew)
        elif self._reading is None:
            self._reading, self.is_doubted = _Reading(server_time, steady), True
        elif (moved := server_time - self._reading.server_time) == 0:
            self.is_doubted = True  # the same second, or the same old date
        elif moved > 0 and abs(moved - (steady - self._reading.steady)) <= AGREEING:
            self._settle(difference)
        else:
            self._reading, self.is_doubted = _Reading(server_time, steady), True

    def _settle(self, skew: float) -> None:
        self.skew, self.is_doubted, self._reading = skew, False, None
