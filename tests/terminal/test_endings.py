"""Signals, dropped lines, stopped terminals, no terminal at all: on a real pseudo-terminal."""

import io
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.conftest import ROOT, host_command
from tests.terminals import LoopbackSshd, PseudoTerminal, wait_until

type_of_signal = pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)],
    ids=["TERM", "HUP", "INT", "QUIT"],
)


@type_of_signal
def test_a_signal_finishes_work_and_restores_the_terminal(
    number: int, code: int, plain_env: dict[str, str], reports: Path
) -> None:
    with PseudoTerminal(host_command(reports, 0, 0.3), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        assert terminal.left_on, "the app never took the screen, so this test would prove nothing"
        terminal.signal(number)
        assert terminal.wait_exit() == code
        assert (reports / "finished").exists()
        assert (reports / "unmounted").exists()
        assert terminal.left_on == set()
        assert terminal.modes_now == terminal.modes_before


def test_a_signal_waits_for_a_running_worker(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("t")
        assert terminal.wait_exit() == 143
        assert (reports / "finished").exists()
        assert (reports / "stored").exists()


def test_work_that_does_not_finish_is_abandoned_within_its_grace(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, 0, 600), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit(8) == 143
        assert not (reports / "finished").exists()
        assert (reports / "unmounted").exists(), "the app itself was not ended well"
        assert terminal.left_on == set()


def test_a_second_signal_ends_at_once_and_still_restores(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, 0, 600), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.signal(signal.SIGTERM)
        wait_until((reports / "began").exists, "the work to begin")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit(3) == 143
        assert terminal.left_on == set()
        assert terminal.modes_now == terminal.modes_before


def test_a_terminal_that_reads_no_more_cannot_hold_the_process(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("f")
        before = len(terminal.raw)
        wait_until(lambda: len(terminal.raw) > before + 20_000, "painting")
        terminal.freeze()
        wait_until(lambda: _is_waiting_to_write(terminal.process.pid), "the loop to be stuck in its write")
        terminal.signal(signal.SIGTERM)
        assert terminal.process.wait(15) == 143


def test_a_dropped_terminal_ends_the_process(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, 0, 0.8), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.hang_up()
        assert terminal.process.wait(10) == 129
        assert (reports / "finished").exists()


def test_a_dropped_terminal_ends_igauth_without_a_signal(plain_env: dict[str, str], reports: Path) -> None:
    """A terminal that is not the controlling one sends no SIGHUP; stdin is then at its end for ever."""
    without = "import os, sys; os.setsid() if os.fork() == 0 else os.wait() and sys.exit(0); "
    program = without + "os.execv(sys.argv[1], sys.argv[1:])"
    with PseudoTerminal([sys.executable, "-c", program, *host_command(reports)], plain_env) as terminal:
        terminal.wait_for("HOST READY")
        (child,) = _children(terminal.process.pid)
        terminal.hang_up()
        wait_until(lambda: not _alive(child), "the process without a terminal to end", 10)


def test_over_ssh_no_process_outlives_its_connection(plain_env: dict[str, str], reports: Path, tmp_path: Path) -> None:
    remote = ["env", f"PYTHONPATH={ROOT}", "LANG=C.UTF-8", *host_command(reports, 0, 0.1)]
    with (
        LoopbackSshd(tmp_path / "sshd") as server,
        PseudoTerminal(server.client(remote), plain_env) as terminal,
    ):
        terminal.wait_for("HOST READY")
        running = _running(str(reports))
        assert running
        terminal.process.kill()
        wait_until(lambda: not any(map(_alive, running)), "the far process to end", 15)
        assert (reports / "finished").exists()


def test_over_ssh_without_a_terminal_it_says_so_and_ends(plain_env: dict[str, str], tmp_path: Path) -> None:
    remote = ["env", f"PYTHONPATH={ROOT}", f"IGAUTH_HOME={tmp_path / 'home'}", sys.executable, "-m", "tui"]
    with LoopbackSshd(tmp_path / "sshd") as server:
        done = subprocess.run(
            server.client(remote, terminal=False),
            env=plain_env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert done.returncode == 64
    assert "igauth status" in done.stderr


def test_suspended_and_brought_back_the_screen_is_painted_again(plain_env: dict[str, str], reports: Path) -> None:
    shell = ["bash", "--norc", "--noprofile", "-i"]
    with PseudoTerminal(shell, plain_env | {"PS1": "PROMPT> "}, cwd=ROOT) as terminal:
        terminal.wait_for("PROMPT>")
        terminal.send(" ".join(host_command(reports)) + "\r")
        terminal.wait_for("HOST READY")
        terminal.send("z")
        terminal.wait_for("Stopped")
        assert not terminal.left_on - {2004}  # bash's own
        terminal.send("fg\r")
        terminal.wait_for(lambda: "HOST READY" in terminal.lines[0] and 1049 in terminal.left_on)
        terminal.send("q")
        terminal.wait_for(lambda: terminal.text.rstrip().endswith("PROMPT>") and 1049 not in terminal.left_on)


def test_it_does_not_stop_where_no_shell_could_continue_it(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.signal(signal.SIGTSTP)
        terminal.send("l")
        terminal.wait_for("NOTICE sent")
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_it_restores_the_terminal_after_an_outside_stop(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.signal(signal.SIGSTOP)
        wait_until(lambda: _state(terminal.process.pid) == "T", "the process to stop")
        terminal.signal(signal.SIGCONT)
        terminal.send("l")
        terminal.wait_for("NOTICE sent")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_on == set()
        assert terminal.modes_now == terminal.modes_before


def test_a_hardened_process_leaves_no_core_and_cannot_be_dumped(tmp_path: Path) -> None:
    program = (
        "import ctypes, resource; from tui.process import keep_memory_private; keep_memory_private();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    limit = resource.getrlimit(resource.RLIMIT_CORE)[1]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (limit, limit)),
    )
    assert done.stdout.splitlines() == ["(0, 0) 0"]


def _closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


def _children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def _running(marked: str) -> list[int]:
    """Processes whose command line names `marked`, but for ssh itself."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if marked.encode() in arguments and b"tests.terminal.host_app" in arguments:
            found.append(int(folder.name))
    return found


def _alive(pid: int) -> bool:
    return _state(pid) not in {"", "Z"}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _is_waiting_to_write(pid: int) -> bool:
    """Whether the main thread sleeps on a lock (its writer's full queue), seen twice with no work done between."""
    first = _work_done(pid)
    os.sched_yield()
    import time

    time.sleep(0.3)
    return _work_done(pid) == first


def _work_done(pid: int) -> list[str]:
    """What the main thread alone has worked: another one looks for keys all the time."""
    fields = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[11:13]
