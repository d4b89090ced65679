"""A command in a pseudo-terminal of its own, drawn by pyte; the person at the keyboard is the test."""

import base64
import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from tests.terminals.emulator import Emulator
from tests.terminals.waiting import DEADLINE, wait_until

_OSC52 = re.compile(rb"\x1b\]52;([a-z0-9]*);([^\x07\x1b]*)(?:\x07|\x1b\\)")

FULL_SCREEN_MODES = {1000, 1003, 1006, 1015, 1004, 1049, 2004}
"""What a full-screen program must have switched off again when it has ended."""


class PseudoTerminal:
    """`with PseudoTerminal(argv, env) as terminal:` starts it; leaving kills whatever is left of it.

    `answers`: whether it says what it is when it is asked (DA1).
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        columns: int = 80,
        rows: int = 24,
        cwd: str | os.PathLike[str] | None = None,
        answers: bool = True,
    ) -> None:
        self._emulator = Emulator(columns, rows, self._answer if answers else lambda _: None)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._raw = bytearray()
        self._lock = threading.Lock()
        self._reading = threading.Event()
        self._reading.set()
        self._closing = False
        self._master, line = pty.openpty()
        self._line = os.ttyname(line)
        self._set_size(columns, rows)
        self.modes_before = termios.tcgetattr(line)
        self.process = subprocess.Popen(
            list(argv),
            stdin=line,
            stdout=line,
            stderr=line,
            env={name: value for name, value in env.items() if name not in ("COLUMNS", "LINES")},  # it has its own size
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._kept_open = line
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        with self._lock:
            return self._emulator.lines

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell of the screen with its sign, colors and attributes."""
        with self._lock:
            return self._emulator.cells

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def raw(self) -> bytes:
        """Every byte the terminal was sent so far."""
        with self._lock:
            return bytes(self._raw)

    @property
    def left_on(self) -> set[int]:
        """Full-screen modes that are on, and -25 where the cursor is hidden, -7 where lines do not wrap."""
        with self._lock:
            modes = self._emulator.modes
        return (modes & FULL_SCREEN_MODES) | {-mode for mode in (7, 25) if mode not in modes}

    @property
    def modes_now(self) -> list[object]:
        """The line's termios settings; compare with `modes_before`."""
        return termios.tcgetattr(self._kept_open)

    def clipboard_writes(self) -> list[tuple[str, str]]:
        """Each OSC 52 that arrived: its selection field and its text."""
        return [(kind.decode(), base64.b64decode(coded).decode()) for kind, coded in _OSC52.findall(self.raw)]

    def wait_for(self, wanted: str | Callable[[], object], deadline: float = DEADLINE) -> None:
        """Wait until `wanted` is on the screen (or, a function, is true)."""
        condition = (lambda: wanted in self.text) if isinstance(wanted, str) else wanted
        wait_until(condition, lambda: f"{wanted!r} on\n{self.text}\nlast bytes {self.raw[-200:]!r}", deadline)

    def send(self, keys: str | bytes) -> None:
        """Type `keys` as they are."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def paste(self, text: str) -> None:
        """Paste as a terminal does with bracketed paste on: line breaks become CR."""
        body = text.replace("\r\n", "\r").replace("\n", "\r")
        self.send(f"\x1b[200~{body}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size, as a person does with the mouse."""
        with self._lock:
            self._emulator.resize(columns, rows)
        self._set_size(columns, rows)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.tcgetpgrp(self._master), signal.SIGWINCH)

    def freeze(self) -> None:
        """Stop reading, as a terminal does on a line that has stalled."""
        self._reading.clear()

    def thaw(self) -> None:
        """Read again."""
        self._reading.set()

    def hang_up(self) -> None:
        """Close the terminal, as when the connection drops."""
        self._stop_reading()
        os.close(self._kept_open)
        os.close(self._master)
        self._kept_open = self._master = -1

    def signal(self, number: int) -> None:
        """Send a signal to the process started here."""
        self.process.send_signal(number)

    def wait_exit(self, deadline: float = DEADLINE) -> int:
        """Wait for the process to end; return its exit code (negative: the signal that killed it)."""
        try:
            code = self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {deadline:g} s:\n{self.text}") from None
        self._settle()
        return code

    def close(self) -> None:
        """Kill the session and free the terminal."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
        self._stop_reading()
        for handle in (self._master, self._kept_open):
            if handle >= 0:
                os.close(handle)
        self._master = self._kept_open = -1

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _answer(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._master, text.encode())

    def _settle(self) -> None:
        """Read what the process wrote last."""
        if self._master >= 0:
            wait_until(lambda: not select.select([self._master], [], [], 0)[0], "the last output")

    def _stop_reading(self) -> None:
        self._closing = True
        self._reading.set()
        self._reader.join(5)

    def _read(self) -> None:
        while not self._closing:
            self._reading.wait()
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            with self._lock:
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    return
                self._raw += data
                self._emulator.feed(self._decode(data))
