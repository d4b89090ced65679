"""How somebody who has to unlock the keyring is waited for."""

from collections.abc import Callable

WaitForUnlock = Callable[[Callable[[float], bool]], None]
"""Says that the keyring is to be unlocked, and waits: until it has answered, or time or the person ends it.

It is called in the thread that needs the secret, while the keyring's window is open. Its argument waits for the
keyring up to so many seconds, and tells whether it has answered.
"""


def nobody(_has_answered: Callable[[float], bool]) -> None:
    """Wait for nobody: there is no terminal and no screen."""


LONGEST = 60
"""Maximum number of seconds of it."""
