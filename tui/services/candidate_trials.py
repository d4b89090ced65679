"""Which candidates were found not to work, kept for the processes to come."""

from contextlib import suppress

from tui.clock import Clock
from tui.tokens.token import DAY
from tui.vault.errors import VaultError
from tui.vault.meta import Meta


class CandidateTrials:
    """When each candidate was last found not to work, in the table `meta`, by version. Methods block; raise nothing."""

    def __init__(self, meta: Meta, clock: Clock) -> None:
        self._meta = meta
        self._clock = clock

    def is_recent(self, version: str) -> bool:
        """Tell whether Facebook was asked about the candidate within the last day."""
        with suppress(VaultError):
            text = self._meta.get(_key(version)) or ""
            return text.isascii() and text.isdigit() and abs(self._clock.now() - int(text)) < DAY
        return False

    def note(self, version: str) -> None:
        """Store that the candidate does not work now."""
        with suppress(VaultError):
            self._meta.set(_key(version), str(int(self._clock.now())))

    def forget(self, version: str) -> None:
        """Remove what is stored about a version."""
        with suppress(VaultError):
            self._meta.set(_key(version), None)


def _key(version: str) -> str:
    return f"candidate/{version}"
