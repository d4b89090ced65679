"""What is known of the timer that keeps tokens alive: how often it should run, when it last did."""

from dataclasses import dataclass
from typing import Protocol

DAY = 86_400
GRACE = 6 * 3_600
"""Seconds after a run was due from which it counts as missed: a machine may be asleep, a timer has its jitter."""

_EVERY, _SINCE, _LAST = "timer/every", "timer/since", "timer/last_run"


class Notebook(Protocol):
    """The part of the vault this needs."""

    def meta(self, key: str) -> str | None:
        """Return a noted text, or None."""

    def set_meta(self, key: str, value: str | None) -> None:
        """Note a text, or forget it."""


@dataclass(frozen=True, slots=True)
class Automation:
    """A timer. `every` in seconds; `since` and `last_run` in unix seconds, UTC, None: it has not run yet."""

    every: int
    since: int
    last_run: int | None = None

    @property
    def next_run(self) -> int:
        """When the next run is to be expected, unix seconds, UTC."""
        return (self.since if self.last_run is None else self.last_run) + self.every

    def is_overdue(self, now: float) -> bool:
        """Tell whether a run did not happen."""
        return now > self.next_run + GRACE


def read_automation(notes: Notebook) -> Automation | None:
    """Return what was noted of the timer; None where none was installed."""
    every, since, last = (notes.meta(key) for key in (_EVERY, _SINCE, _LAST))
    if every is None or since is None:
        return None
    return Automation(int(every), int(since), None if last is None else int(last))


def note_installed(notes: Notebook, now: float, every: int = DAY) -> None:
    """Note that a timer was installed at `now`."""
    notes.set_meta(_EVERY, str(every))
    notes.set_meta(_SINCE, str(int(now)))


def note_removed(notes: Notebook) -> None:
    """Note that there is no timer any more."""
    for key in (_EVERY, _SINCE):
        notes.set_meta(key, None)


def note_run(notes: Notebook, now: float) -> None:
    """Note that the timer ran at `now`."""
    notes.set_meta(_LAST, str(int(now)))
