"""pyte as a terminal emulator that knows what Textual sends: the alternate screen, and sequences to swallow."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pyte

_SWALLOWED = re.compile(
    r"\x1bP.*?\x1b\\"  # DCS
    r"|\x1b[_^X].*?\x1b\\"  # APC, PM, SOS
    r"|\x1b\[[<>=][0-9;]*[@-~]"  # kitty keyboard, device attributes
    r"|\x1b\[\??[0-9;]*\$[@-~]"  # mode queries
    r"|\x1b\[\?[0-9;]*[rs]"  # modes saved and restored
    r"|\x1bk.*?\x1b\\",  # screen's title
    re.DOTALL,
)
_COMPLETE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_^Xk].*?\x1b\\|[ -/]+[0-~]|[^\[\]P_^Xk -/])", re.DOTALL
)


class _Screen(pyte.Screen):
    """A screen with a second, alternate one (DEC private mode 1049), which pyte lacks."""

    def __init__(self, columns: int, lines: int, answer: Callable[[str], None]) -> None:
        super().__init__(columns, lines)
        self._answer = answer
        self.modes: set[int] = {7, 25}
        self._main: tuple[Any, Any] | None = None

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            self.modes.update(modes)
            if 1049 in modes and self._main is None:
                self._main = deepcopy(self.buffer), deepcopy(self.cursor)
                self.erase_in_display(2)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            self.modes.difference_update(modes)
            if 1049 in modes and self._main is not None:
                self.buffer, self.cursor = self._main
                self._main = None
                self.dirty.update(range(self.lines))
        super().reset_mode(*modes, **kwargs)

    def report_device_status(self, *_: Any, **__: Any) -> None:
        """Answer nothing: the drivers write only what a test types."""

    def report_device_attributes(self, *_: Any, **__: Any) -> None:
        """Say what it is, as every terminal does that paints nothing it does not know."""
        self._answer("\x1b[?62;22c")


class Emulator:
    """Text and bytes in, cells out; what it answers to DA1 goes to `answer`."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None] = lambda _: None) -> None:
        self._screen = _Screen(columns, rows, answer)
        self._stream = pyte.Stream(self._screen)
        self._held = ""

    def feed(self, text: str) -> None:
        """Draw `text`; an escape sequence that is cut short waits for its rest."""
        for piece in self._whole(text):
            self._stream.feed(_SWALLOWED.sub("", piece))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size."""
        self._screen.resize(rows, columns)

    @property
    def lines(self) -> list[str]:
        """The text of the screen, a line a row, without trailing blanks."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell with its sign, colors and attributes."""
        screen = self._screen
        return [[tuple(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]

    @property
    def modes(self) -> set[int]:
        """DEC private modes that are on (1049 alternate screen, 1000 mouse, 2004 bracketed paste, 25 cursor...)."""
        return set(self._screen.modes)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def _whole(self, text: str) -> Iterator[str]:
        text = self._held + text
        self._held = ""
        last = _last_unfinished(text)
        if last is not None:
            text, self._held = text[:last], text[last:]
        if text:
            yield text


def _last_unfinished(text: str) -> int | None:
    place = 0
    while (place := text.find("\x1b", place)) != -1:
        found = _COMPLETE.match(text, place)
        if found is None:
            return place
        place = found.end()
    return None
