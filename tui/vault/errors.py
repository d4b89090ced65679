"""How the vault can refuse: one type, each kind with what happened and the next step, naming the path."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class VaultError(Exception):
    """The vault could not do what was asked. Message and next step are fit to be shown and hold no secret."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(f"{message} {next_step}")
        self.message = message
        self.next_step = next_step
        self.kept = ""
        """The file that a new token waits in all the same, to be taken in later; empty where there is none."""

    def note_kept(self, path: Path) -> None:
        """Add that the new token of this request is not lost."""
        self.kept = str(path)
        self.message = (
            f"{self.message} The new token is not lost: it waits in {path} and is taken in at the next start."
        )
        self.args = (f"{self.message} {self.next_step}",)


class ReadOnly(VaultError):
    """File, folder or file system cannot be written."""

    def __init__(self, path: Path, why: str = "it is read-only") -> None:
        super().__init__(
            f"{path} cannot be written: {why}. Nothing was changed.",
            "Check owner, mode and mount of that folder, or set IGAUTH_HOME to a folder of your own.",
        )


class Full(VaultError):
    """No room is left where the database lies."""

    def __init__(self, path: Path, why: str = "the disk is full") -> None:
        super().__init__(
            f"{path} could not be written: {why}. Nothing was changed.",
            "Free some space on that file system (or raise the quota or file size limit), then try again.",
        )


class Locked(VaultError):
    """Another process kept the database locked for longer than we wait."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is locked by another process. Nothing was changed.",
            "Close the other igauth or the tool that has the file open, then try again.",
        )


class TooNew(VaultError):
    """The database was written by a newer igauth."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path} was written by a newer igauth (schema {found}, this one knows {known}). It was left untouched.",
            "Update igauth, or set IGAUTH_HOME to another folder.",
        )


class Damaged(VaultError):
    """The database file is not whole."""

    def __init__(self, path: Path, next_step: str = "") -> None:
        super().__init__(
            f"{path} is damaged and cannot be read wholly.",
            next_step or "Start igauth again: it sets the file aside and takes over what can be read.",
        )


class NotOurs(VaultError):
    """A file in the vault's place is a link, or belongs to somebody else, or is no vault."""

    def __init__(self, path: Path, why: str, next_step: str) -> None:
        super().__init__(f"{path} is not used: {why}.", next_step)


class Unreachable(VaultError):
    """The operating system refuses for a reason of its own."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} cannot be used: {why}.", "Check that folder and its owner, or set IGAUTH_HOME to another."
        )


class SecretsUnavailable(VaultError):
    """The place where secrets lie does not answer, or needs its passphrase."""


@contextmanager
def translated(path: Path | str) -> Iterator[None]:
    """Turn SQLite's and the system's errors about `path` into a VaultError."""
    try:
        yield
    except sqlite3.Error as error:
        raise from_sqlite(error, Path(path)) from error
    except OSError as error:
        raise from_system(error, Path(path)) from error


def from_sqlite(error: sqlite3.Error, path: Path) -> VaultError:
    """Return the VaultError that says what SQLite's result code means."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Locked(path)
        case sqlite3.SQLITE_FULL:
            return Full(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return ReadOnly(path)
        case sqlite3.SQLITE_IOERR:
            return Full(path, "the file system refused to take or give data (full, over quota or failing)")
        case sqlite3.SQLITE_CANTOPEN:
            return ReadOnly(path, "it cannot be opened")
        case _:
            return Unreachable(path, str(error))


def from_system(error: OSError, path: Path) -> VaultError:
    """Return the VaultError that says what the system's error number means."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Full(path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ReadOnly(path, error.strerror or "not permitted")
    if error.errno == errno.ELOOP:
        return NotOurs(path, "it is a symbolic link", "Put the file itself there, or remove the link.")
    return Unreachable(path, error.strerror or str(error))
