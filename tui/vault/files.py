"""Files that are private from their first byte, whatever the umask, and never reached through a planted link."""

import fcntl
import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

from tui.atomic_file import sync_folder
from tui.file_lock import lock
from tui.vault.errors import FileProblem, Locked, NotOurs, ReadOnly, VaultError, translated

FOLDER_MODE = 0o700
FILE_MODE = 0o600

SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database; it gives them the database's own mode."""

_ROOM = 64 * 1024
"""Bytes that a few changes of the database take."""

_creating = threading.Lock()


def private_folder(folder: Path) -> None:
    """Make sure that the folder exists, is ours and can be written; a new one is 0700. Raises VaultError."""
    with translated(folder):
        try:  # of a folder that exists, a network file system may say that it must not be made
            found = folder.stat()
        except (FileNotFoundError, NotADirectoryError):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                folder.mkdir(mode=FOLDER_MODE)
                folder.chmod(FOLDER_MODE)  # a umask such as 0277 took rights from the owner
            found = folder.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotOurs(folder, FileProblem.NOT_A_FOLDER)
    if found.st_uid != os.geteuid():
        raise NotOurs(folder, FileProblem.OTHER_OWNER)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ReadOnly(folder)


def private_file(path: Path) -> None:
    """Make sure that the file exists as a plain file of ours; a new one is 0600 and empty. Raises VaultError.

    An existing file is looked at without being opened: closing any descriptor of a database would drop the locks
    that SQLite holds on it elsewhere in this process.
    """
    with translated(path), _creating:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        except FileExistsError:
            check_ours(path)
        else:
            os.fchmod(descriptor, FILE_MODE)  # only ever gives the owner what a strict umask took
            os.close(descriptor)
            sync_folder(path.parent)
        for suffix in SIDE_FILES:
            with suppress(FileNotFoundError):
                check_ours(f"{path}{suffix}")
    if not os.access(path, os.R_OK | os.W_OK):
        raise ReadOnly(path)


def require_room(folder: Path) -> None:
    """Write as much as SQLite's log needs to a file that is gone afterwards. Raises VaultError, Full among them."""
    import tempfile  # only `doctor` asks

    with translated(folder), tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        file.write(bytes(_ROOM))
        os.fsync(file.fileno())


def cannot_be_written(path: Path) -> bool:
    """Tell whether a file is there that can be looked at only: it, or the folder it is in, takes no writing."""
    return os.access(path, os.R_OK) and not (os.access(path.parent, os.W_OK | os.X_OK) and os.access(path, os.W_OK))


def check_ours(place: Path | str) -> None:
    """Raise NotOurs unless the path itself, no link followed, is a plain file of this user."""
    _require_ours(os.lstat(place), place)


def _require_ours(found: os.stat_result, place: Path | str) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise NotOurs(Path(place), FileProblem.SYMBOLIC_LINK)
    if not stat.S_ISREG(found.st_mode):
        raise NotOurs(Path(place), FileProblem.NOT_A_FILE)
    if found.st_uid != os.geteuid():
        raise NotOurs(Path(place), FileProblem.OTHER_OWNER)


def open_private(path: Path | str, flags: int) -> int:
    """Open a file of ours that is no database, made 0600 where `flags` create it. Raises OSError, NotOurs."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, FILE_MODE)  # a pipe would wait
    found = os.fstat(descriptor)
    try:
        _require_ours(found, path)
    except NotOurs:
        os.close(descriptor)
        raise
    if flags & os.O_CREAT and found.st_mode & FILE_MODE != FILE_MODE:
        os.fchmod(descriptor, FILE_MODE)  # only ever gives the owner what a strict umask took
    return descriptor


class InUse:
    """The sign that a database is open: shared by all who use it, held alone by who sets it aside or replaces it."""

    def __init__(self, database: Path) -> None:
        self._path = f"{database}.use"
        with translated(self._path):
            # a file object: where nobody closes it, it is closed with the last reference
            self._file = os.fdopen(open_private(self._path, os.O_RDWR | os.O_CREAT), "r+b", buffering=0)
        try:
            self.shared()
        except VaultError:
            self.close()
            raise

    def alone(self) -> bool:
        """Try to be the only one who has the database open; tell whether it worked. Raises VaultError."""
        with translated(self._path):
            if lock(self._file.fileno(), fcntl.LOCK_EX, 0):
                return True
        self.shared()  # a failed conversion may have dropped what was held
        return False

    def shared(self) -> None:
        """Let others in again. Raises VaultError: Locked where another holds it alone for too long."""
        with translated(self._path):
            if not lock(self._file.fileno(), fcntl.LOCK_SH, 5.0):
                raise Locked(Path(self._path))

    def close(self) -> None:
        """Give the sign back."""
        self._file.close()
