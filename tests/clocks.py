"""A clock that tests can stop."""

import time

from tui.clock import Clock
from tui.sandbox import RunningSandbox


class FrozenClock(Clock):
    """Shows the time it was set to."""

    def __init__(self, at: float) -> None:
        super().__init__()
        self.at = at

    def machine_time(self) -> float:
        """Return the unix seconds, UTC, it was set to."""
        return self.at

    def learn(self, server_time: float) -> None:
        """Ignore the server's time."""


class MovableClock(Clock):
    """A machine's clock that is `off` by so many seconds, and can be moved on without waiting."""

    def __init__(self, off: float = 0.0) -> None:
        super().__init__()
        self.off = off
        self._moved_on = 0.0

    def machine_time(self) -> float:
        """Return what the machine's clock shows, as unix seconds, UTC."""
        return time.time() + self.off + self._moved_on

    def steady_time(self) -> float:
        """Return seconds that no change of `off` moves."""
        return time.monotonic() + self._moved_on

    def move_on(self, seconds: float, sandbox: RunningSandbox) -> None:
        """Let time pass, here and at Facebook."""
        self._moved_on += seconds
        sandbox.clock.advance(seconds)
