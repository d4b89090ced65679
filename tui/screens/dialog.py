"""What every dialog keeps: it closes itself only while it is on top, so a late event never pops another screen."""

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.screens.failing import ShowsFailures
from tui.session import Session
from tui.widgets.toasts import keep_newest_in_sight
from tui.wording.surfaces import Screen as Surface
from tui.wording.surfaces import sentences

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A screen over the others; escape leaves it without an answer."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal")]  # noqa: RUF012 - Textual's own type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-mid")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,alt+full_stop", "leave", "back", id="leave.dialog"),
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


class SubjectDialog(ShowsFailures, Dialog[None]):
    """Shows or changes what belongs to one profile or token: `subject` names it, `#outcome` tells what came of it."""

    SCOPE: ClassVar[str] = "everywhere"

    def __init__(self, session: Session, subject: str) -> None:
        super().__init__()
        self.session = session
        self.subject = subject
        self.before_failure = ""
        """What is said before why work came to nothing."""

    @property
    def surface(self) -> Surface:
        """The surface that texts are shown on: the keys of the screen below work only after the dialog."""
        return self.session.surface(self.SCOPE, in_dialog=True)

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show why work came to nothing."""
        self.show_outcome(f"{self.before_failure}{sentences(self.session.explained(error), self.surface)}")

    def show_outcome(self, outcome: str | Content) -> None:
        """Show what came of it."""
        self.query_one("#outcome", Static).update(outcome)


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
