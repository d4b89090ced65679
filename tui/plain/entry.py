"""What a person types or pastes at one prompt, byte by byte: pure, without a terminal."""

import re

_ERASE = b"\x7f\x08"
_CLEAR = 0x15
_PASTE = 8
"""Bytes that arrive at once and are no typing any more: what is in them is meant as it is."""


class Entry:
    """Collects one text; `is_ended` once a line end came. What follows a line end waits in `rest`."""

    def __init__(self, *, is_whole: bool) -> None:
        self._held = bytearray()
        self._is_whole = is_whole
        self.is_ended = False
        self.rest = b""

    @property
    def text(self) -> str:
        """The text so far without the line end that sent it; bytes that are no UTF-8 as lone surrogates."""
        data = bytes(self._held)
        if self.is_ended:
            data = data[:-2] if data.endswith(b"\r\n") else data[:-1]
        return data.decode("utf-8", "surrogateescape")

    @property
    def held(self) -> bytes:
        """The bytes so far, with the line end."""
        return bytes(self._held)

    def feed(self, chunk: bytes) -> None:
        """Take bytes in. A text asked for as a whole goes on over line ends; else the first one ends it."""
        if self._is_whole:
            self._edit(chunk)
            self.is_ended = self._held.endswith((b"\r", b"\n"))
            return
        if end := re.search(rb"[\r\n]", chunk):
            chunk, self.rest = chunk[: end.end()], chunk[end.end() :]
        self._edit(chunk)
        self.is_ended = end is not None

    def _edit(self, chunk: bytes) -> None:
        if len(chunk) >= _PASTE:
            self._held += chunk
            return
        for byte in chunk:
            if byte in _ERASE:
                while self._held and self._held.pop() & 0xC0 == 0x80:
                    pass  # a character with all its bytes
            elif byte == _CLEAR:
                self._held.clear()
            else:
                self._held.append(byte)
