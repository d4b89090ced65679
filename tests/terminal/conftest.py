"""How the host app is started in the tests of this folder."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "EAABsbCS1iHgBAKZCtheTokenOfTheTests0123456789ZDZD"
"""A made-up token; long enough to be treated as one."""

_LEFT_OUT = (
    "TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY",
    "NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TERM_PROGRAM", "WSL_DISTRO_NAME", "LC_ALL", "XAUTHORITY",
)  # fmt: skip


def host_command(folder: Path, clear_after: float = 0, finish_seconds: float = 0, token: str = TOKEN) -> list[str]:
    """Return the command line of the host app, its reports and marks going to `folder`."""
    return [sys.executable, "-m", "tests.terminal.host_app", token, str(folder), str(clear_after), str(finish_seconds)]


@pytest.fixture
def plain_env(tmp_path: Path) -> dict[str, str]:
    """An environment without anything of the tester's own terminal."""
    env = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
    return env | {
        "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT),
        "SCREENDIR": str(_screen_folder(tmp_path)), "HOME": str(tmp_path),
    }  # fmt: skip


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """The folder of crash reports and marks."""
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


def _screen_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
