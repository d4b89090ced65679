"""Waiting for a condition with a deadline."""

import time
from collections.abc import Callable

DEADLINE = 20.0
"""Seconds; generous, since the machine that runs the tests may be busy. A wait ends as soon as it can."""

STEP = 0.02


def wait_until(condition: Callable[[], object], what: Callable[[], str] | str, deadline: float = DEADLINE) -> None:
    """Return once `condition` holds; fail with `what` (a text, or asked for at the end) at the deadline."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline:g} s in vain: {what if isinstance(what, str) else what()}")
        time.sleep(STEP)
