"""Secrets that somebody wrote into config.toml, at any depth and in comments. No value leaves this file."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from tui.actions import ACTIONS
from tui.credentials.shapes import is_placeholder
from tui.harmless import harmless
from tui.settings import SettingsError
from tui.settings.places import place_of
from tui.settings.toml_text import parse_table


class SecretKind(StrEnum):
    """What a secret is, by its key or its looks."""

    APP_SECRET = "app_secret"  # noqa: S105 - the name of a kind, as those below
    CLIENT_TOKEN = "client_token"  # noqa: S105
    TOKEN = "token"  # noqa: S105
    PASSWORD = "password"  # noqa: S105
    PASSPHRASE = "passphrase"  # noqa: S105
    OTHER = "other"


class PlainSecret(NamedTuple):
    """A secret in the file. `line` counts from 1, 0 where it is not known."""

    kind: SecretKind
    key: str
    line: int


_KINDS = (
    (SecretKind.CLIENT_TOKEN, re.compile(r"client_?token")),
    (SecretKind.APP_SECRET, re.compile(r".*(?:app|client|facebook|fb)_?secret|secret")),
    (SecretKind.PASSPHRASE, re.compile(r".*pass_?phrase")),
    (SecretKind.PASSWORD, re.compile(r"(?:.*_)?(?:password|passwd|passcode|pwd|pass)")),
    (SecretKind.TOKEN, re.compile(r"(?:.*_|access|auth)?token|bearer")),
    (SecretKind.OTHER, re.compile(r".*secret|(?:.*_)?(?:api|access|private|secret)_?key|credentials?")),
)
_TOKEN = re.compile(r"(?<![0-9A-Za-z])(?:EAA[A-Za-z0-9]{17,}|[0-9]{8,20}\|[0-9A-Za-z_-]{20,})")
_PASSWORD_IN_ADDRESS = re.compile(r"://[^/\s:@]*:(?![/$<{])[^/\s@]+@")
_LINE = re.compile(r"\s*(?P<hash>#[#\s]*)?[\"']?(?P<key>[\w-]+(?:\.[\w-]+)*)[\"']?\s*=\s*[\"'](?P<value>[^\"']+)")
"""A line that gives a key a text, or a comment that holds such a line."""


def plain_secrets(text: str) -> tuple[PlainSecret, ...]:
    """Return the secrets in a TOML text; in one that cannot be parsed as far as its lines tell."""
    in_comments = _in_lines(text, comments=True)
    try:
        table = parse_table(text, Path())
    except SettingsError:
        return (*_in_lines(text, comments=False), *in_comments)
    return (*_in_table(text, table, ()), *in_comments)


def _in_table(text: str, value: object, key: tuple[str | int, ...]) -> Iterator[PlainSecret]:
    """Yield the secrets in a value of the file, and in all that is in it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _in_table(text, inner, (*key, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _in_table(text, inner, (*key, number))
    elif isinstance(value, str | int) and not isinstance(value, bool) and (kind := _kind(key, str(value))):
        yield PlainSecret(kind, _dotted(key), _line_of(text, key, str(value)))


def _in_lines(text: str, *, comments: bool) -> Iterator[PlainSecret]:
    for number, line in enumerate(text.splitlines(), 1):
        seen = _LINE.match(line)
        if seen and bool(seen["hash"]) is comments and (kind := _kind(tuple(seen["key"].split(".")), seen["value"])):
            yield PlainSecret(kind, harmless(seen["key"], 100), number)


def _kind(key: tuple[Any, ...], value: str) -> SecretKind | None:
    """Return what secret a value is; None where it is none, or a word in place of one."""
    if not value.strip() or is_placeholder(value, 0, len(value)):
        return None
    if _TOKEN.search(value):
        return SecretKind.TOKEN
    if _PASSWORD_IN_ADDRESS.search(value):
        return SecretKind.PASSWORD
    name = key[-1]
    if not isinstance(name, str) or (key[0] == "keys" and name in _ACTION_IDS):
        return None
    folded = name.casefold().replace("-", "_")
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(folded)), None)


_ACTION_IDS = frozenset(action.id for action in ACTIONS)


def _dotted(key: tuple[str | int, ...]) -> str:
    return harmless(".".join(part for part in key if isinstance(part, str)), 100)


def _line_of(text: str, key: tuple[str | int, ...], value: str) -> int:
    """Return the line of a value: of its key, or in an array the line that has the value itself."""
    if isinstance(key[-1], int):
        lines = [number for number, line in enumerate(text.splitlines(), 1) if value in line]
        if lines:
            return lines[0]
    place = place_of(text, key)
    return place.line if place is not None else 0
