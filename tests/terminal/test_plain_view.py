"""A value alone at column 0, and gone again after a key."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal.conftest import ROOT, TOKEN, host_command
from tests.terminals import LoopbackSshd, PseudoTerminal, TmuxServer, wait_until
from tests.terminals.emulator import Emulator
from tui.redact import Secret
from tui.terminal.plain_view import lines_of, rows, wiping

LONG = "EAAB" + "0123456789" * 30


def unwrapped(lines: list[str]) -> str:
    """What a terminal copies from rows that it wrapped itself."""
    return "".join(lines)


def test_the_value_is_unbroken_and_a_key_returns(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, token=LONG), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("p")
        terminal.wait_for("scrollback")
        assert 1049 not in terminal.left_on
        assert 1000 not in terminal.left_on, "the mouse must be the terminal's, for selecting"
        value = [line for line in terminal.lines if line and "any key" not in line and "scrollback" not in line]
        assert LONG in unwrapped(terminal.lines)
        assert not any(line.startswith(" ") for line in value)
        assert LONG.encode() in terminal.raw
        terminal.send("\x1b[A")
        terminal.wait_for("HOST READY")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert LONG[:60] not in terminal.text, "the secret is still on the main screen"
        assert terminal.modes_now == terminal.modes_before


def test_in_tmux_the_secret_is_not_in_the_history_afterwards(
    plain_env: dict[str, str], reports: Path, tmp_path: Path
) -> None:
    shell = ["bash", "--norc", "--noprofile", "-i"]
    env = plain_env | {"PS1": "PROMPT> "}
    with TmuxServer(tmp_path / "t", ["sh", "-c", f"cd {ROOT} && exec {' '.join(shell)}"], env) as tmux:
        tmux.wait_for("PROMPT>")
        program = tmp_path / "start"
        program.write_text(" ".join(host_command(reports)) + "\n")  # so that the shell's echo does not show the token
        tmux.type(f". {program}")
        tmux.send_keys("Enter")
        tmux.wait_for("HOST READY")
        tmux.send_keys("p")
        tmux.wait_for(TOKEN)
        tmux.send_keys("C-c")
        tmux.wait_for("HOST READY")
        tmux.send_keys("q")
        wait_until(lambda: tmux.capture().count("PROMPT>") == 2, tmux.capture)
        assert TOKEN not in tmux.capture(history=True)


@pytest.mark.parametrize("key", ["\r", "q", "\x03", "\x1a", "\x04", "x"], ids=repr)
def test_any_key_goes_back_and_means_nothing_else(key: str, plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("p")
        terminal.wait_for("scrollback")
        terminal.send(key)
        terminal.wait_for(lambda: 1049 in terminal.left_on and "HOST READY" in terminal.text)
        assert terminal.process.poll() is None


def test_a_signal_in_the_plain_view_wipes_the_secret_and_ends(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("p")
        terminal.wait_for(TOKEN)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit(6) == 143
        assert TOKEN not in terminal.text
        assert terminal.left_on == set()
        assert terminal.modes_now == terminal.modes_before


def test_painting_continues_behind_the_plain_view(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("p")
        terminal.wait_for(TOKEN)
        ticks = _ticks(terminal.process.pid)
        wait_until(lambda: _ticks(terminal.process.pid) >= ticks, "the process to live")
        terminal.send(" ")
        terminal.wait_for("HOST READY")
        terminal.send("f")
        before = len(terminal.raw)
        wait_until(lambda: len(terminal.raw) > before + 20_000, "painting")
        terminal.send("p")
        terminal.wait_for(TOKEN)
        shown = terminal.raw
        # a hundred frames' time: the writer's queue holds thirty
        with pytest.raises(AssertionError):
            terminal.wait_for(lambda: len(terminal.raw) > len(shown), 1.0)
        terminal.send(" ")
        wait_until(lambda: len(terminal.raw) > len(shown) + 20_000, "painting to go on")


def test_over_ssh_it_is_the_same(plain_env: dict[str, str], reports: Path, tmp_path: Path) -> None:
    remote = ["env", f"PYTHONPATH={ROOT}", "LANG=C.UTF-8", *host_command(reports, token=LONG)]
    with (
        LoopbackSshd(tmp_path / "sshd") as server,
        PseudoTerminal(server.client(remote), plain_env) as terminal,
    ):
        terminal.wait_for("HOST READY")
        terminal.send("p")
        terminal.wait_for(lambda: LONG in unwrapped(terminal.lines))
        terminal.send(" ")
        terminal.wait_for("HOST READY")
        terminal.send("q")
        assert terminal.wait_exit() == 0


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=400),
    st.integers(20, 120),
    st.integers(0, 20),
)
def test_wiping_removes_all_that_was_printed_and_nothing_above(text: str, columns: int, above: int) -> None:
    terminal = Emulator(columns, 40)
    before = [f"line {number}" for number in range(above)]
    terminal.feed("".join(f"{line}\r\n" for line in before))
    lines = lines_of(Secret(text))
    terminal.feed("\r\n".join(lines))
    if rows(lines, columns) + above > 40:
        return
    terminal.feed(wiping(lines, columns, os.terminal_size((columns, 40)), thorough=True))
    assert terminal.lines == before + [""] * (40 - above)
    assert terminal.cursor == (0, above)


def test_wiping_never_erases_the_whole_display() -> None:
    sequence = wiping(lines_of(Secret(LONG)), 80, os.terminal_size((80, 24)), thorough=True)
    assert "\x1b[2J" not in sequence
    assert "\x1b[J" not in sequence


def test_a_hostile_text_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in "".join(lines_of("name \x1b]52;c;aGk=\x07\u202e"))
    assert lines_of("two\nlines")[2:4] == ["two", "lines"]


def _ticks(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])
