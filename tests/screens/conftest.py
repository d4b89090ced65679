"""The surroundings of the app in these tests: a UTF-8 terminal, nobody's SSH, tmux or display."""

from pathlib import Path

import pytest

from tests.conftest import MakeSandbox
from tests.screens.driving import NOON, environment
from tui.sandbox import RunningSandbox

_LEFT_OUT = (
    "TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR",
    "LC_ALL", "LC_CTYPE", "BROWSER", "COLUMNS", "LINES", "WSL_DISTRO_NAME", "TEXTUAL", "TERM_PROGRAM",
)  # fmt: skip


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `detect` sees is the same everywhere."""
    for name in _LEFT_OUT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LANG", "C.UTF-8")


def _point_at(url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(home, url).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def facebook(sandbox: RunningSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> RunningSandbox:
    """A living sandbox that the app asks."""
    _point_at(sandbox.graph_url, own_home, monkeypatch)
    return sandbox


@pytest.fixture
def frozen_facebook(make_sandbox: MakeSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> RunningSandbox:
    """A sandbox whose time stands at noon, as `standing_clock` does."""
    sandbox = make_sandbox(start_at=float(NOON), frozen=True)
    _point_at(sandbox.graph_url, own_home, monkeypatch)
    return sandbox
