"""A damaged database is never written to: it is set aside under a date, and what can be read is taken over."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from tui.atomic_file import sync_folder
from tui.vault.database import Database, connect, open_database, suspect_file
from tui.vault.errors import Damaged, DamagedInUse, translated
from tui.vault.files import SIDE_FILES, InUse, private_file
from tui.vault.notices import Notice, NoticeCode
from tui.vault.schema import COLUMNS, TABLES, into, migrate

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

_GAP = 20_000
"""Row ids to try beyond one that cannot be read: a page that is not the root leads to fewer rows."""
_LAST = (1 << 63) - 1
_DIRECTIONS = ((">= ? ORDER BY rowid", 0, 1), ("<= ? ORDER BY rowid DESC", _LAST, -1))
"""Condition and order, first row id, step. A damaged page can show an id that is too high or too low."""


def open_or_recover(path: Path, now: float) -> tuple[Database, Notice | None]:
    """Open the database; where it is damaged, set it aside (dated by `now`) and open a new one with what it held.

    Raises VaultError; Damaged where another process still has the file open, which is left untouched then.
    """
    try:
        database = open_database(path)
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
    recovered = recover(path, now)
    suspect_file(path).unlink(missing_ok=True)
    return open_database(path), recovered


def recover(path: Path, now: float) -> Notice:
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
        return Notice(NoticeCode.RECOVERED, {"set_aside": aside, **taken})
    finally:
        use.close()


def _set_aside(path: Path, now: float) -> Path:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (f"{path.name}.damaged-{stamp}{f'-{serial}' if serial > 1 else ''}" for serial in count(1))
    aside = next(aside for name in names if not (aside := path.with_name(name)).exists())
    for suffix in ("", *SIDE_FILES):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _salvage(path: Path, fresh: Path, folder: Path) -> dict[str, int]:
    private_file(fresh)
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
            private_file(beside)
            shutil.copyfile(side, beside)
    if head is not None:
        pages = copy.stat().st_size // _PAGE_SIZE
        with copy.open("r+b") as file:
            # the header's own fields: pages in the file, then first and number of free pages (none)
            file.write(head[:28] + pages.to_bytes(4, "big") + bytes(8) + head[40:])


def _take_over(copy: Path, target: sqlite3.Connection, table: str) -> int:
    known = [name for (name,) in target.execute(COLUMNS, (table,))]
    before = target.total_changes
    for row in _readable_rows(copy, table):
        names = [name for name in row if name in known]
        with suppress(sqlite3.Error):  # a row that is not whole any more breaks a rule of the table
            target.execute(f"INSERT OR IGNORE {into(table, names)}", [row[name] for name in names])
    return target.total_changes - before


def _readable_rows(copy: Path, table: str) -> Iterator[dict[str, Any]]:
    """Yield each row that can be read, from both ends, beyond damage too; most of them twice."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as source, suppress(sqlite3.Error):
        source.row_factory = sqlite3.Row
        source.execute("PRAGMA cell_size_check = ON")
        source.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - the schema has it
        for condition, start, step in _DIRECTIONS:
            statement = f"SELECT rowid AS row_id, * FROM {table} WHERE rowid {condition} LIMIT 1"  # noqa: S608
            rowid, failures = start, 0
            while failures < _GAP and abs(rowid) <= _LAST:
                try:
                    row = source.execute(statement, (rowid,)).fetchone()  # alone: a longer query reads a row ahead
                except sqlite3.Error:
                    failures += 1
                    rowid += step
                    continue
                if row is None:
                    break
                rowid, failures = row["row_id"] + step, 0
                yield dict(row)
