"""Gets the passphrase of sealed secrets from the program that `passphrase_command` in config.toml names."""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from tui.credentials.piped import read_piped
from tui.redact import Secret
from tui.vault.errors import PassphraseCommandFailed, SecretsProblem

LIMIT = 30.0
"""Seconds that the program may take before it is ended."""
LONGEST = 64 * 1024
"""Bytes; nobody has a longer passphrase."""
AGAIN = 60.0
"""Seconds after which a failed program is tried again: `igauth keep --loop` outlives the failure."""


class NotOneLine(ValueError):
    """Text that should be a passphrase is empty, too long, or has more than one line."""


def passphrase_in(data: bytes) -> Secret:
    """Return the one line of a file or of a program's output, as it would be read from stdin. Raises NotOneLine."""
    line = read_piped(data).text.removesuffix("\r")
    if not line or len(data) > LONGEST or "\n" in line or "\r" in line:
        raise NotOneLine
    return Secret(line)


class PassphraseCommand:
    """Runs the program when a passphrase is needed, and once: threads and later needs get the same answer."""

    def __init__(self, command: Sequence[str], limit: float = LIMIT) -> None:
        self._command, self._limit = tuple(command), limit
        self._lock = threading.Lock()
        self._passphrase: Secret | None = None
        self._failure: PassphraseCommandFailed | None = None
        self._failed_at = 0.0

    def __call__(self) -> Secret:
        """Return the passphrase. Blocks, up to half a minute. Raises PassphraseCommandFailed."""
        with self._lock:
            if self._passphrase is not None:
                return self._passphrase
            if self._failure is not None and time.monotonic() - self._failed_at < AGAIN:
                raise self._failure
            try:
                self._passphrase = passphrase_from(self._command, self._limit)
            except PassphraseCommandFailed as error:
                self._failure, self._failed_at = error, time.monotonic()
                raise
            return self._passphrase


def passphrase_from(command: Sequence[str], limit: float = LIMIT) -> Secret:
    """Run a program and return the line that it prints. Its stderr is ours. Raises PassphraseCommandFailed."""
    program, deadline = command[0], time.monotonic() + limit
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        detail = getattr(error, "strerror", None) or str(error)
        raise PassphraseCommandFailed(SecretsProblem.PASSPHRASE_COMMAND_NOT_STARTED, program, detail) from None
    try:
        output = _output(process, deadline)
        status = process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise PassphraseCommandFailed(SecretsProblem.PASSPHRASE_COMMAND_SLOW, program, f"{limit:.0f}") from None
    finally:
        _end(process)
    if status != 0:
        raise PassphraseCommandFailed(SecretsProblem.PASSPHRASE_COMMAND_FAILED, program, str(status))
    try:
        return passphrase_in(output)
    except NotOneLine:
        raise PassphraseCommandFailed(SecretsProblem.PASSPHRASE_COMMAND_NOT_A_LINE, program) from None


def _output(process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    """Return what a program prints, at most one byte more than a passphrase may have. Raises TimeoutExpired."""
    assert process.stdout is not None
    output = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(output) <= LONGEST:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise subprocess.TimeoutExpired(process.args, 0)
            piece = os.read(process.stdout.fileno(), LONGEST + 1 - len(output))
            if not piece:
                return output
            output += piece
    _end(process)  # it may wait for a reader for ever
    return output


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a program that still runs, with its children, and close its pipe."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
