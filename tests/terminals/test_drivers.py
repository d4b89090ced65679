"""The drivers themselves: what they say was seen must be so."""

import os
import signal
from pathlib import Path

import pytest

from tests.terminals import LoopbackSshd, PseudoTerminal, TmuxServer, wait_until
from tests.terminals.emulator import Emulator

ENV = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "PS1": "$ "}


def test_the_emulator_reads_what_textual_sends_in_any_pieces() -> None:
    clipboard = "\x1b]52;c;aGk=\x07"
    sequence = f"\x1b[>13u\x1b[?2026$p\x1bPtmux;\x1b{clipboard}\x1b\\{clipboard}\x1b[<u\x1b(Bpage \x1b[31mé\x1b[0m"
    for cut in range(len(sequence)):
        terminal = Emulator(20, 3)
        terminal.feed(sequence[:cut])
        terminal.feed(sequence[cut:])
        assert terminal.lines == ["page é", "", ""], cut


def test_the_main_screen_comes_back_after_the_alternate_one() -> None:
    terminal = Emulator(20, 3)
    terminal.feed("before\r\n\x1b[?1049hfull screen")
    assert 1049 in terminal.modes
    terminal.feed("\x1b[?1049lafter")
    assert terminal.lines == ["before", "after", ""]
    assert 1049 not in terminal.modes


def test_a_wait_in_vain_fails_and_shows_the_screen() -> None:
    with (
        PseudoTerminal(["sh", "-c", "echo seen; sleep 60"], ENV) as terminal,
        pytest.raises(AssertionError, match="seen"),
    ):
        terminal.wait_for("never", 0.5)


def test_exit_codes_and_signals_are_reported() -> None:
    with PseudoTerminal(["sh", "-c", "exit 7"], ENV) as terminal:
        assert terminal.wait_exit() == 7
    with PseudoTerminal(["sleep", "60"], ENV) as terminal:
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == -signal.SIGTERM


def test_a_resize_reaches_the_program() -> None:
    with PseudoTerminal(["sh", "-c", "trap 'stty size' WINCH; echo up; while :; do sleep 0.05; done"], ENV) as terminal:
        terminal.wait_for("up")
        terminal.resize(101, 33)
        terminal.wait_for("33 101")


def test_closing_leaves_no_process_behind() -> None:
    with PseudoTerminal(["sh", "-c", "sleep 1234 & echo $!; wait"], ENV) as terminal:
        terminal.wait_for(lambda: terminal.text.strip().isdigit())
        child = int(terminal.text)
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_tmux_types_pastes_logs_and_captures(tmp_path: Path) -> None:
    with TmuxServer(tmp_path, ["sh", "-c", "echo ready; exec cat"], ENV) as tmux:
        tmux.wait_for("ready")
        tmux.start_log()
        tmux.type("typed")
        tmux.send_keys("Enter")
        wait_until(lambda: tmux.capture().count("typed") == 2, tmux.capture)  # the echo, and cat's answer
        tmux.paste("pasted\n", bracketed=False)
        wait_until(lambda: tmux.capture().count("pasted") == 2, tmux.capture)
        wait_until(lambda: b"pasted" in tmux.logged(), lambda: repr(tmux.logged()))
        tmux.outer.wait_for("pasted")


def test_ssh_runs_a_command_on_a_terminal(tmp_path: Path) -> None:
    with (
        LoopbackSshd(tmp_path / "sshd") as server,
        PseudoTerminal(server.client(["sh", "-c", 'test -t 0 && echo "from $SSH_CONNECTION"']), ENV) as terminal,
    ):
        terminal.wait_for("from 127.0.0.1")
        assert terminal.wait_exit() == 0
