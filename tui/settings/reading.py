"""From `config.toml` and the environment to settings, checked against the declarations."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from tui.harmless import harmless
from tui.names import is_name
from tui.settings.errors import Problem, SettingsError
from tui.settings.exposure import obeyed
from tui.settings.home import Home
from tui.settings.schema import (
    Declared,
    Destination,
    Form,
    Hooks,
    Kind,
    MatillionTarget,
    Profile,
    Settings,
    UnknownKey,
    declared_keys,
)
from tui.settings.toml_text import parse_table, read_file

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_TYPES = {Kind.TEXT: str, Kind.NUMBER: int, Kind.SWITCH: bool, Kind.TEXTS: list, Kind.TABLE: dict}


def load_settings(home: Home, environ: Mapping[str, str]) -> Settings:
    """Read `config.toml` (none is fine) and the environment. Raises SettingsError."""
    file = home.config_file
    text, found = read_file(file)
    settings = parse_settings(text, file)
    return with_environment(settings if found is None else obeyed(settings, file, found, environ), environ)


def with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return the settings with the variables that are set. Raises SettingsError."""
    changed: dict[str, Any] = {}
    for name, declared in declared_keys(Settings).items():
        variable = declared.key.variable
        if variable and (value := environ.get(variable)):
            changed[name] = check_base_url(variable, value)
    return replace(settings, **changed) if changed else settings


def parse_settings(text: str, path: Path) -> Settings:
    """Return the settings that a TOML text holds. Raises SettingsError."""
    table = parse_table(text, path)
    reader = _Reader(path, text)
    values = reader.values(table, Settings, (), ("keys", "hooks", "deliver", "profiles"))
    hooks = reader.values(reader.subtable(table, ("hooks",)), Hooks, ("hooks",))
    keymap = reader.subtable(table, ("keys",))
    for name, keys in keymap.items():
        reader.check(Kind.TEXT, keys, ("keys", name))
    if keymap:
        from tui.actions import FORMER_IDS

        keymap = {FORMER_IDS.get(name, name): keys for name, keys in keymap.items()}
    profiles = [reader.profile(name, entry) for name, entry in reader.subtable(table, ("profiles",)).items()]
    return Settings(
        **values,
        keymap=keymap,
        hooks=Hooks(**hooks),
        deliver=reader.destinations(table.get("deliver", [])),
        profiles=tuple(profiles),
        unknown_keys=tuple(reader.unknown),
    )


_Where = tuple[str | int, ...]
"""A key: names of tables, and the number of an entry in an array of tables, from 0."""


def _dotted(where: _Where) -> str:
    return ".".join(part for part in where if isinstance(part, str))


