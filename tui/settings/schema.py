"""Everything that `config.toml` can hold: each key declared once, with its type, default, limits and description.

Parsing, the checks, the defaults, the suggestions for unknown keys and `docs/settings.md` come from these declarations.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tui.defaults import WINDOW_DAYS

META_GRAPH_URL = "https://graph.facebook.com"
META_DIALOG_URL = "https://www.facebook.com"
NEWEST_VERSION = "v26.0"
"""The newest Graph API version known (graph-api.md section 1)."""
DEFAULT_SCOPES = ("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement")
"""What comparable connectors ask for; Matillion's own list is not published (matillion.md section 4)."""

_T = TypeVar("_T")


class Kind(Enum):
    """What a key's value is in the file. The value holds the Python types of the attribute."""

    TEXT = (str,)
    NUMBER = (int, int | None)
    SWITCH = (bool,)
    TEXTS = (tuple[str, ...],)
    TABLE = (dict,)  # an empty tuple is no value of an Enum on Python 3.11.2
    TABLES = (list,)


class Form(StrEnum):
    """What a text must look like."""

    ANY = "any"
    VERSION = "version"
    ADDRESS = "address"
    DIGITS = "digits"
    """Digits, which the file may have without quotes."""
    VARIABLE = "variable"
    """Name of an environment variable."""


class Key(NamedTuple):
    """What is declared of one key beside its name, type and default."""

    about: str
    limits: tuple[int, int] | None = None
    form: Form = Form.ANY
    variable: str = ""
    """The environment variable that is used instead of the file, where it is set."""
    choices: tuple[str, ...] = ()
    is_guarded: bool = False
    """Whether it runs a command or says where secrets go: not obeyed from a file that others can change."""


def _key(default: _T, about: str, **facts: Any) -> _T:
    return field(default=default, metadata={Key: Key(about, **facts)})


def _guarded(default: _T, about: str, **facts: Any) -> _T:
    return _key(default, about, is_guarded=True, **facts)


@dataclass(frozen=True, slots=True)
class MatillionTarget:
    """A Matillion ETL instance, read only, and when its OAuth entry was last authorized."""

    base_url: str = _guarded("", "Address of the Matillion ETL instance.")
    user: str = _key("", "User name for Matillion's REST API. The password is kept with the secrets.")
    oauth_entry: str = _key("", "Name of the OAuth entry in Matillion.")
    ca_file: str = _guarded("", "File with the certificate of your own certificate authority.")
    fingerprint: str = _guarded("", "SHA-256 fingerprint of a self-signed certificate to trust.")
    group: str = _key("", "Matillion project group whose task runs are read.")
    project: str = _key("", "Matillion project whose task runs are read.")
    authorised_at: int | None = _key(None, "When the OAuth entry was last authorized, in Unix seconds. igauth sets it.")


@dataclass(frozen=True, slots=True)
class Profile:
    """One registered Facebook app as used by one Matillion OAuth entry (without secrets)."""

    name: str
    app_id: str = _key("", "App ID of the registered Facebook app.", form=Form.DIGITS)
    callback_url: str = _key("", "Callback URL, as Matillion's Manage OAuth dialog shows it.")
    scopes: tuple[str, ...] = _key(DEFAULT_SCOPES, "Permissions that a login asks for.")
    config_id: str = _key("", "Configuration of Facebook Login for Business, used instead of the permissions.")
    api_version: str = _key("", "Graph API version of this profile (default: the one above).", form=Form.VERSION)
    redirect_uri: str = _key("", "Redirect address of igauth's own login.")
    app_name: str = _key("", "Display name of the app, compared with the one that Facebook reports.")
    development_mode: bool = _key(True, "Whether the app is in development mode.")
    pkce: bool = _key(True, "Whether a login is protected by PKCE.")
    window_days: int | None = _key(
        None, "Days before its deadline when a token of this profile becomes due (default: as above).", limits=(0, 365)
    )
    auto_refresh: bool = _key(False, "Whether the full-screen view refreshes tokens that are due by itself.")
    matillion: MatillionTarget = MatillionTarget()


