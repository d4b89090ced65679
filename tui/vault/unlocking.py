"""How somebody who has to unlock the keyring is waited for."""

from collections.abc import Callable

from tui.vault.errors import SecretsProblem

HasAnswered = Callable[[float], bool]
"""Waits for the keyring up to so many seconds, and tells whether it has answered."""

WaitForUnlock = Callable[[SecretsProblem, HasAnswered], None]
"""Says what the keyring's window waits for, and waits: until it has answered, or time or the person ends it.

It is called in the thread that needs the secret, while the window is open.
"""


def nobody(_problem: SecretsProblem, _has_answered: HasAnswered) -> None:
    """Wait for nobody: there is no terminal and no screen."""


LONGEST = 60
"""Maximum number of seconds of it."""
