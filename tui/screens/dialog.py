"""What every dialog keeps: it closes itself only while it is on top, so a late event never pops another screen."""

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.widgets.toasts import keep_newest_in_sight

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A screen over the others; escape leaves it without an answer."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal")]  # noqa: RUF012 - Textual's own type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-mid")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="leave.dialog"),
    ]

    def on_mount(self) -> None:
        """Have toasts leave the screen below alone."""
        keep_newest_in_sight(self)

    def answer(self, answer: Answer | None) -> None:
        """Close with an answer, if still on top."""
        if self.is_current:
            self.dismiss(answer)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.answer(None)


class Question(Dialog[Answer], Generic[Answer]):
    """A question, a text below it, what it is answered with, and the keys."""

    def __init__(self, question: str, text: str, keys: str) -> None:
        super().__init__()
        self._question, self._text, self._keys = question, text, keys

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            if self._text:
                yield Static(self._text, markup=False)
            yield from self.compose_answers()
            yield Static(self._keys, classes="keys", markup=False)

    def compose_answers(self) -> ComposeResult:
        """Return what it is answered with, where that is more than a key."""
        return ()