@dataclass(frozen=True, slots=True)
class Hooks:
    """Commands to run when something happens to a token, each an argument list (never a shell line)."""

    extended: tuple[str, ...] = _guarded((), "Command to run when a token was extended.")
    due: tuple[str, ...] = _guarded((), "Command to run when a token becomes due.")
    expired: tuple[str, ...] = _guarded((), "Command to run when a token has expired.")
    unreachable: tuple[str, ...] = _guarded((), "Command to run when Facebook could not be asked for two days.")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where tokens are delivered: a command, or a file. `{name}` in either is the name of the token."""

    name: str = _key("", "Name of the destination (default: the file, or the command's program).")
    tokens: tuple[str, ...] = _key((), "Names of the tokens to deliver.")
    profile: str = _key("", "Deliver every token of this profile, instead of `tokens`.")
    command: tuple[str, ...] = _key((), "Command that gets the token on stdin and facts in its environment.")
    file: str = _key("", "File to write instead: an absolute path, or one that begins with `~/`.")
    format: str = _key(
        "raw",
        "What the command or file gets: the token alone, `VARIABLE=token`, or an object with its facts.",
        choices=("raw", "env", "json"),
    )
    variable: str = _key("FACEBOOK_ACCESS_TOKEN", "Name of the variable in the format `env`.", form=Form.VARIABLE)


class UnknownKey(NamedTuple):
    """A key of the file that is not declared: it is ignored and stays in the file."""

    key: str
    declared: tuple[str, ...]
    """The keys that its table can hold."""
    where: tuple[str | int, ...] = ()
    """The key as names of tables, and numbers of entries in an array of tables, from 0."""


class IgnoredKeys(NamedTuple):
    """Keys that are not obeyed, because others can change the file; they stay in it and have their defaults.

    `path` is what they can change: the file, or a folder or link that leads to it, with its mode and, where it is
    another user's, that user.
    """

    keys: tuple[str, ...]
    path: Path
    mode: int
    owner: str = ""
    graph_url: str = META_GRAPH_URL
    """Where the secrets should go: nothing is sent elsewhere in its stead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings: option, environment, file and default, in this order of precedence."""

    graph_url: str = _guarded(
        META_GRAPH_URL, "Base address of the Graph API.", form=Form.ADDRESS, variable="IGAUTH_GRAPH_URL"
    )
    dialog_url: str = _guarded(
        META_DIALOG_URL, "Base address of the login dialog.", form=Form.ADDRESS, variable="IGAUTH_DIALOG_URL"
    )
    api_version: str = _key(NEWEST_VERSION, "Graph API version.", form=Form.VERSION)
    window_days: int = _key(WINDOW_DAYS, "Days before its deadline when a token becomes due.", limits=(0, 365))
    inspect_interval_minutes: int = _key(60, "Minutes between two checks of a token with Facebook.", limits=(1, 10_080))
    max_concurrency: int = _key(8, "Maximum number of requests at the same time.", limits=(1, 64))
    clipboard_clear_seconds: int = _key(
        45,
        "Seconds until igauth tries to remove a copied secret from the clipboard; 0: never.",
        limits=(0, 86_400),
    )
    clear_on_quit: str = _key(
        "later",
        "What becomes of a copied secret when igauth is closed before that: it is removed in its time (while you stay "
        "logged in), at once, or not at all.",
        choices=("later", "now", "never"),
    )
    login_port: int = _key(8765, "Port on this machine that a browser login returns to.", limits=(1, 65_535))
    theme: str = _key(
        "",
        "Theme of the full-screen view (default: by the terminal); of sixteen colors: ansi-dark, ansi-light.",
    )
    bell: bool = _key(False, "Whether the terminal bell rings when a token's state changes.")
    mouse: bool = _key(
        True, "Whether the full-screen view uses the mouse (never in GNU screen, which then holds back the escape key)."
    )
    default_profile: str = _key("", "Profile to use where none is named (default: the first).")
    trusted_hosts: tuple[str, ...] = _guarded(
        (), "Hosts that may receive the secrets of this home, besides Meta's and this machine."
    )
    passphrase_command: tuple[str, ...] = _guarded(
        (), "Command that prints the passphrase of sealed secrets, used where there is no other source."
    )
    keymap: Mapping[str, str] = field(default_factory=dict)
    hooks: Hooks = Hooks()
    deliver: tuple[Destination, ...] = ()
    profiles: tuple[Profile, ...] = ()
    unknown_keys: tuple[UnknownKey, ...] = ()
    ignored: IgnoredKeys | None = None

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
        days = profile.window_days if profile is not None else None
        return (self.window_days if days is None else days) * 86_400


class Declared(NamedTuple):
    """One key with all that is declared of it."""

    name: str
    kind: Kind
    default: Any
    key: Key


def declared_keys(table: type) -> Mapping[str, Declared]:
    """Return the keys that one table of the file can hold, by name."""
    kinds = {annotation: kind for kind in Kind for annotation in kind.value}
    found: list[tuple[Field[Any], Key]] = [(item, item.metadata[Key]) for item in fields(table) if Key in item.metadata]
    return {item.name: Declared(item.name, kinds[item.type], item.default, key) for item, key in found}
