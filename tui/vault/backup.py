"""A whole home in one file, sealed with a passphrase, never plain: everything of the vault and the configuration.

Format: the line `igauth-backup-2`, a line of JSON with the sealed key (scrypt; its costs are named there), then nonce
and AES-256-GCM of a zlib-compressed JSON object that maps part names to base64; both lines are authenticated with it.
In `igauth-backup-1` they were not.
"""

import base64
import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tui.atomic_file import create_file
from tui.redact import Secret
from tui.stored_json import parsed
from tui.vault.database import Database
from tui.vault.errors import BackupProblem, BackupRefused, WrongPassphrase, translated
from tui.vault.history_table import link_again
from tui.vault.meta import GRAPH_HOST, MATILLION_HOST
from tui.vault.schema import COLUMNS, MIGRATIONS, TABLES, into
from tui.vault.sealed import KEY, seal, unseal, unwrap, wrap
from tui.vault.secret_store import SecretStore

_MAGIC = b"igauth-backup-2\n"
_FORMER = b"igauth-backup-1\n"
_LONGEST_HEADER = 4096
_LARGEST = 256 * 1024 * 1024
"""Bytes a backup may unfold to; a home of ten thousand tokens takes a tenth of it."""
_OWN = ("secret_values", "secret_places")
"""Tables that say where secrets lie on this machine; their content goes as the secrets themselves."""


_HOSTS = f"SELECT key, value FROM meta WHERE key = '{GRAPH_HOST}' OR key LIKE '{MATILLION_HOST}%'"  # noqa: S608
"""The hosts that secrets are for go along; all else in `meta` is of the home that is saved."""


def pack(parts: Mapping[str, bytes], passphrase: Secret) -> bytes:
    """Return the file that holds the parts (such as `vault` and `config.toml`), sealed."""
    if not passphrase:
        raise BackupRefused(BackupProblem.NO_PASSPHRASE)
    key = os.urandom(KEY)
    content = json.dumps({name: base64.b64encode(part).decode("ascii") for name, part in parts.items()}).encode()
    head = _MAGIC + json.dumps(wrap(key, passphrase)).encode() + b"\n"
    return head + seal(key, zlib.compress(content), head.decode())


def unpack(data: bytes, passphrase: Secret) -> dict[str, bytes]:
    """Return the parts. Raises WrongPassphrase (also where a bit was changed) and BackupRefused."""
    if not data.startswith((_MAGIC, _FORMER)):
        raise BackupRefused(BackupProblem.NOT_A_BACKUP)
    start = len(_MAGIC)
    end = data.find(b"\n", start, start + _LONGEST_HEADER) + 1
    label = data[:end].decode("ascii", "replace") if data.startswith(_MAGIC) else _FORMER.decode().rstrip()
    try:
        wrapped = parsed(data[start:end])
        if not isinstance(wrapped, dict):
            raise WrongPassphrase
        packed = unseal(unwrap(wrapped, passphrase), data[end:], label)
        unfolder = zlib.decompressobj()
        content = parsed(unfolder.decompress(packed, _LARGEST))
        return {str(name): base64.b64decode(part) for name, part in content.items()}
    except (ValueError, TypeError, AttributeError, zlib.error):
        raise BackupRefused(BackupProblem.DAMAGED) from None


def export(database: Database, secrets: SecretStore) -> bytes:
    """Return all rows and secrets of a vault, plain: to be packed at once. Raises VaultError where one is missing."""
    tables = {}
    for table in TABLES:
        if table not in _OWN and table != "meta":
            columns = [name for (name,) in database.rows(COLUMNS, (table,))]
            tables[table] = [dict(zip(columns, row, strict=True)) for row in database.rows(f"SELECT * FROM {table}")]  # noqa: S608
    tables["meta"] = [{"key": key, "value": value} for key, value in database.rows(_HOSTS)]
    refs = [ref for (ref,) in database.rows("SELECT ref FROM secret_places")]
    values = {ref: secret.reveal() for ref in refs if (secret := secrets.get(ref)) is not None}
    return json.dumps({"schema": len(MIGRATIONS), "tables": tables, "secrets": values}).encode()


def import_backup(
    content: bytes, database: Database, secrets: SecretStore, finish: Callable[[], None] = lambda: None
) -> int:
    """Put exported rows and secrets into an empty vault, secrets where this home keeps them; return the tokens.

    `finish` is called before all rows are stored at once: where it fails there are none, and it can be done again.
    Raises BackupRefused where the vault holds a token already or the backup is of a newer igauth; nothing is changed
    by a refusal.
    """
    found = _exported(content)
    if found["schema"] > len(MIGRATIONS):
        raise BackupRefused(BackupProblem.TOO_NEW)
    if is_in_use(database):
        raise BackupRefused(BackupProblem.HOME_IN_USE)
    secrets.choose()
    with secrets.transaction():
        for ref, value in found["secrets"].items():
            secrets.put(str(ref), Secret(str(value)))
        with database.transaction():
            for table, rows in found["tables"].items():
                if table in TABLES and table not in _OWN:
                    _insert(database, table, rows)
            link_again(database)
            finish()
    return len(found["tables"].get("tokens", ()))


def is_in_use(database: Database) -> bool:
    """Tell whether a vault holds a token, so that no backup is restored into it."""
    return database.row("SELECT 1 FROM versions LIMIT 1") is not None


def _exported(content: bytes) -> dict[str, Any]:
    """Return what `export` wrote. Raises BackupRefused where it did not write this."""
    try:
        found: dict[str, Any] = parsed(content)
        values = [value for rows in found["tables"].values() for row in rows for value in row.values()]
        is_whole = type(found["schema"]) is int and isinstance(found["secrets"], dict) and all(map(_fits, values))
    except (ValueError, KeyError, TypeError, AttributeError):
        is_whole = False
    if not is_whole:
        raise BackupRefused(BackupProblem.DAMAGED)
    return found


def _fits(value: object) -> bool:
    """Tell whether SQLite can store a value."""
    return value is None or isinstance(value, str | float) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _insert(database: Database, table: str, rows: list[dict[str, str | int | None]]) -> None:
    known = [name for (name,) in database.rows(COLUMNS, (table,))]
    for row in rows:
        columns = [column for column in known if column in row]
        database.write(f"INSERT OR REPLACE {into(table, columns)}", [row[column] for column in columns])


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, 0600, whole and synced or not at all. Raises VaultError."""
    with translated(path):
        try:
            create_file(path, data)
        except FileExistsError:
            raise BackupRefused(BackupProblem.FILE_EXISTS, path) from None
