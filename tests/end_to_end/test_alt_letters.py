"""xterm and mlterm send alt with a letter as one accented letter, unless they are asked for the escape."""

import signal

import pytest

from tests.end_to_end.conftest import IGAUTH
from tests.terminals import PseudoTerminal
from tui.terminal.alt_keys import AS_BEFORE, ESCAPES, may_send_letters
from tui.terminal.input_pieces import Answer, AnswerKind

XTERM = "\x1b[>41;379;0c"


@pytest.mark.parametrize("text", ["0;136;0", "1;4000;26", "65;7006;1", "1;10;0", "41", ""])
def test_no_other_terminal_is_asked(text: str) -> None:
    assert may_send_letters(Answer(AnswerKind.SECONDARY, "24;279;0"))
    assert not may_send_letters(Answer(AnswerKind.SECONDARY, text))


@pytest.mark.parametrize("ending", ["q", "two signals"])
def test_xterm_is_asked_and_left_as_it_was(shell: dict[str, str], ending: str) -> None:
    with PseudoTerminal([IGAUTH, "demo"], shell) as terminal:
        terminal.wait_for("[1 Guide]", 40)
        assert ESCAPES.encode() not in terminal.raw
        terminal.send(XTERM)
        terminal.wait_for(lambda: ESCAPES.encode() in terminal.raw)
        assert AS_BEFORE.encode() not in terminal.raw
        if ending == "q":
            terminal.send("q")
            assert terminal.wait_exit() == 0
        else:
            terminal.signal(signal.SIGTERM)
            terminal.signal(signal.SIGTERM)
            assert terminal.wait_exit() == 143
        assert AS_BEFORE.encode() in terminal.raw
