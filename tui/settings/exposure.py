"""Keys that run commands or say where secrets go are obeyed only from a file that nobody else can change."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tui.settings.errors import Problem, SettingsError
from tui.settings.schema import (
    META_GRAPH_URL,
    Hooks,
    IgnoredKeys,
    MatillionTarget,
    Settings,
    declared_keys,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    _Table = TypeVar("_Table", bound=DataclassInstance)


def obeyed(settings: Settings, file: Path, found: os.stat_result, environ: Mapping[str, str]) -> Settings:
    """Return the settings of a file without the keys that cannot be obeyed, which `ignored` of the result names.

    `found` is of the open file. Raises SettingsError where the file belongs to neither this user nor root.
    """
    if found.st_uid not in (os.geteuid(), 0):
        raise SettingsError(Problem.OTHER_OWNER, file, detail=_user(found.st_uid))
    keys = tuple(_guarded_keys(settings, environ))
    if not keys or (exposure := _exposure(file, found)) is None:
        return settings
    url = settings.graph_url if "graph_url" in keys else META_GRAPH_URL
    owner = _user(exposure.owner) if exposure.owner is not None else ""
    ignored = IgnoredKeys(keys, exposure.path, exposure.mode, owner, url)
    profiles = tuple(replace(profile, matillion=_reset(profile.matillion)) for profile in settings.profiles)
    return replace(_reset(settings), hooks=_reset(settings.hooks), deliver=(), profiles=profiles, ignored=ignored)


def _guarded_keys(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of the guarded keys that are set, without those that a variable replaces."""
    variables = {name: declared.key.variable for name, declared in declared_keys(Settings).items()}
    yield from (name for name in _set_in(settings) if not environ.get(variables[name]))
    yield from (f"hooks.{name}" for name in _set_in(settings.hooks))
    if settings.deliver:
        yield "deliver"
    for profile in settings.profiles:
        yield from (f"profiles.{profile.name}.matillion.{name}" for name in _set_in(profile.matillion))


def _set_in(table: Settings | Hooks | MatillionTarget) -> list[str]:
    return [name for name, default in _GUARDED[type(table)].items() if getattr(table, name) != default]


def _reset(table: "_Table") -> "_Table":
    return replace(table, **_GUARDED[type(table)])


_GUARDED: Mapping[type, Mapping[str, Any]] = {
    table: {name: one.default for name, one in declared_keys(table).items() if one.key.is_guarded}
    for table in (Settings, Hooks, MatillionTarget)
}
"""The guarded keys of each table, with their defaults."""


class _Exposure(NamedTuple):
    path: Path
    mode: int
    owner: int | None = None


def _exposure(file: Path, found: os.stat_result) -> _Exposure | None:
    """Return the file, link or folder through which others can change the file; None where there is none."""
    target = file.resolve() if file.is_symlink() else file
    if found.st_mode & 0o022 and not _is_read_only(target):
        return _Exposure(target, stat.S_IMODE(found.st_mode))
    if target != file and (owner := os.lstat(file).st_uid) not in (os.geteuid(), 0):
        return _Exposure(file, 0o777, owner)
    for folder in dict.fromkeys((file.parent, target.parent)):
        around = os.stat(folder)
        mode = stat.S_IMODE(around.st_mode)
        if around.st_uid not in (os.geteuid(), 0):
            return _Exposure(folder, mode, around.st_uid)
        # in a folder with the sticky bit, such as /tmp, only the owner can replace a file
        if mode & 0o022 and not mode & stat.S_ISVTX and not _is_read_only(folder):
            return _Exposure(folder, mode)
    return None


def _is_read_only(path: Path) -> bool:
    """Tell whether the file system takes no change, as where a container mounts its configuration."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _user(uid: int) -> str:
    import pwd  # only where something is wrong

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
