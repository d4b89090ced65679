"""Reports a count that grows fast only now and then, so that a flood of requests does not become a flood of lines."""

import asyncio
from collections.abc import Callable

FIRST_PAUSE = 0.25
"""Seconds before the first count is reported."""
PAUSE = 2.0
"""Seconds between two reports while the count grows."""


class PacedCount:
    """Reports each count at most once. All calls on the event loop; `finish` leaves no timer."""

    def __init__(self, report: Callable[[int], object]) -> None:
        self._report = report
        self._count = self._reported = 0
        self._timer: asyncio.TimerHandle | None = None

    def set(self, count: int) -> None:
        """Set the count so far."""
        self._count = count
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FIRST_PAUSE, self._on_timer)

    def finish(self) -> None:
        """Report what was not reported yet, and stop."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._count > self._reported:
            self._reported = self._count
            self._report(self._count)

    def _on_timer(self) -> None:
        grew = self._count > self._reported
        self.finish()
        if grew:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._on_timer)
