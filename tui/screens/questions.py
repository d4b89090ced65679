"""Questions over a screen: a line of text, one of a list, yes or no, the passphrase."""

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.credentials.inspection import holds_a_secret
from tui.redact import Secret
from tui.screens.dialog import Question
from tui.widgets.hidden_input import HiddenInput
from tui.wording import app as words


class AskText(Question[tuple[str, ...]]):
    """Answers with what was typed into its lines; the second line, where there is one, is the person's note.

    `complaint` tells what is wrong with the first line, and is shown instead of an answer.
    """

    def __init__(self, question: str, *values: str, complaint: Callable[[str], str] = lambda _text: "") -> None:
        super().__init__(question, "", words.LINES_KEYS if len(values) > 1 else words.LINE_KEYS)
        self._values = values
        self._complaint = complaint

    def compose_answers(self) -> ComposeResult:
        """Return the lines, with the texts that are there already."""
        for place, value in enumerate(self._values):
            if place:
                yield Static(words.YOUR_NOTE, classes="keys")
            yield text_line(value)
        yield Static("", id="complaint", markup=False)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.input.password = holds_a_secret(event.value)
        self.query_one("#complaint", Static).update("")

    @on(Input.Submitted)
    def _done(self) -> None:
        typed = tuple(line.value for line in self.query(Input))
        if complaint := typed[0].strip() and self._complaint(typed[0].strip()):
            self.query_one("#complaint", Static).update(complaint)
        else:
            self.answer(typed)


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


class Choose(Question[int]):
    """A short list to choose one from, by arrow and enter or by its number; answers with its place from 0."""

    def __init__(self, question: str, choices: tuple[str, ...]) -> None:
        super().__init__(question, "", words.CHOOSE_KEYS)
        self._choices = choices

    def compose_answers(self) -> ComposeResult:
        """Return the list."""
        lines = (Option(Content(f"{place} {choice}")) for place, choice in enumerate(self._choices, 1))
        yield OptionList(*lines, compact=True)

    def on_key(self, event: events.Key) -> None:
        """A digit chooses at once."""
        if event.character and event.character.isdigit() and 0 < int(event.character) <= len(self._choices):
            event.stop()
            self.answer(int(event.character) - 1)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.answer(event.option_index)


class Confirm(Question[bool]):
    """Asks before something is lost: only `y` answers True; enter, n and escape cancel."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,n", "leave", "no", id="confirm.no")]

    def __init__(self, question: str, text: str, verb: str) -> None:
        super().__init__(question, text, f"\n{words.confirm_keys(verb)}")

    def on_key(self, event: events.Key) -> None:
        """Only y means yes."""
        if event.key == "y":
            event.stop()
            self.answer(True)


def text_line(value: str, id: str | None = None, placeholder: str = "") -> Input:
    """Return a line of text to type in."""
    entry = Input(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
    entry.cursor_blink = False
    return entry
