"""Reads one TOML table and says in one line what is wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from tui.sandbox.clock import DAY, HOUR

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
LONGEST = 20_000 * DAY  # dates so far away would leave what a date can be
_UNITS = {"s": 1, "m": 60, "h": HOUR, "d": DAY}


class WorldError(ValueError):
    """A world file that cannot be used: where in it, and why."""


class Table:
    """One table; every key must be asked for before `done()`."""

    def __init__(self, where: str, data: object) -> None:
        if not isinstance(data, dict):
            raise WorldError(f"{where}: a table is wanted here, not {type(data).__name__}")
        self.where = where
        self._data: dict[str, Any] = data
        self._asked: set[str] = set()

    def fail(self, key: str, why: str) -> WorldError:
        return WorldError(f"{self.where}: {key}: {why}")

    def _inner(self, key: str) -> str:
        """Where a table in this one stands: `file: outer[0].inner`."""
        return f"{self.where}{'.' if ': ' in self.where else ': '}{key}"

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any, wanted: str) -> Any:
        self._asked.add(key)
        if key not in self._data:
            if default is None:
                raise self.fail(key, "is missing")
            return default
        value = self._data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise self.fail(key, f"{wanted} is wanted, not {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._take(key, str, default, "a string"))

    def digits(self, key: str, default: str) -> str:
        """An id: a string of digits, as every id of the Graph is."""
        text = self.text(key, default)
        if not text.isascii() or not text.isdigit():
            raise self.fail(key, f"a string of digits is wanted, not {text!r}")
        return text

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number from 0."""
        value = int(self._take(key, int, default, "a whole number"))
        if value < 0:
            raise self.fail(key, f"0 or more is wanted, not {value}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self._take(key, bool, default, "true or false"))

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> Any:
        value = self.text(key, default)
        if value not in set(allowed):
            raise self.fail(key, f"{value!r} is not one of {', '.join(sorted(allowed))}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        value = self._take(key, list, default, "a list of strings")
        if not all(isinstance(item, str) for item in value):
            raise self.fail(key, f"a list of strings is wanted, not {value!r}")
        return tuple(value)

    def table(self, key: str) -> Table:
        self._asked.add(key)
        return Table(self._inner(key), self._data.get(key, {}))

    def tables(self, key: str) -> list[Table]:
        self._asked.add(key)
        value = self._data.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, "a list of tables is wanted")
        return [Table(f"{self._inner(key)}[{index}]", item) for index, item in enumerate(value)]

    def choices(self, key: str, allowed: Iterable[str]) -> dict[str, str]:
        """A table of words out of `allowed`."""
        table = self.table(key)
        return {name: table.choice(name, allowed) for name in table.names()}

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table of lists of strings."""
        table = self.table(key)
        return {name: table.texts(name) for name in table.names()}

    def names(self) -> list[str]:
        return list(self._data)

    def span(self, key: str, default: str | None = None) -> int:
        """Seconds from `-20d`, `9d 4h`, `90m`."""
        seconds = self.span_or_never(key, default)
        if seconds is None:
            raise self.fail(key, "a length of time is wanted, not 'never'")
        return seconds

    def span_or_never(self, key: str, default: str | None = None) -> int | None:
        """As `span`; None for `never`."""
        text = self.text(key, default).strip()
        if text == "never":
            return None
        body = text.removeprefix("-").strip()
        if not body or _SPAN.sub("", body).strip():
            raise self.fail(key, f"a length of time such as '-20d' or '9d 4h' is wanted, not {text!r}")
        total = sum(float(amount) * _UNITS[unit] for amount, unit in _SPAN.findall(body))
        if total > LONGEST:
            raise self.fail(key, f"at most {LONGEST // DAY}d is wanted, not {text!r}")
        return -round(total) if text.startswith("-") else round(total)

    def done(self) -> None:
        """Raise WorldError for a key nobody asked for, with the nearest that is known."""
        for key in self._data:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                raise self.fail(key, f"is not known here{hint}")
