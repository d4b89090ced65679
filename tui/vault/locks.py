"""The right to refresh a token: held by one thread of one process at a time, freed by the system when it dies."""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.harmless import harmless
from tui.tokens.errors import BeingRefreshed
from tui.vault.errors import translated
from tui.vault.files import open_private, private_folder

_TICK = 0.03
"""Seconds between two tries."""

_threads: dict[str, threading.Lock] = {}
_guard = threading.Lock()


class RefreshLocks:
    """One lock file a token in a folder of their own; the file says who holds it."""

    def __init__(self, folder: Path, actor: str) -> None:
        self._folder = folder
        self._actor = actor

    @contextmanager
    def hold(self, name: str, wait: float) -> Iterator[None]:
        """Hold the lock of a token; waits up to `wait` seconds, then raises BeingRefreshed."""
        end = time.monotonic() + wait
        path = self._folder / f"{name}.lock"
        thread_lock = _lock_among_threads(path)
        if not thread_lock.acquire(timeout=max(0.0, wait)):
            raise BeingRefreshed(name, self.holder(name))
        try:
            descriptor = self._take(name, path, end)
            try:
                yield
            finally:
                os.close(descriptor)
        finally:
            thread_lock.release()

    def holder(self, name: str) -> str:
        """Say who holds the lock of a token, as far as the lock file tells."""
        try:
            said = json.loads((self._folder / f"{name}.lock").read_bytes()[:1000])
            return harmless(f"{said['actor']} (process {int(said['pid'])})", 80)
        except (OSError, ValueError, KeyError, TypeError):
            return "another igauth"

    def _take(self, name: str, path: Path, end: float) -> int:
        with translated(path):
            private_folder(self._folder)
            while True:
                descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if _is_still_there(descriptor, path):
                        self._sign(descriptor)
                        return descriptor
                except BlockingIOError:
                    if time.monotonic() >= end:
                        os.close(descriptor)
                        raise BeingRefreshed(name, self.holder(name)) from None
                except BaseException:
                    os.close(descriptor)
                    raise
                os.close(descriptor)
                time.sleep(_TICK)

    def _sign(self, descriptor: int) -> None:
        said = json.dumps({"actor": self._actor, "pid": os.getpid()}).encode()
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, said, 0)


def _lock_among_threads(path: Path) -> threading.Lock:
    with _guard:
        return _threads.setdefault(str(path), threading.Lock())


def _is_still_there(descriptor: int, path: Path) -> bool:
    """A lock on a file that was removed meanwhile excludes nobody."""
    try:
        there, held = path.stat(), os.fstat(descriptor)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)
