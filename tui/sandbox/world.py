"""Loads a world: a TOML file that describes apps, people, Pages, accounts and tokens, checked when it is loaded."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

from tui.sandbox import identifiers, specs
from tui.sandbox.clock import DAY, HOUR
from tui.sandbox.typed import checked_at
from tui.sandbox.vocabulary import ALL_TASKS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WORLDS = Path(__file__).parent / "worlds"
Spec = TypeVar("Spec", bound="DataclassInstance")


class _Table(NamedTuple):
    """One table of the file.

    `id`: word for the seed, length and first digits of its made-up ids; `references`: fields that hold keys of
    another table, where `*` and an empty text name nothing.
    """

    kind: type[Any]
    id: tuple[str, int, str] | None
    references: dict[str, str]


_PAGE_KEYS = {"tasks": "people", "instagram": "instagram", "business": "businesses", "client_of": "businesses"}
_TABLES = {
    "apps": _Table(specs.AppSpec, ("app", 16, ""), {"business": "businesses"}),
    "people": _Table(specs.PersonSpec, ("person", 17, "102"), {"roles": "apps"}),
    "pages": _Table(specs.PageSpec, ("page", 15, "1"), _PAGE_KEYS),
    "instagram": _Table(specs.InstagramSpec, ("ig", 17, "17841"), {}),
    "businesses": _Table(specs.BusinessSpec, ("business", 15, "2"), {"people": "people"}),
    "grants": _Table(specs.GrantSpec, None, {"person": "people", "app": "apps", "pages": "pages"}),
    "tokens": _Table(specs.TokenSpec, None, {"app": "apps", "person": "people", "page": "pages"}),
    "faults": _Table(specs.FaultSpec, None, {}),
}
_TASKS = _Table(specs.TaskSpec, None, {})


class WorldError(ValueError):
    """A world file that cannot be used: the place in it, and the reason."""


def world_names() -> list[str]:
    """Return the names of the ready-made worlds, the default first."""
    names = sorted(path.stem for path in WORLDS.glob("*.toml"))
    return sorted(names, key=lambda name: name != "default")


def world_summary(name: str) -> str:
    """Return what a ready-made world is about, in a sentence."""
    return str(tomllib.loads((WORLDS / f"{name}.toml").read_text(encoding="utf-8")).get("summary", ""))


def load_world(name_or_path: str | Path) -> specs.WorldSpec:
    """Read a ready-made world by name, or a TOML file by path. Raises WorldError with file, place and reason."""
    path = WORLDS / f"{name_or_path}.toml"
    if isinstance(name_or_path, Path) or not path.is_file():
        path = Path(name_or_path)
    try:
        return _read_world(tomllib.loads(path.read_text(encoding="utf-8")), path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorldError(f"{path.name}: {error}") from None
    except OSError as error:
        raise _no_such_world(str(name_or_path), error) from None


def _no_such_world(given: str, error: OSError) -> WorldError:
    if "/" in given or given.endswith(".toml"):
        return WorldError(f"{given}: {error.strerror}")
    names = world_names()
    return WorldError(f"no world named {given!r}{_hint(given, names)}; available: {', '.join(names)}")


def _hint(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # only for a mistyped name

    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _read_world(data: dict[str, Any], path: Path) -> specs.WorldSpec:
    file, world_name = path.name, str(data.get("name", path.stem))
    rows: dict[str, Any] = {
        name: _read_rows(table, data.pop(name, []), f"{file}: {name}", world_name) for name, table in _TABLES.items()
    }
    if not rows["apps"]:
        raise WorldError(f"{file}: a world needs at least one [[apps]]")
    primary = rows["apps"][0].key
    rows["pages"] = tuple(
        replace(page, tasks={**dict.fromkeys(page.people, ALL_TASKS), **page.tasks}) for page in rows["pages"]
    )
    crowd = _read_table(specs.CrowdSpec, data.pop("crowd", {}), f"{file}: crowd")
    for table, more in _crowd(crowd, primary, world_name).items():
        rows[table] += more
    matillion = data.pop("matillion", {})
    tasks = matillion.pop("tasks", []) if isinstance(matillion, dict) else []
    read_tasks = _read_rows(_TASKS, tasks, f"{file}: matillion.tasks", world_name)
    rows["matillion"] = _read_table(specs.MatillionSpec, matillion, f"{file}: matillion", tasks=read_tasks)
    world = _read_table(specs.WorldSpec, data, file, **rows, name=world_name, title=world_name, primary_app=primary)
    _check_names(world, rows, file)
    return world


def _read_rows(table: _Table, rows: object, where: str, world: str) -> tuple[Any, ...]:
    if not isinstance(rows, list):
        raise WorldError(f"{where}: must be a list of tables")
    read = []
    for at, row in enumerate(rows):
        defaults = _defaults(table, row, world, at) if isinstance(row, dict) else {}
        read.append(_read_table(table.kind, row, f"{where}[{at}]", **defaults))
    return tuple(read)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _read_table(kind: type[Spec], data: object, where: str, **defaults: Any) -> Spec:
    """Build a spec from one table. Raises WorldError for a value that does not fit, a missing and an unknown key."""
    if not isinstance(data, dict):
        raise WorldError(f"{where}: must be a table, not {type(data).__name__}")
    hints, values = _hints(kind), dict(defaults)
    for item in fields(kind):
        if item.name in data:
            try:
                values[item.name] = checked_at(item.name, data[item.name], hints[item.name])
            except ValueError as error:
                raise WorldError(f"{where}: {error}") from None
        elif item.name not in values and item.default is MISSING and item.default_factory is MISSING:
            raise WorldError(f"{where}: {item.name}: is missing")
    for key in data:
        if key not in hints:
            raise WorldError(f"{where}: {key}: unknown key{_hint(key, hints)}")
    return kind(**values)


def _defaults(table: _Table, row: Mapping[str, Any], world: str, at: int) -> dict[str, Any]:
    """Return values for keys that a row left out: the same each time for the same world and key."""
    key, kind = row.get("key", ""), table.kind
    values: dict[str, Any] = {}
    if table.id:
        name, size, prefix = table.id
        values["id"] = identifiers.digits(f"{world}:{name}:{key}", size, prefix)
    if kind is specs.AppSpec:
        values["secret"] = identifiers.app_secret(f"{world}:{key}")
        values["client_token"] = identifiers.app_secret(f"{world}:{key}:client")
        values["instagram_app_id"] = identifiers.digits(f"{world}:igapp:{key}", 16)
    elif kind is specs.PersonSpec:
        values["email"] = f"{key}@example.com"
    elif kind is specs.InstagramSpec:
        values["username"] = values["name"] = key
    elif kind is specs.TaskSpec:
        values["id"] = 1000 + at
    elif kind is specs.TokenSpec:
        token_kind = row.get("kind", "user")
        lasting = None if token_kind in ("page", "app") else 60 * DAY
        values["expires"] = lasting if row.get("long_lived", True) else HOUR + 600
        values["data_access"] = None if token_kind in ("app", "system_user") else 90 * DAY
        values |= {"person": ""} if token_kind == "app" else {}
        values |= {} if token_kind == "page" else {"page": ""}
    return values


def _crowd(crowd: specs.CrowdSpec, app: str, world: str) -> dict[str, tuple[Any, ...]]:
    people, tokens = [], []
    for number in range(crowd.people):
        key = f"crowd{number}"
        person_id = identifiers.digits(f"{world}:person:{key}", 17, "103")
        people.append(specs.PersonSpec(key, f"Person {number}", person_id, f"{key}@example.com", {app: "testers"}))
        for index in range(crowd.tokens):
            life = (1 + (number + index) % 59) * DAY
            tokens.append(specs.TokenSpec(f"{key}_{index}", app, key, "", life, life, issued=life - 60 * DAY))
    grants = tuple(specs.GrantSpec(person.key, app) for person in people)
    return {"people": tuple(people), "grants": grants, "tokens": tuple(tokens)}


def _check_names(world: specs.WorldSpec, rows: Mapping[str, Iterable[Any]], file: str) -> None:
    """Raise WorldError for a key that names nothing, and for a name or an id that is used twice."""
    names = {table: Counter(row.key for row in rows[table]) for table in _TABLES if _TABLES[table].id}
    ids = Counter(row.id for table in names for row in rows[table])
    for where, counts in (*names.items(), ("tokens", Counter(row.name for row in world.tokens)), ("id", ids)):
        name, count = counts.most_common(1)[0] if counts else ("", 1)
        if count > 1:
            raise WorldError(f"{file}: {where}: {name!r} is used twice")
    if world.primary_app not in names["apps"]:
        raise WorldError(f"{file}: primary_app: nothing is named {world.primary_app!r}")
    for where, table in _TABLES.items():
        for at, row in enumerate(rows[where]):
            for name, target in table.references.items():
                value = getattr(row, name)
                for key in (value,) if isinstance(value, str) else value:
                    if key not in ("", "*") and key not in names[target]:
                        raise WorldError(f"{file}: {where}[{at}]: {name}: nothing is named {key!r}")
