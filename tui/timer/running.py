"""Runs the commands of the system's schedulers."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from tui.harmless import harmless

NO_SUCH_COMMAND, NO_ANSWER = 127, 124
LONGEST = 30.0
"""Seconds that a scheduler's command may take: systemd-creds may ask a TPM."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    status: int
    out: bytes
    err: bytes

    @property
    def reason(self) -> str:
        """The last line of what it wrote to stderr, else its exit status."""
        lines = self.err.decode("utf-8", "replace").strip().splitlines()
        if not lines:
            return f"exit status {self.status}"
        return harmless(lines[-1].removeprefix("igauth: ").removesuffix("."), 300)


def run(
    *words: str,
    feed: bytes = b"",
    timeout: float = LONGEST,
    environ: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> Done:
    """Run a command in the C locale, without a terminal, in a session of its own. Never raises.

    A command that cannot be started has the status 127, one that does not end in time (seconds) 124. `environ`: all
    the variables that it gets.
    """
    try:
        done = subprocess.run(
            words,
            input=feed,
            capture_output=True,
            check=False,
            timeout=timeout,
            env=environ if environ is not None else {**os.environ, "LC_ALL": "C"},
            cwd=folder,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        return Done(NO_ANSWER, b"", f"no answer within {error.timeout:.0f} s".encode())
    except OSError as error:
        return Done(NO_SUCH_COMMAND, b"", str(error).encode())
    return Done(done.returncode, done.stdout, done.stderr)
