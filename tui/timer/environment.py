"""The variables that a timer's runs need, in a private file that its unit or crontab line names.

A line each, `NAME=value`, raw to the end of the line: a proxy's password may be in it, so the file is 0600.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from tui.atomic_file import replace_file
from tui.settings import Home
from tui.timer.errors import TimerError, TimerProblem
from tui.vault.errors import FileProblem, NotOurs
from tui.vault.files import open_private, private_folder

FILE = "timer.env"
"""Name of the file in the home's data folder."""

_FIRST_LINE = "# Written by igauth schedule install: what the timer's runs need. It may hold a proxy's password.\n"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_PLACES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""What places a home without IGAUTH_HOME."""

COMPARED = (
    "IGAUTH_HOME",
    "IGAUTH_GRAPH_URL",
    "IGAUTH_DIALOG_URL",
    *_PLACES,
    *_PROXIES,
    *(name.upper() for name in _PROXIES),
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)
"""Variables that a run depends on; another value of one of them makes another run."""

_HELPFUL = ("PATH", "PYTHON_KEYRING_BACKEND")
"""Variables for the commands that hooks name, and for the keyring. They differ between a person's terminals."""

MISSED = (*COMPARED, *_HELPFUL, "DBUS_SESSION_BUS_ADDRESS")
"""Variables without which a run may fail that works in a terminal that has them: proxy, certificates, keyring."""


def file_of(home: Home) -> Path:
    """Return the environment file of a home's timer."""
    return home.data_folder / FILE


def needed(environ: Mapping[str, str], home: Home, account_home: str, user_id: int) -> dict[str, str]:
    """Return what a run needs of a person's environment. `account_home`: the home folder that the system starts with.

    Raises TimerError where a value has a line break in it.
    """
    kept = {name: value for name in (*COMPARED, *_HELPFUL) if (value := environ.get(name, ""))}
    if "IGAUTH_HOME" in kept:
        kept = {name: value for name, value in kept.items() if name not in _PLACES}
        kept["IGAUTH_HOME"] = str(home.data_folder)
    elif environ.get("HOME", account_home) != account_home:
        kept["HOME"] = environ["HOME"]
    if "SSL_CERT_FILE" in kept:
        kept["SSL_CERT_FILE"] = os.path.abspath(kept["SSL_CERT_FILE"])
    kept |= _user_bus(environ, user_id)
    for name, value in kept.items():
        if "\n" in value or "\0" in value:
            raise TimerError(TimerProblem.VARIABLE_UNUSABLE, name)
    return {"IGAUTH_ACTOR": "timer", **kept}


def _user_bus(environ: Mapping[str, str], user_id: int) -> dict[str, str]:
    """Return the address of D-Bus, where it is the same after the next login; the keyring is behind it."""
    folder = f"/run/user/{user_id}"
    address = environ.get("DBUS_SESSION_BUS_ADDRESS", "").partition(",")[0]
    if address != f"unix:path={folder}/bus":
        return {}
    return {"DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": folder}


def write(path: Path, variables: Mapping[str, str]) -> None:
    """Write the file, 0600, whole or not at all. Raises VaultError, TimerError."""
    private_folder(path.parent)
    text = _FIRST_LINE + "".join(f"{name}={value}\n" for name, value in variables.items())
    try:
        replace_file(path, os.fsencode(text))
    except OSError as error:
        raise TimerError(TimerProblem.ENVIRONMENT_NOT_WRITABLE, f"{path}: {error.strerror}") from None


def read(path: Path) -> dict[str, str]:
    """Return the variables of a file that `write` wrote.

    Raises TimerError; NotOurs for a file that belongs to somebody else, is a link, or is open to others: who can
    write it decides where tokens are sent.
    """
    try:
        with os.fdopen(open_private(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise NotOurs(path, FileProblem.OPEN_TO_OTHERS)
            data = file.read()
    except OSError as error:
        raise TimerError(TimerProblem.ENVIRONMENT_UNREADABLE, f"{path}: {error.strerror}") from None
    lines = os.fsdecode(data).split("\n")
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
