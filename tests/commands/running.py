"""Runs igauth's commands as a person or program would: inside this process, or as one of their own."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.terminals.pseudo import PseudoTerminal
from tui.cli import run
from tui.sandbox import RunningSandbox

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 60
PASSPHRASE = "correct horse battery staple"
"""Seals the secrets of `sealed`."""


@dataclass(frozen=True)
class Done:
    """What a command left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as the one JSON object it must be."""
        return json.loads(self.out)


def inside(*arguments: str, stdin: str | bytes = b"") -> Done:
    """Run a command in this process, with pipes for stdin, stdout and stderr."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.StringIO(), io.StringIO()
    with _stdin(data), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(arguments)
    return Done(status, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _stdin(data: bytes) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def outside(*arguments: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> Done:
    """Run a command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def start(*arguments: str, stdin: str = "", environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a command that goes on by itself, with pipes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", *arguments],
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
    )
    if process.stdin is not None:
        process.stdin.write(stdin)
        process.stdin.close()
    return process


def on_terminal(*arguments: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; return its exit status and everything the terminal was sent."""
    with PseudoTerminal([sys.executable, "-m", "tui", *arguments], os.environ, cwd=ROOT) as terminal:
        status = terminal.wait_exit()
        return status, terminal.raw.decode()


class Person:
    """Somebody with a home of their own that points at one sandbox, and with one profile, `acme`."""

    def __init__(self, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox = sandbox
        self._monkeypatch = monkeypatch
        self.point_at(sandbox.graph_url)
        added = self.add("acme")
        assert added.status == 0, added.err

    def point_at(self, url: str) -> None:
        """Let the client ask another server."""
        self._monkeypatch.setenv("IGAUTH_GRAPH_URL", url)
        self._monkeypatch.setenv("IGAUTH_DIALOG_URL", url)

    def add(self, name: str, *options: str, secret: str | None = None) -> Done:
        """`igauth add`, with the sandbox's credentials unless others are given."""
        world = self.sandbox.world
        return inside("add", name, "--app-id", world.app_id, *options, stdin=secret or world.app_secret)

    def value(self, name: str) -> str:
        """The value of a seeded token."""
        return self.sandbox.world.token(name).value

    def import_tokens(self, *names: str) -> None:
        """Import seeded tokens under their own names."""
        for name in names:
            done = inside("import", name, "--profile", "acme", stdin=self.value(name))
            assert done.status == 0, done.err


UNREACHABLE = "http://127.0.0.1:9"
"""Nothing listens on the discard port."""


def without_terminal(*arguments: str, stdin: str) -> subprocess.CompletedProcess[str]:
    """Run igauth where nobody can be asked: stdin is all there is."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        cwd=ROOT,
        timeout=TIMEOUT,
    )
