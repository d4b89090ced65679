"""The terminal's line mode under plain prompts: keys come as typed, and nothing is cut at 4096 bytes."""

import contextlib
import os
import signal
import termios
from collections.abc import Iterator
from types import FrameType

_LOCAL_FLAGS = 3


@contextlib.contextmanager
def unlimited(descriptor: int, *, has_echo: bool = False) -> Iterator[None]:
    """Lift the line discipline's limit, and its echo unless `has_echo`, and put both back however this ends.

    ctrl+c stays a signal. ctrl+z gives the terminal back first and takes it again when the person returns.
    Anything that is no terminal stays as it is.
    """
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)
    changed = termios.tcgetattr(descriptor)
    changed[_LOCAL_FLAGS] &= ~(termios.ICANON if has_echo else termios.ICANON | termios.ECHO)
    changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0

    def take() -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, changed)

    def give_back() -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def suspend(number: int, _frame: FrameType | None) -> None:
        give_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, suspend)
        take()

    former = signal.signal(signal.SIGTSTP, suspend)
    try:
        take()
        yield
    finally:
        signal.signal(signal.SIGTSTP, former)
        with contextlib.suppress(termios.error):  # the line is gone, and its settings with it
            give_back()
