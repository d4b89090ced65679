"""The right to refresh a token: held by one thread of one process at a time, freed by the system when it ends."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tui.file_lock import exclusive
from tui.harmless import harmless
from tui.stored_json import parsed
from tui.tokens.errors import BeingRefreshed
from tui.vault.errors import translated
from tui.vault.files import open_private, private_folder


@contextmanager
def hold(folder: Path, actor: str, name: str, wait: float) -> Iterator[None]:
    """Hold the lock of a token, a file that names its holder, waiting for it up to `wait` seconds.

    Raises BeingRefreshed, VaultError.
    """
    path = folder / f"{name}.lock"
    with ExitStack() as held:
        with translated(path):
            private_folder(folder)
            try:
                opened = exclusive(path, wait, lambda path: open_private(path, os.O_RDWR | os.O_CREAT))
                descriptor = held.enter_context(opened)
            except TimeoutError:
                raise BeingRefreshed(name, _holder(path)) from None
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps({"actor": actor, "pid": os.getpid()}).encode(), 0)
        yield


def _holder(path: Path) -> str:
    try:
        holder = parsed(path.read_bytes()[:1000])
        return harmless(f"{holder['actor']} (process {int(holder['pid'])})", 80)
    except (OSError, ValueError, KeyError, TypeError):
        return "another igauth"
