"""A line to one person: prompts out, texts in, whole however long, and hidden where they are secret."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Literal, TextIO

from tui.harmless import harmless
from tui.plain.entry import Entry
from tui.terminal.plain_text import SIGNS

PAUSE = 0.25
"""Seconds of silence after a line end that end a value: a paste of many lines arrives faster."""

LONGEST_WORD = 12
"""Characters that may be a word to igauth; what is longer was pasted, and may hold a code or a token."""

Echo = Literal["all", "words", "none"]
"""What of a text is shown while it is given: `words` shows it only while it is no longer than a word."""

_CHUNK = 65_536
_LONGEST = 100_000
END_OF_INPUT = b"\x04"
_PLAINER = str.maketrans({**SIGNS, "→": "to"})  # an arrow of two signs would be read out as signs


class Quit(Exception):
    """The person is done, or the input has ended."""


class Arrivals:
    """The bytes of a descriptor, as they arrive."""

    def __init__(self, source: int) -> None:
        self._source = source
        self.rest = b""
        """What arrived already and is to be given next."""

    async def next(self) -> bytes:
        """Wait for bytes and return them; none where the input has ended."""
        if not self.rest:
            await self._readable()
            with suppress(OSError):  # the terminal was hung up
                return os.read(self._source, _CHUNK)
        given, self.rest = self.rest, b""
        return given

    async def go_on(self) -> bool:
        """Tell whether more arrives at once, as the lines of a paste do."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                return bool(self.rest) or await self._readable()
        return False

    async def _readable(self) -> bool:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        try:
            loop.add_reader(self._source, ready.set)
        except PermissionError:
            return True  # a file can always be read
        try:
            return await ready.wait()
        finally:
            loop.remove_reader(self._source)


class Line:
    """Reads from a descriptor, writes to a stream. No control sequence ever leaves it."""

    def __init__(self, source: int, out: TextIO, *, is_ascii: bool = False) -> None:
        self._arrivals = Arrivals(source)
        self._out = out
        self._waiting: tuple[str, Entry, Echo] | None = None
        self._is_ascii = is_ascii or (out.encoding or "").casefold().replace("-", "") != "utf8"

    def write(self, text: str) -> None:
        """Write lines. While a prompt waits, they stand above it and the prompt comes again below."""
        self._write(map(self._shown, text.split("\n")))

    def paint(self, lines: Iterable[str]) -> None:
        """Write lines of igauth's own that set colors: their control characters reach the terminal."""
        self._write(lines)

    def _write(self, lines: Iterable[str]) -> None:
        if self._waiting is not None:
            self._put("\n")
        for line in lines:
            self._put(f"{line}\n")
        if self._waiting is not None:
            prompt, entry, echo = self._waiting
            self._put(prompt + self._shown(_visible(entry.text, echo)))

    async def read(self, prompt: str, *, echo: Echo = "all", is_whole: bool = False) -> str:
        """Ask for one text. Raises Quit.

        `is_whole`: lines that arrive together belong together, as a paste does.
        """
        entry, prompt = Entry(is_whole=is_whole), "\n".join(map(self._shown, prompt.split("\n")))
        self._waiting = prompt, entry, echo
        self._put(prompt)
        try:
            while not entry.is_ended or (is_whole and await self._arrivals.go_on()):
                self._take(entry, echo, await self._arrivals.next())
        except asyncio.CancelledError:
            self._put("\n")  # what comes next begins a line
            raise
        finally:
            self._waiting = None
            self._arrivals.rest = entry.rest
        self._put("\n")
        return entry.text

    def _take(self, entry: Entry, echo: Echo, chunk: bytes) -> None:
        if not chunk or (chunk == END_OF_INPUT and not entry.text):
            raise Quit
        before = _visible(entry.text, echo)
        entry.feed(chunk)
        self._echo(before, _visible(entry.text, echo))

    def _echo(self, before: str, after: str) -> None:
        """Show what was typed as a terminal's own line mode does: rubbed out by backspaces."""
        if after.startswith(before):
            self._put(self._shown(after[len(before) :]))
        elif before.startswith(after):
            self._put("\b \b" * len(before[len(after) :]))
        else:
            self._put(f"\n{self._shown(after)}")

    def _shown(self, text: str) -> str:
        line = harmless(text, _LONGEST)
        return line.translate(_PLAINER).encode("ascii", "backslashreplace").decode() if self._is_ascii else line

    def _put(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _visible(text: str, echo: Echo) -> str:
    return text if echo == "all" or (echo == "words" and len(text) <= LONGEST_WORD) else ""
