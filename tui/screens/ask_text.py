"""One or two lines of text asked for: a name, a note, an address."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.screens.dialog import Dialog


class AskText(Dialog[str]):
    """Answers with what was typed; escape answers nothing."""

    def __init__(self, question: str, text: str = "", value: str = "") -> None:
        super().__init__()
        self._question, self._text, self._value = question, text, value

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            if self._text:
                yield Static(self._text, markup=False)
            entry = Input(self._value, compact=True, select_on_focus=False)
            entry.cursor_blink = False
            yield entry
            yield Static("enter keeps it, escape goes back", classes="keys")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        self.answer(event.value)


class AskNameAndNote(Dialog[tuple[str, str]]):
    """Answers with a name and a note of the person's own; escape answers nothing."""

    def __init__(self, question: str, name: str, note: str) -> None:
        super().__init__()
        self._question, self._name_now, self._note = question, name, note

    def compose(self) -> ComposeResult:
        """Lay out both lines."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            yield _line("name", self._name_now)
            yield Static("Note of your own", classes="keys")
            yield _line("note", self._note)
            yield Static("enter keeps both, tab goes to the other, escape goes back", classes="keys")

    def on_mount(self) -> None:
        """Type the name at once."""
        self.query_one("#name", Input).focus()

    @on(Input.Submitted)
    def _done(self) -> None:
        self.answer((self.query_one("#name", Input).value, self.query_one("#note", Input).value))


def _line(key: str, value: str) -> Input:
    entry = Input(value, id=key, compact=True, select_on_focus=False)
    entry.cursor_blink = False
    return entry
