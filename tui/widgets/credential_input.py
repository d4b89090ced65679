"""An Input that keeps a paste whole, shows what is invisible, and never copies a masked value."""

from collections.abc import Callable
from functools import lru_cache
from time import monotonic
from typing import ClassVar

from rich.cells import get_character_cell_size
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.timer import Timer

from tui.terminal.textual_internals import RedrawnInput
from tui.wording.copying import MASKED

BULLET = "•"
BURST_SECONDS = 0.05
"""Keys closer together than this were not typed by hand."""
_BURST_KEYS = 3
_MARKS = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "⏎"}
_INSERTED = {"enter": "\n", "ctrl+j": "\n", "ctrl+m": "\n", "tab": "\t"}


@lru_cache(maxsize=2048)
def shown_as(char: str) -> str:
    """Return the one sign that stands for `char` on the screen; itself where it can be seen and has a cell."""
    mark = _MARKS.get(char)
    if mark is not None:
        return mark
    lone = 0xD800 <= ord(char) <= 0xDFFF or 0x1F1E6 <= ord(char) <= 0x1F1FF or 0x1F3FB <= ord(char) <= 0x1F3FF
    if lone or not char.isprintable() or get_character_cell_size(char) < 1 or char in "\u3164\u115f\u1160\uffa0\u2800":
        return "▯"
    return char


class CredentialInput(RedrawnInput):
    """The line that is typed and pasted into. Its `value` is the text as it came, line ends and all."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"credential-input--mark"}

    virtual_size = Reactive(Size(0, 0))  # a longer text moves inside the line: no other place on the screen changes

    def __init__(self, *, hides: Callable[[str], bool] | None, reveal_key: str) -> None:
        super().__init__(password=hides is None, select_on_focus=True)
        self.cursor_blink = False
        self._hides = hides
        self._reveal_key = reveal_key
        self._last_key = float("-inf")
        self._burst = 0
        self._pending_enter: Timer | None = None

    def watch_value(self, value: str) -> None:
        """Mask a secret in a field for another value, before it is drawn."""
        if self._hides is not None:
            self.password = self._hides(value)

    # --- drawing: one sign a code point, so that cells and offsets agree -----------------------------------------

    def shown(self, value: str) -> str:
        """Return what the screen shows for `value`: one sign for each code point."""
        if value.isascii() and value.isprintable() and " " not in value:
            return BULLET * len(value) if self.password else value
        signs = [shown_as(char) for char in value]
        if self.password:
            signs = [BULLET if sign == char else sign for sign, char in zip(signs, value, strict=True)]
        return "".join(signs)

    def drawn(self) -> Text:
        """Return the line as it is drawn, the signs that stand for something else in a style of their own."""
        text = super().drawn()
        if text.plain != self.value:
            style = self.get_component_rich_style("credential-input--mark")
            for index, (sign, char) in enumerate(zip(text.plain, self.value, strict=True)):
                if sign not in (char, BULLET):
                    text.stylize(style, index, index + 1)
        return text

    # --- pasting -------------------------------------------------------------------------------------------------

    def on_paste(self, event: events.Paste) -> None:
        """Take the paste as a whole; the base class would keep its first line only.

        Terminals send a line end as a lone CR, which is turned back into the LF it was.
        """
        event.prevent_default()
        event.stop()
        if event.text:
            self.insert_whole(event.text.replace("\r\n", "\0\n").replace("\r", "\n").replace("\0\n", "\r\n"))

    def insert_whole(self, text: str) -> None:
        """Put `text` where the cursor or the selection is."""
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    async def on_key(self, event: events.Key) -> None:
        """Keep a paste together that arrives as keys, by its speed; its line ends would submit half a value."""
        now = monotonic()
        quick = now - self._last_key <= BURST_SECONDS
        self._last_key = now
        self._burst = self._burst + 1 if quick else 1
        inserted = _INSERTED.get(event.key, "")
        if self._pending_enter is not None and quick:
            self._forget_enter()
            self.insert_whole("\n")
        if inserted and quick and self._burst > _BURST_KEYS:
            self._take(event, inserted)
        elif event.key == "enter":
            event.prevent_default()
            event.stop()
            self._pending_enter = self.set_timer(BURST_SECONDS, self._settle)
        elif event.character is not None and not event.is_printable and ord(event.character[0]) > 0x7F:
            self._take(event, event.character)

    def _take(self, event: events.Key, text: str) -> None:
        event.prevent_default()
        event.stop()
        self.insert_whole(text)

    def _forget_enter(self) -> None:
        if self._pending_enter is not None:
            self._pending_enter.stop()
            self._pending_enter = None

    def on_paste_follows(self) -> None:
        """Submit at once: in a terminal that marks its pastes, enter was no part of one."""
        if self._pending_enter is not None:
            self._forget_enter()
            self._settle()

    def _settle(self) -> None:
        self._pending_enter = None
        self.post_message(self.Submitted(self, self.value))

    # --- copying -------------------------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy the selection, unless the value is masked."""
        if not self._refuses_copy():
            super().action_copy()

    def action_cut(self) -> None:
        """Cut the selection, unless the value is masked."""
        if not self._refuses_copy():
            super().action_cut()

    def _refuses_copy(self) -> bool:
        if self.password:
            way = f" Press {self._reveal_key} to show it first." if self._reveal_key else ""
            self.notify(f"{MASKED}{way}", timeout=4)
        return self.password
