"""Checks values from TOML and JSON against the annotation of the field or parameter they are for."""

import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from tui.sandbox.clock import DAY, HOUR

LONGEST = 20_000 * DAY  # dates so far away are beyond what `datetime` can express
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_UNITS = {"s": 1, "m": 60, "h": HOUR, "d": DAY}
_KINDS: dict[Any, tuple[type | tuple[type, ...], str]] = {
    str: (str, "a string"),
    bool: (bool, "true or false"),
    int: (int, "a whole number"),
    float: ((int, float), "a number"),
}


def checked(value: object, wanted: Any) -> Any:
    """Return the value as the annotation describes it; `Annotated[..., read]` is read by that function.

    Raises ValueError that says what the value must be.
    """
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return inner[1](value)
    if origin is Literal:
        return one_of(inner)(value)
    if origin in (Union, UnionType):  # always `... | None`
        return None if value is None else checked(value, inner[0])
    if origin in (list, tuple):
        if not isinstance(value, list):
            raise ValueError(f"must be a list, not {value!r}")
        return origin(checked(item, inner[0]) for item in value)
    if origin is dict or is_dataclass(wanted):
        if not isinstance(value, dict):
            raise ValueError(f"must be a table, not {value!r}")
        if origin is dict:
            return {name: checked_at(name, item, inner[1]) for name, item in value.items()}
        return _checked_table(value, wanted)
    kind, description = _KINDS[wanted]
    if not isinstance(value, kind) or (isinstance(value, bool) and wanted is not bool):
        raise ValueError(f"must be {description}, not {value!r}")
    return value


def checked_at(place: str, value: object, wanted: Any) -> Any:
    """Check a value as `checked` does and put its place before the reason; a row of a table has its number in it."""
    inner = get_args(wanted)
    if isinstance(value, list) and inner and is_dataclass(inner[0]):
        return tuple(checked_at(f"{place}[{at}]", row, inner[0]) for at, row in enumerate(value))
    try:
        return checked(value, wanted)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _checked_table(table: dict[str, Any], kind: Any) -> Any:
    """Build a dataclass. Raises ValueError for a missing and an unknown key."""
    hints = _hints(kind)
    for item in fields(kind):
        if item.name not in table and item.default is MISSING and item.default_factory is MISSING:
            raise ValueError(f"{item.name}: is missing")
    for key in table:
        if key not in hints:
            raise ValueError(f"{key}: unknown key{hint(key, hints)}")
    return kind(**{name: checked_at(name, value, hints[name]) for name, value in table.items()})


def hint(name: str, known: Iterable[str]) -> str:
    """Return which known name may have been meant."""
    from difflib import get_close_matches  # only for a mistyped name

    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def reader(wanted: Any, holds: Callable[[Any], object], reason: str) -> Callable[[object], Any]:
    """Return a reader of values for which something holds; `{}` in the reason is the value of which it does not."""

    def read(value: object) -> Any:
        known = checked(value, wanted)
        if not holds(known):
            raise ValueError(reason.format(known))
        return known

    return read


def one_of(allowed: Iterable[str]) -> Callable[[object], Any]:
    """Return a reader of strings that are among those allowed."""
    return reader(str, frozenset(allowed).__contains__, f"{{!r}} is not one of {', '.join(sorted(allowed))}")


def _span_or_never(value: object) -> int | None:
    """Seconds from `-20d`, `9d 4h`, `90m`; None for `never`."""
    text = str(checked(value, str)).strip()
    if text == "never":
        return None
    body = text.removeprefix("-").strip()
    if not body or _SPAN.sub("", body).strip():
        raise ValueError(f"must be a length of time such as '-20d' or '9d 4h', not {text!r}")
    total = sum(float(amount) * _UNITS[unit] for amount, unit in _SPAN.findall(body))
    if total > LONGEST:
        raise ValueError(f"must be at most {LONGEST // DAY}d, not {text!r}")
    return -round(total) if text.startswith("-") else round(total)


SpanOrNever = Annotated[int | None, _span_or_never]
span = reader(SpanOrNever, lambda seconds: seconds is not None, "must be a length of time, not 'never'")
Span = Annotated[int, span]  # seconds
Count = Annotated[int, reader(int, lambda number: number >= 0, "must be 0 or more, not {}")]
Digits = Annotated[
    str, reader(str, lambda text: text.isascii() and text.isdigit(), "must be a string of digits, not {!r}")
]
