"""A short list to choose one from, by arrow and enter or by its number."""

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.screens.dialog import Question
from tui.wording.app import CHOOSE_KEYS


class Choose(Question[int]):
    """Answers with the place of the choice, counted from 0."""

    def __init__(self, question: str, choices: tuple[str, ...]) -> None:
        super().__init__(question, "", CHOOSE_KEYS)
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
