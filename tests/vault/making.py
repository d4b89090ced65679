"""Values and vaults that the tests of this folder share."""

from pathlib import Path
from typing import Any

from tui.redact import Secret
from tui.tokens.token import Token
from tui.vault.choice import BackendChoice
from tui.vault.vault import Vault, open_vault

NOW = 1_795_000_000
DAY = 86_400


def in_database() -> BackendChoice:
    """Choose the database without asking any keyring."""
    return BackendChoice("database", "Chosen by a test.")


def make_vault(folder: Path, **options: Any) -> Vault:
    """Open the vault of a home in `folder`, with secrets in the database unless `options` say otherwise."""
    return open_vault(folder / "home" / "igauth.db", **{"now": NOW, "choose": in_database, **options})


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
