"""What the reader of the terminal sends to the app, besides Textual's own events."""

from collections.abc import Sequence

from textual import events
from textual.message import Message

from tui.terminal.input_pieces import Answer


class KeysRead(events.Event, bubble=False):
    """Keys that arrived together. `at`: when, in seconds of the reader's clock."""

    def __init__(self, keys: Sequence[events.Key], at: float) -> None:
        super().__init__()
        self.keys = keys
        self.at = at


class EscapeWithdrawn(events.Event, bubble=False):
    """The escape key before was none: it began a sequence whose rest came late."""


class PasteCut(events.Event, bubble=False):
    """The end of the paste before this never came."""


class TerminalAnswered(Message, bubble=False):
    """The terminal answered a query (`input_pieces.AnswerKind`), however late and in however many pieces.

    It goes to the app alone: handle it there (`@on(TerminalAnswered)`), and ask by `textual_internals.write_raw`.
    `answer.text` is the terminal's own text between the sequence's marks: `0;136;0`, `XTerm(379)`.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
