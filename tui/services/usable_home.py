"""Checks that the home can be used: where it cannot, "nothing is stored" would be a wrong answer."""

import os
import stat
from errno import EACCES
from pathlib import Path

from tui.settings import Home, Problem, SettingsError


def require_usable(home: Home) -> None:
    """See that the data folder can be read, or can be made where there is none. Makes nothing.

    Raises SettingsError that says what is in the way. A folder that holds a database is left to the vault, which
    knows more of what is wrong with it.
    """
    folder = home.data_folder
    for place in (folder, *folder.parents):
        try:
            found = os.stat(place)
        except (FileNotFoundError, NotADirectoryError):
            if place.is_symlink():
                raise SettingsError(Problem.HOME_BROKEN_LINK, folder, str(place)) from None
            continue  # to be made, if what is above allows it
        except OSError as error:
            raise _unreadable(folder, place, error) from None
        _check_folder(folder, place, found.st_mode)
        return


def _check_folder(folder: Path, place: Path, mode: int) -> None:
    """Raise SettingsError if `folder` cannot be used; `place` is it or the nearest folder above it that exists."""
    if not stat.S_ISDIR(mode):
        raise SettingsError(Problem.HOME_NOT_A_FOLDER, folder, str(place))
    if not os.access(place, os.R_OK | os.X_OK):
        raise _unreadable(folder, place, PermissionError(EACCES, os.strerror(EACCES)))
    if place == folder and os.path.lexists(folder / "igauth.db"):
        return
    if not os.access(place, os.W_OK):
        raise SettingsError(Problem.HOME_UNWRITABLE, folder, str(place))
    if place != folder:
        _check_pseudo_file_system(folder, place)


def _check_pseudo_file_system(folder: Path, place: Path) -> None:
    """Raise SettingsError if no folder can be made: under /proc and the like, modes allow root what is then refused."""
    if os.statvfs(place).f_blocks:
        return
    attempt = place / f".igauth-{os.getpid()}"
    try:
        attempt.mkdir()
        attempt.rmdir()
    except OSError as error:
        raise SettingsError(Problem.HOME_UNWRITABLE, folder, str(place), detail=error.strerror or "") from None


def _unreadable(folder: Path, place: Path, error: OSError) -> SettingsError:
    return SettingsError(Problem.HOME_UNREADABLE, folder, str(place), detail=error.strerror or "")
