"""A program in a pseudo-terminal, seen as a terminal sees it: chunks stamped, questions asked of the screen."""

import codecs
import fcntl
import os
import pty
import queue
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Self

from tests.bench.processes import ended
from tests.terminals.emulator import Emulator

QUIET = 0.15
"""Seconds without a byte after which a frame is over."""

_SYNC_ON, _SYNC_OFF = b"\x1b[?2026h", b"\x1b[?2026l"
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronised updates: known, off
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # resizes in band: not known
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[6n": b"\x1b[1;1R",
}
_WATCHED = re.compile(rb"\x1b\[\?2026(?:h|l|\$p)|\x1b\[\?2048\$p|\x1b\[c|\x1b\[6n")

Condition = Callable[[str], bool]


class NeverSeen(Exception):
    """What was waited for did not appear; the text says what stood on the screen instead."""


class Terminal:
    """`with Terminal(argv, env) as terminal:` starts the program; leaving ends it. Times are perf_counter seconds."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], *, columns: int = 80, rows: int = 24) -> None:
        self.bytes = 0
        self.closed = False
        self._emulator = Emulator(columns, rows)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._tail = b""
        self._in_update = False
        self._chunks: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.started = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.execve(argv[0], list(argv), dict(env))
            finally:
                os._exit(127)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        """Stamp what arrives and do nothing else, so that drawing it is not charged to the program."""
        while True:
            try:
                chunk = os.read(self._master, 65_536)
            except OSError:
                chunk = b""
            self._chunks.put((time.perf_counter(), chunk))
            if not chunk:
                return

    def _take(self, chunk: bytes) -> None:
        if not chunk:
            self.closed = True
            return
        self.bytes += len(chunk)
        seen = self._tail + chunk
        for match in _WATCHED.finditer(seen):
            if match.end() <= len(self._tail):
                continue
            if match[0] in (_SYNC_ON, _SYNC_OFF):
                self._in_update = match[0] == _SYNC_ON
            else:
                self.send(_ANSWERS[match[0]])
        self._tail = seen[-8:]
        self._emulator.feed(self._decode(chunk))

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._emulator.lines)

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self._master, keys)

    def wait(self, condition: str | Condition, timeout: float = 30.0) -> float:
        """Return when the first finished frame fulfilled `condition` (a text: that it is seen). Raises NeverSeen."""
        holds: Condition = (lambda text: condition in text) if isinstance(condition, str) else condition
        end = time.perf_counter() + timeout
        while not self.closed and (left := end - time.perf_counter()) > 0:
            try:
                stamp, chunk = self._chunks.get(timeout=left)
            except queue.Empty:
                break
            self._take(chunk)
            if not self._in_update and holds(self.text):
                return stamp
        raise NeverSeen(f"{condition!r} was waited for in vain; the screen:\n{self.text}")

    def follow(self, seconds: float) -> None:
        """Read what comes for a fixed time."""
        end = time.perf_counter() + seconds
        while not self.closed and (left := end - time.perf_counter()) > 0:
            with suppress(queue.Empty):
                self._take(self._chunks.get(timeout=left)[1])

    def drain(self) -> None:
        """Read what has come by now."""
        while not self.closed:
            try:
                self._take(self._chunks.get_nowait()[1])
            except queue.Empty:
                return

    def settle(self, quiet: float = QUIET, limit: float = 3.0) -> None:
        """Read what comes until nothing comes for a while; a screen that ticks is left at `limit` seconds."""
        end = time.perf_counter() + limit
        while not self.closed and time.perf_counter() < end:
            before = self.bytes
            self.follow(quiet)
            if self.bytes == before:
                return

    def close(self) -> None:
        """End the program, and only it."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
            for _ in range(20):
                if ended(self.pid):
                    break
                self.follow(0.05)
                time.sleep(0.01)
            else:
                continue
            break
        with suppress(OSError):
            os.close(self._master)
