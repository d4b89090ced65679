"""A restore that was cut off anywhere: the same `igauth restore` completes it, and configuration and vault agree.

A sample of all moments is tried; IGAUTH_CUT_POINTS=all tries each.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.commands.file_keyring import Keyring
from tests.commands.running import PASSPHRASE, ROOT, TIMEOUT, Person, inside
from tui.sandbox import RunningSandbox

_SAMPLE = 6
_TOKENS = ("user_due", "user_long")


@pytest.fixture
def saved(sandbox: RunningSandbox, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of a home with a profile and two tokens; the home itself is empty again."""
    person = Person(sandbox, monkeypatch)
    person.import_tokens(*_TOKENS)
    file = tmp_path / "saved"
    monkeypatch.setattr("tui.vault.sealed.COST", 2**14)  # the file says so, and each restore is quick
    assert inside("backup", str(file), stdin=PASSPHRASE).status == 0
    shutil.move(own_home, tmp_path / "before")
    return file


@pytest.fixture(params=["database", "sealed", "keyring"])
def options(
    request: pytest.FixtureRequest, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """What opens the secrets, for each store that a backup can be restored into."""
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.commands.file_keyring.Keyring")
    monkeypatch.setenv("IGAUTH_TEST_STORE", request.param)
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    file.chmod(0o600)
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    yield ["--passphrase-file", str(file)] if request.param == "sealed" else []
    keyring.set_keyring(before)


def restoring(file: Path, options: list[str]) -> list[str]:
    """Return the command line of the restore."""
    return ["restore", str(file), "--store", os.environ["IGAUTH_TEST_STORE"], *options]


def killed_at(statement: int, arguments: list[str]) -> bool:
    """Restore into the home and kill it before a statement; tell whether there was one."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.vault.cut_restore", str(statement), *arguments],
        input=PASSPHRASE.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode != 0


def statements(arguments: list[str], home: Path) -> int:
    """Count the statements of a restore."""
    low, high = 1, 1000
    while low < high:
        middle = (low + high) // 2
        was_killed = killed_at(middle, arguments)
        shutil.rmtree(home)
        low, high = (middle + 1, high) if was_killed else (low, middle)
    return low - 1


def incomplete(home: Path, before: Path, values: dict[str, str], options: list[str]) -> str:
    """Return what a restored home lacks; empty where nothing."""
    if (home / "config.toml").read_bytes() != (before / "config.toml").read_bytes():
        return "the configuration is another one"
    for name, value in values.items():
        if inside("token", name, *options).out.strip() != value:
            return f"the token {name} is missing"
    if inside("add", "acme", "--verify", *options).status:
        return "the App Secret is missing"
    return "the history was altered" if inside("history", "--verify").status else ""


def test_the_same_restore_completes_one_that_was_cut(
    saved: Path, options: list[str], own_home: Path, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    arguments = restoring(saved, options)
    count = statements(arguments, own_home)
    assert count > 20
    step = 1 if os.environ.get("IGAUTH_CUT_POINTS") == "all" else max(1, count // _SAMPLE)
    values = {name: sandbox.world.token(name).value for name in _TOKENS}
    cuts, bad = (*range(1, count, step), count), {}
    for statement in cuts:
        assert killed_at(statement, arguments)
        again = inside(*arguments, stdin=PASSPHRASE)
        complaint = again.err if again.status else incomplete(own_home, tmp_path / "before", values, options)
        if complaint:
            bad[statement] = complaint
        shutil.rmtree(own_home)
        (tmp_path / "keyring.json").unlink(missing_ok=True)
    print(f"{len(cuts)} kills, then the same restore: {len(cuts) - len(bad)} complete")
    assert bad == {}
