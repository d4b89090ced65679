"""How many colors a terminal has, by the database of terminals (terminfo) on this machine."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_FOLDERS = ("/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo", "/usr/local/share/terminfo")
_NUMBERS = {0o432: "<h", 0o1036: "<i"}
"""How a number is written, by the first two bytes of an entry (term(5))."""
_COLORS = 13
"""The place of `max_colors` among an entry's numbers."""


def colors_of(term: str, environ: Mapping[str, str]) -> int:
    """Return how many colors the terminal called `term` has; 0 where the database does not say. Never raises."""
    if not term or "/" in term:
        return 0
    for folder in _folders(environ):
        for place in (folder / term[0] / term, folder / f"{ord(term[0]):x}" / term):
            with suppress(OSError, struct.error, ValueError, KeyError):
                return max(0, _colors_in(place.read_bytes()))
    return 0


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    own = [environ.get("TERMINFO", ""), environ.get("HOME", "") and f"{environ['HOME']}/.terminfo"]
    yield from (Path(name) for name in (*own, *environ.get("TERMINFO_DIRS", "").split(":"), *_FOLDERS) if name)


def _colors_in(entry: bytes) -> int:
    magic, names, switches, numbers = struct.unpack_from("<4h", entry)
    if numbers <= _COLORS:
        return 0
    first = 12 + names + switches
    form = _NUMBERS[magic]
    return int(struct.unpack_from(form, entry, first + first % 2 + _COLORS * struct.calcsize(form))[0])
