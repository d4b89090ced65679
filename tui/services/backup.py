"""Writes a whole home into one sealed file, and restores it into an empty home."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.tokens.delivery import RESTORED_AT
from tui.tokens.history import facts_text
from tui.vault.backup import export, import_backup, is_in_use, pack, unpack, write_new
from tui.vault.errors import BackupProblem, BackupRefused, ReadOnly, Unreachable, VaultError

if TYPE_CHECKING:
    from tui.redact import Secret
    from tui.services.root import Services

_CONFIG, _VAULT = "config.toml", "vault"
_RESTORED_FROM = "restored_from"
"""Note of the vault: the SHA-256 of the backup that it was restored from."""


class Restored(NamedTuple):
    """What a restore came to."""

    tokens: int
    was_complete: bool
    """Whether the same backup had been restored before, so that no token was changed."""


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


def has_other_configuration(services: "Services", parts: Mapping[str, bytes]) -> bool:
    """Tell whether the home has a configuration that is not the backup's, which an interrupted restore leaves."""
    file = services.home.config_file
    return file.exists() and file.read_bytes() != parts.get(_CONFIG)


def restore_backup(services: "Services", parts: Mapping[str, bytes]) -> Restored:
    """Store the parts of a backup in this home, where no token and no other configuration is. Raises VaultError.

    The configuration comes first and the rows of the vault last, all at once. Interrupted, it can be done again.
    """
    vault, content = services.vault, parts[_VAULT]
    digest = hashlib.sha256(content).hexdigest()
    if is_in_use(vault.database) and vault.meta.get(_RESTORED_FROM) == digest:
        _restore_configuration(services, parts)
        return Restored(len(vault.tokens.names()), was_complete=True)

    def finish() -> None:
        vault.meta.set(_RESTORED_FROM, digest)
        vault.meta.set(RESTORED_AT, str(int(services.clock.now())))  # what was delivered since the backup is newer
        vault.history.note("restore", "done", facts_text(tokens=str(len(vault.tokens.names()))))
        _restore_configuration(services, parts)

    return Restored(import_backup(content, vault.database, vault.secrets, finish), was_complete=False)


def _restore_configuration(services: "Services", parts: Mapping[str, bytes]) -> None:
    file = services.home.config_file
    if _CONFIG in parts and not file.exists():
        services.home.config_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(file, parts[_CONFIG])
