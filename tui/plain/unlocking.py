"""Waits on a terminal until somebody has unlocked the keyring: visibly, at most a minute, until enter is pressed."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui.vault.errors import SecretsProblem, SecretsUnavailable
from tui.vault.unlocking import LONGEST, HasAnswered
from tui.wording.vault import unlock_text, vault_error

_STEP = 0.2
"""Seconds between two looks at the keyboard."""


class TerminalWait:
    """Says on stderr that the keyring is to be unlocked; without a terminal in the foreground it returns at once.

    With `every` (seconds) each state is a line of its own, for a screen reader; else one line counts down.
    """

    def __init__(self, say: Callable[[str], None], *, every: int = 0) -> None:
        self._say = say
        self._every = every
        self._is_stopped = False

    def stop(self) -> None:
        """End the waiting: the work that needs the keyring was canceled."""
        self._is_stopped = True

    def __call__(self, problem: SecretsProblem, has_answered: HasAnswered) -> None:
        """Wait until the keyring has answered, a minute has passed, or the person has pressed enter."""
        with _keyboard() as has_entered:
            if has_entered is None:
                return
            has_entered()  # what was typed before is no answer
            self._say(vault_error(SecretsUnavailable(problem)).what)
            request = unlock_text(problem)
            steps = round(LONGEST / _STEP)
            for step in range(steps):
                self._show(step, unlock_text("left_on_terminal", request=request, seconds=LONGEST - int(step * _STEP)))
                if has_answered(_STEP) or self._is_stopped or has_entered():
                    break
            if not self._every:
                _write("\r\x1b[K")

    def _show(self, step: int, text: str) -> None:
        if step * _STEP % (self._every or 1) >= _STEP:
            return
        if self._every:
            self._say(text)
        else:
            _write(f"\r{text}\x1b[K")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


@contextmanager
def _keyboard() -> Iterator[Callable[[], bool] | None]:
    """Give what tells whether enter was pressed, None where nobody would see a message or could answer it."""
    try:
        is_seen = sys.stderr is not None and sys.stderr.isatty()
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK) if is_seen else -1
    except OSError:
        terminal = -1
    if terminal == -1:
        yield None
        return

    def has_entered() -> bool:
        try:
            return _is_in_foreground(terminal) and bool(os.read(terminal, 4096))
        except OSError:  # nothing was typed
            return False

    try:
        yield has_entered if _is_in_foreground(terminal) else None
    finally:
        os.close(terminal)


def _is_in_foreground(terminal: int) -> bool:
    """Tell whether this is no background job: one that reads the terminal is stopped."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
