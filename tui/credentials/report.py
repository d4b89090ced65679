"""Flaws as JSON: for one value, and the protocol of one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tui.credentials.inspection import inspect, mend
from tui.credentials.model import FIELDS, Field, Flaw

_EXPECTED = 'expected one object a line: {"field", "value", "context"?}, field one of ' + " ".join(FIELDS)


class _BadLineError(Exception):
    """A line that asks for nothing that can be answered; its text is for the person and holds no value."""


def as_json(field: Field, text: str, context: Mapping[Field, str] | None = None) -> dict[str, Any]:
    """Return the flaws of `text` and the mended text, ready for `json.dumps`; offsets are code points."""
    return {
        "field": field,
        "flaws": [_flaw(flaw) for flaw in inspect(field, text, context)],
        "mended": mend(field, text, context),
    }


def _flaw(flaw: Flaw) -> dict[str, Any]:
    return {
        "kind": flaw.kind,
        "severity": flaw.severity,
        "start": flaw.start,
        "end": flaw.end,
        "characters": [{"code_point": char.notation, "name": char.name} for char in flaw.characters],
        "message": flaw.message,
        "cause": flaw.cause,
        "effect": flaw.effect,
    }


def check_lines(lines: Iterable[str | bytes]) -> Iterator[str]:
    """Answer each line `{"field", "value", "context"?}` with one line of ASCII JSON, in order.

    A line that cannot be read is answered with `{"error": ...}`. Never raises for what a line holds.
    """
    for line in lines:
        try:
            field, value, context = _request(line)
            answer = as_json(field, value, context)
        except _BadLineError as problem:
            answer = {"error": str(problem)}
        yield json.dumps(answer)


def _request(line: str | bytes) -> tuple[Field, str, Mapping[Field, str]]:
    try:
        asked = json.loads(line.decode("utf-8") if isinstance(line, bytes) else line)
    except (ValueError, RecursionError) as problem:
        raise _BadLineError(f"not JSON; {_EXPECTED}") from problem
    if not isinstance(asked, dict):
        raise _BadLineError(f"not an object; {_EXPECTED}")
    field = _field(asked.get("field"))
    value = asked.get("value")
    if field is None:
        raise _BadLineError(f"unknown or missing field; {_EXPECTED}")
    if not isinstance(value, str):
        raise _BadLineError(f"value is not a text; {_EXPECTED}")
    given = asked.get("context")
    if given is None:
        return field, value, {}
    if not isinstance(given, dict):
        raise _BadLineError(f"context is not an object of texts; {_EXPECTED}")
    context: dict[Field, str] = {}
    for name, other in given.items():
        known = _field(name)
        if other is not None and not isinstance(other, str):
            raise _BadLineError(f"context is not an object of texts; {_EXPECTED}")
        if known is not None and other is not None:
            context[known] = other
    return field, value, context


def _field(name: object) -> Field | None:
    return next((field for field in FIELDS if field == name), None)
