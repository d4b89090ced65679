"""Where igauth keeps its files."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Home(NamedTuple):
    """The folders of one home."""

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


def find_home(environ: Mapping[str, str]) -> Home:
    """Return the folder that `IGAUTH_HOME` names, else the platform's folders."""
    portable = environ.get("IGAUTH_HOME")
    if portable:
        root = Path(portable).expanduser().absolute()
        return Home(root, root, root / "log")
    import platformdirs  # costs 7 ms and is not needed in a portable home

    folders = platformdirs.PlatformDirs("igauth", appauthor=False)
    return Home(folders.user_config_path, folders.user_data_path, folders.user_log_path)
