"""What a person types or pastes, or a pipe brings, as whole texts: lines that arrive together belong together."""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import TextIO

PAUSE = 0.25
"""Seconds of silence after a line end that end a text: a paste of many lines arrives faster."""

_CHUNK = 65_536
_ERASE = b"\x7f\x08"


class Typed:
    """Iterates over texts. On a terminal the line discipline's limit of 4096 bytes a line is lifted meanwhile."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def __aiter__(self) -> AsyncGenerator[str, None]:
        """Yield each text, until the input ends."""
        if self._stream is None:
            return
        loop = asyncio.get_running_loop()
        with _unlimited(self._stream):
            # A thread of its own, never waited for: a read that nobody answers must not keep the process.
            threading.Thread(target=self._pump, args=(self._stream.fileno(), loop), daemon=True).start()
            held = b""
            while True:
                complete = held.endswith((b"\n", b"\r"))
                try:
                    async with asyncio.timeout(PAUSE if complete else None):
                        chunk = await self._arrived.get()
                except TimeoutError:
                    if held.strip():
                        yield held.decode("utf-8", "surrogateescape")
                    held = b""
                    continue
                if not chunk or chunk == b"\x04":
                    break
                held = _edited(held, chunk)
            if held.strip():
                yield held.decode("utf-8", "surrogateescape")

    def _pump(self, descriptor: int, loop: asyncio.AbstractEventLoop) -> None:
        chunk = b"?"
        while chunk:
            try:
                chunk = os.read(descriptor, _CHUNK)
            except OSError:
                chunk = b""
            with contextlib.suppress(RuntimeError):  # the login is over, and its loop with it
                loop.call_soon_threadsafe(self._arrived.put_nowait, chunk)


def _edited(held: bytes, chunk: bytes) -> bytes:
    """Append what was typed; backspace takes the last byte away, ctrl+u everything."""
    if len(chunk) == 1 and chunk in _ERASE:
        return held[:-1]
    return b"" if chunk == b"\x15" else held + chunk


@contextlib.contextmanager
def _unlimited(stream: TextIO) -> Iterator[None]:
    """Take a terminal out of line mode, and put it back; anything else stays as it is."""
    if not stream.isatty():
        yield
        return
    import termios

    descriptor = stream.fileno()
    before = termios.tcgetattr(descriptor)
    changed = termios.tcgetattr(descriptor)
    changed[3] &= ~termios.ICANON
    termios.tcsetattr(descriptor, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
