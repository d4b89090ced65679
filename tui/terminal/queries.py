"""Asks the terminal what it is, once the first screen is painted, and keeps what it answers.

Every terminal answers DA1 but those that paint what they do not know, such as shellinabox: a copy waits for the
answer, and none goes to a terminal that has not answered in its time.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from tui.terminal.capabilities import Capabilities
from tui.terminal.input_pieces import Answer, AnswerKind
from tui.terminal.kinds import NO_ANSWERS, Answers
from tui.terminal.routes import through_screen

ANSWERS_WITHIN = 5.0
"""Seconds that the slowest line takes to bring the question there and the answer back."""

_DA2, _XTVERSION, _DA1 = "\x1b[>c", "\x1b[>q", "\x1b[c"
QUERY = f"{_DA2}{_XTVERSION}{_DA1}"
"""DA1, which all answer, comes last: what was not answered before it is not answered any more."""


class TerminalQueries:
    """What one terminal said of itself. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked_at: float | None = None
        self._ask_again: Callable[[], object] | None = None
        """Asks once more: in screen the terminal around it may be another one by now."""
        self._answers = NO_ANSWERS
        self._is_complete = asyncio.Event()

    def ask(self, write: Callable[[str], bool], seen: Capabilities) -> None:
        """Ask the terminal that a copy reaches; not one that paints what it does not know, nor tmux, which is asked
        by its own command.
        """
        if not seen.takes_osc or seen.multiplexer == "tmux":
            return
        in_screen = seen.multiplexer == "screen"
        if write(through_screen(QUERY) if in_screen else QUERY):
            self._asked_at, self._answers = self._clock(), NO_ANSWERS
            self._is_complete.clear()
            self._ask_again = partial(self.ask, write, seen) if in_screen else None

    def take(self, answer: Answer) -> None:
        """Keep what the terminal answered, whenever it comes."""
        match answer.kind:
            case AnswerKind.PRIMARY:
                self._answers = self._answers._replace(primary=answer.text or "0")
                self._is_complete.set()
            case AnswerKind.SECONDARY:
                self._answers = self._answers._replace(secondary=answer.text)
            case AnswerKind.VERSION:
                self._answers = self._answers._replace(version=answer.text)
            case _:  # colors and modes
                pass

    async def answers(self) -> Answers | None:
        """Return what the terminal answered, waiting for it while there is time; None where it was not asked."""
        if self._ask_again is not None:
            self._ask_again()
        if self._asked_at is None:
            return None
        try:
            async with asyncio.timeout(max(0.0, self._asked_at + ANSWERS_WITHIN - self._clock())):
                await self._is_complete.wait()
        except TimeoutError:
            pass
        return self._answers
