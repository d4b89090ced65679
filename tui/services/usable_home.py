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
            _require_folder(folder, place)
        except (FileNotFoundError, NotADirectoryError):
            if place.is_symlink():
                raise SettingsError(Problem.HOME_BROKEN_LINK, folder, str(place)) from None
        except OSError as error:
            raise SettingsError(Problem.HOME_UNREADABLE, folder, str(place), detail=error.strerror or "") from None
        else:
            return


def _require_folder(folder: Path, place: Path) -> None:
    """Raise SettingsError if `folder` cannot be used, OSError if `place`, it or a folder above it, cannot be read."""
    if not stat.S_ISDIR(os.stat(place).st_mode):
        raise SettingsError(Problem.HOME_NOT_A_FOLDER, folder, str(place))
    if not os.access(place, os.R_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    if place == folder and os.path.lexists(folder / "igauth.db"):
        return
    if not os.access(place, os.W_OK):
        raise SettingsError(Problem.HOME_UNWRITABLE, folder, str(place))
    if place != folder and not os.statvfs(place).f_blocks:
        attempt = place / f".igauth-{os.getpid()}"  # in /proc and the like, modes allow root what is then refused
        try:
            attempt.mkdir()
            attempt.rmdir()
        except OSError as error:
            raise SettingsError(Problem.HOME_UNWRITABLE, folder, str(place), detail=error.strerror or "") from None
