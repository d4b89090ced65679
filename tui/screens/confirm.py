"""A question that only `y` confirms; enter, n and escape cancel."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.screens.dialog import Question
from tui.wording.app import confirm_keys


class Confirm(Question[bool]):
    """Asks before something is lost; answers True only for the named key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,n", "leave", "no", id="confirm.no")]

    def __init__(self, question: str, text: str, verb: str) -> None:
        super().__init__(question, text, f"\n{confirm_keys(verb)}")

    def on_key(self, event: events.Key) -> None:
        """Only y means yes."""
        if event.key == "y":
            event.stop()
            self.answer(True)
