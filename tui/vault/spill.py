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
from tui.names import is_name
from tui.redact import Secret
from tui.stored_json import parsed
from tui.vault.errors import NotOurs, translated
from tui.vault.files import open_private

ROOM = 64 * 1024
"""Bytes reserved: more than a hundred tokens."""
_HEAD = 8
"""Bytes of length and checksum before the JSON of a record."""
_BEGINS = b'{"version": "'
"""What the JSON begins with."""
_ENDS = b'"}'


class Spilled(NamedTuple):
    """One issued token as `add_issued` was given it, without the value; `at` is unix seconds, UTC."""

    version: str
    name: str
    profile: str
    at: int
    origin: str


class Waiting(NamedTuple):
    """What lies in the file: the tokens, and how many bytes belong to none that can be read."""

    tokens: list[tuple[Spilled, Secret]]
    unreadable: int


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
                end = len(content.rstrip(b"\0"))  # behind what cannot be read too
                done = os.pwrite(descriptor, record, end) == len(record)
                os.fsync(descriptor)
                return done
        except (OSError, NotOurs):
            return False

    def is_empty(self) -> bool:
        """Tell that nothing is waiting."""
        try:
            with os.fdopen(open_private(self.path, os.O_RDONLY), "rb", buffering=0) as file:
                # no lock: a record that is being written just now is its writer's to bring in
                return not file.read().strip(b"\0")
        except (OSError, NotOurs):
            return True

    @contextmanager
    def emptied(self) -> Iterator[Waiting]:
        """Give what is waiting; its tokens are wiped when the block was left without an exception. Raises VaultError.

        What cannot be read stays.
        """
        with translated(self.path), self._opened(os.O_RDWR, 5.0) as descriptor:
            content = os.pread(descriptor, max(ROOM, os.fstat(descriptor).st_size), 0)
            found = list(_found(content))
            left = b"".join(content[one.start : one.end] for one in found if one.saved is None)
            yield Waiting([one.saved for one in found if one.saved is not None], len(left))
            os.pwrite(descriptor, left.ljust(len(content), b"\0"), 0)
            os.fsync(descriptor)

    def _opened(self, flags: int, wait: float) -> AbstractContextManager[int]:
        return exclusive(self.path, wait, lambda path: open_private(path, flags))


def _packed(spilled: Spilled, value: Secret) -> bytes:
    content = json.dumps({**spilled._asdict(), "value": value.reveal()}).encode()
    return len(content).to_bytes(4, "big") + zlib.crc32(content).to_bytes(4, "big") + content


class _Found(NamedTuple):
    """A stretch of the file: a token, or what is neither a token of this version nor zeros."""

    start: int
    end: int
    saved: tuple[Spilled, Secret] | None


def _found(content: bytes) -> Iterator[_Found]:
    """Yield every stretch; after one that cannot be read the search goes on at the next whole record.

    A record that a crash cut off at the end is left out: nobody was said that it is kept.
    """
    start, end_of_data = 0, len(content.rstrip(b"\0"))
    while start < end_of_data:
        if (end := _record_end(content, start)) is not None:
            yield _Found(start, end, _read(content[start + _HEAD : end]))
            start = end
            continue
        following = _next_record(content, start, end_of_data)
        begin = start + len(content[start:following]) - len(content[start:following].lstrip(b"\0"))
        if begin < following and not (following == end_of_data and _is_cut(content[start:end_of_data])):
            yield _Found(start, following, None)
        start = following


def _is_cut(record: bytes) -> bool:
    """Tell whether this is the beginning of a record and no more."""
    is_short = int.from_bytes(record[:4], "big") > len(record) - _HEAD
    return is_short and record[_HEAD:].startswith(_BEGINS) and not record.endswith(_ENDS)


def _record_end(content: bytes, start: int) -> int | None:
    """Return where the record ends that begins at `start`; None where none does, or not a whole one."""
    length = int.from_bytes(content[start : start + 4], "big")
    body = content[start + _HEAD : start + _HEAD + length]
    is_whole = 0 < length == len(body) and zlib.crc32(body) == int.from_bytes(content[start + 4 : start + _HEAD], "big")
    return start + _HEAD + length if is_whole else None


def _next_record(content: bytes, start: int, end_of_data: int) -> int:
    """Return where the next whole record begins after `start`, else where the data ends."""
    place = content.find(_BEGINS, start + _HEAD + 1)
    while place >= 0:
        if _record_end(content, place - _HEAD) is not None:
            return place - _HEAD
        place = content.find(_BEGINS, place + 1)
    return end_of_data


def _read(body: bytes) -> tuple[Spilled, Secret] | None:
    """Return what a record says; None where another version wrote it."""
    try:
        facts = parsed(body)
        values = [facts[key] for key in (*Spilled._fields, "value")]
    except (ValueError, TypeError, KeyError):
        return None
    if [type(value) for value in values] != [str, str, str, int, str, str]:
        return None
    version, name, profile, at, origin, value = values
    is_possible = version and is_name(name) and 0 <= at < 1 << 40
    return (Spilled(version, name, profile, at, origin), Secret(value)) if is_possible else None
