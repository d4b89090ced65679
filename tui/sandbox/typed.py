"""Checks values from TOML and JSON against the annotation of the field or parameter they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

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
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"must be a table, not {value!r}")
        return {name: checked_at(name, item, inner[1]) for name, item in value.items()}
    kind, description = _KINDS[wanted]
    if not isinstance(value, kind) or (isinstance(value, bool) and wanted is not bool):
        raise ValueError(f"must be {description}, not {value!r}")
    return value


def checked_at(place: str, value: object, wanted: Any) -> Any:
    """Check a value as `checked` does and put its place before the reason."""
    try:
        return checked(value, wanted)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def one_of(allowed: Iterable[str]) -> Callable[[object], str]:
    """Return a reader of strings that are among those allowed."""

    def read(value: object) -> str:
        if checked(value, str) not in set(allowed):
            raise ValueError(f"{value!r} is not one of {', '.join(sorted(allowed))}")
        return str(value)

    return read
