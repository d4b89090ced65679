"""Until when Facebook asked an app to pause, kept for the processes to come."""

from contextlib import suppress

from tui.clock import Clock
from tui.tokens.gates import LONGEST_PAUSE
from tui.vault.errors import VaultError
from tui.vault.meta import Meta


class Pauses:
    """The pauses in the table `meta`, by App ID. Methods block for the disk.

    They raise nothing: without a disk a pause is known to this process only, and the next one asks again.
    """

    def __init__(self, meta: Meta, clock: Clock) -> None:
        self._meta = meta
        self._clock = clock

    def read(self, app_id: str) -> float | None:
        """Return until when the app must not be asked (unix seconds, UTC); one that is over is removed."""
        with suppress(VaultError):
            text = self._meta.get(_key(app_id))
            if text is None:
                return None
            if text.isascii() and text.isdigit() and 0 < int(text) - self._clock.now() <= LONGEST_PAUSE:
                return float(text)
            self._meta.set(_key(app_id), None)
        return None

    def note(self, app_id: str, until: float) -> None:
        """Store until when the app must not be asked (unix seconds, UTC)."""
        with suppress(VaultError):
            if (text := str(int(until))) != self._meta.get(_key(app_id)):
                self._meta.set(_key(app_id), text)


def _key(app_id: str) -> str:
    return f"pause/{app_id}"
