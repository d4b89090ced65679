"""Writes a whole home into one sealed file, and restores it into an empty home."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.tokens.delivery import RESTORED_AT
from tui.tokens.history import facts_text
from tui.vault.backup import export, import_backup, pack, unpack, write_new
from tui.vault.errors import BackupProblem, BackupRefused, ReadOnly, Unreachable, VaultError

if TYPE_CHECKING:
    from tui.redact import Secret
    from tui.services.root import Services

_CONFIG, _VAULT = "config.toml", "vault"


def write_backup(services: "Services", file: Path, passphrase: "Secret") -> VaultError | None:
    """Write vault and configuration into a file that does not exist yet. Raises VaultError.

    Returns why the backup could not be added to the history; None: it was.
    """
    vault, config = services.vault, services.home.config_file
    parts = {_VAULT: export(vault.database, vault.secrets)}
    if config.exists():
        parts[_CONFIG] = config.read_bytes()
    try:
        write_new(file, pack(parts, passphrase))
    except (ReadOnly, Unreachable) as error:  # their advice is about the home, and this path was typed
        raise BackupRefused(BackupProblem.NOT_WRITABLE, file, error.detail) from None
    try:
        vault.history.note("backup", "written", str(file.absolute()))
    except VaultError as error:
        return error
    return None


def open_backup(data: bytes, passphrase: "Secret") -> Mapping[str, bytes]:
    """Return the parts of a backup. Raises WrongPassphrase, BackupRefused."""
    parts = unpack(data, passphrase)
    if _VAULT not in parts:
        raise BackupRefused(BackupProblem.NO_VAULT)
    return parts


def restore_backup(services: "Services", parts: Mapping[str, bytes]) -> int:
    """Store the parts of a backup in this empty home and return the number of tokens. Raises VaultError."""
    vault = services.vault
    count = import_backup(parts[_VAULT], vault.database, vault.secrets)
    vault.meta.set(RESTORED_AT, str(int(services.clock.now())))  # what was delivered since the backup is newer
    vault.history.note("restore", "done", facts_text(tokens=str(count)))
    if _CONFIG in parts:
        services.home.config_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(services.home.config_file, parts[_CONFIG])
    return count
