"""Preferences and profiles: `config.toml` to frozen dataclasses and back, and what the environment adds."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from tui.harmless import harmless

META_GRAPH_URL = "https://graph.facebook.com"
META_DIALOG_URL = "https://www.facebook.com"
NEWEST_VERSION = "v26.0"
"""The newest Graph API version known (graph-api.md section 1)."""
DEFAULT_SCOPES = ("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement")
"""What comparable connectors ask for; Matillion's own list is not published (matillion.md section 4)."""

_PROFILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_FRIENDLY = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)")


class SettingsError(Exception):
    """The configuration cannot be used; the message names the place and the next step."""

    def __init__(self, message: str) -> None:
        super().__init__(harmless(message))  # a key of the file may hold what would drive a terminal


@dataclass(frozen=True, slots=True)
class Home:
    """Where igauth keeps its things."""

    config_folder: Path
    data_folder: Path
    log_folder: Path

    @property
    def config_file(self) -> Path:
        """Preferences and profiles without secrets."""
        return self.config_folder / "config.toml"

    @property
    def database(self) -> Path:
        """Tokens, history, progress."""
        return self.data_folder / "igauth.db"


@dataclass(frozen=True, slots=True)
class MatillionTarget:
    """A Matillion ETL instance to look at (read only), and when its entry was last authorised (unix seconds)."""

    base_url: str
    user: str = ""
    oauth_entry: str = ""
    ca_file: str = ""
    fingerprint: str = ""
    group: str = ""
    project: str = ""
    authorised_at: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One registered Facebook app as used by one Matillion OAuth entry (design: Words); no secret in it."""

    name: str
    app_id: str = ""
    callback_url: str = ""
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    config_id: str = ""
    api_version: str = ""
    redirect_uri: str = ""
    app_name: str = ""
    development_mode: bool = True
    pkce: bool = True
    window_days: int | None = None
    auto_refresh: bool = False
    matillion: MatillionTarget | None = None


@dataclass(frozen=True, slots=True)
class Hooks:
    """Commands to run when something happens to a token, each an argument list (never a shell line)."""

    extended: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person can set, after flag, environment, file and default were weighed in this order."""

    graph_url: str = META_GRAPH_URL
    dialog_url: str = META_DIALOG_URL
    api_version: str = NEWEST_VERSION
    window_days: int = 14
    inspect_interval_minutes: int = 60
    max_concurrency: int = 8
    clipboard_clear_seconds: int = 45
    login_port: int = 8765
    theme: str = ""
    bell: bool = False
    mouse: bool = True
    default_profile: str = ""
    keymap: Mapping[str, str] = field(default_factory=dict)
    hooks: Hooks = Hooks()
    trusted_hosts: tuple[str, ...] = ()
    profiles: tuple[Profile, ...] = ()
    notices: tuple[str, ...] = ()

    def profile(self, name: str) -> Profile | None:
        """Return the profile of that name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)

    @property
    def is_meta(self) -> bool:
        """Whether both addresses are Meta's own."""
        return self.graph_url == META_GRAPH_URL and self.dialog_url == META_DIALOG_URL

    def version_of(self, profile_name: str) -> str:
        """Return the Graph API version of a profile."""
        profile = self.profile(profile_name)
        return (profile.api_version if profile is not None else "") or self.api_version

    def expected_scopes(self, profile_name: str) -> tuple[str, ...]:
        """Return the scopes a token of the profile should have; none where a `config_id` says them to Facebook."""
        profile = self.profile(profile_name)
        return profile.scopes if profile is not None and not profile.config_id else ()

    def window_of(self, profile_name: str) -> int:
        """Return the refresh window of a profile's tokens, in seconds."""
        profile = self.profile(profile_name)
        days = profile.window_days if profile is not None and profile.window_days is not None else None
        return (self.window_days if days is None else days) * 86_400


def find_home(environ: Mapping[str, str]) -> Home:
    """Return where things are kept: all under `IGAUTH_HOME` where it is set, else the platform's folders."""
    portable = environ.get("IGAUTH_HOME")
    if portable:
        root = Path(portable).expanduser().absolute()
        return Home(root, root, root / "log")
    import platformdirs  # costs 7 ms and is not needed in a portable home

    folders = platformdirs.PlatformDirs("igauth", appauthor=False)
    return Home(folders.user_config_path, folders.user_data_path, folders.user_log_path)


def load_settings(home: Home, environ: Mapping[str, str]) -> Settings:
    """Read `config.toml` (none is fine) and the environment.

    Raises SettingsError where the file is not TOML, holds a value of the wrong kind, cannot be read, or an
    address in the environment is not allowed.
    """
    table = _read(home.config_file)
    return load_environment(_from_table(table, home.config_file), environ)


