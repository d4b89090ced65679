"""igauth on a page in a browser: behind Textual's web driver, as textual-serve starts it."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import IGAUTH
from tests.terminals import PseudoTerminal
from tests.terminals.page import Page
from tui.process import USAGE
from tui.terminal.in_browser import WEB_DRIVER, describe_page, is_in_browser
from tui.terminal.plain_view import PAGE_HINT
from tui.terminal.queries import QUERY

MOUSE = {1000, 1003, 1006}


@pytest.fixture
def page(shell: dict[str, str]) -> Iterator[Page]:
    """`igauth demo` on a page, with its tokens shown."""
    with Page([IGAUTH, "demo"], shell) as page:
        page.wait_for("[1 Guide]", 40)
        page.send("3")
        page.wait_for("[3 Tokens]")
        yield page


def test_the_screen_opens_follows_keys_and_sizes(page: Page) -> None:
    page.send("\x1b2")  # alt+2
    page.wait_for("[2 Credentials]")
    page.tell(type="blur")
    page.tell(type="resize", width=80, height=20)
    page.tell(type="focus")
    page.wait_for(lambda: "esc leave" in page.lines[19])


def test_a_plain_value_stands_alone_until_a_key_and_is_wiped(page: Page) -> None:
    page.wait_for(lambda: page.modes >= MOUSE)
    page.send("p")
    page.wait_for(PAGE_HINT)
    value = page.lines[2]
    assert page.lines[0] == PAGE_HINT
    assert len(value) > 40
    assert " " not in value
    assert not page.modes & MOUSE
    assert 1049 not in page.modes
    page.send("\x03")  # how people copy
    page.send(":")
    page.wait_for("[3 Tokens]")
    assert page.modes >= MOUSE | {1049}
    page.send("2")
    page.wait_for("[2 Credentials]")  # the key that went back did nothing else
    assert value not in "\n".join(page.lines)


def test_a_link_is_opened_by_the_browser_of_the_page(page: Page) -> None:
    page.send("l")
    page.wait_for("another tab of this browser")
    page.send("\x0f")  # ctrl+o
    page.wait_for(lambda: [asked for asked in page.asked if asked["type"] == "open_url"])
    assert "/dialog/oauth?" in page.asked[-1]["url"]


def test_a_copy_reaches_the_page_and_not_the_server_s_clipboard(shell: dict[str, str], tmp_path: Path) -> None:
    for tool in ("xclip", "xsel", "wl-copy", "tmux"):
        (tmp_path / tool).write_text(f"#!/bin/sh\necho {tool} >> {tmp_path}/called\n")
        (tmp_path / tool).chmod(0o755)
    of_the_server = {"DISPLAY": ":9", "WAYLAND_DISPLAY": "w", "TMUX": "/nowhere,1,0", "TERM": "dumb", "LANG": "C"}
    with Page([IGAUTH, "demo"], {**shell, **of_the_server, "PATH": f"{tmp_path}:{shell['PATH']}"}) as page:
        page.wait_for("[1 Guide]", 40)
        page.wait_for("│")  # drawn though the server's locale is not UTF-8
        page.send("3")
        page.wait_for("[3 Tokens]")
        page.send("c")
        page.wait_for(lambda: page.copied)
        assert len(page.copied[0]) > 40
    assert not (tmp_path / "called").exists()


def test_without_the_mouse_none_is_taken(shell: dict[str, str]) -> None:
    home = Path(shell["IGAUTH_HOME"])
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text("mouse = false\n")
    with Page([IGAUTH], shell) as page:
        page.wait_for("[1 Guide]", 40)
        page.wait_for(lambda: not page.modes & MOUSE)


def test_quitting_clears_the_browser_s_clipboard_at_once(page: Page) -> None:
    page.send("c")
    page.wait_for(lambda: page.copied)
    page.send("q")
    assert page.process.wait(20) == 0
    page.wait_for(lambda: page.copied[-1] == "")  # nobody can after the page is closed


@pytest.mark.parametrize(
    ("end", "status"), [("quit", 0), ("exit key", 0), ("pipe", 129), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_each_end_is_in_order(page: Page, end: str | int, status: int) -> None:
    match end:
        case "quit":
            page.tell(type="quit")
        case "exit key":
            page.send("q")
        case "pipe":
            page.hang_up()
        case int():
            page.process.send_signal(end)
    assert page.process.wait(20) == status
    assert page.errors == ""


@pytest.mark.parametrize("driver", ["", "textual.drivers.linux_driver:LinuxDriver"])
def test_without_the_web_driver_a_terminal_is_needed(shell: dict[str, str], driver: str) -> None:
    done = subprocess.run([IGAUTH], env={**shell, "TEXTUAL_DRIVER": driver}, input=b"", capture_output=True)
    assert done.returncode == USAGE
    assert done.stdout == b""


def test_plain_prompts_cannot_be_shown_on_a_page(shell: dict[str, str]) -> None:
    with Page([IGAUTH, "--plain"], shell) as page:
        assert page.process.wait(20) == USAGE
        page.wait_for(lambda: "Plain prompts need a terminal" in page.errors)


def test_the_page_is_described_and_not_the_server() -> None:
    environ = {"TEXTUAL_DRIVER": WEB_DRIVER, "TMUX": "x", "SSH_TTY": "y", "DISPLAY": ":0", "HOME": "/h", "LANG": "C"}
    describe_page(environ)
    assert is_in_browser(environ)
    assert not {"TMUX", "SSH_TTY", "DISPLAY"} & set(environ)
    assert environ["HOME"] == "/h"
    assert (environ["TERM"], environ["COLORTERM"], environ["LC_ALL"]) == ("xterm-256color", "truecolor", "C.UTF-8")


def test_other_keys_are_offered_in_a_terminal_on_a_page(shell: dict[str, str]) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell) as terminal:
        terminal.wait_for("[1 Guide]", 40)
        terminal.wait_for(lambda: QUERY.encode() in terminal.raw)
        terminal.send("\x1b[>0;276;0c\x1b[?1;2c")  # as xterm.js answers: Cockpit, JupyterLab
        terminal.send("2")
        terminal.wait_for("alt+v verify")
        assert "f5" not in terminal.lines[-1]
