"""One terminal in use: what igauth shows in it, and what arrives from its keyboard."""

import re
import time
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from textual.events import Key, Paste
from textual.message import Message

from tests.rigs.terminals_desks import Desk, wait_for
from tests.terminals.emulator import Emulator
from tui.terminal.input_events import KeysRead
from tui.terminal.key_parser import KeyParser

PROMPT = "rig$"
_FRAME = "│┃▌▐▎▊█╭╮╰╯─━╸╺▔▁▏▕"
_SWALLOW = "stty raw -echo; printf '\\033[?2004hsw%s' allows; head -c 100000 >/dev/null"


class Session:
    """A terminal on `desk` whose tap writes to `folder`."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self._folder = folder
        self._size = (0, 0)
        self._emulator = Emulator(80, 24)
        self._read = 0

    @property
    def written(self) -> bytes:
        """All that the programs have written so far."""
        return self._bytes("out")

    @property
    def sent(self) -> bytes:
        """All that the terminal has sent so far."""
        return self._bytes("in")

    @property
    def has_ended(self) -> bool:
        """Whether the line is gone."""
        return (self._folder / "ended").exists()

    @property
    def lines(self) -> list[str]:
        """The screen as igauth means it."""
        size = self._known_size()
        if size and size != self._size:
            self._size = size
            self._emulator = Emulator(*size)
            self._read = 0
        data = self.written[self._read :]
        whole = len(data) - _cut_at_end(data)
        self._emulator.feed(data[:whole].decode(errors="replace"))
        self._read += whole
        return self._emulator.lines

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def shows(self, sign: str, patience: float = 40.0) -> None:
        """Wait for `sign` on the screen."""
        wait_for(lambda: sign in self.text, f"{sign!r} on the screen", patience)

    def run(self, command: str, sign: str) -> None:
        """Type a command of the shell, and wait for `sign`."""
        self.desk.type(command)
        self.desk.press("Return")
        self.shows(sign)

    def swallow(self) -> None:
        """Have the shell read all that comes, with bracketed paste on, and do nothing with it."""
        self.run(_SWALLOW, "swallows")

    def prompts(self) -> None:
        """Wait for the shell's prompt on the last line that has text."""
        wait_for(lambda: self._last().rstrip() == PROMPT, "the prompt")

    def said(self, *begins: str) -> str:
        """Return the notice that begins with one of `begins`, empty where there is none."""
        lines = self.lines
        for row, text in enumerate(lines):
            for begin in begins:
                if (column := text.find(begin)) != -1:
                    return _joined(lines[row:], column)
        return ""

    def printed(self, is_meant: Callable[[str], object]) -> str:
        """Return what the shell shows from the line that is meant on, up to its prompt."""
        lines = self.lines
        for row, line in enumerate(lines):
            if is_meant(line):
                return " ".join(takewhile(lambda line: line and not line.startswith(PROMPT), lines[row:]))
        return ""

    def arriving(self, do: Callable[[], object], quiet: float = 0.4) -> list[Message]:
        """Return what arrives after `do`, as Textual reads it; over when nothing has come for `quiet` seconds."""
        before = len(self.sent)
        do()
        seen, last = before, time.monotonic()
        while time.monotonic() - last < quiet:
            now = len(self.sent)
            if now != seen:
                seen, last = now, time.monotonic()
            time.sleep(0.02)
        parser = KeyParser(clock=iter(range(10**6)).__next__)
        found = [*parser.feed(self.sent[before:].decode(errors="replace")), *parser.tick(), *parser.tick()]
        return [key for message in found for key in (message.keys if isinstance(message, KeysRead) else [message])]

    def _bytes(self, name: str) -> bytes:
        path = self._folder / name
        return path.read_bytes() if path.exists() else b""

    def _known_size(self) -> tuple[int, int] | None:
        path = self._folder / "size"
        words = path.read_text().split() if path.exists() else []
        return (int(words[0]), int(words[1])) if len(words) == 2 else None

    def _last(self) -> str:
        return next((line for line in reversed(self.lines) if line), "")


def keys_in(messages: list[Message]) -> list[str]:
    """Return the names of the keys among `messages`."""
    return [message.key for message in messages if isinstance(message, Key)]


def typed_in(messages: list[Message]) -> str:
    """Return the text that the keys among `messages` type."""
    return "".join(message.character or "" for message in messages if isinstance(message, Key))


def pastes_in(messages: list[Message]) -> list[str]:
    """Return the pasted texts among `messages`."""
    return [message.text for message in messages if isinstance(message, Paste)]


def _joined(lines: list[str], column: int) -> str:
    parts: list[str] = []
    for line in lines:
        part = line[column:].strip(_FRAME + " ")
        if not part or (parts and line[max(0, column - 1) : column].strip(_FRAME + " ")):
            break
        parts.append(part)
    return re.sub(r"\s+", " ", " ".join(parts))


def _cut_at_end(data: bytes) -> int:
    """Return how many bytes at the end begin a character of UTF-8 that is not whole."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
        if byte < 0x80:
            return 0
    return 0