def load_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return the settings with what the environment says. Raises SettingsError where an address is not allowed."""
    graph_url = environ.get("IGAUTH_GRAPH_URL", "")
    dialog_url = environ.get("IGAUTH_DIALOG_URL", "")
    if graph_url:
        settings = replace(settings, graph_url=check_base_url("IGAUTH_GRAPH_URL", graph_url))
    if dialog_url:
        settings = replace(settings, dialog_url=check_base_url("IGAUTH_DIALOG_URL", dialog_url))
    return settings


def check_base_url(name: str, url: str) -> str:
    """Return the address without its closing slash, or raise SettingsError: https, or http on loopback literals."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError(f"{name} is not an address. Set it to a base such as {META_GRAPH_URL}.") from None
    if parts.username is not None or parts.password is not None:
        raise SettingsError(f"{name} must not carry a user name or password. Remove the part before the @.")
    if not host or parts.query or parts.fragment or parts.path.strip("/") or not url.isascii() or " " in url:
        raise SettingsError(
            f"{name} must be a base without version or path, such as {META_GRAPH_URL} or http://127.0.0.1:8000."
        )
    if parts.scheme == "http" and host == "localhost":
        raise SettingsError(f"{name}: localhost can be anybody's name. Write http://127.0.0.1 or http://[::1] instead.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in ("127.0.0.1", "::1")):
        raise SettingsError(
            f"{name} must begin with https://; plain http is allowed for 127.0.0.1 and [::1] only, since secrets"
            " travel over it."
        )
    return url.rstrip("/")


def save_profile(home: Home, profile: Profile, *, rename_from: str | None = None) -> None:
    """Write one profile into `config.toml`; everything else in the file, unknown keys too, stays."""
    if not _PROFILE_NAME.fullmatch(profile.name):
        raise SettingsError(
            "A profile's name is 1 to 64 letters, digits, dots, dashes or underscores. Choose another name."
        )

    def change(table: dict[str, Any]) -> None:
        profiles = table.setdefault("profiles", {})
        before = profiles.pop(rename_from, {}) if rename_from else profiles.get(profile.name, {})
        profiles[profile.name] = _profile_table(profile, before)
        if rename_from and table.get("default_profile") == rename_from:
            table["default_profile"] = profile.name

    _rewrite(home, change)


def delete_profile(home: Home, name: str) -> None:
    """Take one profile out of `config.toml`."""

    def change(table: dict[str, Any]) -> None:
        table.get("profiles", {}).pop(name, None)
        if table.get("default_profile") == name:
            del table["default_profile"]

    _rewrite(home, change)


def save_preference(home: Home, key: str, value: str | int | bool) -> None:
    """Write one top-level preference, such as `theme`."""
    _rewrite(home, lambda table: table.__setitem__(key, value))


# --- the file -------------------------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        found = _FRIENDLY.fullmatch(str(error))
        where = f"line {found['line']}, column {found['column']}: {found['what']}" if found else str(error)
        raise SettingsError(f"{path} is not valid TOML: {where}. Mend it there; the file was left as it is.") from None
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8; the file was left as it is."
        ) from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Check that path, its owner and mode.") from None


def _rewrite(home: Home, change: Callable[[dict[str, Any]], object]) -> None:
    import tomli_w  # only where something is written

    table = _read(home.config_file)
    change(table)
    target = home.config_file.resolve()  # a dotfile kept elsewhere stays a link
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace_file(target, tomli_w.dumps(table).encode())
    except OSError as error:
        raise SettingsError(
            f"{target} cannot be written: {error.strerror}. Nothing was changed; check the folder's owner, mode"
            " and free space."
        ) from None


def _replace_file(target: Path, content: bytes) -> None:
    import tempfile  # only to write; reading must be quick

    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".config-", suffix=".tmp")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# --- from and to tables ---------------------------------------------------------------------------------------

_PREFERENCES: Mapping[str, type] = {
    "api_version": str,
    "window_days": int,
    "inspect_interval_minutes": int,
    "max_concurrency": int,
    "clipboard_clear_seconds": int,
    "login_port": int,
    "theme": str,
    "bell": bool,
    "mouse": bool,
    "default_profile": str,
    "graph_url": str,
    "dialog_url": str,
}
_PROFILE: Mapping[str, type] = {
    "app_id": str,
    "callback_url": str,
    "config_id": str,
    "api_version": str,
    "redirect_uri": str,
    "app_name": str,
    "development_mode": bool,
    "pkce": bool,
    "window_days": int,
    "auto_refresh": bool,
}
_MATILLION: Mapping[str, type] = {
    "base_url": str,
    "user": str,
    "oauth_entry": str,
    "ca_file": str,
    "fingerprint": str,
    "group": str,
    "project": str,
    "authorised_at": int,
}
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "window_days": (0, 365),
    "inspect_interval_minutes": (1, 10_080),
    "max_concurrency": (1, 64),
    "clipboard_clear_seconds": (0, 86_400),
    "login_port": (1, 65_535),
}
_WORDS = {str: "text in quotes", int: "a whole number", bool: "true or false"}


