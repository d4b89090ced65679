"""The tables, as the list of steps that lead to them; `user_version` says how many were taken."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tui.vault.errors import FileProblem, NotOurs, TooNew

APPLICATION_ID = 0x69674175
"""Marks the file as ours (`igAu`), so that another program's database is never written to."""

Migration = tuple[str, ...]

_FIRST: Migration = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
    """CREATE TABLE tokens (
        name TEXT PRIMARY KEY NOT NULL, profile TEXT NOT NULL, app_id TEXT NOT NULL, kind TEXT NOT NULL,
        subject_id TEXT NOT NULL, subject_name TEXT NOT NULL, obtained_at INTEGER NOT NULL, issued_at INTEGER,
        expires_at INTEGER, data_access_expires_at INTEGER, scopes TEXT NOT NULL, granular_scopes TEXT NOT NULL,
        inspected_at INTEGER, verdict TEXT NOT NULL, reason TEXT NOT NULL, origin TEXT NOT NULL,
        fingerprint TEXT NOT NULL, extended_at INTEGER, tried_at INTEGER, pages TEXT NOT NULL, failure TEXT)""",
    """CREATE TABLE versions (
        id TEXT PRIMARY KEY NOT NULL, token TEXT NOT NULL, profile TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('candidate', 'current', 'previous')),
        at INTEGER NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL, serial INTEGER NOT NULL)""",
    "CREATE INDEX versions_of_token ON versions (token, serial)",
    "CREATE UNIQUE INDEX one_current_version ON versions (token) WHERE status = 'current'",
    # where each secret lies; the values of the database's own backends stand apart from everything else
    "CREATE TABLE secret_places (ref TEXT PRIMARY KEY NOT NULL, backend TEXT NOT NULL)",
    """CREATE TABLE secret_values (
        ref TEXT NOT NULL, backend TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (ref, backend))""",
    """CREATE TABLE inspections (
        id INTEGER PRIMARY KEY, token TEXT NOT NULL, at INTEGER NOT NULL, verdict TEXT NOT NULL,
        reason TEXT NOT NULL, expires_at INTEGER, data_access_expires_at INTEGER, UNIQUE (token, at))""",
    """CREATE TABLE history (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
        token TEXT NOT NULL, profile TEXT NOT NULL, result TEXT NOT NULL, code INTEGER, subcode INTEGER,
        fbtrace_id TEXT NOT NULL, old_fingerprint TEXT NOT NULL, new_fingerprint TEXT NOT NULL, text TEXT NOT NULL,
        link TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX history_of_token ON history (token, id)",
    """CREATE TABLE progress (
        profile TEXT NOT NULL, step TEXT NOT NULL, ticked_at INTEGER, note TEXT NOT NULL,
        PRIMARY KEY (profile, step))""",
    """CREATE TABLE evidence (
        profile TEXT NOT NULL, check_name TEXT NOT NULL, result TEXT NOT NULL, seen TEXT NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (profile, check_name))""",
)

_WITHOUT_INSPECTIONS: Migration = ("DROP TABLE inspections",)

MIGRATIONS: tuple[Migration, ...] = (_FIRST, _WITHOUT_INSPECTIONS)
"""Never change a step that was released: add one, and a copy of its schema to the tests."""

OLDEST_READABLE = 1
"""The oldest schema that can be read without its later steps, where the file cannot be written."""

TABLES = ("meta", "secret_values", "secret_places", "versions", "tokens", "history", "progress", "evidence")
"""What recovery takes over, the most precious first."""

COLUMNS = "SELECT name FROM pragma_table_info(?)"
"""A query for the columns of a table."""


def into(table: str, columns: Sequence[str]) -> str:
    """Return the end of an INSERT statement, with a mark for each column."""
    return f"INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def migrate(connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring the database to the newest schema in one transaction, or leave it as it is.

    Raises TooNew, NotOurs (another program's database), sqlite3.Error.
    """
    if check_version(connection, path, migrations) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection, path, migrations)  # another process may have been quicker
        for migration in migrations[version:]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()  # some errors have ended the transaction already
        raise


def check_version(connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """Return how many steps the database has taken; changes nothing. Raises TooNew, NotOurs, sqlite3.Error."""
    connection.execute("BEGIN")  # one snapshot: another process may create the tables between two reads
    try:
        return _version(connection, path, migrations)
    finally:
        connection.rollback()


def _version(connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...]) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if owner == APPLICATION_ID:
        if version > len(migrations):
            raise TooNew(path, version, len(migrations))
        return version
    if owner == 0 and version == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return 0
    raise NotOurs(path, FileProblem.OTHER_PROGRAM)
