"""Opens and reads files that must be regular: a pipe could keep the program waiting, a device could fill its memory."""

import errno
import os
import stat
from pathlib import Path


class NotRegular(OSError):
    """There is a folder, pipe, socket or device where a regular file should be."""


class TooLarge(OSError):
    """The file has more bytes than its kind ever has."""


def read_regular(path: Path | str, limit: int) -> tuple[bytes, os.stat_result]:
    """Return the content of a regular file, and what the system says of it. Links are followed.

    Raises OSError; NotRegular, and TooLarge for more than `limit` bytes, among them.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        found = os.fstat(file.fileno())
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data, found


def open_regular(path: Path | str, flags: int = os.O_RDONLY) -> int:
    """Open a regular file, made 0600 where `flags` create it. Raises OSError, NotRegular among them."""
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK, 0o600)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.EOPNOTSUPP):  # a socket
            raise _not_regular(path) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_regular(path)
    return descriptor


def _not_regular(path: Path | str) -> NotRegular:
    return NotRegular(errno.EINVAL, "not a regular file", str(path))
