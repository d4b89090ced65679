"""Runs a command that belongs to the person: no shell, a time limit, and its children end with it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tui.harmless import harmless
from tui.redact import Secret, redact

LIMIT = 30.0
"""Seconds that a command may take before it is ended."""
_TAIL = 4096


class Ended(NamedTuple):
    """How a command ended. `status` None: it was to be ended after the limit.

    `said`: the last line that it printed.
    """

    status: int | None
    said: str = ""


async def run_child(
    command: Sequence[str], facts: Mapping[str, str], limit: float, value: Secret | None = None
) -> Ended:
    """Run a command with facts in its environment. Raises OSError, ValueError: it could not be started.

    With a value, which it gets on stdin, it has ended when its output is closed too, and nothing that it prints is
    shown but its last line, without secrets. Else its output goes to stderr.
    """
    pipe = None if value is None else asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **facts},
        stdin=pipe or asyncio.subprocess.DEVNULL,
        stdout=pipe or 2,  # our stdout is data
        stderr=pipe and asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limit):
            if value is None:
                return Ended(await process.wait())
            _, printed, status = await asyncio.gather(_feed(process, value), _read(process), process.wait())
    except (TimeoutError, asyncio.CancelledError) as error:
        with contextlib.suppress(PermissionError):  # another user's, as sudo starts them: it goes on
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its children too
            await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        return Ended(None)
    return Ended(status, _last_line(printed))


async def _feed(process: asyncio.subprocess.Process, value: Secret) -> None:
    stdin = process.stdin
    assert stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it need not read
        stdin.write(value.reveal().encode())
        await stdin.drain()
        stdin.close()
        await stdin.wait_closed()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    """Return the end of what a command prints, in whole lines: half a secret could not be recognized."""
    assert process.stdout is not None
    printed, is_cut = b"", False
    while chunk := await process.stdout.read(_TAIL):
        printed += chunk
        if len(printed) > _TAIL:
            printed, is_cut = printed[-_TAIL:], True
    return printed.partition(b"\n")[2] if is_cut else printed


def _last_line(printed: bytes) -> str:
    lines = [line for line in printed.decode(errors="replace").splitlines() if line.strip()]
    return harmless(redact(lines[-1].strip()), 200) if lines else ""
