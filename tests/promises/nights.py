"""The ways in which an unattended run fails, made for real; and what a person sees of it the same day."""

import contextlib
import gc
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.commands.running import ROOT, TIMEOUT, Done, inside
from tui.sandbox import RunningSandbox
from tui.tokens.automation import DAY

IGAUTH = Path(sys.executable).with_name("igauth")
PASSPHRASE = "correct horse battery staple"
SMALLEST = 4096
"""Bytes that a file may have on the "full disk": SQLite's log needs more."""
HOUR = 3600


class NotPossibleHere(Exception):
    """This machine cannot make the failure; the message says why."""


@dataclass
class Night:
    """A home whose timer has run well each day until now, and how its commands are started."""

    sandbox: RunningSandbox
    home: Path
    environ: dict[str, str]
    prefix: list[str] = field(default_factory=list)
    """A command that the others are started with, such as one that has another view of the file system."""
    largest_file: int | None = None
    command: list[str] = field(default_factory=lambda: ["igauth", "keep"])
    """What the timer runs: `igauth` and its arguments, or a command of another program."""

    def run_as_timer(self) -> Done:
        """Do what the timer does."""
        if self.command[0] == "igauth":
            return self.run(*self.command[1:])
        done = subprocess.run(
            self.command, capture_output=True, text=True, check=False, env=self.environ, stdin=subprocess.DEVNULL
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the installed command as a timer does: no terminal, and an environment of its own."""
        command = [str(IGAUTH)] if IGAUTH.exists() else [sys.executable, "-m", "tui"]
        return self._start(*command, *arguments)

    def python(self, module: str) -> Done:
        """Run a module of the tests in the same surroundings."""
        with self._start(sys.executable, "-m", module) as process:
            out, err = process.communicate(timeout=TIMEOUT)
        return Done(process.returncode, out, err)

    def _start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.environ,
            start_new_session=True,
            preexec_fn=self._limited if self.largest_file is not None else None,
        )

    def run(self, *arguments: str) -> Done:
        """Run a command to its end."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=TIMEOUT)
        return Done(process.returncode, out, err)

    def _limited(self) -> None:
        assert self.largest_file is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_file, self.largest_file))

    def add_token(self, name: str) -> None:
        """Import one token of the sandbox's world."""
        done = inside("import", name, "--profile", "acme", stdin=self.sandbox.world.token(name).value)
        assert done.status == 0, done.err

    @property
    def database(self) -> Path:
        """The file that holds all."""
        return self.home / "igauth.db"

    def write(self, statement: str, *values: object) -> None:
        """Change the database as no igauth does."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement, values)

    def meta(self, key: str) -> list[str]:
        """Return what the database holds under a key: one text, or none."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return [text for (text,) in connection.execute("SELECT value FROM meta WHERE key = ?", (key,))]

    def last_run_was(self, hours: float, kind: str = "other") -> None:
        """Let the last run, which worked, be so long ago: the same as moving every clock on."""
        now = int(time.time())
        facts = {
            "timer/kind": kind,
            "timer/every": DAY,
            "timer/since": now - 40 * DAY,
            "timer/last_run": now - int(hours * HOUR),
            "timer/last_success": now - int(hours * HOUR),
        }
        self.write("DELETE FROM meta WHERE key = 'timer/first'")
        for key, value in facts.items():
            self.write("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, str(value))


def a_night(sandbox: RunningSandbox, home: Path, *names: str) -> Night:
    """Return a home with tokens of the sandbox's world. The process's own environment must point at it."""
    keep = ("PATH", "HOME", "LANG", "PYTHONPATH", "COVERAGE_PROCESS_START")
    environ = {name: os.environ[name] for name in keep if name in os.environ}
    environ |= {name: value for name, value in os.environ.items() if name.startswith(("IGAUTH_", "PYTHON_KEYRING"))}
    added = inside("add", "acme", "--app-id", sandbox.world.app_id, stdin=sandbox.world.app_secret)
    assert added.status == 0, added.err
    night = Night(sandbox, home, environ)
    for name in names:
        night.add_token(name)
    gc.collect()  # closes what the commands of this process left open, as their end would have
    night.last_run_was(hours=24)
    night.write("UPDATE tokens SET inspected_at = inspected_at - ?", DAY)
    return night


Cause = Callable[[Night], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def locked_keyring(night: Night) -> Iterator[None]:
    """The secrets are in a keyring that refuses."""
    _move_to_keyring(night)
    night.environ["KEYRING_TROUBLE"] = "refuse all"
    yield


@contextlib.contextmanager
def no_d_bus(night: Night) -> Iterator[None]:
    """The secrets are in a keyring that this environment does not have."""
    _move_to_keyring(night)
    night.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    yield


def _move_to_keyring(night: Night) -> None:
    night.environ |= {
        "PYTHON_KEYRING_BACKEND": "tests.commands.file_keyring.Keyring",
        "KEYRING_FILE": str(night.home.with_name("keyring.json")),
        "PYTHONPATH": str(ROOT),
    }
    done = night.run("secrets", "--move-to", "keyring")
    assert done.status == 0, done.err


@contextlib.contextmanager
def sealed_without_passphrase(night: Night) -> Iterator[None]:
    """The secrets are sealed, and nobody is there to enter the passphrase."""
    done = inside("secrets", "--move-to", "sealed", stdin=f"{PASSPHRASE}\n")
    assert done.status == 0, done.err
    yield


@contextlib.contextmanager
def full_disk(night: Night) -> Iterator[None]:
    """No file can grow."""
    night.last_run_was(hours=55)
    night.largest_file = SMALLEST
    night.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # Python would leave its cache cut off
    yield


@contextlib.contextmanager
def read_only_home(night: Night) -> Iterator[None]:
    """The home is mounted to be read only; for a person without root's rights its modes say the same."""
    night.last_run_was(hours=55)
    if os.geteuid():
        for path in night.home.rglob("*"):
            path.chmod(0o400 if path.is_file() else 0o500)
        night.home.chmod(0o500)
        try:
            yield
        finally:
            night.home.chmod(0o700)
        return
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    night.prefix = ["unshare", "--mount", "sh", "-c", mount, str(night.home)]
    if not shutil.which("unshare") or night.run("--version").status:
        raise NotPossibleHere("no mount namespaces")
    yield


@contextlib.contextmanager
def no_network(night: Night) -> Iterator[None]:
    """Nothing answers where Facebook was."""
    night.sandbox.stop()
    yield


@contextlib.contextmanager
def proxy_gone(night: Night) -> Iterator[None]:
    """A proxy that a person's shell names does not listen any more."""
    _trust(night, "graph.test")  # no call to this machine takes a proxy
    address = "https://graph.test"
    night.environ |= {"IGAUTH_GRAPH_URL": address, "IGAUTH_DIALOG_URL": address, "HTTPS_PROXY": "http://127.0.0.1:9"}
    yield


@contextlib.contextmanager
def unusable_proxy(night: Night) -> Iterator[None]:
    """A variable names a kind of proxy that the HTTP library does not know."""
    with proxy_gone(night):
        night.environ |= {"HTTPS_PROXY": "", "ALL_PROXY": "socks4://127.0.0.1:9"}
        yield


def _trust(night: Night, host: str) -> None:
    file = night.home / "config.toml"
    file.write_text(f'trusted_hosts = ["{host}"]\n{file.read_text()}')


@contextlib.contextmanager
def throttled(night: Night) -> Iterator[None]:
    """Facebook asks the app to pause."""
    night.sandbox.fault("throttle", times=None)
    yield


@contextlib.contextmanager
def expired_app_secret(night: Night) -> Iterator[None]:
    """The App Secret was reset in Meta's dashboard."""
    night.sandbox.change_secret("0123456789abcdef0123456789abcdef")
    yield


@contextlib.contextmanager
def unreadable_row(night: Night) -> Iterator[None]:
    """What is stored about one token is damaged."""
    night.write("UPDATE tokens SET expires_at = 'soon', scopes = '[' WHERE name = 'user_long'")
    yield


@contextlib.contextmanager
def hook_missing(night: Night) -> Iterator[None]:
    """The program of a hook is not there any more."""
    night.add_token("user_due")
    _configure(night, '[hooks]\nextended = ["/opt/gone/tell"]\n')
    yield


@contextlib.contextmanager
def delivery_refused(night: Night) -> Iterator[None]:
    """The command that should get each token ends with a failure."""
    _configure(night, '[[deliver]]\ntokens = ["user_long"]\ncommand = ["false"]\n')
    yield


@contextlib.contextmanager
def moved_program(night: Night) -> Iterator[None]:
    """The installed line names a program that is not there any more."""
    tools, table = night.home.with_name("bin"), night.home.with_name("crontab")
    tools.mkdir()
    for name, script in {"crontab": _CRONTAB.format(table=table), "systemctl": "exit 1"}.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    night.environ["PATH"] = f"{tools}:{night.environ['PATH']}"
    done = night.run("schedule", "install", "--with", "cron", "--yes")
    assert done.status == 0, done.err
    night.last_run_was(hours=55, kind="cron")
    line = table.read_text()
    assert str(IGAUTH) in line, line
    table.write_text(line.replace(str(IGAUTH), "/opt/gone/igauth"))
    night.command = ["/bin/sh", "-c", line.split(maxsplit=5)[5].replace(str(IGAUTH), "/opt/gone/igauth")]
    yield


_CRONTAB = """
if [ "$1" = -l ]; then
  if [ -e "{table}" ]; then cat "{table}"; else echo "no crontab for me" >&2; exit 1; fi
else cat "$1" > "{table}"; fi
"""
"""Stands for crontab."""


def _configure(night: Night, text: str) -> None:
    file = night.home / "config.toml"
    file.write_text(f"{file.read_text()}\n{text}")


@contextlib.contextmanager
def locked_for_writing(night: Night) -> Iterator[None]:
    """Another process keeps the database locked for longer than a statement waits."""
    with contextlib.closing(sqlite3.connect(night.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def until(lines: IO[str] | None, word: str) -> str:
    """Read lines until one contains the word; return all of them."""
    assert lines is not None
    read = ""
    for line in lines:
        read += line
        if word in line:
            return read
    raise AssertionError(f"{word!r} was never said: {read}")
