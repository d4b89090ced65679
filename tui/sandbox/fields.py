"""Reads the Graph API's `fields=` expression: `id,media.limit(5){id,caption}`."""

import re
from dataclasses import dataclass, field

from tui.sandbox.errors import GraphError, error

MAX_DEPTH = 10
_SPACES = r"[ \n\t]*"
_NAME = re.compile(rf"{_SPACES}([A-Za-z0-9_]+){_SPACES}")
_MODIFIER = re.compile(rf"\.{_SPACES}([A-Za-z0-9_]+){_SPACES}\(([^)]*)\){_SPACES}")
_END = re.compile(rf"}}{_SPACES}")


@dataclass(frozen=True, slots=True)
class Field:
    """One requested field, with its modifiers (`limit`, `username` ...) and sub-fields."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    children: tuple["Field", ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """Return the requested fields. Raises the Graph API's 2500 for an expression that cannot be read."""
    if not text.strip(" \n\t"):
        return ()
    fields, at = _fields(text, 0, 0)
    if at != len(text):
        raise _syntax_error(text, at)
    return fields


def _syntax_error(text: str, at: int) -> GraphError:
    rest = text[at : at + 20]
    problem = f'unexpected "{rest}"' if rest else "unexpected end of string"
    return error("syntax", problem=problem, at=at, read=text[:at])


def _fields(text: str, at: int, depth: int) -> tuple[tuple[Field, ...], int]:
    """Return the fields from a position on, and the position behind them."""
    fields: list[Field] = []
    while True:
        name = _NAME.match(text, at)
        if name is None or depth > MAX_DEPTH:
            raise _syntax_error(text, at)
        at = name.end()
        modifiers: dict[str, str] = {}
        while modifier := _MODIFIER.match(text, at):
            modifiers[modifier[1]] = modifier[2]
            at = modifier.end()
        children: tuple[Field, ...] = ()
        if text.startswith("{", at):
            children, at = _fields(text, at + 1, depth + 1)
            end = _END.match(text, at)
            if end is None:
                raise _syntax_error(text, at)
            at = end.end()
        fields.append(Field(name[1], modifiers, children))
        if not text.startswith(",", at):
            return tuple(fields), at
        at += 1
