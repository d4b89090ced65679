"""Who may read what the vault keeps: every file's mode and owner looked at, and mended where asked."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.vault.files import FILE_MODE, FOLDER_MODE


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file or folder of the home; an empty problem means that it is as it should be."""

    path: Path
    mode: int
    owner: int
    problem: str = ""
    cure: str = ""

    @property
    def mendable(self) -> bool:
        """Whether `mend` can put it right."""
        return self.problem == _OPEN_TO_OTHERS


_OPEN_TO_OTHERS = "other users of this machine may read or change it"


def look(folder: Path) -> tuple[FileReport, ...]:
    """Report on a folder and all below it, no link followed; a folder that is not there gives no report."""
    return tuple(_report(path) for path in _below(folder))


def mend(folder: Path) -> tuple[FileReport, ...]:
    """Take from others what they may not have; return the reports of what was changed."""
    return tuple(report for report in look(folder) if report.mendable and _narrow(report))


def _below(folder: Path) -> Iterator[Path]:
    if not folder.exists():
        return
    yield folder
    for place, folders, files in os.walk(folder, followlinks=False):
        for name in sorted(folders + files):
            yield Path(place) / name


def _report(path: Path) -> FileReport:
    try:
        found = path.lstat()
    except OSError as error:
        return FileReport(path, 0, -1, f"it cannot be looked at: {error.strerror}", "Check the folder it is in.")
    mode = stat.S_IMODE(found.st_mode)
    problem, cure = _problem(path, found)
    return FileReport(path, mode, found.st_uid, problem, cure)


def _problem(path: Path, found: os.stat_result) -> tuple[str, str]:
    wanted = FOLDER_MODE if stat.S_ISDIR(found.st_mode) else FILE_MODE
    if stat.S_ISLNK(found.st_mode):
        if path.name == "config.toml":
            return "", ""  # kept elsewhere by its owner, such as in a repository of dotfiles
        return "it is a symbolic link and is not followed", f"Put the file itself there, or remove it: rm {path}"
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return "it is neither a file nor a folder", f"Remove it: rm {path}"
    if found.st_uid != os.geteuid():
        return "it belongs to another user", f"Take it over: sudo chown {os.geteuid()} {path}"
    if found.st_mode & 0o077:
        return _OPEN_TO_OTHERS, f"igauth doctor --fix, or: chmod {wanted:o} {path}"
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        return "it has a second name (a hard link) somewhere", f"Find it: find / -xdev -samefile {path}"
    return "", ""


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
