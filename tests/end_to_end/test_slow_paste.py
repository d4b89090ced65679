"""The installed program on a real pseudo-terminal whose line cuts what the terminal sends."""

import time
from collections.abc import Iterator

import pytest

from tests.end_to_end.conftest import IGAUTH
from tests.terminals import PseudoTerminal
from tui.terminal.input_pieces import PASTE_BEGINS, PASTE_ENDS
from tui.wording.app import PASTE_WITHOUT_FIELD

SECRET = "3f9c1e07a5b2d8466e0d91c7f2ab5834"
HIDDEN = "•" * len(SECRET)
GAP = 0.25
"""Seconds: longer than Textual waits for the rest of a sequence, however often its reader looks."""

SENT = (
    "\x1b[?62;22c",
    "\x1b[>0;136;0c",
    "\x1bP>|XTerm(379)\x1b\\",
    "\x1b]11;rgb:ffff/ffff/ffff\x07",
    "\x1b[I",
    "\x1b[<35;10;5M",
)
"""Answers, a focus report and a mouse report."""


@pytest.fixture
def terminal(shell: dict[str, str]) -> Iterator[PseudoTerminal]:
    """`igauth demo` with its first screen."""
    with PseudoTerminal([IGAUTH, "demo"], shell) as running:
        running.wait_for("[1 Guide]", 40)
        yield running


def send_cut(terminal: PseudoTerminal, *pieces: str) -> None:
    """Send pieces with a gap after each; the gap is the line's, nothing is waited for."""
    for piece in pieces:
        terminal.send(piece)
        time.sleep(GAP)


def in_app_secret(terminal: PseudoTerminal) -> None:
    terminal.send("2")
    terminal.wait_for("[2 Credentials]")
    terminal.wait_for("App Secret")


def test_a_paste_in_pieces_is_whole_and_the_keyboard_lives(terminal: PseudoTerminal) -> None:
    in_app_secret(terminal)
    whole = f"{PASTE_BEGINS}{SECRET}{PASTE_ENDS}"
    for cut in (1, 2, 4, 6, 20, len(whole) - 6, len(whole) - 5, len(whole) - 1):
        send_cut(terminal, whole[:cut], whole[cut:])
        terminal.wait_for(HIDDEN)
        terminal.send("\x15")  # ctrl+u empties the field
        terminal.wait_for(lambda: HIDDEN not in terminal.text)
    terminal.send("\x1b")
    time.sleep(GAP)
    terminal.send("1")
    terminal.wait_for("[1 Guide]")


def test_reports_and_answers_in_pieces_type_nothing(terminal: PseudoTerminal) -> None:
    in_app_secret(terminal)
    for sent in SENT:
        send_cut(terminal, sent[:1], sent[1:])
        send_cut(terminal, sent[:2], sent[2:-1], sent[-1:])
    terminal.send(f"{PASTE_BEGINS}{SECRET}{PASTE_ENDS}")
    terminal.wait_for(HIDDEN)
    assert f"{HIDDEN}•" not in terminal.text
    assert "[2 Credentials]" in terminal.text


def test_a_paste_as_keys_outside_a_field_plays_nothing(terminal: PseudoTerminal) -> None:
    for _ in range(2):
        send_cut(terminal, "q3c", "EAABwzLixnjYBO0123456789", "q2l/")
    # the notice may take two lines
    terminal.wait_for(PASTE_WITHOUT_FIELD.partition(":")[0])
    assert "[1 Guide]" in terminal.text
    assert "EAAB" not in terminal.text
    terminal.send("\x1b[B3")  # an arrow key is of no paste
    terminal.wait_for("[3 Tokens]")


def test_a_byte_that_is_no_text_ends_nothing(terminal: PseudoTerminal) -> None:
    terminal.send(b"\xe9\xff")
    terminal.send("3")
    terminal.wait_for("[3 Tokens]")
