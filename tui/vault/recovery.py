"""A damaged database is never written to: it is set aside under a date, and what can be read is taken over."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tui.atomic_file import sync_folder
from tui.vault.database import Database, FileSystem, connect, open_database, suspect_file
from tui.vault.errors import Damaged, DamagedInUse, translated
from tui.vault.files import SIDE_FILES, InUse, write_new
from tui.vault.mounts import network_file_system
from tui.vault.schema import TABLES, migrate

_PAGE_SIZE = 4096

_REPAIRS = (
    # a value whose version was lost waits as a candidate
    "INSERT OR IGNORE INTO versions (id, token, profile, status, at, origin, fingerprint, serial)"
    " SELECT substr(ref, 7), 'recovered', '', 'candidate', 0, 'recovered', '', 0 FROM secret_values"
    " WHERE ref LIKE 'token/%'",
    "INSERT OR IGNORE INTO secret_places (ref, backend) SELECT ref, backend FROM secret_values",
    "UPDATE versions SET status = 'candidate' WHERE status = 'current' AND token NOT IN (SELECT name FROM tokens)",
)
"""What makes the rows that were taken over fit together again."""


class Recovery(NamedTuple):
    """What became of a damaged database: where it lies now, and how many rows of each table were taken over."""

    set_aside: Path
    taken: dict[str, int]


def open_or_recover(
    path: Path, now: float, file_system: FileSystem = network_file_system
) -> tuple[Database, Recovery | None]:
    """Open the database; where it is damaged, set it aside (dated by `now`) and open a new one with what it held.

    Raises VaultError; Damaged where another process still has the file open, which is left untouched then.
    """
    try:
        database = open_database(path, file_system=file_system)
    except Damaged:
        pass
    else:
        if not suspect_file(path).exists():
            return database, None
        with suppress(Damaged):
            if database.is_whole():
                suspect_file(path).unlink(missing_ok=True)
                return database, None
        database.close()
    recovery = recover(path, now)
    suspect_file(path).unlink(missing_ok=True)
    return open_database(path, file_system=file_system), recovery


def recover(path: Path, now: float) -> Recovery:
    """Set the database aside and put a new one with its readable rows in its place. Raises VaultError."""
    import tempfile  # a whole database needs nothing of this

    use = InUse(path)
    try:
        if not use.alone():
            raise DamagedInUse(path)
        with translated(path), tempfile.TemporaryDirectory(prefix=".recover-", dir=path.parent) as folder:
            fresh = Path(folder) / "fresh.db"
            taken = _salvage(path, fresh, Path(folder))
            aside = _set_aside(path, now)
            fresh.rename(path)  # the new one is whole and synced before the old name is given away
            sync_folder(path.parent)
        return Recovery(aside, taken)
    finally:
        use.close()


def _set_aside(path: Path, now: float) -> Path:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    serial = 1
    while aside.exists():
        serial += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{serial}")
    for suffix in ("", *SIDE_FILES):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _salvage(path: Path, fresh: Path, folder: Path) -> dict[str, int]:
    write_new(fresh, b"")
    taken = dict.fromkeys(TABLES, 0)
    with closing(connect(fresh)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        migrate(target, fresh)
        pristine = fresh.read_bytes()[:_PAGE_SIZE]
        for number, first_page in enumerate((None, pristine)):
            copy = folder / f"copy{number}.db"  # never the file itself: reading may change it
            _copy(path, copy, first_page)
            target.execute("BEGIN IMMEDIATE")
            for table in TABLES:
                taken[table] += _take_over(copy, target, table)
            target.execute("COMMIT")
            if taken["tokens"] or taken["secret_values"]:
                break  # the second try is for a file whose first page is gone
        for statement in _REPAIRS:
            target.execute(statement)
    return taken


def _copy(path: Path, copy: Path, head: bytes | None) -> None:
    import shutil

    for suffix in ("", "-wal", "-journal"):
        side, beside = path.with_name(path.name + suffix), copy.with_name(copy.name + suffix)
        if side.exists():
            write_new(beside, b"")
            shutil.copyfile(side, beside)
    if head is not None:
        pages = copy.stat().st_size // _PAGE_SIZE
        with copy.open("r+b") as file:
            # the header's own fields: pages in the file, then first and number of free pages (none)
            file.write(head[:28] + pages.to_bytes(4, "big") + bytes(8) + head[40:])


def _take_over(copy: Path, target: sqlite3.Connection, table: str) -> int:
    known = [name for (_, name, *_) in target.execute(f"PRAGMA table_info({table})")]
    before = _count(target, table)
    for row in _readable_rows(copy, table, known):
        with suppress(sqlite3.Error):  # a row that is not whole any more breaks a rule of the table
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            target.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
    return _count(target, table) - before


def _readable_rows(copy: Path, table: str, known: list[str]) -> Iterator[dict[str, object]]:
    """Yield rows from both ends up to where the damage begins, then by each index."""
    for order in ("rowid", "rowid DESC", known[0], f"{known[0]} DESC"):
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as source:
                source.execute("PRAGMA cell_size_check = ON")
                rows = source.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608
                names = [column[0] for column in rows.description]
                for row in rows:
                    yield {name: value for name, value in zip(names, row, strict=True) if name in known}
        except sqlite3.Error:
            continue
        else:
            return


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
