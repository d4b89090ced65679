"""A small process that clears a secret from the clipboard after igauth has ended.

People copy a token, quit and paste it: clearing at once would be too early, and never would be too late. The process
has the terminal that igauth had, and never opens one by its name: after a log-out the name belongs to the next login.
"""

import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from tui.process import keep_memory_private
from tui.redact import Secret
from tui.terminal.capabilities import LocalTool
from tui.terminal.children import run_child
from tui.terminal.clipboard import Copied, Outcome, clear_if_ours
from tui.terminal.routes import Route, Way

_ROOT = Path(__file__).resolve().parents[2]
"""Where this package lies: the process looks for it there and not where the person happens to be."""

_LINE = 2
"""The descriptor that Textual paints on."""
_WRITABLE_WITHIN = 1.0
"""Seconds."""


def stay_behind(value: Secret, copied: Copied, seconds: float) -> bool:
    """Leave a process behind that clears the clipboard in `seconds`; tell whether that worked.

    The secret goes to it by its stdin. The terminal, to which igauth has painted on stderr, is its stdout.
    """
    order = {
        "value": value.reveal(),
        "routes": [asdict(route) for route in copied.routes],
        "seconds": seconds,
        "session": os.getsid(0),
    }
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "tui.terminal.clear_later"],
            stdin=subprocess.PIPE,
            stdout=_LINE if os.isatty(_LINE) else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=_ROOT,
        )
        assert child.stdin is not None
        child.stdin.write(json.dumps(order).encode())
        child.stdin.close()
    except OSError:
        return False
    child.returncode = 0  # nothing waits for it: it outlives this process
    return True


def ends_with_igauth() -> bool:
    """Tell whether the terminal's line ends with this process, as under `ssh -t host igauth`."""
    return os.getsid(0) == os.getpid()


def main() -> None:
    """Read the order, wait, clear; end early where the line is gone and nothing but it was written to."""
    keep_memory_private()
    order = json.loads(sys.stdin.buffer.read())
    value = Secret(order["value"])
    routes = tuple(
        Route(Way(route["way"]), LocalTool(**route["tool"]) if route["tool"] else None) for route in order["routes"]
    )
    until = time.monotonic() + order["seconds"]
    if _hangs_up(order["seconds"], order["session"]):
        routes = tuple(route for route in routes if not route.needs_line)
        if not routes:
            return
        time.sleep(max(0.0, until - time.monotonic()))
    clear_if_ours(value, Copied(Outcome.SENT, routes), _write, run_child)


def _hangs_up(seconds: float, session: int) -> bool:
    """Wait, and tell whether the terminal's line ended meanwhile, or the session of the person that had it."""
    ends = select.poll()
    ends.register(1, 0)  # a hang-up and an error are reported unasked
    if sys.platform == "linux":
        try:
            # a pseudo-terminal is not hung up where the shell ends, as long as somebody holds it
            ends.register(os.pidfd_open(session), select.POLLIN)
        except ProcessLookupError:
            return True
        except OSError:  # an old kernel
            pass
    return bool(ends.poll(seconds * 1000))


def _write(text: str) -> None:
    # a terminal that is stopped takes nothing, and what waits in it would come at a later time
    if select.select([], [1], [], _WRITABLE_WITHIN)[1]:
        with suppress(OSError):
            os.write(1, text.encode())


if __name__ == "__main__":
    main()
