"""Keys and pastes that arrive together take effect one after the other, and a paste is never played as keys.

Textual sends a paste to the widget that has the focus when it arrives: the tab that came first has not moved it yet.
"""

from collections import deque
from collections.abc import Callable
from itertools import takewhile
from time import monotonic
from typing import Any, NamedTuple

from textual import events
from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from tui.terminal.fast_keys import LONGEST_GAP, FastKeys, Stroke, Verdict, is_stroke, pasted_lines
from tui.terminal.input_events import EscapeWithdrawn, KeysRead, PasteCut

_LONGEST_WAIT = 1.0
"""Seconds that input is held back at most for a key before it."""
_LOOK_AGAIN = 0.05
_ROUNDS = 2
"""A key submits an input, the input tells its field, the field its screen, which moves the focus."""


class KeyTaken(Message):
    """Goes the way of a key, behind it. `rounds`: how often it goes again, behind what the handlers sent."""

    def __init__(self, target: Widget, rounds: int) -> None:
        super().__init__()
        self.target = target
        self.rounds = rounds


class PasteFollows(Message, bubble=False):
    """Goes to what has the focus when a paste comes: what is not decided yet about earlier keys is decided now."""


class _Held(NamedTuple):
    """Input that has not taken effect. `at`: when the terminal sent it; None where it came from elsewhere."""

    event: events.Event
    at: float | None = None

    @property
    def stroke(self) -> Stroke | None:
        """The character that it may be of a paste."""
        event = self.event
        if self.at is None or not isinstance(event, events.Key) or not is_stroke(event.character):
            return None
        return Stroke(event.character or "", self.at)


class KeysInOrder(App[int]):
    """An app that holds input back while a key is under way that may move the focus."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._held: deque[_Held] = deque()
        self._waiting_for: Widget | None = None
        """What a key was sent to that may move the focus; None: its effect is there."""
        self._announced: events.Event | None = None
        """The paste that `PasteFollows` was sent for."""
        self._waiting_since = 0.0
        self._release: Timer | None = None
        self._left_by_escape: Widget | None = None
        """What had the focus before the last key, where that was escape."""
        self._is_left_gone = False
        """Whether that key was none and has closed what the paste behind it was meant for."""
        self._fast_keys = FastKeys()
        self.input_clock: Callable[[], float] = monotonic
        """The clock of whatever reads the terminal, in seconds."""

    def paste_was_cut(self) -> None:
        """Say that the end of a paste never came."""

    def paste_without_field(self) -> None:
        """Say that a paste came where no field has the focus."""

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pastes in turn, everything else at once."""
        if isinstance(event, KeysRead):
            self._held.extend(_Held(key.set_sender(self), event.at) for key in event.keys)
        elif isinstance(event, events.Key | events.Paste | PasteCut | EscapeWithdrawn) and not event.is_forwarded:
            self._held.append(_Held(event))
        else:
            await super().on_event(event)
            return
        await self._release_held()

    def on_paste(self, event: events.Paste) -> None:
        """Say where a paste belongs that nothing has taken."""
        event.stop()
        self.paste_without_field()

    async def _release_held(self) -> None:
        """Go on where no key is under way any more, and look again soon where one is: its widget may be removed."""
        waits = self._waiting_for is not None and self._waiting_for.is_attached
        if waits and monotonic() - self._waiting_since < _LONGEST_WAIT:
            self._look_again(_LOOK_AGAIN)
        else:
            await self._take_held()

    def _look_again(self, seconds: float) -> None:
        self._release = self._release or self.set_interval(seconds, self._release_held)

    async def _take_held(self) -> None:
        self._waiting_for = None
        if self._release is not None:
            self._release.stop()
            self._release = None
        while self._held and self._waiting_for is None:
            if self._held[0].stroke is None:
                self._fast_keys.end_paste()
            elif isinstance(self.focused, Input):
                self._gather_lines()
            else:
                verdict = self._judge_keys()
                if verdict is Verdict.OPEN:
                    self._look_again(LONGEST_GAP)
                    return
                if verdict is Verdict.PASTE:
                    continue
            if isinstance(event := self._held[0].event, events.Paste) and self._announce(event):
                return
            await self._take(self._held.popleft().event)

    def _announce(self, paste: events.Event) -> bool:
        """Send `PasteFollows` once for a paste, and tell whether its effect is waited for."""
        target = self.focused
        if paste is self._announced or target is None or not target.post_message(PasteFollows()):
            return False
        self._announced = paste
        self._wait_for(target)
        return True

    def _wait_for(self, target: Widget) -> None:
        if target.post_message(KeyTaken(target, _ROUNDS)):
            self._waiting_for, self._waiting_since = target, monotonic()

    def _strokes(self) -> list[Stroke]:
        return [stroke for stroke in takewhile(bool, (held.stroke for held in self._held)) if stroke is not None]

    def _gather_lines(self) -> None:
        """Make one paste of several lines that arrived as keys in a field."""
        strokes = self._strokes()
        count = pasted_lines(strokes)
        if count:
            for _ in range(count):
                self._held.popleft()
            paste = events.Paste("".join(stroke.character for stroke in strokes[:count]))
            self._held.appendleft(_Held(paste.set_sender(self)))

    def _judge_keys(self) -> Verdict:
        """Return what the next keys are that reach no field; those of a paste are dropped."""
        strokes = self._strokes()
        judgment = self._fast_keys.judge(strokes, self.input_clock(), is_open=len(strokes) == len(self._held))
        if judgment.verdict is Verdict.PASTE:
            for _ in range(judgment.strokes):
                self._held.popleft()
            if judgment.begins:
                self.paste_without_field()
        return judgment.verdict

    async def _take(self, event: events.Event) -> None:
        """Have one event take effect."""
        if isinstance(event, PasteCut):
            self.paste_was_cut()
            return
        if isinstance(event, EscapeWithdrawn):
            self._focus_again()
            return
        is_lost, self._is_left_gone = self._is_left_gone, False
        if is_lost and isinstance(event, events.Paste):
            self.paste_without_field()
            return
        target = self.focused or self.screen
        self._left_by_escape = self.focused if isinstance(event, events.Key) and event.key == "escape" else None
        await super().on_event(event)
        is_typed = isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and event.is_printable and isinstance(target, Input)
        )
        if not is_typed:
            self._wait_for(target)

    def _focus_again(self) -> None:
        """Give the focus back to what an escape has left that was no key."""
        left = self._left_by_escape
        self._is_left_gone = left is not None and not (left.is_attached and left.screen is self.screen)
        if left is not None and not self._is_left_gone:
            self.screen.set_focus(left, from_app_focus=True)  # else all of its text would be selected

    async def on_key_taken(self, event: KeyTaken) -> None:
        """Go on with what was held back."""
        event.stop()
        if not (event.rounds and event.target.post_message(KeyTaken(event.target, event.rounds - 1))):
            await self._take_held()
