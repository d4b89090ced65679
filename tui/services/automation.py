"""What is known of the timer that refreshes tokens: how often it should run, when it last did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.clock import Clock

if TYPE_CHECKING:
    from tui.vault.meta import Meta

DAY = 86_400
GRACE = 6 * 3_600
"""Seconds after a run was due from which it counts as missed: a machine may be asleep, a timer has its jitter."""

_EVERY, _SINCE, _LAST = "timer/every", "timer/since", "timer/last_run"


@dataclass(frozen=True, slots=True)
class Automation:
    """A timer. `every` in seconds; `since` and `last_run` in unix seconds, UTC, None: it has not run yet."""

    every: int
    since: int
    last_run: int | None = None

    @property
    def next_run(self) -> int:
        """When the next run is expected, unix seconds, UTC."""
        return (self.since if self.last_run is None else self.last_run) + self.every

    def is_overdue(self, now: float) -> bool:
        """Tell whether a run did not happen."""
        return now > self.next_run + GRACE


class TimerRecord:
    """What is stored about the timer. Methods block for the disk and raise VaultError."""

    def __init__(self, meta: "Meta", clock: Clock) -> None:
        self._meta = meta
        self._clock = clock

    def read(self) -> Automation | None:
        """Return the timer; None where none was installed."""
        every, since, last = (self._meta.get(key) for key in (_EVERY, _SINCE, _LAST))
        if every is None or since is None:
            return None
        return Automation(int(every), int(since), None if last is None else int(last))

    def note_installed(self, every: int = DAY) -> None:
        """Note that a timer was installed just now."""
        self._meta.set(_EVERY, str(every))
        self._meta.set(_SINCE, str(int(self._clock.now())))

    def note_removed(self) -> None:
        """Note that there is no timer any more."""
        for key in (_EVERY, _SINCE):
            self._meta.set(key, None)

    def note_run(self) -> None:
        """Note that the timer ran just now."""
        self._meta.set(_LAST, str(int(self._clock.now())))
