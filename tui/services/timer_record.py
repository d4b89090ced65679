"""What is stored about the timer that keeps tokens valid, and about its runs."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tui.clock import Clock
from tui.stored_json import from_record, json_object
from tui.tokens.automation import DAY, Automation, Run, RunFailure, RunProblem, TimerKind

if TYPE_CHECKING:
    from tui.vault.meta import Meta

_EVERY, _SINCE, _KIND, _FIRST = "timer/every", "timer/since", "timer/kind", "timer/first"
_LAST, _RUN, _SUCCESS, _FAILING = "timer/last_run", "timer/run", "timer/last_success", "timer/failing_since"
_APART = 600
"""Seconds between two runs from which a scheduler may have started them."""


class TimerRecord:
    """What is stored about the timer. Methods block for the disk and raise VaultError."""

    def __init__(self, meta: "Meta", clock: Clock) -> None:
        self._meta = meta
        self._clock = clock

    def read(self) -> Automation | None:
        """Return the timer and its last run; None where there is no timer."""
        every, since = self._number(_EVERY), self._number(_SINCE)
        if every is None or since is None:
            return None
        kind = self._meta.get(_KIND)
        return Automation(
            every,
            since,
            self._number(_LAST),
            TimerKind(kind) if kind in list(TimerKind) else TimerKind.OTHER,
            _run(self._meta.get(_RUN)),
            self._number(_SUCCESS),
            self._number(_FAILING),
            self._number(_FIRST),
        )

    def note_installed(self, kind: TimerKind, every: int = DAY, first: int | None = None) -> None:
        """Note that a timer was installed just now. `first`: when its first run is due, unix seconds, UTC."""
        self._meta.set(_KIND, kind)
        self._meta.set(_FIRST, None if first is None else str(first))
        self._meta.set(_EVERY, str(every))
        self._meta.set(_SINCE, str(int(self._clock.now())))

    def note_loop(self, every: int) -> None:
        """Note that a loop has begun, unless a timer is installed already.

        Beginning again changes nothing: a loop that always ends before its first outcome must not look new forever.
        """
        known = self.read()
        if known is None or (known.kind in (TimerKind.LOOP, TimerKind.OTHER) and known.every != every):
            self.note_installed(TimerKind.LOOP, every)

    def note_removed(self) -> None:
        """Forget the timer and its runs: none of them is missed, and a later run is not one of another scheduler."""
        for key in (_EVERY, _SINCE, _KIND, _FIRST, _FAILING, _LAST, _RUN, _SUCCESS):
            self._meta.set(key, None)

    def note_run(self, run: Run, *, unattended: bool = True) -> None:
        """Store the outcome of a run that has ended.

        The second one without a timer of igauth's own shows that something else starts them each day, unless it
        follows so soon that somebody tried it twice. One that a person started (not `unattended`) does not show that
        the timer works: it is not stored, and ends only a failure that needed a person.
        """
        if not unattended:
            before = _run(self._meta.get(_RUN))
            if run.worked and before is not None and before.exit_status == 1:
                self._meta.set(_FAILING, None)
            return
        last = self._number(_LAST)
        if last is not None and run.began - last >= _APART and self._number(_EVERY) is None:
            self.note_installed(TimerKind.OTHER, min(max(run.began - last, DAY), 7 * DAY))
        if (known := self.read()) is not None and known.has_moved(run.began):
            self._meta.set(_FIRST, str(run.began))
        self._meta.set(_LAST, str(run.ended))
        self._meta.set(_RUN, json.dumps(asdict(run)))
        if run.worked:
            self._meta.set(_SUCCESS, str(run.ended))
            self._meta.set(_FAILING, None)
        elif self._number(_FAILING) is None:
            self._meta.set(_FAILING, str(run.began))

    def _number(self, key: str) -> int | None:
        text = self._meta.get(key) or ""
        return int(text) if text.isascii() and text.isdigit() else None  # else nothing that igauth wrote


def _run(text: str | None) -> Run | None:
    record = json_object(text)
    rows: list[Any] = record.get("failures") or []
    return from_record(Run, {**record, "failures": [failure for row in rows if (failure := _failure(row))]})


def _failure(row: object) -> RunFailure | None:
    """Return a stored failure; a problem that only a newer igauth knows counts as a fault of igauth."""
    if not isinstance(row, dict):
        return None
    problem = row.get("problem")
    return from_record(
        RunFailure, {**row, "problem": RunProblem(problem if problem in list(RunProblem) else "internal")}
    )
