"""What a person can set: `config.toml`, the environment and the home."""

from tui.settings.errors import Place, Problem, SettingsError
from tui.settings.home import Home, find_home
from tui.settings.reading import check_base_url, load_settings, with_environment
from tui.settings.schema import (
    DEFAULT_SCOPES,
    META_DIALOG_URL,
    META_GRAPH_URL,
    NEWEST_VERSION,
    Hooks,
    MatillionTarget,
    Profile,
    Settings,
    UnknownKey,
)
from tui.settings.store import SettingsStore

__all__ = [
    "DEFAULT_SCOPES",
    "META_DIALOG_URL",
    "META_GRAPH_URL",
    "NEWEST_VERSION",
    "Home",
    "Hooks",
    "MatillionTarget",
    "Place",
    "Problem",
    "Profile",
    "Settings",
    "SettingsError",
    "SettingsStore",
    "UnknownKey",
    "check_base_url",
    "find_home",
    "load_settings",
    "with_environment",
]
