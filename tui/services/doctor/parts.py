"""Runs the parts of the examination side by side, each within what is left of the time."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from tui.services.doctor.findings import Code, Finding, found
from tui.threads import in_thread

SECONDS = 14.0
"""How long all parts may take: a file system, a keyring or a name server may never answer."""
_WHILE_ASKING = 0.5

T = TypeVar("T")


class Deadline:
    """The time that is left, in seconds; it stands still while a person is asked for the passphrase."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._end = time.monotonic() + seconds
        self._asking_since: float | None = None

    def left(self) -> float:
        """Return for how long to wait before asking again whether any time is left."""
        return _WHILE_ASKING if self._asking_since is not None else self._end - time.monotonic()

    def stands_still(self, ask: Callable[[], T]) -> T:
        """Return what `ask` returns; the time that it takes does not count."""
        self._asking_since = time.monotonic()
        try:
            return ask()
        finally:
            self._end += time.monotonic() - self._asking_since
            self._asking_since = None


async def run_parts(deadline: Deadline, *parts: tuple[str, Callable[[], Iterable[Finding]]]) -> list[Finding]:
    """Run parts one after the other, each under the check that it is about; what one has found in time counts.

    One that does not end, or that fails by a fault of igauth's own, is a failure of its check; after one that does
    not end there is no time for the next.
    """
    findings: list[Finding] = []
    for check, part in parts:
        future = asyncio.wrap_future(in_thread(lambda part=part: _collect(part, findings), check))  # type: ignore[misc]
        while not future.done() and (left := deadline.left()) > 0:
            await asyncio.wait((future,), timeout=left)
        if not future.done():
            return [*findings, unfinished(check)]
        if (error := future.exception()) is not None:  # its text may hold anything
            findings.append(found(check, "failure", Code.PART_FAILED, kind=type(error).__name__))
    return findings


def _collect(part: Callable[[], Iterable[Finding]], findings: list[Finding]) -> None:
    for finding in part():
        findings.append(finding)  # noqa: PERF402 - one by one: what was found before it hangs counts


def unfinished(check: str, seconds: float = SECONDS) -> Finding:
    """Return the finding that a part did not end within these seconds."""
    return found(check, "failure", Code.PART_UNFINISHED, seconds=round(seconds))
