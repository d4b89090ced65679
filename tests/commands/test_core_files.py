"""A crash while a command holds a secret leaves no core file, and no other process reads its memory."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.running import PASSPHRASE, ROOT, TIMEOUT, Person
from tui.cli import COMMANDS
from tui.redact import Secret
from tui.services import open_services

WITH_SECRETS = {
    "add": (["add", "other", "--app-id", "1041234567890123"], "0123456789abcdef" * 2),
    "check": (["check", "--field", "app_secret"], "0123456789abcdef" * 2),
    "matillion": (
        ["matillion", "--instance", "https://matillion.invalid", "--user", "ann", "--ask-password"],
        "Pa55word-of-ann",
    ),
    "guide": (["guide", "--check"], ""),
    "login": (["login", "--paste", "--name", "fresh"], ""),
    "import": (["import", "other", "--profile", "acme"], "EAAB" + "given1" * 20),
    "status": (["status", "--check"], ""),
    "refresh": (["refresh", "--all"], ""),
    "candidates": (["candidates", "adopt", ""], ""),
    "token": (["token", "user_due"], ""),
    "deliver": (["deliver"], ""),
    "keep": (["keep"], ""),
    "secrets": (["secrets", "--move-to", "sealed"], PASSPHRASE),
    "backup": (["backup", "saved"], PASSPHRASE),
    "restore": (["restore", "saved"], PASSPHRASE),
    "doctor": (["doctor"], ""),
}
"""Each command that holds a secret: a command line, and what it gets on stdin."""
WITHOUT_SECRETS = {"forget", "due", "schedule", "history", "completion", "manual"}
OF_THE_SANDBOX = {"demo", "sandbox"}
"""They hold made-up secrets; `tests/promises/test_hardening.py` looks at the demo, where people try their own."""


def crashed(arguments: Sequence[str], stdin: str, folder: Path, fault: str = "") -> int:
    """Run igauth until it crashes, where nothing limits core files, and return how it ended, as `waitpid` says it."""
    return _ended([sys.executable, "-m", "tests.commands.faulting", *arguments], stdin, folder, fault)


def _ended(command: Sequence[str], stdin: str, folder: Path, fault: str = "") -> int:
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FAULT": fault},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
    )
    assert process.stdin is not None
    process.stdin.write(stdin.encode())
    process.stdin.close()
    ended = os.waitpid(process.pid, 0)[1]
    process.returncode = os.waitstatus_to_exitcode(ended)
    return ended


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place for core files. Skips where a crash leaves none anyway."""
    folder = tmp_path / "cores"
    folder.mkdir()
    plain = _ended([sys.executable, "-c", "import os; os.kill(os.getpid(), 11)"], "", folder)
    if not os.WCOREDUMP(plain):
        pytest.skip("no crash leaves a core file here")
    shutil.rmtree(folder)
    folder.mkdir()
    return folder


def test_every_command_is_known_to_hold_secrets_or_not() -> None:
    assert set(WITH_SECRETS) | WITHOUT_SECRETS | OF_THE_SANDBOX == set(COMMANDS)


@pytest.mark.parametrize("command", WITH_SECRETS)
def test_a_crash_with_a_secret_leaves_no_core_file(command: str, person: Person, own_home: Path, folder: Path) -> None:
    person.import_tokens("user_due")
    services = open_services(os.environ, "command")
    services.token_store.add_issued("late", "acme", Secret(person.value("user_long")), at=1, origin="login")
    services.vault.close()
    config = own_home / "config.toml"
    config.write_text(config.read_text() + '\n[[deliver]]\ntokens = ["user_due"]\ncommand = ["cat"]\n')
    if command == "restore":
        (folder / "saved").write_bytes(b"igauth-backup-1\n")
        config.unlink()
    ended = crashed(*WITH_SECRETS[command], folder)
    assert os.WIFSIGNALED(ended), f"it ended with {os.waitstatus_to_exitcode(ended)} and held no secret"
    assert os.WTERMSIG(ended) == signal.SIGSEGV
    assert not os.WCOREDUMP(ended)
    assert not list(folder.glob("core*"))


def test_without_the_limit_there_is_no_core_file_either(person: Person, folder: Path) -> None:
    person.import_tokens("user_due")
    ended = crashed(["token", "user_due"], "", folder, "unlimited")
    assert os.WTERMSIG(ended) == signal.SIGSEGV
    assert not os.WCOREDUMP(ended)


READ_BY_OTHERS = """
import ctypes, os, resource, sys
from tui.process import keep_memory_private
if os.getuid() == 0:
    os.setuid(65534)  # root may read everything
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as after a start

def is_readable():
    pid = os.fork()
    if pid == 0:
        try:
            os.close(os.open(f"/proc/{os.getppid()}/maps", os.O_RDONLY))
        except PermissionError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0

print(is_readable())
keep_memory_private()
print(is_readable())
"""


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no /proc here")
def test_no_other_process_of_the_user_reads_the_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_BY_OTHERS], capture_output=True, text=True, cwd=ROOT, timeout=TIMEOUT
    )
    assert done.stdout.split() == ["True", "False"], done.stderr
