"""Writes files that are whole at every moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file, or leave the one that is there unchanged. Its folder must exist. Raises OSError."""
    with _written_beside(path, data, mode) as temporary:
        os.replace(temporary, path)


def create_file(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, 0600. Raises OSError; FileExistsError where there is one already."""
    with _written_beside(path, data, 0o600) as temporary:
        os.link(temporary, path)  # unlike a rename, never replaces what is there


def sync_folder(folder: Path) -> None:
    """Make a new, renamed or removed entry of the folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _written_beside(path: Path, data: bytes, mode: int) -> Iterator[str]:
    import tempfile  # only to write; commands that read start faster without it

    descriptor, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        Path(temporary).unlink(missing_ok=True)
    sync_folder(path.absolute().parent)
