"""`igauth demo`: a home of its own that goes with it, however it ends."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.commands.running import ROOT, inside
from tests.terminals.pseudo import PseudoTerminal
from tui.sandbox.world import world_summaries


@pytest.mark.parametrize(
    ("ending", "status"), [("q", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["q", "SIGTERM", "SIGHUP"]
)
def test_the_demo_uses_only_its_own_home_and_removes_it(
    tmp_path: Path, own_home: Path, ending: str | signal.Signals, status: int
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environ = {**os.environ, "TERM": "xterm-256color", "TMPDIR": str(temporary)}
    with PseudoTerminal([sys.executable, "-m", "tui", "demo"], environ, cwd=ROOT) as terminal:
        terminal.wait_for("sandbox")
        (home,) = temporary.glob("igauth-demo-*")
        assert home.stat().st_mode & 0o077 == 0
        if isinstance(ending, str):
            terminal.send(ending)
        else:
            terminal.signal(ending)
        assert terminal.wait_exit() == status
        assert terminal.left_on == set()
    assert list(temporary.glob("igauth-demo-*")) == []
    assert not own_home.exists()


@pytest.mark.parametrize("way", ["option", "ACCESSIBLE"])
def test_the_demo_is_plain_where_plain_prompts_are_wanted(tmp_path: Path, way: str) -> None:
    environ = {**os.environ, "TERM": "xterm-256color", "TMPDIR": str(tmp_path)}
    if way == "ACCESSIBLE":
        environ["ACCESSIBLE"] = "1"
    argv = [sys.executable, "-m", "tui", *(["--plain"] if way == "option" else []), "demo"]
    with PseudoTerminal(argv, environ, cwd=ROOT) as terminal:
        terminal.wait_for("igauth (? lists choices):")
        terminal.send("tokens\n")
        terminal.wait_for("Tokens (? lists choices):")
        assert "user_long" in terminal.text
        terminal.send("q\n")
        assert terminal.wait_exit() == 0
    assert list(tmp_path.glob("igauth-demo-*")) == []


def test_an_unknown_world_is_a_usage_error_before_anything_opens(tmp_path: Path) -> None:
    environ = {**os.environ, "TERM": "xterm-256color", "TMPDIR": str(tmp_path)}
    argv = [sys.executable, "-m", "tui", "demo", "--world", "nowhere"]
    with PseudoTerminal(argv, environ, cwd=ROOT) as terminal:
        assert terminal.wait_exit() == 64
        assert "no world named 'nowhere'" in terminal.text
    assert list(tmp_path.glob("igauth-demo-*")) == []


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_the_help_names_every_world_and_what_it_is(command: str) -> None:
    help_text = inside(command, "--help").out
    assert "--world NAME|FILE" in help_text
    for name in world_summaries():
        assert f"\n  {name} " in help_text, name


def test_the_manual_names_every_world_and_what_it_is() -> None:
    page = (ROOT / "tui" / "igauth.1").read_text().replace("\\-", "-")
    section = page.partition(".SH WORLDS")[2].partition(".SH ")[0]
    for name, summary in world_summaries().items():
        assert f".B {name}\n{summary}\n" in section
