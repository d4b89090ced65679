"""Reads dataclasses that were stored as JSON, perhaps by another version of igauth."""

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def from_record(kind: type[T], record: object) -> T | None:
    """Return a dataclass from a JSON object; unknown keys are skipped, None where a key that is needed is missing."""
    if not isinstance(record, dict):
        return None
    found = {field.name: record[field.name] for field in fields(kind) if field.name in record}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    try:
        return kind(**values)
    except TypeError:
        return None


def parsed(text: str | bytes) -> Any:
    """Return what a JSON text stands for. Raises ValueError, also for absurd numbers and nesting."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def json_object(text: str | None) -> dict[str, Any]:
    """Return the JSON object in a stored text; an empty one where there is none."""
    try:
        value = parsed(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
