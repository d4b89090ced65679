"""`igauth demo` as a person sees it in tmux at 80x24, and on a bare pseudo-terminal."""

import re
import urllib.request
from pathlib import Path

from tests.end_to_end.conftest import IGAUTH
from tests.plain.speaking import browse
from tests.terminals import PseudoTerminal, TmuxServer, wait_until
from tui.terminal.plain_view import HINT

SECRET = "3f9c1e07a5b2d8466e0d91c7f2ab5834"
_COUNTDOWN = re.compile(r"user_due\s.*?(\d+d \d\d:\d\d:\d\d)")


def countdown(tmux: TmuxServer) -> str:
    found = _COUNTDOWN.search(tmux.capture())
    return found[1] if found else ""


def test_a_trailing_space_is_flagged_fixed_and_then_refused(
    demo: TmuxServer,
) -> None:
    demo.wait_for("enter goes on")
    demo.send_keys("2")
    demo.wait_for("[2 Credentials]")
    demo.send_keys("F5")
    demo.wait_for("Facebook knows this app as “Acme Insights”")
    demo.paste(SECRET + " ")
    demo.wait_for("SPACE U+0020 after character 32")
    demo.wait_for("•" * 32 + "␣")
    assert SECRET not in demo.capture()
    demo.send_keys("F5")
    demo.wait_for("Not sent to Facebook")
    demo.send_keys("F2")
    wait_until(lambda: "␣" not in demo.capture(), demo.capture)
    demo.send_keys("F5")
    wait_until(lambda: "Error validating client secret" in " ".join(demo.capture().split()), demo.capture)


def test_a_countdown_moves_each_second_and_r_extends(demo: TmuxServer) -> None:
    demo.send_keys("3")
    demo.wait_for("[3 Tokens]")
    wait_until(lambda: countdown(demo).startswith("9d "), demo.capture)
    wait_until(lambda: "user_short" in selected(demo), demo.capture)  # the first to expire is selected at the start
    first = countdown(demo)
    wait_until(lambda: countdown(demo) != first, demo.capture, 5)
    second = countdown(demo)
    assert (int(first[-2:]) - int(second[-2:])) % 60 in (1, 2), (first, second)
    while "user_due" not in selected(demo):
        before = selected(demo)
        demo.send_keys("Down")
        wait_until(lambda before=before: selected(demo) != before, demo.capture)  # type: ignore[misc]
    demo.send_keys("r")
    wait_until(lambda: countdown(demo).startswith(("59d ", "60d ")), demo.capture)


def selected(tmux: TmuxServer) -> str:
    """The first line of the facts below the table."""
    return next((line for line in tmux.capture().splitlines() if " token of " in line), "")


def test_a_login_that_ends_behind_the_plain_view_comes_back(demo: TmuxServer) -> None:
    demo.send_keys("L")
    demo.wait_for("Name of the new token")
    demo.type("-2")
    demo.send_keys("Enter")
    demo.wait_for("copies this link")
    demo.send_keys("C-l")
    demo.wait_for(HINT)
    printed = demo.command("capture-pane", "-p", "-J", "-t", "test")
    link = next(line.strip() for line in printed.splitlines() if "/dialog/oauth?" in line)
    with urllib.request.urlopen(browse(link, "dana").partition("#")[0], timeout=20) as page:
        assert page.status == 200
    demo.wait_for("[3 Tokens]")
    demo.send_keys("1")
    demo.wait_for("[1 Guide]")
    assert "/dialog/oauth?" not in demo.capture(history=True)


def test_c_copies_one_token_and_q_restores_the_terminal(shell: dict[str, str], tmp_path: Path) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell) as terminal:
        terminal.wait_for("[1 Guide]", 40)
        terminal.send("3")
        terminal.wait_for("user_due")
        terminal.wait_for("a user token of")
        terminal.send("c")
        terminal.wait_for(terminal.clipboard_writes)
        (written,) = terminal.clipboard_writes()
        assert re.fullmatch(r"EAA[A-Za-z0-9]+", written[1])
        assert written[1].encode() not in terminal.raw
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_on == set()
        assert terminal.modes_now == terminal.modes_before
    assert not list((tmp_path / "tmp").glob("igauth-demo-*")), "the demo left its home behind"
    assert not (tmp_path / "igauth").exists(), "the demo wrote to the person's own home"


def test_a_too_small_terminal_is_reported(shell: dict[str, str]) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell, columns=18, rows=4) as terminal:
        terminal.wait_for("[1 Guide]", 40)
        terminal.resize(80, 24)
        terminal.wait_for("igauth   [1 Guide]  2 Credentials   3 Tokens")
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_without_color_no_color_is_sent(shell: dict[str, str]) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell | {"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("[1 Guide]", 40)
        terminal.send("3")
        terminal.wait_for("◐ due")
        for red, green, blue in re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.raw):
            assert red == green == blue
        terminal.send("q")
        assert terminal.wait_exit() == 0
