"""Which columns the tokens panel has at which width, and what stands in each."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ColumnKey = Literal[
    "glyph", "state", "name", "kind", "account", "left", "other", "life", "missing", "checked", "profile", "until"
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
    "other": "other",
    "life": "life",
    "missing": "-sc",
    "checked": "seen",
    "profile": "profile",
    "until": "until (UTC)",
}
_LEFT = 13
"""`999d 23:59:59` is the longest countdown in practice."""
LONGEST_KIND = len("system user")


@lru_cache(maxsize=16)
def columns_for(width: int) -> tuple[Column, ...]:
    """Return the columns that fit into `width` cells; time left shows its seconds at every width."""
    wanted = _wanted(width)
    columns: list[Column] = []
    x = 0
    for key, size in wanted:
        columns.append(Column(key, x, size, _HEADINGS[key]))
        x += size + 1
    return tuple(columns)


def _wanted(width: int) -> list[tuple[ColumnKey, int]]:
    head: list[tuple[ColumnKey, int]] = [("glyph", 1), ("state", 7)]
    if width < 60:
        name = max(6, width - _sum(head) - _LEFT - 2)
        return [*head, ("name", name), ("left", _LEFT)]
    if width < 78:
        rest: list[tuple[ColumnKey, int]] = [("kind", 4), ("left", _LEFT), ("other", 8)]
        return [*head, ("name", width - _sum(head) - _sum(rest) - 1), *rest]
    tail: list[tuple[ColumnKey, int]] = [("left", _LEFT), ("other", 8)]
    if width < 110:
        tail += [("life", 5), ("missing", 3), ("checked", 4)]
        room = width - _sum(head) - _sum(tail) - 5 - 2
        name = max(12, room * 3 // 5)
        return [*head, ("name", name), ("kind", 4), ("account", max(6, room - name)), *tail]
    tail += [("life", 12), ("missing", 3), ("checked", 6), ("until", 16)]
    kind = LONGEST_KIND if width >= 140 else 4
    room = width - _sum(head) - _sum(tail) - (kind + 1) - 3
    name, account = room * 2 // 5, room * 2 // 5
    return [
        *head,
        ("name", name),
        ("profile", max(8, room - name - account)),
        ("kind", kind),
        ("account", account),
        *tail,
    ]


def _sum(columns: list[tuple[ColumnKey, int]]) -> int:
    return sum(size + 1 for _, size in columns)


def column(columns: tuple[Column, ...], key: ColumnKey) -> Column | None:
    """Return the column of that key where this width shows it."""
    return next((candidate for candidate in columns if candidate.key == key), None)
