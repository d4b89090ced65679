"""The last resort for a token that Facebook issued and the database would not take: a file with its room reserved.

Its blocks are allocated while the disk still has some, so that a full disk, a quota, a file size limit or a locked
database cannot keep a token from it. What lies in it is taken into the database at the next opportunity.
"""

import json
import math
import os
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tui.atomic_file import sync_folder
from tui.file_lock import exclusive
from tui.redact import Secret
from tui.stored_json import parsed
from tui.vault.errors import NotOurs, translated
from tui.vault.files import open_private

ROOM = 64 * 1024
"""Bytes reserved: more than a hundred tokens."""


class Spilled(NamedTuple):
    """One issued token as `add_issued` was given it, without the value; `at` is unix seconds, UTC."""

    version: str
    name: str
    profile: str
    at: int
    origin: str


class SpillFile:
    """Records of length, checksum and JSON, one after the other in a file of zeros."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.spill")

    def reserve(self) -> None:
        """Allocate the file while there is room; failing is no error, for only the last resort is missing then."""
        with suppress(OSError, NotOurs), self._opened(os.O_RDWR | os.O_CREAT, 0) as descriptor:
            if (size := os.fstat(descriptor).st_size) < ROOM:
                os.pwrite(descriptor, bytes(ROOM - size), size)
                os.fsync(descriptor)
                sync_folder(self.path.parent)

    def keep(self, spilled: Spilled, value: Secret) -> bool:
        """Write one token behind the others; tell whether it is on disk."""
        record = _packed(spilled, value)
        try:
            # no limit: another process may hold it while it asks for a passphrase, and there is no other place left
            with self._opened(os.O_RDWR | os.O_CREAT, math.inf) as descriptor:
                content = os.pread(descriptor, max(ROOM, os.fstat(descriptor).st_size), 0)
                end = sum(length for _, _, length in _records(content))
                done = os.pwrite(descriptor, record, end) == len(record)
                os.fsync(descriptor)
                return done
        except (OSError, NotOurs):
            return False

    def is_empty(self) -> bool:
        """Tell, by a look at the first bytes, that nothing is waiting."""
        try:
            with os.fdopen(open_private(self.path, os.O_RDONLY), "rb", buffering=0) as file:
                # no lock: a record that is being written just now is its writer's to bring in
                return not any(file.read(4))
        except (OSError, NotOurs):
            return True

    @contextmanager
    def emptied(self) -> Iterator[list[tuple[Spilled, Secret]]]:
        """Give what is waiting, wiped when the block was left without an exception. Raises VaultError."""
        with translated(self.path), self._opened(os.O_RDWR, 5.0) as descriptor:
            content = os.pread(descriptor, max(ROOM, os.fstat(descriptor).st_size), 0)
            yield [(spilled, value) for spilled, value, _ in _records(content)]
            os.pwrite(descriptor, bytes(len(content)), 0)
            os.fsync(descriptor)

    def _opened(self, flags: int, wait: float) -> AbstractContextManager[int]:
        return exclusive(self.path, wait, lambda path: open_private(path, flags))


def _packed(spilled: Spilled, value: Secret) -> bytes:
    content = json.dumps({**spilled._asdict(), "value": value.reveal()}).encode()
    return len(content).to_bytes(4, "big") + zlib.crc32(content).to_bytes(4, "big") + content


def _records(content: bytes) -> Iterator[tuple[Spilled, Secret, int]]:
    """Yield every whole record and its length in bytes; a record cut off by a crash ends the list."""
    start = 0
    while length := int.from_bytes(content[start : start + 4], "big"):
        body = content[start + 8 : start + 8 + length]
        if len(body) != length or zlib.crc32(body) != int.from_bytes(content[start + 4 : start + 8], "big"):
            return
        try:
            facts = parsed(body)
            spilled, value = Spilled(*(facts[key] for key in Spilled._fields)), Secret(facts["value"])
        except (ValueError, TypeError, KeyError):  # igauth did not write it, though its checksum is right
            return
        yield spilled, value, 8 + length
        start += 8 + length
