"""Secrets in a table of the database file, protected by its mode alone."""

from tui.redact import Secret
from tui.vault.choice import BackendName
from tui.vault.database import Database


class DatabaseSecrets:
    """Values as they are, one row each."""

    name: BackendName = "database"
    in_database = True
    """Whether writes belong to the database's transaction, all or nothing together with its rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, ref: str) -> Secret | None:
        """Return the value, or None."""
        row = self._database.row("SELECT value FROM secret_values WHERE ref = ? AND backend = ?", (ref, self.name))
        return None if row is None else Secret(self._decode(bytes(row[0]), ref).decode("utf-8", "surrogatepass"))

    def write(self, ref: str, secret: Secret) -> None:
        """Store the value."""
        value = self._encode(secret.reveal().encode("utf-8", "surrogatepass"), ref)
        statement = "INSERT OR REPLACE INTO secret_values (ref, backend, value) VALUES (?, ?, ?)"
        self._database.write(statement, (ref, self.name, value))

    def erase(self, ref: str) -> None:
        """Overwrite the value and delete its row."""
        self._database.write("DELETE FROM secret_values WHERE ref = ? AND backend = ?", (ref, self.name))

    def _encode(self, content: bytes, _ref: str) -> bytes:
        return content

    def _decode(self, value: bytes, _ref: str) -> bytes:
        return value
