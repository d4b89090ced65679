"""The process that is cut: stores a token as a login or an extension does, and says on stdout what it holds.

`issued V`: Facebook gave it. `stored V ID`: add_issued returned. `current V`: make_current returned. `held V`: the
vault refused while the caller still had the value. `kept V`: refused, but put where it waits.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path

from tests.vault.making import IN_DATABASE, NOW, a_token, make_vault
from tui.redact import Secret
from tui.vault import database
from tui.vault.choice import BackendChoice
from tui.vault.errors import VaultError
from tui.vault.vault import Vault

OLD = "EAAold-value-0123456789"
NEW = "EAAnew-value-0123456789"


class FileKeyring:
    """A keyring that keeps its content in one file, replaced whole and synced as a real one's would be."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password or None."""
        found = self._load().get(f"{service}/{username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        self._store({**self._load(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        self._store({key: value for key, value in self._load().items() if key != f"{service}/{username}"})

    def _load(self) -> dict[str, str]:
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}

    def _store(self, content: dict[str, str]) -> None:
        beside = self._path.with_suffix(".new")
        with beside.open("w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(self._path)


def open_for(scenario: str, folder: Path) -> Vault:
    """Open the vault of a scenario for the child and for the check afterwards."""
    return make_vault(
        folder,
        choice=BackendChoice("keyring") if "keyring" in scenario else IN_DATABASE,
        load_keyring=lambda: FileKeyring(folder / "keyring.json"),
        is_network="network" in scenario,
    )


def prepare(scenario: str, folder: Path) -> None:
    """Make the home that the child finds."""
    if "login" in scenario:
        (folder / "home").mkdir(mode=0o700)
        return
    vault = open_for(scenario, folder)
    version = vault.tokens.add_issued("main", "work", Secret("EAAoldest"), at=NOW, origin="login")
    vault.tokens.add_token(a_token(), version)
    for value in ("EAAolder", OLD):
        version = vault.tokens.add_issued("main", "work", Secret(value), at=NOW, origin="extension")
        vault.tokens.make_current("main", version, a_token())
    vault.close()


def store(scenario: str, folder: Path) -> None:
    """Open, store one new token, make it current, close."""
    vault = open_for(scenario, folder)
    say("issued", NEW)
    try:
        version = vault.tokens.add_issued("main", "work", Secret(NEW), at=NOW + 9, origin="test")
    except VaultError as error:
        say("kept" if error.saved_in else "held", NEW)
        return
    say("stored", NEW, version)
    if "login" in scenario:
        vault.tokens.add_token(a_token(inspected_at=NOW + 9), version)
    else:
        vault.tokens.make_current("main", version, a_token(inspected_at=NOW + 9))
    say("current", NEW)
    vault.close()


def say(*words: str) -> None:
    """Tell the parent, past every buffer."""
    os.writev(1, [(" ".join(words) + "\n").encode()])  # not `write`, which is cut


def kill_at_statement(number: int) -> None:
    """Die before the statement of that number reaches SQLite: for machines that refuse tracing."""
    real = database.connect
    seen = 0

    def count(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(*given: object, **named: object) -> object:
        connection = real(*given, **named)  # type: ignore[arg-type]
        connection.set_trace_callback(count)
        return connection

    database.connect = traced  # type: ignore[assignment]


if __name__ == "__main__":
    _, scenario, place, *how = sys.argv
    if how[:1] == ["statement"]:
        kill_at_statement(int(how[1]))
    if how[:1] == ["limit"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(how[1]), resource.RLIM_INFINITY))
    try:
        store(scenario, Path(place))
    except VaultError as error:
        say("refused", str(error))
