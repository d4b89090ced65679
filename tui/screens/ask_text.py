"""Asks for one or two lines of text: a name, a note, a passphrase."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui.redact import Secret
from tui.screens.dialog import Question
from tui.widgets.hidden_input import HiddenInput
from tui.wording import app as words


class AskText(Question[str]):
    """Answers with what was typed; escape answers nothing."""

    def __init__(self, question: str, text: str = "", value: str = "") -> None:
        super().__init__(question, text, words.LINE_KEYS)
        self._value = value

    def compose_answers(self) -> ComposeResult:
        """Return the line, with the text that is there already."""
        yield text_line(self._value)

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        self.answer(event.value)


class AskNameAndNote(Question[tuple[str, str]]):
    """Answers with a name and the person's own note; escape answers nothing."""

    def __init__(self, question: str, name: str, note: str) -> None:
        super().__init__(question, "", words.LINES_KEYS)
        self._values = name, note

    def compose_answers(self) -> ComposeResult:
        """Return both lines."""
        yield text_line(self._values[0], "name")
        yield Static(words.YOUR_NOTE, classes="keys")
        yield text_line(self._values[1], "note")

    @on(Input.Submitted)
    def _done(self) -> None:
        self.answer((self.query_one("#name", Input).value, self.query_one("#note", Input).value))


class AskPassphrase(Question[Secret]):
    """Answers with the passphrase of sealed secrets; escape continues without it."""

    def __init__(self) -> None:
        super().__init__(words.SEALED_TITLE, words.SEALED_EXPLANATION, words.SEALED_KEYS)

    def compose_answers(self) -> ComposeResult:
        """Return the hidden line."""
        yield HiddenInput(placeholder="passphrase")

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        self.answer(Secret(event.value))


def text_line(value: str, id: str | None = None, placeholder: str = "") -> Input:
    """Return a line of text to type in."""
    entry = Input(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
    entry.cursor_blink = False
    return entry
