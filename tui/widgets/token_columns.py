"""Which columns the tokens table has at which width."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ColumnKey = Literal[
    "glyph", "state", "name", "kind", "account", "left", "data_access", "life", "missing", "checked", "profile", "until"
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it begins, how wide it is, its heading."""

    key: ColumnKey
    x: int
    width: int
    heading: str


_HEADINGS: dict[ColumnKey, str] = {
    "glyph": "",
    "state": "state",
    "name": "token",
    "profile": "profile",
    "kind": "kind",
    "account": "account",
    "left": "time left",
    "data_access": "data access",
    "life": "life",
    "missing": "missing",
    "checked": "checked",
    "until": "until (UTC)",
}
_SHORT_HEADINGS: dict[ColumnKey, str] = {**_HEADINGS, "data_access": "data", "missing": "miss", "checked": "seen"}
LONGEST_KIND = len("system user")
_REST = -1
"""A column that shares what the others leave."""
_LAYOUTS = (  # from which width; cells of each column in the order of the headings, 0: not shown
    (140, (1, 7, _REST, _REST, LONGEST_KIND, _REST, 13, 11, 12, 7, 7, 16)),
    (110, (1, 7, _REST, _REST, 7, _REST, 13, 5, 12, 4, 4, 16)),
    (78, (1, 7, _REST, 0, 7, _REST, 13, 5, 5, 4, 4, 0)),
    (60, (1, 7, _REST, 0, 7, 0, 13, 5, 0, 0, 0, 0)),
    (0, (1, 7, _REST, 0, 0, 0, 13, 0, 0, 0, 0, 0)),
)
"""`999d 23:59:59` is the longest countdown in practice."""


@lru_cache(maxsize=16)
def columns_for(width: int) -> tuple[Column, ...]:
    """Return the columns that fit into `width` cells; time left shows its seconds at every width."""
    layout = next(sizes for least, sizes in _LAYOUTS if width >= least)
    sizes = {key: size for key, size in zip(_HEADINGS, layout, strict=True) if size}
    room = width - sum(max(0, size) + 1 for size in sizes.values())
    if "profile" in sizes:
        name = account = room * 2 // 5
        sizes |= {"name": name, "account": account, "profile": max(8, room - name - account)}
    elif "account" in sizes:
        name = max(12, room * 3 // 5)
        sizes |= {"name": name, "account": max(6, room - name)}
    else:
        sizes["name"] = max(6, room)
    columns: list[Column] = []
    x = 0
    for key, size in sizes.items():
        columns.append(Column(key, x, size, _HEADINGS[key] if size >= len(_HEADINGS[key]) else _SHORT_HEADINGS[key]))
        x += size + 1
    return tuple(columns)
