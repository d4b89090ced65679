"""Values and vaults that the tests of this folder share."""

import base64
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from tui.redact import Secret
from tui.tokens.token import Token
from tui.vault.choice import BackendChoice
from tui.vault.keyring_secrets import Keyring, KeyringSecrets
from tui.vault.notices import Notice, NoticeCode
from tui.vault.sealed import KEY_ENTRY, OLD_COST, derive, seal
from tui.vault.vault import Vault, open_vault

NOW = 1_795_000_000
DAY = 86_400


IN_DATABASE = BackendChoice("database", "Chosen by a test.")

_patching = threading.Lock()


def make_vault(
    folder: Path,
    *,
    choice: BackendChoice = IN_DATABASE,
    load_keyring: Callable[[], Keyring] | None = None,
    is_network: bool = False,
    **options: Any,
) -> Vault:
    """Open the vault of a home in `folder`, with secrets in the database unless another choice is given."""
    kind = "nfs4" if is_network else ""
    with _patching, mock.patch("tui.vault.database.network_file_system", return_value=kind):
        vault = open_vault(folder / "home" / "igauth.db", lambda: NOW, **options)
    vault.meta.set_once("secret_backend", json.dumps(choice))
    if load_keyring is not None:
        keyring = vault.secrets._store_named("keyring")
        assert isinstance(keyring, KeyringSecrets)
        keyring._load = load_keyring
    return vault


def recovered(vault: Vault) -> Notice | None:
    """Return the notice that the database was damaged."""
    return next((notice for notice in vault.notices if notice.code is NoticeCode.RECOVERED), None)


def a_token(name: str = "main", **facts: Any) -> Token:
    """Return an inspected token of profile `work`."""
    given: dict[str, Any] = {
        "profile": "work",
        "app_id": "1234567890",
        "kind": "user",
        "verdict": "valid",
        "inspected_at": NOW,
        "expires_at": NOW + 60 * DAY,
        "data_access_expires_at": NOW + 90 * DAY,
        "scopes": ("instagram_basic", "pages_show_list"),
    }
    return Token(name, **{**given, **facts})


def add(vault: Vault, name: str = "main", value: str = "EAAvalue-of-the-first-version", **facts: Any) -> str:
    """Store a token with a value as a login does; return its version."""
    version = vault.tokens.add_issued(name, "work", Secret(value), at=NOW, origin="login")
    vault.tokens.add_token(a_token(name, **facts), version)
    return version


def extend(vault: Vault, name: str, value: str, at: int = NOW + DAY) -> str:
    """Store an extension as a refresh does; return its version."""
    version = vault.tokens.add_issued(name, "work", Secret(value), at=at, origin="extension")
    vault.tokens.make_current(name, version, a_token(name, inspected_at=at, extended_at=at))
    return version


def the_file(folder: Path) -> Path:
    return folder / "home" / "igauth.db"


def filled(folder: Path, tokens: int = 200) -> Vault:
    vault = make_vault(folder)
    with vault.database.transaction():
        for number in range(tokens):
            add(vault, f"token{number:03}", f"EAAvalue-{number:03}", subject_name="x" * 200)
    return vault


def read_all(vault: Vault) -> None:
    for name in vault.tokens.names():
        vault.tokens.value(name)
    vault.tokens.tokens()
    vault.history.events()


def former(key: bytes, passphrase: Secret) -> dict[str, str | int]:
    """Seal a key as earlier versions did."""
    salt = os.urandom(16)
    content = seal(derive(passphrase, salt, OLD_COST, 8, 1), key, KEY_ENTRY)
    texts = {"salt": base64.b64encode(salt).decode(), "key": base64.b64encode(content).decode()}
    return {"kdf": "scrypt", "n": OLD_COST, "r": 8, "p": 1, **texts}
