"""The lines from a terminal to igauth: none, ssh to this machine, and tmux, screen or mosh at the far end of it."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.terminals.sshd import LoopbackSshd

TAP = Path(__file__).with_name("terminals_tap.py")
NEWER_TMUX = os.environ.get("NEWER_TMUX", "")
"""Another tmux than the system's."""
_UTF8 = ["env", "LC_ALL=C.UTF-8"]


class Line(NamedTuple):
    """How a terminal reaches the shell: what the terminal has to run."""

    run: Sequence[str]
    leave: Callable[[], object]
    """Ends what the line left behind."""


def remote_shell(folder: Path, variables: Mapping[str, str]) -> list[str]:
    """Return the command of a shell under the tap, which writes to `folder`."""
    script = folder / "shell.sh"
    settings = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    tap = shlex.join([sys.executable, str(TAP), str(folder), "bash", "--norc", "--noprofile", "-i"])
    script.write_text("\n".join(["#!/bin/sh", *settings, "cd /", f"exec {tap}", ""]))
    script.chmod(0o755)
    return [str(script)]


def line(name: str, shell: Sequence[str], server: LoopbackSshd, folder: Path) -> Line:
    """Return the line `name` to `shell`; `folder` is for this line alone."""
    match name:
        case "here":
            return Line(shell, bool)
        case "ssh":
            return Line(server.client(shell), bool)
        case "tmux" | "newer-tmux":
            program = "tmux" if name == "tmux" else NEWER_TMUX
            multiplexer = [program, "-S", str(folder / "tmux"), "-f", "/dev/null"]
            return Line(
                server.client([*_UTF8, *multiplexer, "new-session", shlex.join(shell)]),
                lambda: subprocess.run([*multiplexer, "kill-server"], capture_output=True, check=False),
            )
        case "screen":
            session = f"rig{folder.name}"
            return Line(
                server.client([*_UTF8, "screen", "-U", "-c", "/dev/null", "-S", session, *shell]),
                lambda: subprocess.run(["screen", "-S", session, "-X", "quit"], capture_output=True, check=False),
            )
        case "mosh":
            ssh = shlex.join(server.client([], terminal=False)[:-2])
            far = "env LC_ALL=C.UTF-8 mosh-server"
            return Line(["mosh", f"--ssh={ssh}", f"--server={far}", "loopback", "--", *shell], bool)
    raise ValueError(name)


LINES = ("here", "ssh", "tmux", "newer-tmux", "screen", "mosh")


def can_run(name: str) -> bool:
    """Tell whether what the line takes is installed."""
    needed = {"here": [], "ssh": ["ssh"], "newer-tmux": ["ssh", NEWER_TMUX]}.get(name, ["ssh", name])
    return all(shutil.which(program) for program in needed)


@contextmanager
def ssh_server(folder: Path) -> Iterator[LoopbackSshd]:
    """Start an sshd on loopback."""
    with LoopbackSshd(folder) as server:
        yield server
