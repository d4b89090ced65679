"""Where secrets lie: the ladder keyring, passphrase-sealed database, database file; and which rung is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from tui.redact import Secret
from tui.vault.database import Database

BackendName = Literal["keyring", "sealed", "database"]


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """Which place was chosen, and in one sentence why not the better one (empty: it is the best)."""

    name: BackendName
    why_not_better: str = ""

    @property
    def meaning(self) -> str:
        """Say what the choice means for whoever can read this account's files."""
        return _MEANINGS[self.name]


class SecretBackend(Protocol):
    """A place for secrets. Methods raise SecretsUnavailable where it does not answer, besides other VaultErrors."""

    @property
    def name(self) -> BackendName:
        """Return which rung of the ladder this is."""

    @property
    def in_database(self) -> bool:
        """Whether writes belong to the database's transaction, all or nothing together with its rows."""

    def read(self, ref: str) -> Secret | None:
        """Return what is kept under the reference, or None."""

    def write(self, ref: str, secret: Secret) -> None:
        """Keep the secret under the reference, in place of what was there."""

    def erase(self, ref: str) -> None:
        """Forget what is kept under the reference; nothing there is fine."""


class DatabaseSecrets:
    """Values in a table of the database file, protected by its mode alone."""

    name: BackendName = "database"
    in_database = True

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, ref: str) -> Secret | None:
        """Return the value, or None."""
        value = read_bytes(self._database, self.name, ref)
        return None if value is None else Secret(value.decode("utf-8", "surrogatepass"))

    def write(self, ref: str, secret: Secret) -> None:
        """Store the value."""
        write_bytes(self._database, self.name, ref, secret.reveal().encode("utf-8", "surrogatepass"))

    def erase(self, ref: str) -> None:
        """Overwrite the value and drop its row."""
        erase_bytes(self._database, self.name, ref)


def read_bytes(database: Database, backend: BackendName, ref: str) -> bytes | None:
    """Return the bytes one of the database's own backends keeps under a reference."""
    found = database.row("SELECT value FROM secret_values WHERE ref = ? AND backend = ?", (ref, backend))
    return None if found is None else bytes(found[0])


def write_bytes(database: Database, backend: BackendName, ref: str, value: bytes) -> None:
    """Keep bytes for one of the database's own backends."""
    database.write("INSERT OR REPLACE INTO secret_values (ref, backend, value) VALUES (?, ?, ?)", (ref, backend, value))


def erase_bytes(database: Database, backend: BackendName, ref: str) -> None:
    """Wipe the bytes one of the database's own backends keeps under a reference."""
    database.write("DELETE FROM secret_values WHERE ref = ? AND backend = ?", (ref, backend))


def choose_backend(
    *,
    throw_away: bool = False,
    probe: Callable[[], tuple[bool, str]] | None = None,
    has_passphrase: bool = False,
) -> BackendChoice:
    """Climb the ladder from the top: the first rung that holds. Takes up to 3 s where a keyring hangs."""
    if throw_away:
        return BackendChoice("database", "This home is thrown away on exit, so the keyring is left alone.")
    from tui.vault.keyring_secrets import probe_keyring  # keyring stays unloaded until a secret has to go somewhere

    answers, why_not = (probe or probe_keyring)()
    if answers:
        return BackendChoice("keyring")
    if has_passphrase:
        return BackendChoice("sealed", f"Not in the keyring: {why_not}")
    return BackendChoice("database", f"Not in the keyring: {why_not} Not sealed: no passphrase was set.")


_MEANINGS: dict[BackendName, str] = {
    "keyring": "Secrets are in the operating system's keyring; the files of this home hold none.",
    "sealed": "Secrets are in the database, encrypted; only the passphrase opens them.",
    "database": "Secrets are in the database as they are; whoever can read this account's files can read them.",
}
