"""Surroundings that are the same everywhere, and secrets to be searched for."""

from pathlib import Path

import pytest

from tests.promises.canaries import Canaries
from tui.sandbox import RunningSandbox

_LEFT_OUT = (
    "TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR",
    "LC_ALL", "LC_CTYPE", "BROWSER", "COLUMNS", "LINES", "WSL_DISTRO_NAME", "TEXTUAL", "TERM_PROGRAM", "ACCESSIBLE",
)  # fmt: skip


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set no terminal, no keyring, and a log of everything that Textual and Python report."""
    for name in _LEFT_OUT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def facebook(sandbox: RunningSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> RunningSandbox:
    """A living sandbox that the app asks."""
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", sandbox.dialog_url)
    return sandbox


def canaries_of(sandbox: RunningSandbox, more: dict[str, str] | None = None) -> Canaries:
    """Everything that may not be found: the world's secrets, and every token it has issued by now."""
    world = sandbox.world
    secrets = {"App Secret": world.app_secret, "client token": world.client_token}
    secrets["Matillion password"] = world.matillion_password
    secrets |= {f"token {record.name or number}": value for number, (value, record) in enumerate(_tokens(sandbox))}
    secrets |= {f"code {number}": value for number, value in enumerate(sandbox.state.codes)}
    return Canaries(secrets | (more or {}))


def _tokens(sandbox: RunningSandbox):  # type: ignore[no-untyped-def]
    with sandbox.state.lock:
        return [(value, record) for value, record in sandbox.state.tokens.items() if len(value) >= 8]
