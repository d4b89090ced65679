"""Locks among all threads and processes of this machine, held on a file; the system frees them if the holder ends."""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tui.regular_file import open_regular

_TICK = 0.02
"""Seconds between two tries."""

_WITHOUT_LOCKS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOLCK)
"""What the system says where a file system has no locks."""


def lock(descriptor: int, kind: int, wait: float) -> bool:
    """Lock an open file (`fcntl.LOCK_SH` or `LOCK_EX`), waiting up to `wait` seconds; tell whether it was locked.

    On a file system without locks nothing is locked, and the answer is yes. Raises OSError for any other refusal.
    """
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_TICK)
        except OSError as error:
            if error.errno not in _WITHOUT_LOCKS:
                raise
            return True
        else:
            return True


@contextmanager
def exclusive(path: Path, wait: float, open_file: Callable[[Path], int] | None = None) -> Iterator[int]:
    """Hold the lock of a file alone and yield its descriptor; made where it is missing, unless opened another way.

    Raises TimeoutError, OSError.
    """
    with ExitStack() as opened:
        while True:
            descriptor = open_file(path) if open_file else open_regular(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
            opened.callback(os.close, descriptor)
            if not lock(descriptor, fcntl.LOCK_EX, wait):
                raise TimeoutError(path)
            if _is_still_there(descriptor, path):
                break
        yield descriptor


def _is_still_there(descriptor: int, path: Path) -> bool:
    """Tell whether the path is still the open file: a lock on a removed file excludes no other process."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
