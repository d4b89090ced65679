"""A keyring for commands in processes of their own: entries in a file; KEYRING_TROUBLE makes it hang or refuse."""

import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend


class Keyring(KeyringBackend):
    """KEYRING_TROUBLE: `hang set`, `refuse get`, `refuse all`..."""

    priority = 5

    @property
    def _file(self) -> Path:
        return Path(os.environ["KEYRING_FILE"])

    def _entries(self, call: str) -> dict[str, str]:
        how, _, which = os.environ.get("KEYRING_TROUBLE", "").partition(" ")
        if which in ("all", call):
            if how == "hang":
                time.sleep(3600)
            raise RuntimeError("locked")
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return an entry."""
        return self._entries("get").get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        self._file.write_text(json.dumps(self._entries("set") | {f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        """Forget an entry."""
        entries = self._entries("delete")
        entries.pop(f"{service}/{username}", None)
        self._file.write_text(json.dumps(entries))
