"""Small facts about a home, such as the host that its secrets are for: a text for each key."""

import os

from tui.vault.database import Database

GRAPH_HOST = "graph_host"
"""Key of the host that this home's secrets are for."""
MATILLION_HOST = "matillion_host/"
"""Begin of the key of a profile's Matillion instance."""


class Meta:
    """The table `meta`. Methods raise VaultError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        """Return the text of a key, or None."""
        row = self._database.row("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set(self, key: str, value: str | None) -> None:
        """Store a text; None removes the key."""
        if value is None:
            self._database.write("DELETE FROM meta WHERE key = ?", (key,))
        else:
            self._database.write("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def set_once(self, key: str, value: str) -> str:
        """Store a text unless the key has one; return the text that is stored now."""
        self._database.write("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", (key, value))
        return self.get(key) or value

    def home_id(self) -> str:
        """Return the random name of this home, created by the first call."""
        return self.get("home_id") or self.set_once("home_id", os.urandom(8).hex())
