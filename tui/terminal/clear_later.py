"""A small process that clears a secret from the clipboard after igauth has ended.

People copy a token, quit and paste it: clearing at once would be too early, and never would be too late.
"""

import json
import os
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


def stay_behind(value: Secret, copied: Copied, seconds: float) -> bool:
    """Leave a process behind that clears the clipboard in `seconds`; tell whether that worked.

    The secret goes to it by its stdin. What has to be written to the terminal goes to that on stderr.
    """
    order = {
        "value": value.reveal(),
        "routes": [asdict(route) for route in copied.routes],
        "seconds": seconds,
        "terminal": _terminal(),
    }
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "tui.terminal.clear_later"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
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


def main() -> None:
    """Read the order, wait, clear."""
    keep_memory_private()
    order = json.loads(sys.stdin.buffer.read())
    value = Secret(order["value"])
    time.sleep(order["seconds"])
    routes = tuple(
        Route(Way(route["way"]), LocalTool(**route["tool"]) if route["tool"] else None) for route in order["routes"]
    )
    clear_if_ours(value, Copied(Outcome.SENT, routes), lambda text: _write(order["terminal"], text), run_child)


def _terminal() -> str:
    try:
        return os.ttyname(2)
    except OSError:
        return ""


def _write(terminal: str, text: str) -> None:
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
    # the line may be gone, and its clipboard with it
    with suppress(OSError), open(terminal, "wb", buffering=0, opener=lambda path, _: os.open(path, flags)) as line:
        line.write(text.encode())


if __name__ == "__main__":
    main()