class _Reader:
    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.unknown: list[UnknownKey] = []

    def values(
        self, table: Mapping[str, Any], kind: type, where: _Where, subtables: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Return the checked values of one table's declared keys; note the keys that are not declared."""
        declared = declared_keys(kind)
        for name in table:
            if name not in declared and name not in subtables:
                key = (*where, name)
                self.unknown.append(UnknownKey(harmless(_dotted(key)), (*declared, *subtables), key))
        known = {name: value for name, value in table.items() if name in declared}
        return {name: self._value(declared[name], value, (*where, name)) for name, value in known.items()}

    def subtable(self, table: Mapping[str, Any], key: tuple[str, ...]) -> dict[str, Any]:
        found = table.get(key[-1], {})
        self.check(Kind.TABLE, found, key)
        return dict(found)

    def profile(self, name: str, entry: Any) -> Profile:
        where = ("profiles", name)
        self.check(Kind.TABLE, entry, where)
        if not is_name(name):
            self._refuse(Problem.PROFILE_NAME, where)
        values = self.values(entry, Profile, where, ("matillion",))
        if "matillion" in entry:
            target = self.subtable(entry, (*where, "matillion"))
            values["matillion"] = MatillionTarget(**self.values(target, MatillionTarget, (*where, "matillion")))
        return Profile(name, **values)

    def destinations(self, entries: object) -> tuple[Destination, ...]:
        if not isinstance(entries, list):
            self._refuse(Problem.WRONG_TYPE, ("deliver",), Kind.TABLES)
        found = tuple(self._destination(number, entry) for number, entry in enumerate(entries))
        for number, destination in enumerate(found):
            if any(_may_meet(destination, other) for other in found[:number]):
                self._refuse(Problem.DELIVER_TWICE, ("deliver", number, "file"))
        return found

    def _destination(self, number: int, entry: Any) -> Destination:
        where = ("deliver", number)
        self.check(Kind.TABLE, entry, where)
        found = Destination(**self.values(entry, Destination, where))
        if bool(found.tokens) is bool(found.profile):
            self._refuse(*self._mistyped(where) or (Problem.DELIVER_TOKENS, where))
        if bool(found.command) is bool(found.file):
            self._refuse(*self._mistyped(where) or (Problem.DELIVER_PLACE, where))
        if found.file and not found.file.startswith(("/", "~/")):
            self._refuse(Problem.DELIVER_PATH, (*where, "file"))
        if found.file and (found.profile or len(found.tokens) > 1) and "{name}" not in found.file:
            self._refuse(Problem.DELIVER_SHARED, (*where, "file"))
        return found

    def _mistyped(self, table: _Where) -> tuple[Problem, _Where] | None:
        """Return what is to be said of a table that lacks a key and has one that is not declared."""
        unknown = next((key.where for key in self.unknown if key.where[:-1] == table), None)
        return None if unknown is None else (Problem.DELIVER_KEY, unknown)

    def check(self, kind: Kind, value: object, key: _Where) -> None:
        if not _is_of_kind(kind, value):
            self._refuse(Problem.WRONG_TYPE, key, kind)

    def _value(self, declared: Declared, value: Any, key: _Where) -> Any:
        rule = declared.key
        if rule.form is Form.DIGITS and _is_of_kind(Kind.NUMBER, value):
            value = str(value)
        self.check(declared.kind, value, key)
        if rule.limits is not None and not rule.limits[0] <= value <= rule.limits[1]:
            self._refuse(Problem.OUT_OF_RANGE, key, declared)
        if rule.choices and value not in rule.choices:
            self._refuse(Problem.OUT_OF_RANGE, key, declared)
        if rule.form is Form.VARIABLE and not _VARIABLE.fullmatch(value):
            self._refuse(Problem.NOT_A_VARIABLE, key)
        if rule.form is Form.VERSION and value and not is_version(value):
            self._refuse(Problem.NOT_A_VERSION, key)
        if rule.form is Form.ADDRESS:
            if problem := _address_problem(value):
                self._refuse(problem, key)
            return value.rstrip("/")
        return tuple(value) if declared.kind is Kind.TEXTS else value

    def _refuse(self, problem: Problem, key: _Where, expected: Kind | Declared | None = None) -> NoReturn:
        from tui.settings.places import place_of  # only where something is wrong

        raise SettingsError(problem, self.path, _dotted(key), place=place_of(self.text, key), expected=expected)


def is_version(text: str) -> bool:
    """Tell whether a text is a version of the Graph API, such as `v26.0`."""
    return _VERSION.fullmatch(text) is not None


def _may_meet(one: Destination, other: Destination) -> bool:
    """Tell whether two destinations may write one file: a token has one profile, and its name is in the path."""
    if not one.file or one.file != other.file:
        return False
    if "{name}" not in one.file:
        return True
    if one.profile and other.profile:
        return one.profile == other.profile
    return not (one.tokens and other.tokens and set(one.tokens).isdisjoint(other.tokens))


def _is_of_kind(kind: Kind, value: object) -> bool:
    # the very type: true and false are no numbers
    return type(value) is _TYPES[kind] and (not isinstance(value, list) or all(isinstance(item, str) for item in value))


def check_base_url(name: str, url: str) -> str:
    """Return an address without its final slash. Raises SettingsError, with `name` as its key."""
    if problem := _address_problem(url):
        raise SettingsError(problem, key=name)
    return url.rstrip("/")


def _address_problem(url: str) -> Problem | None:
    """Return why an address cannot be a base: https is needed, or http on loopback literals, since secrets go there."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return Problem.NOT_A_BASE_ADDRESS
    if parts.username is not None or parts.password is not None:
        return Problem.ADDRESS_WITH_USER
    if not host or parts.query or parts.fragment or parts.path.strip("/") or not url.isascii() or " " in url:
        return Problem.NOT_A_BASE_ADDRESS
    if parts.scheme == "http" and host == "localhost":
        return Problem.ADDRESS_LOCALHOST
    if parts.scheme != "https" and not (parts.scheme == "http" and host in ("127.0.0.1", "::1")):
        return Problem.ADDRESS_INSECURE
    return None
