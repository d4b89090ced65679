"""Secrets that are searched for: in every form in which a program could write them, in all it has produced."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

_DATABASE = re.compile(r"igauth\.db(-wal|-shm|-journal)?$")


def forms(value: str) -> frozenset[bytes]:
    """Every form of `value`: raw, %-encoded once and twice, JSON, base64 at each of its three places, hex, reversed."""
    raw = value.encode()
    coded = {raw, quote(value, safe="").encode(), quote_plus(value).encode(), json.dumps(value)[1:-1].encode()}
    coded |= {quote(quote(value, safe=""), safe="").encode(), raw.hex().encode(), raw[::-1]}
    for place in range(3):
        # only whole groups of three bytes that belong to the value alone
        lead = (3 - place) % 3
        whole = raw[lead : len(raw) - (len(raw) - lead) % 3]
        coded |= {base64.b64encode(whole), base64.urlsafe_b64encode(whole)}
    return frozenset(coded)


class Canaries:
    """Secrets by name, searched for in everything that was produced."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        for name, value in secrets.items():
            assert len(value) >= 8, f"{name} is too short to be searched for"
        self._forms = {name: forms(value) for name, value in secrets.items()}
        self.searched = 0

    def found_in(self, data: bytes, place: str) -> list[str]:
        """Return `place: name` for each secret that is in `data` in any form."""
        self.searched += len(data)
        return [f"{place}: {name}" for name, coded in self._forms.items() if any(form in data for form in coded)]

    def found_under(self, folder: Path) -> list[str]:
        """Return each secret found in a file below `folder`, or in a file's name, but for the vault itself."""
        found = []
        for path in files_but_the_vault(folder):
            found += self.found_in(str(path).encode("utf-8", "surrogateescape") + b"\n" + path.read_bytes(), str(path))
        return found


def files_but_the_vault(folder: Path) -> Iterator[Path]:
    """Every regular file below `folder` that is not the vault's database."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not _DATABASE.search(path.name):
            yield path


def nothing(found: Iterable[str]) -> None:
    """Fail with the places where a secret was found, never with what stood there."""
    leaks = sorted(set(found))
    assert not leaks, "a secret was found in:\n" + "\n".join(leaks)
