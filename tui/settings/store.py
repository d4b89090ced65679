"""The one owner of `config.toml`: reads it, changes it under a lock, and holds the settings in force."""

import stat
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, TypeVar

from tui.names import is_name
from tui.settings.errors import Problem, SettingsError
from tui.settings.home import Home
from tui.settings.reading import load_settings
from tui.settings.schema import MatillionTarget, Profile, Settings, declared_keys
from tui.settings.toml_text import parse_table, read_text

_WAIT = 10.0
"""Seconds to wait for another igauth that is changing the file."""

_Table = MutableMapping[str, Any]
_T = TypeVar("_T", Profile, MatillionTarget)


class SettingsStore:
    """The settings of one home. Each change is made on what the file holds at that moment, one process at a time.

    Comments, order and keys that igauth does not know stay as they are. Methods touch the disk.
    """

    def __init__(self, home: Home, environ: Mapping[str, str], settings: Settings | None = None) -> None:
        """Read the settings, unless they are given. Raises SettingsError."""
        self.home = home
        self._environ = environ
        self._read_at = self._version()
        self.settings = settings if settings is not None else load_settings(home, environ)

    def reload(self) -> bool:
        """Read the settings again where the file was changed since, and tell whether it was.

        Raises SettingsError, once for each change; the settings in force stay.
        """
        version = self._version()
        if version == self._read_at:
            return False
        self._read_at = version
        self.settings = load_settings(self.home, self._environ)
        return True

    def _version(self) -> tuple[int, int, int] | None:
        """Return what changes with the file; None where there is none."""
        try:
            found = self.home.config_file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def set_preference(self, name: str, value: str | int | bool) -> None:
        """Write one top-level key, such as `theme`. Raises SettingsError."""
        self._change(lambda table: table.__setitem__(name, value))

    def save_profile(self, profile: Profile, *, rename_from: str = "") -> None:
        """Write what differs from the profile as it was read; a profile that is not there yet is added.

        Raises SettingsError.
        """
        if not is_name(profile.name):
            raise SettingsError(Problem.PROFILE_NAME, key=f"profiles.{profile.name}")
        before = self.settings.profile(rename_from or profile.name) or Profile(profile.name)

        def change(table: _Table) -> None:
            profiles = _subtable(table, "profiles")
            if rename_from:
                _rename(profiles, rename_from, profile.name)
                if table.get("default_profile") == rename_from:
                    table["default_profile"] = profile.name
                for destination in table.get("deliver", []):
                    if destination.get("profile") == rename_from:
                        destination["profile"] = profile.name
            entry = _subtable(profiles, profile.name)
            _write_changes(entry, before, profile)
            if profile.matillion != before.matillion:
                target = _subtable(entry, "matillion")
                _write_changes(target, before.matillion, profile.matillion)

        self._change(change)

    def delete_profile(self, name: str) -> None:
        """Remove one profile from the file. Raises SettingsError."""

        def change(table: _Table) -> None:
            table.get("profiles", {}).pop(name, None)
            if table.get("default_profile") == name:
                del table["default_profile"]

        self._change(change)

    def _change(self, change: Callable[[_Table], None]) -> None:
        from tui.atomic_file import replace_file  # only to write; reading must be quick
        from tui.file_lock import exclusive

        path, locks = self.home.config_file, self.home.data_folder / "locks"
        try:
            self.home.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            locks.mkdir(mode=0o700, exist_ok=True)
            with exclusive(locks / path.name, _WAIT):
                target = path.resolve()  # a link stays a link
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                is_exposed = load_settings(self.home, self._environ).ignored is not None
                # what others wrote must not be obeyed from now on because igauth has written the file again
                mode = stat.S_IMODE(target.stat().st_mode) if is_exposed else 0o600
                replace_file(target, _changed(read_text(path), path, change).encode(), mode)
        except TimeoutError:
            raise SettingsError(Problem.LOCKED, path) from None
        except OSError as error:
            is_lock = str(error.filename).startswith(str(locks))
            at_fault = Path(error.filename) if is_lock else path
            raise SettingsError(Problem.UNWRITABLE, at_fault, detail=error.strerror or "") from None
        self._read_at = self._version()
        self.settings = load_settings(self.home, self._environ)


def _rename(profiles: _Table, old: str, new: str) -> None:
    """Give a table another name, in its place among the others."""
    for name in list(profiles):
        profiles[new if name == old else name] = profiles.pop(name)


def _write_changes(table: _Table, before: _T, after: _T) -> None:
    for name, declared in declared_keys(type(after)).items():
        value = getattr(after, name)
        if value == getattr(before, name):
            continue
        if value == declared.default and value in (None, ""):
            table.pop(name, None)
        elif value != declared.default or name in table:
            _put(table, name, list(value) if isinstance(value, tuple) else value)


def _subtable(table: _Table, name: str) -> _Table:
    if name not in table:
        _put(table, name, {})
    found: _Table = table[name]
    return found


def _put(table: _Table, name: str, value: object) -> None:
    """Set a key. A new one comes before the comments at the end of the table: they introduce what follows."""
    body = getattr(getattr(table, "value", None), "body", [])  # of a table of tomlkit's
    at_the_end = []
    while body and body[-1][0] is None:
        at_the_end.append(body.pop())
    table[name] = value
    body.extend(reversed(at_the_end))


def _changed(text: str, path: Path, change: Callable[[_Table], None]) -> str:
    """Return the text with the change made in place. Raises SettingsError."""
    import tomli_w

    wanted = parse_table(text, path)
    is_as_written = not text.strip() or tomli_w.dumps(wanted) == text
    change(wanted)
    if not is_as_written:
        import tomlkit  # takes 30 ms, and what igauth alone has written has nothing to preserve

        try:
            document = tomlkit.parse(text)
            change(document)
            changed = tomlkit.dumps(document)
            if parse_table(changed, path) == wanted:
                return changed
        except Exception:  # noqa: S110 - tomlkit cannot edit every arrangement of tables: values come before comments
            pass
    return tomli_w.dumps(wanted)
