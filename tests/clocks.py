"""A clock that tests can stop."""

from tui.clock import Clock


class FrozenClock(Clock):
    """Shows the time it was set to."""

    def __init__(self, at: float) -> None:
        super().__init__()
        self.at = at

    def now(self) -> float:
        """Return the unix seconds, UTC, it was set to."""
        return self.at

    def learn(self, server_time: float) -> None:
        """Ignore the server's time."""
