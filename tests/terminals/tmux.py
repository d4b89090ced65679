"""A tmux server of its own: own socket, own configuration, never the tester's."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pytest

from tests.terminals.pseudo import PseudoTerminal
from tests.terminals.waiting import DEADLINE, wait_until


class TmuxServer:
    """A server with one session that runs `argv`, drawn on a `PseudoTerminal` (`outer`) as on a person's screen."""

    def __init__(
        self,
        folder: Path,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        config: str = "",
        columns: int = 80,
        rows: int = 24,
        outer_term: str = "xterm-256color",
    ) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("tmux is not installed")
        folder.mkdir(parents=True, exist_ok=True)
        self.socket = folder / "tmux.sock"
        self._env = {key: value for key, value in env.items() if key not in {"TMUX", "TMUX_PANE", "STY"}}
        self._log = folder / "pane.raw"
        settings = folder / "tmux.conf"
        settings.write_text(f"set -s escape-time 0\nset -g status off\nset -g remain-on-exit on\n{config}\n")
        client = ["tmux", "-S", str(self.socket), "-f", str(settings), "-u", "new-session", "-s", "test"]
        self.outer = PseudoTerminal(
            [*client, *argv], self._env | {"TERM": outer_term}, columns=columns, rows=rows, cwd=folder
        )
        wait_until(lambda: self.socket.exists() and self._run("has-session").returncode == 0, lambda: self.outer.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tell_version(self) -> None:
        """Have the terminal answer what it is (XTVERSION), as most do that tmux asks."""
        self.outer.send("\x1bP>|XTerm(379)\x1b\\")
        wait_until(lambda: "XTerm" in self.command("list-clients", "-F", "#{client_termtype}"), "tmux to read it")

    def command(self, *arguments: str, feed: bytes | None = None) -> str:
        """Run a tmux command against this server and return what it prints."""
        done = self._run(*arguments, feed=feed)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def capture(self, *, history: bool = False) -> str:
        """Return the text of the pane; with `history` also what scrolled out of it."""
        return self.command("capture-pane", "-p", "-t", "test", *(["-S", "-"] if history else []))

    def wait_for(self, text: str, deadline: float = DEADLINE) -> None:
        """Wait until `text` is in the pane."""
        wait_until(lambda: text in self.capture(), lambda: f"{text!r} in\n{self.capture()}", deadline)

    def send_keys(self, *keys: str) -> None:
        """Press keys by tmux's names, such as `Enter` or `C-c`."""
        self.command("send-keys", "-t", "test", *keys)

    def type(self, text: str) -> None:
        """Type `text` letter by letter."""
        self.command("send-keys", "-t", "test", "-l", "--", text)

    def paste(self, text: str, *, bracketed: bool = True) -> None:
        """Paste through tmux's own buffer; bracketed as prefix ] does it."""
        self.command("load-buffer", "-b", "to-paste", "-", feed=text.encode())
        self.command("paste-buffer", "-d", *(["-p"] if bracketed else []), "-b", "to-paste", "-t", "test")

    def start_log(self) -> None:
        """Keep each byte that the program in the pane writes from now on; read them by `logged`."""
        self.command("pipe-pane", "-t", "test", "-O", f"cat >> '{self._log}'")

    def logged(self) -> bytes:
        """Return the bytes kept since `start_log`."""
        return self._log.read_bytes() if self._log.exists() else b""

    def buffers(self) -> list[str]:
        """Return the text of every paste buffer, the newest first; one that is deleted meanwhile is left out."""
        names = self.command("list-buffers", "-F", "#{buffer_name}").split()
        shown = [self._run("show-buffer", "-b", name) for name in names]
        return [buffer.stdout.decode() for buffer in shown if buffer.returncode == 0]

    def resize(self, columns: int, rows: int) -> None:
        """Resize the person's window."""
        self.outer.resize(columns, rows)

    def close(self) -> None:
        """End the server and its terminal."""
        self._run("kill-server")
        self.outer.close()

    def _run(self, *arguments: str, feed: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["tmux", "-S", str(self.socket), *arguments],
            input=b"" if feed is None else feed,
            capture_output=True,
            env=self._env,
            check=False,
            timeout=DEADLINE,
        )
