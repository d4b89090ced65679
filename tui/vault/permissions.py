"""Who may read what the vault keeps: every file's mode and owner, restricted on request."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.vault.errors import FileProblem


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file or folder of the home. `problem` None: it is as it should be; `detail` is what the system said."""

    path: Path
    mode: int
    problem: FileProblem | None = None
    detail: str = ""


def inspect(folder: Path) -> tuple[FileReport, ...]:
    """Report on a folder and all below it, no link followed; what is not there, or not any more, gives no report."""
    if not folder.exists():
        return ()
    return tuple(report for path in (folder, *sorted(folder.rglob("*"))) if (report := _report(path)) is not None)


def restrict(folder: Path) -> tuple[FileReport, ...]:
    """Remove other users' access; return the reports of what was changed."""
    return tuple(
        report for report in inspect(folder) if report.problem is FileProblem.OPEN_TO_OTHERS and _narrow(report)
    )


def _report(path: Path) -> FileReport | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None  # a process that ended meanwhile took its side files along
    except OSError as error:
        return FileReport(path, 0, FileProblem.NOT_READABLE, error.strerror or "")
    return FileReport(path, stat.S_IMODE(found.st_mode), _problem(path, found))


def _problem(path: Path, found: os.stat_result) -> FileProblem | None:
    if stat.S_ISLNK(found.st_mode):
        # a configuration may be kept elsewhere by its owner, such as in a repository of dotfiles
        return None if path.name == "config.toml" else FileProblem.SYMBOLIC_LINK
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return FileProblem.NOT_A_FILE
    if found.st_uid != os.geteuid():
        return FileProblem.OTHER_OWNER
    if found.st_mode & 0o077:
        return FileProblem.OPEN_TO_OTHERS
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        return FileProblem.HARD_LINK
    return None


def _narrow(report: FileReport) -> bool:
    """Change the mode of the path itself, no link followed, without opening it for reading.

    Closing an ordinary descriptor of a database would drop the locks that SQLite holds on it in this process.
    """
    mode = report.mode & 0o700
    with suppress(OSError):
        if os.chmod in os.supports_follow_symlinks:
            os.chmod(report.path, mode, follow_symlinks=False)
            return True
        descriptor = os.open(report.path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if stat.S_ISLNK(os.fstat(descriptor).st_mode):
                return False
            Path(f"/proc/self/fd/{descriptor}").chmod(mode)
            return True
        finally:
            os.close(descriptor)
    return False
