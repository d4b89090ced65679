"""What a person types or pastes, or a pipe brings, as whole texts: lines that arrive together belong together."""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator
from typing import TextIO

from tui.plain.entry import Entry
from tui.plain.line import PAUSE
from tui.plain.mode import unlimited

_CHUNK = 65_536


async def typed_texts(stream: TextIO | None) -> AsyncGenerator[str, None]:
    """Yield each text, until the input ends.

    On a terminal the line discipline's limit of 4096 bytes a line is lifted meanwhile.
    """
    if stream is None:
        return
    descriptor, loop = stream.fileno(), asyncio.get_running_loop()
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    def pump() -> None:
        chunk = b"?"
        while chunk:
            try:
                chunk = os.read(descriptor, _CHUNK)
            except OSError:
                chunk = b""
            with contextlib.suppress(RuntimeError):  # the login is over, and its loop with it
                loop.call_soon_threadsafe(arrived.put_nowait, chunk)

    with unlimited(descriptor, has_echo=True):
        # A thread of its own, never waited for: a read without an answer must not keep the process.
        threading.Thread(target=pump, daemon=True).start()
        chunk = b"?"
        while chunk not in (b"", b"\x04"):
            entry = Entry(is_whole=True)
            with contextlib.suppress(TimeoutError):
                while True:
                    async with asyncio.timeout(PAUSE if entry.is_ended else None):
                        chunk = await arrived.get()
                    if chunk in (b"", b"\x04"):
                        break
                    entry.feed(chunk)
            if entry.text.strip():
                yield entry.text
