"""The installed command inside GNU screen: escape works at once, and nothing is printed among what was painted."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import IGAUTH
from tests.terminals import PseudoTerminal
from tui.terminal.plain_view import WIPED_HINT

PROMPT = "PROMPT>"


@pytest.fixture(params=["off", "on"])
def in_screen(request: pytest.FixtureRequest, tmp_path: Path, shell: dict[str, str]) -> Iterator[PseudoTerminal]:
    """`igauth demo` started from a shell in screen, as installed (`altscreen off`) and with a second screen."""
    if shutil.which("screen") is None:
        pytest.skip("screen is not installed")
    settings, sockets = tmp_path / "screenrc", tmp_path / "screens"
    settings.write_text(f"autodetach off\nstartup_message off\naltscreen {request.param}\n")
    sockets.mkdir(mode=0o700)
    program = ["screen", "-U", "-c", str(settings), "bash", "--norc", "--noprofile", "-i"]
    with PseudoTerminal(program, shell | {"SCREENDIR": str(sockets), "PS1": f"{PROMPT} "}) as terminal:
        terminal.wait_for(PROMPT)
        terminal.send(f"{IGAUTH} demo\n")
        terminal.wait_for("[1 Guide]", 40)
        yield terminal


def test_escape_takes_effect_before_the_next_key(in_screen: PseudoTerminal) -> None:
    in_screen.send("2")
    in_screen.wait_for("esc leave")
    in_screen.send("\x1b")
    in_screen.wait_for(lambda: "esc leave" not in in_screen.text)


def test_a_plain_value_and_the_prompt_stand_on_an_empty_screen(in_screen: PseudoTerminal) -> None:
    in_screen.send("3")
    in_screen.wait_for("outlook")
    in_screen.send("p")
    in_screen.wait_for(WIPED_HINT[:40])
    in_screen.wait_for(lambda: _values(in_screen))
    assert all(" " not in line for line in _values(in_screen)), "nothing but the value stands there"
    in_screen.send(" ")
    in_screen.wait_for("outlook")
    in_screen.send("q")
    in_screen.wait_for(lambda: "outlook" not in in_screen.text and PROMPT in in_screen.text)


def _values(terminal: PseudoTerminal) -> list[str]:
    """Return what stands below the hint."""
    below = terminal.text.partition(WIPED_HINT[-20:])[2]
    return [line.strip() for line in below.splitlines() if line.strip()]
