"""A question that only `y` confirms; enter, n and escape cancel."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.wording.app import confirm_keys


class Confirm(Dialog[bool]):
    """Asks before something is lost; answers True only for the named key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,n", "leave", "no", id="confirm.no")]

    def __init__(self, question: str, text: str, verb: str) -> None:
        super().__init__()
        self._question, self._text, self._verb = question, text, verb

    def compose(self) -> ComposeResult:
        """Lay out question and keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            yield Static(self._text, markup=False)
            yield Static(f"\n{confirm_keys(self._verb)}", classes="keys", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Only y means yes."""
        if event.key == "y":
            event.stop()
            self.answer(True)
