"""What the keeper needs of a store of tokens. The vault implements it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from tui.redact import Secret
from tui.tokens.history import HistoryEvent
from tui.tokens.token import Token

VersionStatus = Literal["candidate", "current", "previous"]
"""`candidate`: issued by Facebook and stored, but not proven yet (or never was)."""

KEPT_VERSIONS = 3
"""How many proven versions of a token stay: the current one and those before it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One value that Facebook issued for a token, without the value. `at`: when it was stored, unix seconds, UTC."""

    id: str
    token: str
    profile: str
    status: VersionStatus
    at: int
    origin: str
    fingerprint: str


class TokenStore(Protocol):
    """Tokens, their values and their history. Every method blocks for a disk access: call it off the event loop.

    Besides the errors named, each may raise the store's own error when the disk, file or keyring refuses.
    """

    def tokens(self) -> tuple[Token, ...]:
        """Return every token, soonest deadline first, none last, then by name."""

    def token(self, name: str) -> Token:
        """Return one token. Raises NoSuchToken."""

    def value(self, name: str) -> Secret:
        """Return the current value of a token. Raises NoSuchToken, NoValue."""

    def value_of(self, version: str) -> Secret:
        """Return the value of any version, candidates too. Raises NoValue."""

    def add_issued(self, name: str, profile: str, value: Secret, *, at: int, origin: str) -> str:
        """Keep a value that Facebook just issued, as a candidate; it is on disk when this returns its version id.

        To be called before anything else is done with the value. Nothing else changes; the token of that name
        need not exist yet. It refuses only what cannot be a name (BadName).
        """

    def add_token(self, token: Token, version: str) -> None:
        """Store a new token whose current value is `version`. Raises NameTaken, NoValue (no such version)."""

    def update_token(self, token: Token) -> None:
        """Store what is known of a token now; its value stays. Raises NoSuchToken."""

    def make_current(self, name: str, version: str, token: Token) -> None:
        """In one step make `version` the current value and store `token`; the former value becomes `previous`.

        Of the proven versions the last three stay. Raises NoSuchToken, NoValue (no such version).
        """

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions of a token, newest first; for a name without a token its candidates."""

    def record(self, event: HistoryEvent) -> None:
        """Add one line to the history."""

    def history(
        self, token: str | None = None, *, profile: str | None = None, limit: int = 100
    ) -> tuple[HistoryEvent, ...]:
        """Return the history, newest first: of one token, of one profile, or of all."""

    def refresh_lock(self, name: str, *, wait: float = 60.0) -> AbstractContextManager[None]:
        """Hold the right to refresh a token, against other threads and processes. Read the token again after entering.

        Entering blocks the thread for up to `wait` seconds (0: one try) and then raises BeingRefreshed; on an
        event loop enter with `wait=0` and sleep in between. It may be left in another thread than it was entered
        in, is not re-entrant, and is freed by the system when its holder ends.
        """
