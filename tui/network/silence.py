"""Within one run, a peer that does not answer is given up: hosts, and the programs that igauth starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST = 3
"""Time-outs in a row after which the rest of a run is not asked."""

SLOW = 3.0
"""Seconds after which a failure counts as a time-out: a name server or a router that is gone takes about that long."""


class _Run:
    def __init__(self) -> None:
        self.is_open = True
        self.unanswered: dict[str, int] = {}


_current: ContextVar[_Run | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Count time-outs in this block and in the tasks begun in it. Inside another run this one is part of it."""
    if _open_run() is not None:
        yield
        return
    run = _Run()
    before = _current.set(run)
    try:
        yield
    finally:
        run.is_open = False  # tasks that outlive the run no longer belong to it
        _current.reset(before)


def is_given_up(peer: str) -> bool:
    """Tell whether a peer has not answered `MOST` times in a row in this run; never outside a run."""
    run = _open_run()
    return run is not None and run.unanswered.get(peer, 0) >= MOST


def note_answer(peer: str) -> None:
    """Note that a peer has answered, whatever it said."""
    if (run := _open_run()) is not None:
        run.unanswered[peer] = 0


def note_no_answer(peer: str) -> None:
    """Note that a peer did not answer in time."""
    if (run := _open_run()) is not None:
        run.unanswered[peer] = run.unanswered.get(peer, 0) + 1


def _open_run() -> _Run | None:
    run = _current.get()
    return run if run is not None and run.is_open else None
