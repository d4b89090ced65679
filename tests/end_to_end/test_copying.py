"""What igauth writes when a secret is copied, and what it says, on terminals that take copies and that do not."""

import re
import shlex

import pytest

from tests.end_to_end.conftest import IGAUTH
from tests.terminals import PseudoTerminal
from tui.terminal.plain_view import WIPED_HINT
from tui.terminal.queries import QUERY
from tui.wording.texts import phrases

PROBLEMS, NO_COPIES, LEAVING = (phrases("terminal", group) for group in ("problem", "no_copies", "leaving"))


def on_tokens(terminal: PseudoTerminal) -> None:
    terminal.wait_for("[1 Guide]", 40)
    terminal.send("3")
    terminal.wait_for("[3 Tokens]")


def joined(terminal: PseudoTerminal) -> str:
    return " ".join(terminal.text.split())


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"TERM": "linux"}, "linux"),
        ({"TERM": "eterm-color"}, "emacs"),
        ({"INSIDE_EMACS": "vterm"}, "emacs"),
    ],
    ids=["linux", "eterm", "vterm"],
)
def test_a_terminal_that_paints_osc_gets_none(environ: dict[str, str], reason: str, shell: dict[str, str]) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell | environ) as terminal:
        on_tokens(terminal)
        terminal.send("c")
        terminal.wait_for(lambda: NO_COPIES[reason] in joined(terminal) and WIPED_HINT in joined(terminal))
        terminal.send(" ")
        terminal.wait_for("[3 Tokens]")
        terminal.send("L")
        terminal.wait_for("Name of the new token")
        terminal.send("-2\r")
        terminal.wait_for("copies this link")
        for row in range(1, 24):  # over fields, links and rows
            terminal.send(f"\x1b[<35;20;{row}M")
        terminal.send("\x1b[<0;20;3M\x1b[<0;20;3m")
        terminal.send("\x03")  # says how to quit, after all that
        terminal.wait_for("quit")
        assert b"\x1b]" not in terminal.raw
        assert b"\x1b[H\x1b[2J" in terminal.raw  # what stood there is gone: it may have no second screen


def test_putty_is_known_by_its_answer_and_shown_the_value(shell: dict[str, str]) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell | {"TERM": "xterm"}, answers=False) as terminal:
        on_tokens(terminal)
        terminal.wait_for(lambda: QUERY.encode() in terminal.raw)
        terminal.send("c")  # before the answer is there
        terminal.send("\x1b[>0;136;0c\x1b[?6c")
        terminal.wait_for(lambda: NO_COPIES["putty"] in joined(terminal) and WIPED_HINT in joined(terminal))
        assert terminal.clipboard_writes() == []


def test_a_terminal_that_does_not_answer_gets_no_copy(shell: dict[str, str]) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell | {"TERM": "xterm"}, answers=False) as terminal:
        on_tokens(terminal)
        terminal.send("c")
        terminal.wait_for(lambda: PROBLEMS["silent"] in joined(terminal) and WIPED_HINT in joined(terminal))
        assert terminal.clipboard_writes() == []


def test_at_the_end_it_is_said_how_long_to_stay_logged_in(shell: dict[str, str]) -> None:
    program = ["sh", "-c", f"{shlex.join([IGAUTH, 'demo'])}; echo ENDED; read answer"]
    with PseudoTerminal(program, shell) as terminal:
        on_tokens(terminal)
        terminal.send("c")
        terminal.wait_for(terminal.clipboard_writes)
        terminal.send("q")
        terminal.wait_for("ENDED")
        before, _, after = LEAVING["logged_in"].partition("{seconds:.0f}")
        assert re.search(f"{re.escape(before)}[0-9]+{re.escape(after)}", joined(terminal))
        assert len(terminal.clipboard_writes()) == 1
