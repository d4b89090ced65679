"""Reads the Graph API's `fields=` expression: `id,media.limit(5){id,caption}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tui.sandbox.errors import bad_request

MAX_DEPTH = 10
_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field, with its modifiers (`limit`, `username` ...) and sub-fields."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    children: tuple[Field, ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """Raises the Graph API's 2500 for an expression that cannot be read."""
    reader = _Reader(text)
    fields = reader.list()
    if reader.at != len(reader.text):
        raise reader.error()
    return fields


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def error(self) -> Exception:
        rest = self.text[self.at : self.at + 20]
        what = f'unexpected "{rest}"' if rest else "unexpected end of string"
        return bad_request(f"Syntax error {what} at character {self.at}: {self.text[: self.at]}", 2500)

    def _spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \n\t":
            self.at += 1

    def _take(self, mark: str) -> bool:
        self._spaces()
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _name(self) -> str:
        self._spaces()
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.error()
        self.at = match.end()
        return match.group()

    def list(self) -> tuple[Field, ...]:
        self._spaces()
        if self.at == len(self.text):
            return ()
        found = [self._field()]
        while self._take(","):
            found.append(self._field())
        self._spaces()
        return tuple(found)

    def _field(self) -> Field:
        name = self._name()
        modifiers: dict[str, str] = {}
        while self._take("."):
            modifier = self._name()
            if not self._take("("):
                raise self.error()
            end = self.text.find(")", self.at)
            if end < 0:
                raise self.error()
            modifiers[modifier] = self.text[self.at : end]
            self.at = end + 1
        children: tuple[Field, ...] = ()
        if self._take("{"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.error()
            children = self.list()
            self.depth -= 1
            if not self._take("}"):
                raise self.error()
        return Field(name, modifiers, children)
