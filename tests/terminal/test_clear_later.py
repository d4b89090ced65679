"""The process that clears the clipboard after igauth has ended: to whom it writes, and when it ends."""

import json
import os
import shlex
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.terminal.conftest import ROOT, TOKEN, host_command
from tests.terminals import PseudoTerminal, wait_until
from tests.terminals.waiting import DEADLINE
from tui.terminal.capabilities import LocalTool
from tui.terminal.routes import Route, Way


def left_behind(line: int, routes: list[Route], seconds: float, **env: str) -> subprocess.Popen[bytes]:
    order = {"value": TOKEN, "routes": [asdict(route) for route in routes], "seconds": seconds, "session": os.getsid(0)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tui.terminal.clear_later"],
        stdin=subprocess.PIPE,
        stdout=line,
        start_new_session=True,
        cwd=ROOT,
        env=os.environ | env,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode())
    process.stdin.close()
    return process


def test_it_ends_with_the_line_it_would_write_to() -> None:
    master, line = os.openpty()
    process = left_behind(line, [Route(Way.OSC)], 1000)
    os.close(line)
    os.close(master)
    assert process.wait(DEADLINE) == 0


@pytest.mark.parametrize("route", [Route(Way.TMUX_BUFFER), Route(Way.TMUX_KEPT)])
def test_tmux_forgets_a_secret_after_the_line_is_gone(route: Route, tmp_path: Path) -> None:
    tmux, asked = tmp_path / "tmux", tmp_path / "asked"
    tmux.write_text(f'#!/bin/sh\necho "$1" >> {shlex.quote(str(asked))}\n')
    tmux.chmod(0o755)
    master, line = os.openpty()
    process = left_behind(line, [route, Route(Way.TMUX)], 1, PATH=f"{tmp_path}:{os.environ['PATH']}")
    os.close(line)
    os.close(master)
    assert process.wait(DEADLINE) == 0
    assert asked.read_text() == "list-buffers\n"


def test_it_writes_to_the_terminal_it_was_given() -> None:
    master, line = os.openpty()
    process = left_behind(line, [Route(Way.OSC)], 0)
    assert process.wait(DEADLINE) == 0
    assert os.read(master, 100) == b"\x1b]52;c;\x07"
    os.close(line)
    os.close(master)


def test_a_local_tool_needs_no_line(tmp_path: Path) -> None:
    board, tool = tmp_path / "board", tmp_path / "tool"
    board.write_text(TOKEN)
    tool.write_text(f'#!/bin/sh\n[ "$1" = -o ] && exec cat {shlex.quote(str(board))}\nexec cat > {board}\n')
    tool.chmod(0o755)
    route = Route(Way.LOCAL_TOOL, LocalTool((str(tool),), (str(tool), "-o")))
    assert left_behind(subprocess.DEVNULL, [route], 0).wait(DEADLINE) == 0
    assert board.read_text() == ""


def test_where_the_line_ends_with_igauth_it_is_cleared_at_once(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, clear_after=1000), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for("NOTICE sent")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.clipboard_writes() == [("c", TOKEN), ("c", "")]


def test_no_process_stays_when_the_person_logs_out(plain_env: dict[str, str], reports: Path) -> None:
    marked = plain_env | {"IGAUTH_TEST_MARK": str(reports)}
    shell = ["sh", "-c", f"{shlex.join(host_command(reports, clear_after=1000))}; echo ENDED; read answer"]
    with PseudoTerminal(shell, marked) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for("NOTICE sent")
        terminal.send("q")
        terminal.wait_for("ENDED")
        wait_until(lambda: len(_with_mark(str(reports))) == 2, "the shell and the process left behind")
        terminal.send("\r")
        wait_until(lambda: not _with_mark(str(reports)), lambda: f"{_with_mark(str(reports))} to end")
        assert terminal.clipboard_writes() == [("c", TOKEN)]


def _with_mark(mark: str) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"IGAUTH_TEST_MARK={mark}".encode() in place.read_bytes():
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found
