"""The right to refresh a token: held by one thread of one process at a time, freed by the system when it ends."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.file_lock import open_locked
from tui.harmless import harmless
from tui.tokens.errors import BeingRefreshed
from tui.vault.errors import translated
from tui.vault.files import open_private, private_folder


class RefreshLocks:
    """One lock file for each token, in a folder of their own; the file names its holder."""

    def __init__(self, folder: Path, actor: str) -> None:
        self._folder = folder
        self._actor = actor

    @contextmanager
    def hold(self, name: str, wait: float) -> Iterator[None]:
        """Hold the lock of a token, waiting for it up to `wait` seconds. Raises BeingRefreshed, VaultError."""
        path = self._folder / f"{name}.lock"
        with translated(path):
            private_folder(self._folder)
            try:
                descriptor = open_locked(path, wait, lambda path: open_private(path, os.O_RDWR | os.O_CREAT))
            except TimeoutError:
                raise BeingRefreshed(name, self.holder(name)) from None
        try:
            with translated(path):
                os.truncate(descriptor, 0)
                os.pwrite(descriptor, json.dumps({"actor": self._actor, "pid": os.getpid()}).encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def holder(self, name: str) -> str:
        """Return who holds the lock of a token, as its file says."""
        try:
            holder = json.loads((self._folder / f"{name}.lock").read_bytes()[:1000])
            return harmless(f"{holder['actor']} (process {int(holder['pid'])})", 80)
        except (OSError, ValueError, KeyError, TypeError):
            return "another igauth"
