"""What every dialog keeps: it closes itself only while it is on top, so a late event never pops another screen."""

from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

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
