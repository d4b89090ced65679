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
    "kind": "kind",
    "account": "account",
    "left": "time left",
    "data_access": "data access",
    "life": "life",
    "missing": "missing",
    "checked": "checked",
    "profile": "profile",
    "until": "until (UTC)",
}
_SHORT_HEADINGS: dict[ColumnKey, str] = {**_HEADINGS, "data_access": "data", "missing": "miss", "checked": "seen"}
_LEFT = 13
"""`999d 23:59:59` is the longest countdown in practice."""
LONGEST_KIND = len("system user")
_SHORT_KIND = len("unknown")


@lru_cache(maxsize=16)
def columns_for(width: int) -> tuple[Column, ...]:
    """Return the columns that fit into `width` cells; time left shows its seconds at every width."""
    columns: list[Column] = []
    x = 0
    for key, size in _sizes(width):
        columns.append(Column(key, x, size, _HEADINGS[key] if size >= len(_HEADINGS[key]) else _SHORT_HEADINGS[key]))
        x += size + 1
    return tuple(columns)


def _sizes(width: int) -> list[tuple[ColumnKey, int]]:
    head: list[tuple[ColumnKey, int]] = [("glyph", 1), ("state", 7)]
    if width < 60:
        name = max(6, width - _sum(head) - _LEFT - 2)
        return [*head, ("name", name), ("left", _LEFT)]
    kind: tuple[ColumnKey, int] = ("kind", LONGEST_KIND if width >= 140 else _SHORT_KIND)
    if width < 78:
        rest: list[tuple[ColumnKey, int]] = [kind, ("left", _LEFT), ("data_access", 5)]
        return [*head, ("name", width - _sum(head) - _sum(rest) - 1), *rest]
    tail: list[tuple[ColumnKey, int]] = [("left", _LEFT)]
    if width < 110:
        tail += [("data_access", 5), ("life", 5), ("missing", 4), ("checked", 4)]
        room = width - _sum(head) - _sum([kind, *tail]) - 2
        name = max(12, room * 3 // 5)
        return [*head, ("name", name), kind, ("account", max(6, room - name)), *tail]
    if width < 140:
        tail += [("data_access", 5), ("life", 12), ("missing", 4), ("checked", 4), ("until", 16)]
    else:
        tail += [("data_access", 11), ("life", 12), ("missing", 7), ("checked", 7), ("until", 16)]
    room = width - _sum(head) - _sum([kind, *tail]) - 3
    name, account = room * 2 // 5, room * 2 // 5
    profile = max(8, room - name - account)
    return [*head, ("name", name), ("profile", profile), kind, ("account", account), *tail]


def _sum(columns: list[tuple[ColumnKey, int]]) -> int:
    return sum(size + 1 for _, size in columns)


def column(columns: tuple[Column, ...], key: ColumnKey) -> Column | None:
    """Return the column of that key where this width shows it."""
    return next((candidate for candidate in columns if candidate.key == key), None)
