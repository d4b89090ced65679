"""One SQLite file, opened safely: private, synchronous, wiped on delete, shared with other threads and processes."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tui.vault.errors import Damaged, ReadOnly, translated
from tui.vault.files import SIDE_FILES, InUse, check_ours, private_file, private_folder
from tui.vault.mounts import network_file_system
from tui.vault.schema import MIGRATIONS, OLDEST_READABLE, check_version, migrate

BUSY_SECONDS = 5.0
"""How long a statement waits for another process before it gives up."""

_CAREFUL = (
    "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA fullfsync = ON;"
    " PRAGMA temp_store = 2"
)
"""Nothing is deferred: every commit is on disk, every deletion overwritten."""

Row = tuple[Any, ...]
Values = Sequence[str | int | bytes | None]


class Database:
    """A connection that threads may share. Every method raises VaultError, never sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection, path: Path, use: InUse | None, journal: str) -> None:
        self.path = path
        self.journal = journal
        """`wal`, or `delete` on a network file system."""
        self._connection = connection
        self._use = use
        self._lock = threading.RLock()
        self._depth = 0
        self._closed = False

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened for a look."""
        return self._use is None

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """Return all rows of a query."""
        with self._lock, self._translated():
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.OperationalError as error:
                if hasattr(error, "sqlite_errorcode"):
                    raise
            return self._rows_not_decoded(statement, values)  # one text of one row is not UTF-8

    def _rows_not_decoded(self, statement: str, values: Values) -> list[Row]:
        """Return all rows of a query, with bytes where a text is not UTF-8."""
        self._connection.text_factory = _text_or_bytes
        try:
            return self._connection.execute(statement, values).fetchall()
        finally:
            self._connection.text_factory = str

    def row(self, statement: str, values: Values = ()) -> Row | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(statement, values)), None)

    def write(self, statement: str, values: Values = ()) -> int:
        """Run one statement in a transaction (the surrounding one where there is one); return the rows it changed."""
        with self.transaction(), self._translated():
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: on disk when the block was left, as before when it raised. A nested one joins the outer."""
        with self._lock:
            if self._depth:
                yield
                return
            self._depth = 1
            try:
                with self._translated():
                    self._connection.execute("BEGIN IMMEDIATE")
                yield
                with self._translated():
                    self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # the error that led here is the one to report
                    self._connection.rollback()
                raise
            finally:
                self._depth = 0

    def data_version(self) -> int:
        """Return a number that is another one after a commit of any connection but this one."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def wipe(self) -> bool:
        """Bring deleted content out of the log file too; tell whether no reader was in the way."""
        return not self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]

    def is_whole(self) -> bool:
        """Read every page and tell whether the file is sound."""
        return self.row("PRAGMA quick_check(1)") == ("ok",)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()
                if self._use is not None:
                    self._use.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with translated(self.path):
                yield
        except Damaged:
            with suppress(OSError):  # where nothing can be written, the next start finds it out again
                suspect_file(self.path).touch(mode=0o600)  # the next start looks at every page
            raise


def open_database(path: Path) -> Database:
    """Open the database, making or migrating it where needed. Raises VaultError: of its kinds Damaged, TooNew ..."""
    private_folder(path.parent)
    with ExitStack() as opened, translated(path):
        use = opened.enter_context(closing(InUse(path)))
        private_file(path)
        _refuse_emptied(path)
        connection = opened.enter_context(closing(connect(path)))
        version = check_version(connection, path)  # before the first pragma that writes
        journal = _set_journal(connection, "delete" if network_file_system(path.parent) else "wal")
        if version != len(MIGRATIONS):
            migrate(connection, path)
        opened.pop_all()
        return Database(connection, path, use, journal)


def open_read_only(path: Path) -> Database:
    """Open a database that cannot be written, for a look; every write raises ReadOnly. Raises VaultError."""
    with ExitStack() as opened, translated(path):
        check_ours(path)
        for suffix in SIDE_FILES:
            with suppress(FileNotFoundError):
                check_ours(f"{path}{suffix}")
        has_log = any(_size(f"{path}{suffix}") for suffix in ("-wal", "-journal"))
        # `immutable` where no log says more than the file: without its shared memory a WAL file opens only so
        connection = opened.enter_context(closing(_connect(path, "mode=ro" if has_log else "mode=ro&immutable=1")))
        if check_version(connection, path) < OLDEST_READABLE:
            raise ReadOnly(path)
        journal = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
        opened.pop_all()
        return Database(connection, path, None, journal)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def suspect_file(path: Path) -> Path:
    """Return the file whose presence says that the database was seen to be damaged."""
    return path.with_name(f"{path.name}.suspect")


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection in which nothing is deferred: every commit is on disk, every deletion overwritten."""
    connection = _connect(path, "mode=rw")
    connection.executescript(_CAREFUL)
    return connection


def _connect(path: Path, how: str) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(path))}?{how}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _text_or_bytes(stored: bytes) -> str | bytes:
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def _set_journal(connection: sqlite3.Connection, wanted: str) -> str:
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return str(connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0])
        except sqlite3.OperationalError as error:
            # SQLite does not wait for a change of this mode: two first starts at once meet here
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _refuse_emptied(path: Path) -> None:
    """SQLite takes an empty file for a new database and throws its log away; the log may hold everything."""
    if os.stat(path).st_size:
        return
    with suppress(FileNotFoundError):
        if os.stat(f"{path}-wal").st_size:
            raise Damaged(path)
