"""The installed command, and a shell's environment without anything of the tester's own terminal."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminals import TmuxServer

IGAUTH = str(Path(sys.executable).parent / "igauth")

_LEFT_OUT = (
    "TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY",
    "NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TERM_PROGRAM", "WSL_DISTRO_NAME", "LC_ALL", "IGAUTH_HOME",
)  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """A person's environment; the home is empty."""
    if not Path(IGAUTH).exists():
        pytest.skip("the command igauth is not installed beside this Python")
    env = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "tmp").mkdir()
    return env | {
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "IGAUTH_HOME": str(tmp_path / "igauth"),
        "TMPDIR": str(tmp_path / "tmp"),
    }


@pytest.fixture
def demo(tmp_path: Path, shell: dict[str, str]) -> Iterator[TmuxServer]:
    """`igauth demo` in tmux at 80x24."""
    with TmuxServer(tmp_path / "tmux", [IGAUTH, "demo"], shell, config="set -s set-clipboard on") as tmux:
        tmux.wait_for("[1 Guide]", 40)
        yield tmux
