"""Tells how many requests were no answer, so that a flood of them does not become a flood of lines."""

import asyncio
from collections.abc import Callable

GATHERED = 0.25
"""Seconds in which requests are gathered before the first figure is told."""
PAUSE = 2.0
"""Seconds between two figures while more requests come."""


class Witness:
    """Tells each figure once. All calls on the event loop; `finish` leaves no timer."""

    def __init__(self, tell: Callable[[int], object]) -> None:
        self._tell = tell
        self._seen = self._told = 0
        self._timer: asyncio.TimerHandle | None = None

    def saw(self, count: int) -> None:
        """Take note of a request; `count` so far."""
        self._seen = count
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHERED, self._speak)

    def finish(self) -> None:
        """Tell what was not told yet, and stop."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._say()

    def _speak(self) -> None:
        if self._seen == self._told:
            self._timer = None
            return
        self._say()
        self._timer = asyncio.get_running_loop().call_later(PAUSE, self._speak)

    def _say(self) -> None:
        if self._seen > self._told:
            self._told = self._seen
            self._tell(self._told)
