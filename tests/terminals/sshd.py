"""An sshd on loopback with its own keys and configuration, and the client's arguments to reach it."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pytest

from tests.terminals.waiting import wait_until

_SEPARATION_FOLDER = Path("/run/sshd")
"""sshd as root refuses to start without it; a machine that never ran sshd lacks it."""


class LoopbackSshd:
    """`with LoopbackSshd(folder) as server:` then run `server.client([...])` in a terminal."""

    def __init__(self, folder: Path, *, options: Sequence[str] = ()) -> None:
        self._program = shutil.which("sshd") or "/usr/sbin/sshd"
        if not Path(self._program).exists() or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
            pytest.skip("OpenSSH (ssh, sshd, ssh-keygen) is not installed")
        _make_separation_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.port = _free_port()
        self._key, self._host_key = folder / "key", folder / "host_key"
        for path in (self._key, self._host_key):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, capture_output=True
            )
        self._write_files(options)
        self._log = folder / "sshd.log"
        command = [self._program, "-D", "-f", str(folder / "sshd_config"), "-E", str(self._log)]
        self._server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        try:
            wait_until(self._answers, lambda: self._log.read_text() if self._log.exists() else "sshd")
        except AssertionError as error:
            self.close()
            pytest.skip(f"sshd does not start here: {error}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def client(self, command: Sequence[str], *, terminal: bool = True, options: Sequence[str] = ()) -> list[str]:
        """Return the ssh command line that runs `command` (quoted for the far shell) over this server."""
        import shlex

        config = ["-F", str(self._folder / "ssh_config"), *options]
        return ["ssh", *config, "-tt" if terminal else "-T", "loopback", shlex.join(command)]

    @property
    def pid(self) -> int:
        """The process id of the server that listens."""
        return self._server.pid

    def server_processes(self) -> list[int]:
        """Return the process ids of the sshd children that serve connections now."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._server.pid)], capture_output=True, text=True, check=False
        )
        return [int(line) for line in listed.stdout.split()]

    def close(self) -> None:
        """End the server; connections it serves end with it."""
        for child in self.server_processes():
            try:
                os.kill(child, 15)
            except ProcessLookupError:
                continue
        self._server.terminate()
        self._server.wait()

    def _answers(self) -> bool:
        if self._server.poll() is not None:
            raise AssertionError(f"sshd ended with {self._server.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def _write_files(self, options: Sequence[str]) -> None:
        folder = self._folder
        shutil.copy(self._key.with_suffix(".pub"), folder / "authorized_keys")
        server = [
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {self._host_key}",
            f"AuthorizedKeysFile {folder / 'authorized_keys'}",
            "PermitRootLogin yes",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "StrictModes no",
            "UsePAM no",
            f"PidFile {folder / 'sshd.pid'}",
            "PrintMotd no",
            "PrintLastLog no",
            *options,
        ]
        (folder / "sshd_config").write_text("\n".join(server) + "\n")
        client = [
            "Host loopback",
            "HostName 127.0.0.1",
            f"Port {self.port}",
            f"User {pwd.getpwuid(os.getuid()).pw_name or getpass.getuser()}",
            f"IdentityFile {self._key}",
            "IdentitiesOnly yes",
            "IdentityAgent none",
            "StrictHostKeyChecking no",
            f"UserKnownHostsFile {folder / 'known_hosts'}",
            "LogLevel ERROR",
        ]
        (folder / "ssh_config").write_text("\n".join(client) + "\n")


def _make_separation_folder() -> None:
    if os.getuid() != 0 or _SEPARATION_FOLDER.exists():
        return
    try:
        _SEPARATION_FOLDER.mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        pytest.skip(f"sshd as root needs {_SEPARATION_FOLDER}: {error}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
