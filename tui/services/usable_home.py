"""Whether the home can be used at all: told first, for "nothing is stored" would be a wrong answer where it cannot."""

import os
import stat
from pathlib import Path

from tui.settings import Home, SettingsError

_NEXT_STEP = "Mend that folder's owner, mode or mount, or set IGAUTH_HOME to a folder of your own."


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
                raise _unusable(folder, f"{place} is a link to nothing") from None
            continue  # to be made, if what is above allows it
        except OSError as error:
            raise _unusable(folder, f"{place}: {error.strerror}") from None
        if why := _what_hinders(folder, place, found.st_mode):
            raise _unusable(folder, why)
        return


def _what_hinders(folder: Path, place: Path, mode: int) -> str:
    """Return why `folder` cannot be used, where `place` is it or the nearest folder above it that exists."""
    if not stat.S_ISDIR(mode):
        return f"{place} is not a folder"
    if not os.access(place, os.R_OK | os.X_OK):
        return f"{place} cannot be read: permission denied"
    if place == folder and os.path.lexists(folder / "igauth.db"):
        return ""
    if not os.access(place, os.W_OK):
        return f"{place} cannot be written"
    return _refusal_of_pseudo_file_system(place) if place != folder else ""


def _refusal_of_pseudo_file_system(place: Path) -> str:
    """Return why nothing can be made under /proc and the like, whose modes allow root what they then refuse."""
    if os.statvfs(place).f_blocks:
        return ""
    attempt = place / f".igauth-{os.getpid()}"
    try:
        attempt.mkdir()
        attempt.rmdir()
    except OSError as error:
        return f"no folder can be made in {place}: {error.strerror}"
    return ""


def _unusable(folder: Path, why: str) -> SettingsError:
    return SettingsError(f"The home {folder} cannot be used: {why}. {_NEXT_STEP}")
