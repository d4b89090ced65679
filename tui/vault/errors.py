"""How the vault can refuse: a type per case with its facts. `tui.wording.vault` has the words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tui.vault.passphrase import PassphraseSource


class VaultError(Exception):
    """The vault could not do what was requested. `detail` is what the system said, or empty. Holds no secret."""

    problem: StrEnum | None = None

    def __init__(self, path: Path | None = None, detail: str = "") -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail
        self.saved_in: Path | None = None
        """The file in which the new token of this request waits to be imported; None where there is none."""

    def __str__(self) -> str:
        facts = (type(self).__name__, self.problem, self.path, self.detail)
        return " ".join(str(fact) for fact in facts if fact)


class ReadOnly(VaultError):
    """File, folder or file system cannot be written."""


class Full(VaultError):
    """No room is left on the file system of the database, or the quota is used up."""


class InputOutputFailed(Full):
    """The file system refused to read or write: full, over quota or failing."""


class Locked(VaultError):
    """Another process kept the database locked for longer than igauth waits."""


class TooNew(VaultError):
    """The database was written by a newer igauth: it has schema `version`, this one knows schemas up to `known`."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(path, f"schema {version} > {known}")
        self.version = version
        self.known = known


class Damaged(VaultError):
    """The database file is damaged. It is recovered at the next start."""


class DamagedInUse(Damaged):
    """The database file is damaged, and another process has it open, so that it cannot be recovered now."""


class FileProblem(StrEnum):
    """What is wrong with a file or folder of the home."""

    NOT_A_FOLDER = "not_a_folder"
    NOT_A_FILE = "not_a_file"
    SYMBOLIC_LINK = "symbolic_link"
    OTHER_OWNER = "other_owner"
    OTHER_PROGRAM = "other_program"
    """A database of another program."""
    OPEN_TO_OTHERS = "open_to_others"
    HARD_LINK = "hard_link"
    NOT_READABLE = "not_readable"


class NotOurs(VaultError):
    """A file in the vault's place is a link, belongs to somebody else, or is no vault."""

    def __init__(self, path: Path, problem: FileProblem) -> None:
        super().__init__(path)
        self.problem: FileProblem = problem


class Unreachable(VaultError):
    """The operating system refuses for another reason."""


class SecretsProblem(StrEnum):
    """Why a secret store cannot be used."""

    KEYRING_SILENT = "keyring_silent"
    """It did not answer within `detail` seconds."""
    KEYRING_LOCKED = "keyring_locked"
    """It is locked, and no window opens in which it could be unlocked."""
    KEYRING_WAITS = "keyring_waits"
    """It is locked, or not set up, and its window waits for the person."""
    KEYRING_ASKS = "keyring_asks"
    """It is open and does not answer: its window may ask the person whether it may be used."""
    KEYRING_NOT_SET_UP = "keyring_not_set_up"
    """It has nothing to store secrets in yet, and no window opens in which to create it."""
    KEYRING_PAUSED = "keyring_paused"
    """It did not answer a moment ago and is not asked again yet."""
    KEYRING_REFUSED = "keyring_refused"
    """`detail` is the kind of its error."""
    NO_KEYRING = "no_keyring"
    """`detail` is a `Reason`."""
    NOT_RETURNED = "not_returned"
    """The secret store named by `detail` did not return what was written."""
    NO_PASSPHRASE = "no_passphrase"  # noqa: S105 - a code
    """There was no terminal to ask for the passphrase."""
    NO_PASSPHRASE_GIVEN = "no_passphrase_given"  # noqa: S105
    """The command got none, neither from stdin nor from the terminal."""
    WRONG_PASSPHRASE = "wrong_passphrase"  # noqa: S105
    PASSPHRASE_COMMAND_NOT_STARTED = "passphrase_command_not_started"  # noqa: S105
    PASSPHRASE_COMMAND_SLOW = "passphrase_command_slow"  # noqa: S105
    """It was ended after `detail` seconds."""
    PASSPHRASE_COMMAND_FAILED = "passphrase_command_failed"  # noqa: S105
    """It ended with the status `detail`."""
    PASSPHRASE_COMMAND_NOT_A_LINE = "passphrase_command_not_a_line"  # noqa: S105
    """It printed nothing, more than one line, or too much."""
    TEMPORARY_HOME = "temporary_home"
    """The home is removed on exit, so its secrets are not put into the keyring."""


class SecretsUnavailable(VaultError):
    """The secret store does not answer, or needs its passphrase."""

    def __init__(self, problem: SecretsProblem, detail: str = "") -> None:
        super().__init__(None, detail)
        self.problem: SecretsProblem = problem


class StoreUndecided(SecretsUnavailable):
    """No secret store is chosen yet, and there is a keyring that may take secrets once it is unlocked or started."""


class PassphraseCommandFailed(SecretsUnavailable):
    """The program of `passphrase_command` gave no passphrase."""

    def __init__(self, problem: SecretsProblem, program: str, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.program = program


class WrongPassphrase(SecretsUnavailable):
    """The passphrase does not decrypt what was encrypted, or that was changed since."""

    def __init__(self, source: PassphraseSource = PassphraseSource.TYPED) -> None:
        super().__init__(SecretsProblem.WRONG_PASSPHRASE)
        self.source = source


class BackupProblem(StrEnum):
    """Why a backup is not written or not restored."""

    NO_PASSPHRASE = "no_passphrase"  # noqa: S105
    NOT_A_BACKUP = "not_a_backup"
    DAMAGED = "damaged"
    NO_VAULT = "no_vault"
    TOO_NEW = "too_new"
    HOME_IN_USE = "home_in_use"
    FILE_EXISTS = "file_exists"
    NOT_WRITABLE = "not_writable"


class BackupRefused(VaultError):
    """The file is no backup, or does not fit into this home, or cannot be written."""

    def __init__(self, problem: BackupProblem, path: Path | None = None, detail: str = "") -> None:
        super().__init__(path, detail)
        self.problem: BackupProblem = problem


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
    """Return the VaultError for SQLite's result code."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Locked(path)
        case sqlite3.SQLITE_FULL:
            return Full(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return ReadOnly(path, str(error))
        case sqlite3.SQLITE_IOERR:
            return InputOutputFailed(path)
        case _:
            return Unreachable(path, str(error))


def from_system(error: OSError, path: Path) -> VaultError:
    """Return the VaultError for the system's error number."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Full(path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ReadOnly(path, error.strerror or "")
    if error.errno == errno.ELOOP:
        return NotOurs(path, FileProblem.SYMBOLIC_LINK)
    if isinstance(error, TimeoutError) and error.errno is None:  # not the system's: a lock of our own
        return Locked(path)
    return Unreachable(path, error.strerror or str(error))
