"""The sandbox's own time: seconds since 1970 UTC, moved by a test or a demo."""

import time
from datetime import UTC, datetime, timedelta

HOUR = 3600
DAY = 86400
LAST = datetime(2500, 1, 1, tzinfo=UTC).timestamp()


class SandboxClock:
    """The sandbox's clock. It follows the machine's clock from `start_at`, or stands still when frozen."""

    def __init__(self, start_at: float | None = None, *, frozen: bool = False) -> None:
        self._frozen = frozen
        self._base = time.time() if start_at is None else float(start_at)
        self._started = time.monotonic()

    def now(self) -> float:
        """Return unix seconds, UTC."""
        return self._base if self._frozen else self._base + (time.monotonic() - self._started)

    def advance(self, seconds: float) -> float:
        """Move time by `seconds` (negative: back) and return the new now. Raises ValueError as `set` does."""
        return self.set(self.now() + seconds)

    def set(self, at: float) -> float:
        """Move time to the unix second `at` and return it. Raises ValueError for one outside of 1970 to 2500."""
        if not 0 <= at < LAST:  # also refuses NaN
            raise ValueError(f"must be a time from 1970 to 2500, not the second {at}")
        self._base, self._started = float(at), time.monotonic()
        return self.now()


def _nth_sunday(year: int, month: int, n: int) -> datetime:
    first = datetime(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (n - 1))


def pacific(at: float) -> str:
    """Return `Saturday, 13-Jun-26 05:00:00 PDT`, the date form of graph-api.md section 10 (subcode 463).

    The US rule is computed here because many servers have no time zone database.
    """
    standard = datetime.fromtimestamp(int(at), UTC).replace(tzinfo=None) - timedelta(hours=8)
    begins = _nth_sunday(standard.year, 3, 2) + timedelta(hours=2)
    ends = _nth_sunday(standard.year, 11, 1) + timedelta(hours=1)
    summer = begins <= standard < ends
    local = standard + timedelta(hours=1) if summer else standard
    return local.strftime("%A, %d-%b-%y %H:%M:%S ") + ("PDT" if summer else "PST")
