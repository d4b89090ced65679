"""A command behind Textual's web driver, as a server such as textual-serve starts it; its page is drawn by pyte.

Both ways carry packets: a letter (D: bytes of the terminal, M: JSON), four bytes of length, the payload.
"""

import base64
import codecs
import json
import re
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from tests.terminals.emulator import Emulator
from tests.terminals.waiting import DEADLINE, wait_until
from tui.terminal.in_browser import WEB_DRIVER

_OSC52 = re.compile(r"\x1b\]52;c;([^\x07\x1b]*)(?:\x07|\x1b\\)")
_FIRST_LINE = b"__GANGLION__\n"


class Page:
    """`with Page(argv, env) as page:` starts it; leaving kills whatever is left of it."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], columns: int = 80, rows: int = 24) -> None:
        self._emulator = Emulator(columns, rows)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._lock = threading.Lock()
        self.written = ""
        self.asked: list[dict[str, Any]] = []
        """What the command asked the server for: `{"type": "open_url", ...}`."""
        self.errors = ""
        size = {"COLUMNS": str(columns), "ROWS": str(rows)}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            argv, stdin=pipe, stdout=pipe, stderr=pipe, env={**env, **size, "TEXTUAL_DRIVER": WEB_DRIVER}
        )
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()

    @property
    def lines(self) -> list[str]:
        """The rows of the page."""
        with self._lock:
            return self._emulator.lines

    @property
    def modes(self) -> set[int]:
        """DEC private modes that are on."""
        with self._lock:
            return self._emulator.modes

    @property
    def copied(self) -> list[str]:
        """Each text that was sent to the browser's clipboard."""
        return [base64.b64decode(coded).decode() for coded in _OSC52.findall(self.written)]

    def wait_for(self, wanted: str | Callable[[], object], deadline: float = DEADLINE) -> None:
        """Wait until `wanted` is on the page (or, a function, is true)."""
        condition = (lambda: wanted in "\n".join(self.lines)) if isinstance(wanted, str) else wanted
        wait_until(condition, lambda: f"{wanted!r} on\n" + "\n".join(self.lines) + self.errors, deadline)

    def send(self, keys: str) -> None:
        """Type `keys` as they are."""
        self._send(b"D", keys.encode())

    def tell(self, **facts: object) -> None:
        """Send what a server tells: `type="resize", width=..., height=...`."""
        self._send(b"M", json.dumps(facts).encode())

    def hang_up(self) -> None:
        """End as a server does that is killed."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def _send(self, kind: bytes, payload: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(kind + len(payload).to_bytes(4, "big") + payload)
        self.process.stdin.flush()

    def _read(self) -> None:
        output = self.process.stdout
        assert output is not None
        if output.readline() != _FIRST_LINE:
            return
        while len(head := output.read(5)) == 5:
            payload = output.read(int.from_bytes(head[1:], "big"))
            if head[:1] == b"M":
                self.asked.append(json.loads(payload))
            with self._lock:
                text = self._decode(payload) if head[:1] == b"D" else ""
                self.written += text
                self._emulator.feed(text)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line.decode()
