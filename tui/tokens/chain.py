"""The history's hash chain and its pruning: pure functions, so that an altered line can be named."""

import json
from collections.abc import Iterable
from dataclasses import astuple

from tui.tokens.history import HistoryEvent
from tui.tokens.token import DAY

START = "0" * 64
"""The link before the first line."""

KEPT = 400 * DAY
"""Seconds a line of the history stays."""


def link(previous: str, event: HistoryEvent) -> str:
    """Return the link of a line: SHA-256 over the link before it and every field, as 64 hex digits."""
    import hashlib  # loads OpenSSL, which a look at the state does without

    line = json.dumps([previous, *astuple(event)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def first_broken(lines: Iterable[tuple[HistoryEvent, str]], start: str = START) -> int | None:
    """Return the index of the first line (oldest first) whose link does not fit; None where all do.

    `start` is the link before the first line given: that of the last pruned one, else `START`.
    """
    previous = start
    for index, (event, found) in enumerate(lines):
        if link(previous, event) != found:
            return index
        previous = found
    return None