def _from_table(table: dict[str, Any], path: Path) -> Settings:
    notices: list[str] = []
    values = _typed(table, _PREFERENCES, path, "", notices, also=("keys", "hooks", "profiles", "trusted_hosts"))
    for key in ("graph_url", "dialog_url"):
        if key in values:
            values[key] = check_base_url(f"{path}: {key}", values[key])
    profiles = tuple(_profile(name, entry, path, notices) for name, entry in _subtable(table, "profiles", path).items())
    keymap = {
        key: value if isinstance(value, str) else _refuse(path, f"keys.{key}", "text in quotes")
        for key, value in _subtable(table, "keys", path).items()
    }
    return Settings(
        **values,
        keymap=keymap,
        hooks=_hooks(table, path, notices),
        trusted_hosts=_texts(table, "trusted_hosts", path, "") or (),
        profiles=profiles,
        notices=tuple(map(harmless, notices)),
    )


def _profile(name: str, entry: object, path: Path, notices: list[str]) -> Profile:
    where = f"profiles.{name}"
    if not isinstance(entry, dict):
        _refuse(path, where, "a table")
    if not _PROFILE_NAME.fullmatch(name):
        raise SettingsError(
            f"{path}: {where}: a profile's name is 1 to 64 letters, digits, dots, dashes or underscores. Rename it."
        )
    if isinstance(entry.get("app_id"), int) and not isinstance(entry.get("app_id"), bool):
        entry = {**entry, "app_id": str(entry["app_id"])}  # a person writes the digits without quotes
    values = _typed(entry, _PROFILE, path, where, notices, also=("scopes", "matillion"))
    scopes = _texts(entry, "scopes", path, where)
    if scopes is not None:
        values["scopes"] = scopes
    target = entry.get("matillion")
    if target is not None:
        if not isinstance(target, dict):
            _refuse(path, f"{where}.matillion", "a table")
        facts = _typed(target, _MATILLION, path, f"{where}.matillion", notices)
        values["matillion"] = MatillionTarget(**{"base_url": "", **facts})
    return Profile(name=name, **values)


def _hooks(table: dict[str, Any], path: Path, notices: list[str]) -> Hooks:
    hooks = _subtable(table, "hooks", path)
    known = ("extended", "due", "expired")
    notices.extend(f"{path}: unknown key hooks.{key} (kept)" for key in hooks if key not in known)
    return Hooks(**{event: _texts(hooks, event, path, "hooks") or () for event in known})


def _typed(
    table: Mapping[str, Any],
    kinds: Mapping[str, type],
    path: Path,
    where: str,
    notices: list[str],
    also: tuple[str, ...] = (),
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in table.items():
        full = f"{where}.{key}" if where else key
        kind = kinds.get(key)
        if kind is None:
            if key not in also:
                notices.append(f"{path}: unknown key {full} (kept)")
            continue
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            _refuse(path, full, _WORDS[kind])
        if isinstance(value, int) and key in _BOUNDS and not _BOUNDS[key][0] <= value <= _BOUNDS[key][1]:
            _refuse(path, full, f"a number from {_BOUNDS[key][0]} to {_BOUNDS[key][1]}")
        if isinstance(value, str) and key == "api_version" and value and not _VERSION.fullmatch(value):
            _refuse(path, full, f'a version such as "{NEWEST_VERSION}"')
        values[key] = value
    return values


def _subtable(table: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        _refuse(path, key, "a table")
    return dict(value)


def _texts(table: Mapping[str, Any], key: str, path: Path, where: str) -> tuple[str, ...] | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        _refuse(path, f"{where}.{key}" if where else key, "a list of texts in quotes")
    return tuple(value)


def _refuse(path: Path, key: str, wanted: str) -> NoReturn:
    raise SettingsError(f"{place_of(path, key)}: {key} must be {wanted}. Mend it there; the file was left as it is.")


def place_of(path: Path, key: str) -> str:
    """Return the file and, where it can be found, the line of a key such as `profiles.acme.app_id`. Never raises."""
    from tui.toml_lines import line_of  # only where something is wrong

    try:
        line = line_of(path.read_text(encoding="utf-8"), key)
    except (OSError, UnicodeDecodeError):
        line = None
    return f"{path}, line {line}" if line else str(path)


def _profile_table(profile: Profile, before: Mapping[str, Any]) -> dict[str, Any]:
    table = dict(before)
    for key in _PROFILE:
        value = getattr(profile, key)
        if value == getattr(Profile(profile.name), key) and key not in before:
            continue
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    if profile.scopes != DEFAULT_SCOPES or "scopes" in before:
        table["scopes"] = list(profile.scopes)
    if profile.matillion is None:
        table.pop("matillion", None)
    else:
        facts = {key: getattr(profile.matillion, key) for key in _MATILLION}
        kept = {key: value for key, value in before.get("matillion", {}).items() if key not in _MATILLION}
        table["matillion"] = {key: value for key, value in facts.items() if value not in ("", None)} | kept
    return table
