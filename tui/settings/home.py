"""Where igauth keeps its files."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tui.settings.errors import Problem, SettingsError

_PLACES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


class Home(NamedTuple):
    """The folders of one home."""

    config_folder: Path
    data_folder: Path
    log_folder: Path

    @property
    def config_file(self) -> Path:
        """Preferences and profiles without secrets."""
        return self.config_folder / "config.toml"

    @property
    def database(self) -> Path:
        """Tokens, history, progress."""
        return self.data_folder / "igauth.db"


NOWHERE = Home(*(Path(os.devnull),) * 3)
"""Stands for a home that is not known: nothing is in it, and nothing can be written to it."""


def find_home(environ: Mapping[str, str]) -> Home:
    """Return the folder that `IGAUTH_HOME` names, else the platform's folders. Raises SettingsError."""
    if portable := environ.get("IGAUTH_HOME"):
        try:
            root = _expanded(portable, environ).absolute()
        except FileNotFoundError:
            raise SettingsError(Problem.NO_CURRENT_FOLDER, key=portable) from None
        return Home(root, root, root / "log")
    import platformdirs  # costs 7 ms and is not needed in a portable home

    folders = platformdirs.PlatformDirs("igauth", appauthor=False)
    with _absolute_places(environ):
        return Home(folders.user_config_path, folders.user_data_path, folders.user_log_path)


def account_home(environ: Mapping[str, str]) -> str:
    """Return the person's home folder: HOME, else the one of the account. Raises SettingsError where neither is known.

    A HOME that is empty or relative counts as not set: it would put the files wherever a command happens to be run.
    """
    if (home := environ.get("HOME", "")).startswith("/"):
        return home
    import pwd  # only without HOME

    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a container's user without an entry
        home = ""
    if not home.startswith("/"):
        raise SettingsError(Problem.NO_HOME, key="IGAUTH_HOME", detail=str(os.getuid()))
    return home


@contextmanager
def _absolute_places(environ: Mapping[str, str]) -> Iterator[None]:
    """Let this process's environment, which platformdirs reads, name only absolute folders meanwhile.

    A relative XDG_* is ignored, as the XDG rules have it. Raises SettingsError where a home folder is needed.
    """
    usable = {name: value for name in _PLACES if (value := environ.get(name, "")).startswith("/")}
    if len(usable) < len(_PLACES) or sys.platform == "darwin":
        usable["HOME"] = account_home(environ)
    former = {name: os.environ.pop(name) for name in ("HOME", *_PLACES) if name in os.environ}
    os.environ.update(usable)
    try:
        yield
    finally:
        for name in usable:
            del os.environ[name]
        os.environ.update(former)


def _expanded(path: str, environ: Mapping[str, str]) -> Path:
    """Return a path with the home folder in place of `~` or `~NAME` at its start. Raises SettingsError."""
    first, slash, rest = path.partition("/")
    if not first.startswith("~"):
        return Path(path)
    if first == "~":
        return Path(account_home(environ) + slash + rest)
    import pwd

    try:
        return Path(pwd.getpwnam(first[1:]).pw_dir + slash + rest)
    except KeyError:
        raise SettingsError(Problem.NO_SUCH_USER, key=path, detail=first[1:]) from None
