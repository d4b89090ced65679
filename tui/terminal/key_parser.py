"""The reader of the terminal's input, which Textual's drivers use: pieces of it become Textual's messages."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from time import monotonic

from textual import constants
from textual.events import Key, Paste
from textual.message import Message

from tui.terminal.input_events import EscapeWithdrawn, KeysRead, PasteCut, TerminalAnswered
from tui.terminal.input_pieces import Answer, Pasted, Piece, PieceReader, Typed, WasNoEscape
from tui.terminal.textual_internals import SequenceParser


class KeyParser(SequenceParser):
    """Has sequences and pastes put together before Textual sees them.

    Textual gives up on an unfinished sequence after 0.1 s, within a paste too, and calls its characters typed.
    """

    def __init__(self, debug: bool = False, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(debug)
        self._clock = clock
        self._pieces = PieceReader(constants.ESCAPE_DELAY)

    def feed(self, data: str) -> Iterable[Message]:
        """Return what `data` completes; an empty one ends the input."""
        if not data:
            return super().feed(data)
        now = self._clock()
        return self._messages(self._pieces.feed(data, now), now)

    def tick(self) -> Iterable[Message]:
        """Return what waits for nothing any more."""
        now = self._clock()
        return self._messages(self._pieces.expire(now), now)

    def _messages(self, pieces: Sequence[Piece], now: float) -> list[Message]:
        messages = [message for piece in pieces for message in self._messages_of(piece)]
        grouped: list[Message] = []
        for is_key, group in groupby(messages, lambda message: isinstance(message, Key)):
            found = list(group)
            grouped += [KeysRead([key for key in found if isinstance(key, Key)], now)] if is_key else found
        return grouped

    def _messages_of(self, piece: Piece) -> list[Message]:
        match piece:
            case Typed(text):
                return self.typed(text)
            case Pasted(text, is_whole):
                paste = Paste(text.replace("\0", ""))  # as Textual does
                return [paste] if is_whole else [paste, PasteCut()]
            case Answer():
                return [TerminalAnswered(piece)]
            case WasNoEscape():
                return [EscapeWithdrawn()]
