"""Runs the small tools of the terminal (tmux, xclip and their like): quickly, silently, never raising."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TIME_LIMIT = 2.0
"""Seconds; a clipboard tool without its display may wait for ever."""

NOT_FOUND = 127
TOO_SLOW = 124


@dataclass(frozen=True, slots=True)
class Ran:
    """How a child ended, and what it wrote (nothing where it was given something to read)."""

    code: int
    output: bytes = b""

    @property
    def text(self) -> str:
        """The output as text without its last line break."""
        return self.output.decode("utf-8", "replace").rstrip("\r\n")


Runner = Callable[[Sequence[str], bytes | None], Ran]
"""Runs `argv`; a secret goes in by the second argument, the child's stdin, never by `argv`."""


def run_child(argv: Sequence[str], feed: bytes | None = None) -> Ran:
    """Run `argv` within TIME_LIMIT; with `feed` on its stdin its output is dropped, else it is returned.

    xclip and wl-copy stay behind holding their output open: reading it after feeding would never end.
    """
    try:
        done = subprocess.run(
            list(argv),
            input=feed or b"",
            stdout=subprocess.PIPE if feed is None else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ran(TOO_SLOW)
    except (OSError, ValueError):
        return Ran(NOT_FOUND)
    return Ran(done.returncode, done.stdout or b"")
