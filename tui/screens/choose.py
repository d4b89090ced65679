"""A short list to choose one from, by arrow and enter or by its number."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialog import Dialog
from tui.wording.app import CHOOSE_KEYS


class Choose(Dialog[int]):
    """Answers with the place of the choice, counted from 0."""

    def __init__(self, question: str, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._question, self._choices = question, choices

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            yield OptionList(
                *(Option(Content(f"{place} {choice}")) for place, choice in enumerate(self._choices, 1)), compact=True
            )
            yield Static(CHOOSE_KEYS, classes="keys")

    def on_key(self, event: events.Key) -> None:
        """A digit chooses at once."""
        if event.character and event.character.isdigit() and 0 < int(event.character) <= len(self._choices):
            event.stop()
            self.answer(int(event.character) - 1)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.answer(event.option_index)
