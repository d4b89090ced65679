"""How far this machine's clock is off, kept for the processes to come."""

from contextlib import suppress
from typing import TYPE_CHECKING

from tui.clock import LAST_SECOND, NOTICED, Clock
from tui.vault.errors import VaultError

if TYPE_CHECKING:
    from tui.vault.meta import Meta

_KEY = "clock/difference"
"""In `meta`: the difference in seconds, and what the wrong clock showed when it was noted."""
_KEPT, _NOTED_AGAIN = 2 * 86_400, 86_400 // 2
"""Seconds by the wrong clock: how long a difference is believed, and after which it is noted again.

A clock that is set right jumps, mostly out of that time: then the difference counts for nothing.
"""


class ClockDifference:
    """The difference in the table `meta`. Methods block for the disk, and raise nothing: it is only a help."""

    def __init__(self, meta: "Meta", clock: Clock) -> None:
        self._meta = meta
        self._clock = clock

    def recall(self) -> None:
        """Correct the clock by what an earlier process has learned."""
        skew, noted_at = self._read()
        if skew and -NOTICED <= self._clock.machine_time() - noted_at <= _KEPT:
            self._clock.skew = float(skew)

    def note(self) -> None:
        """Store what this process has learned, where that is new."""
        if self._clock.is_doubted:
            return
        skew, at = round(self._clock.skew), int(self._clock.machine_time())
        known, noted_at = self._read()
        if abs(skew - known) <= NOTICED and (not skew or 0 <= at - noted_at < _NOTED_AGAIN):
            return
        with suppress(VaultError):
            self._meta.set(_KEY, f"{skew} {at}" if skew else None)

    def _read(self) -> tuple[int, int]:
        with suppress(VaultError, ValueError):
            skew, noted_at = map(int, (self._meta.get(_KEY) or "0 0").split())
            return (skew, noted_at) if abs(skew) <= LAST_SECOND else (0, 0)
        return 0, 0
