"""A file that a token is delivered to: what it holds, and whether it may be replaced."""

import errno
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from tui.atomic_file import replace_file
from tui.clock import rfc3339
from tui.redact import Secret
from tui.regular_file import open_regular
from tui.settings.schema import Destination
from tui.stored_json import parsed
from tui.tokens.delivery import DeliveryProblem, issued_at
from tui.tokens.token import Token

_WORD = re.compile(r"[!-~]+")
_LARGEST = 1 << 16
"""Bytes that are read of a file; one with a token is far smaller."""


def content_for(destination: Destination, token: Token, value: Secret) -> Secret:
    """Return what a destination gets of a token: without a line end in the format `raw`."""
    match destination.format:
        case "env":
            return Secret(f"{destination.variable}={value.reveal()}\n")
        case "json":
            facts = {
                "name": token.name,
                "profile": token.profile,
                "access_token": value.reveal(),
                "token_type": "bearer",
                "expires_at": rfc3339(token.expires_at),
                "data_access_expires_at": rfc3339(token.data_access_expires_at),
                "scopes": list(token.scopes),
                "fingerprint": value.fingerprint(),
            }
            return Secret(json.dumps(facts, indent=2) + "\n")
        case _:
            return value


def path_of(destination: Destination, name: str) -> Path:
    """Return the file for a token of that name. Raises OSError where there cannot be such a file."""
    try:
        path = Path(destination.file.replace("{name}", name)).expanduser()
    except RuntimeError as error:  # nobody knows the home of a container's user
        raise FileNotFoundError(errno.ENOENT, str(error)) from None
    if "\0" in str(path):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return path


def holds(destination: Destination, token: Token) -> bool:
    """Tell whether the file has the token's current value. Never raises."""
    try:
        value = _value_in(destination, _read(path_of(destination, token.name)))
    except OSError:
        return False
    return value is not None and value.fingerprint() == token.fingerprint


def write(destination: Destination, token: Token, content: Secret) -> None:
    """Replace the file, readable by its owner alone. Raises OSError."""
    replace_file(path_of(destination, token.name), content.reveal().encode())


def refusal(
    destination: Destination, token: Token, is_own: Callable[[str], bool], *, again: bool
) -> DeliveryProblem | None:
    """Return why the file must not be replaced, or None. Raises OSError.

    `is_own` tells whether a fingerprint is that of a value of this token that igauth knows. With `again` a person has
    agreed to lose what is there.
    """
    path = path_of(destination, token.name)
    folder = path.parent.stat()
    if folder.st_mode & stat.S_IWOTH and not folder.st_mode & stat.S_ISVTX:
        return DeliveryProblem.OPEN_FOLDER
    try:
        there = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(there.st_mode):
        return DeliveryProblem.NOT_A_FILE
    if there.st_uid != os.geteuid():
        return DeliveryProblem.OTHER_OWNER
    if again or not there.st_size:
        return None
    value = _value_in(destination, _read(path))
    if value is None:
        return DeliveryProblem.OTHER_CONTENT
    is_newer = there.st_mtime > issued_at(token) and not is_own(value.fingerprint())
    return DeliveryProblem.NEWER_DELIVERED if is_newer else None


def _read(path: Path) -> bytes:
    with os.fdopen(open_regular(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read(_LARGEST)


def _value_in(destination: Destination, content: bytes) -> Secret | None:
    """Return the one token in a file of the destination's format; None where there is something else."""
    text: object = content.decode(errors="replace").strip()
    if destination.format == "json":
        try:
            found = parsed(content)
        except ValueError:
            return None
        text = found.get("access_token") if isinstance(found, dict) else None
    elif destination.format == "env":
        name, _, text = str(text).partition("=")
        text = text if name == destination.variable else None
    return Secret(text) if isinstance(text, str) and _WORD.fullmatch(text) else None
