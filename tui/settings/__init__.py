"""What a person can set: `config.toml`, the environment and the home."""

from tui.settings.errors import Problem, SettingsError
from tui.settings.home import Home, find_home
from tui.settings.schema import META_DIALOG_URL, META_GRAPH_URL, MatillionTarget, Profile, Settings
from tui.settings.store import SettingsStore

__all__ = [
    "META_DIALOG_URL",
    "META_GRAPH_URL",
    "Home",
    "MatillionTarget",
    "Problem",
    "Profile",
    "Settings",
    "SettingsError",
    "SettingsStore",
    "find_home",
]
