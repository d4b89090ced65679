"""Loads a world: a TOML file that describes apps, people, Pages, accounts and tokens, checked when it is loaded."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tui.sandbox import identifiers
from tui.sandbox.clock import DAY
from tui.sandbox.specs import GrantSpec, PersonSpec, Role, TokenSpec, WorldSpec
from tui.sandbox.typed import checked, hint

WORLDS = Path(__file__).parent / "worlds"
# Word for the seed, length and first digits of made-up ids.
_IDS = {
    "apps": ("app", 16, ""),
    "people": ("person", 17, "102"),
    "pages": ("page", 15, "1"),
    "instagram": ("ig", 17, "17841"),
    "businesses": ("business", 15, "2"),
}
# Fields that hold keys of another table; `*` and an empty text name nothing.
_REFERENCES = {
    "apps": {"business": "businesses"},
    "people": {"roles": "apps"},
    "pages": {
        "people": "people",
        "tasks": "people",
        "instagram": "instagram",
        "business": "businesses",
        "client_of": "businesses",
    },
    "businesses": {"people": "people"},
    "grants": {"person": "people", "app": "apps", "pages": "pages"},
    "tokens": {"app": "apps", "person": "people", "page": "pages"},
}


class WorldError(ValueError):
    """A world file that cannot be used: the place in it, and the reason."""


def world_summaries() -> dict[str, str]:
    """Return by name what each ready-made world is about, in a sentence; the default first."""
    paths = sorted(WORLDS.glob("*.toml"), key=lambda path: (path.stem != "default", path.stem))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["summary"] for path in paths}


def load_world(name_or_path: str | Path) -> WorldSpec:
    """Read a ready-made world by name, or a TOML file by path. Raises WorldError with file, place and reason."""
    path = WORLDS / f"{name_or_path}.toml"
    if isinstance(name_or_path, Path) or not path.is_file():
        path = Path(name_or_path)
    if path.exists() and not path.is_file():
        raise WorldError(f"{name_or_path}: not a regular file")  # a pipe would be waited for
    try:
        return _read_world(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
    except ValueError as error:
        raise WorldError(f"{path.name}: {error}") from None
    except OSError as error:
        given, names = str(name_or_path), world_summaries()
        if "/" in given or given.endswith(".toml"):
            raise WorldError(f"{given}: {error.strerror}") from None
        raise WorldError(f"no world named {given!r}{hint(given, names)}; available: {', '.join(names)}") from None


def _read_world(data: dict[str, Any], name: str) -> WorldSpec:
    """Check a file, and add what it leaves out. Raises ValueError."""
    data.pop("try_this", None)  # a key of former versions
    data = {"name": name, "title": data.get("name", name), "primary_app": "", **data}
    for table in ("apps", "people", "pages", "instagram", "businesses", "tokens"):
        rows = data.get(table, ())
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                row.update({**_made_up(table, row, str(data["name"])), **row})
    world: WorldSpec = checked(data, WorldSpec)
    if not world.apps:
        raise ValueError("a world needs at least one [[apps]]")
    world = _with_crowd(replace(world, primary_app=world.primary_app or world.apps[0].key))
    _check_names(world)
    return world


def _made_up(table: str, row: Mapping[str, Any], world: str) -> dict[str, Any]:
    """Return values for keys that a row may leave out: the same each time for the same world and key."""
    key, values = row.get("key", ""), {}
    if table in _IDS:
        name, size, prefix = _IDS[table]
        values["id"] = identifiers.digits(f"{world}:{name}:{key}", size, prefix)
    match table:
        case "apps":
            values["secret"] = identifiers.app_secret(f"{world}:{key}")
            values["client_token"] = identifiers.app_secret(f"{world}:{key}:client")
            values["instagram_app_id"] = identifiers.digits(f"{world}:igapp:{key}", 16)
        case "people":
            values["email"] = f"{key}@example.com"
        case "instagram":
            values["username"] = values["name"] = key
        case "tokens":
            kind = row.get("kind", "user")
            lasting = "never" if kind in ("page", "app") else "60d"
            values["expires"] = lasting if row.get("long_lived", True) else "70m"
            values["data_access"] = "never" if kind in ("app", "system_user") else "90d"
            values |= {"person": ""} if kind == "app" else {}
            values |= {} if kind == "page" else {"page": ""}
    return values


def _with_crowd(world: WorldSpec) -> WorldSpec:
    people, tokens = [], []
    for number in range(world.crowd.people):
        key = f"crowd{number}"
        person_id = identifiers.digits(f"{world.name}:person:{key}", 17, "103")
        roles: dict[str, Role] = {world.primary_app: "testers"}
        people.append(PersonSpec(key, f"Person {number}", person_id, f"{key}@example.com", roles))
        for index in range(world.crowd.tokens):
            life = (1 + (number + index) % 59) * DAY
            tokens.append(TokenSpec(f"{key}_{index}", world.primary_app, key, "", life, life, issued=life - 60 * DAY))
    grants = [GrantSpec(person.key, world.primary_app) for person in people]
    return replace(
        world, people=(*world.people, *people), grants=(*world.grants, *grants), tokens=(*world.tokens, *tokens)
    )


def _check_names(world: WorldSpec) -> None:
    """Raise ValueError for a key that names nothing, and for a name or an id that is used twice."""
    names = {table: Counter(row.key for row in getattr(world, table)) for table in _IDS}
    ids = Counter(row.id for table in _IDS for row in getattr(world, table))
    for where, counts in {**names, "tokens": Counter(row.name for row in world.tokens), "id": ids}.items():
        for name, count in counts.most_common(1):
            if count > 1:
                raise ValueError(f"{where}: {name!r} is used twice")
    if world.primary_app not in names["apps"]:
        raise ValueError(f"primary_app: nothing is named {world.primary_app!r}")
    for where, references in _REFERENCES.items():
        for at, row in enumerate(getattr(world, where)):
            for field, target in references.items():
                value = getattr(row, field)
                for key in (value,) if isinstance(value, str) else value:
                    if key not in ("", "*") and key not in names[target]:
                        raise ValueError(f"{where}[{at}]: {field}: nothing is named {key!r}")
