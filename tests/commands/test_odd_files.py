"""A pipe, folder, socket or device where a file should be is named at once; so is stored JSON that nobody wrote."""

import json
import os
import socket
import subprocess
import sys
import threading
import zlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.running import PASSPHRASE, ROOT, TIMEOUT, Person, inside
from tui.commands import passphrase
from tui.matillion.errors import MatillionError, Problem
from tui.matillion.trust import context_with_file
from tui.redact import Secret
from tui.settings import SettingsError, SettingsStore, find_home
from tui.stored_json import json_object, parsed
from tui.timer.plan import Plan
from tui.timer.systemd import names_in
from tui.vault.backup import _MAGIC, pack, unpack
from tui.vault.database import open_database
from tui.vault.errors import BackupProblem, BackupRefused, WrongPassphrase
from tui.vault.sealed import KEY, seal, unwrap, wrap
from tui.vault.spill import SpillFile

DEEP = "[" * 100_000
NUMBER = "1" * 10_000


def short(value: object) -> str:
    """The id of a test."""
    return repr(value)[:30]


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


KINDS: dict[str, Callable[[Path], None]] = {"pipe": os.mkfifo, "folder": Path.mkdir, "socket": a_socket}
kinds = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A named pipe that nobody has open."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


# --- the home -------------------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("name", ["igauth.db", "igauth.db-wal", "igauth.db-shm", "igauth.db-journal", "igauth.db.use"])
def test_a_file_of_the_vault_must_be_regular(name: str, make: Callable[[Path], None], own_home: Path) -> None:
    open_database(own_home / "igauth.db").close()
    for path in own_home.glob(f"{name}*"):
        path.unlink()
    make(own_home / name)
    (own_home / "igauth.db").touch(0o600)
    done = inside("status")
    assert (done.status, done.out) == (3, "")
    assert str(own_home / name) in done.err


@kinds
def test_the_file_of_last_resort_must_be_regular(make: Callable[[Path], None], own_home: Path) -> None:
    own_home.mkdir()
    spill = SpillFile(own_home / "igauth.db")
    make(spill.path)
    spill.reserve()
    assert spill.is_empty()


@kinds
def test_the_lock_of_the_settings_must_be_regular(make: Callable[[Path], None], own_home: Path) -> None:
    lock = own_home / "locks" / "config.toml"
    lock.parent.mkdir(parents=True)
    make(lock)
    with pytest.raises(SettingsError) as caught:
        SettingsStore(find_home(os.environ), os.environ).set_preference("mouse", False)
    assert caught.value.path == lock


def test_a_unit_that_is_a_pipe_is_not_read(tmp_path: Path) -> None:
    plan = Plan(("/opt/igauth",), tmp_path / "timer.env", {}, 7)
    os.mkfifo(tmp_path / "igauth.service")
    assert names_in(tmp_path, plan) == []


# --- files that a person names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["PIPE", "/dev/zero"])
def test_a_backup_must_be_a_regular_file(name: str, pipe: Path) -> None:
    file = name.replace("PIPE", str(pipe))
    done = inside("restore", file, stdin=PASSPHRASE)
    assert (done.status, done.out, file in done.err) == (64, "", True)


def test_a_backup_may_come_from_a_process_substitution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside("backup", str(tmp_path / "b"), stdin=PASSPHRASE).status == 0
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "new"))
    line = f"{sys.executable} -m tui restore <(cat {tmp_path / 'b'})"
    done = subprocess.run(
        ["bash", "-c", line], input=PASSPHRASE.encode(), capture_output=True, check=False, cwd=ROOT, timeout=TIMEOUT
    )
    assert done.returncode == 0, done.stderr


def test_a_pipe_without_a_writer_gives_no_passphrase(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "WAIT", 0.05)
    done = inside("token", "t", "--passphrase-file", str(pipe))
    assert (done.status, done.out, str(pipe) in done.err) == (64, "", True)


def test_a_pipe_with_a_writer_gives_the_passphrase(pipe: Path) -> None:
    writer = threading.Thread(target=pipe.write_text, args=(f"{PASSPHRASE}\n",))
    writer.start()
    assert passphrase._read(str(pipe), stdin_is_free=True).reveal() == PASSPHRASE
    writer.join()


def test_a_log_that_nobody_reads_is_not_waited_for(pipe: Path) -> None:
    done = inside("--log", str(pipe), "status")
    assert (done.status, str(pipe) in done.err) == (64, True)


@pytest.mark.parametrize("name", ["PIPE", "/dev/zero", ".", "~no such user/x", "a\0b"])
def test_certificates_must_be_in_a_regular_file(name: str, pipe: Path) -> None:
    with pytest.raises(MatillionError) as caught:
        context_with_file(name.replace("PIPE", str(pipe)))
    assert caught.value.failure.problem is Problem.BAD_CA_FILE


# --- stored JSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [DEEP, NUMBER, f'{{"a": {DEEP}', "{", "\ud800"], ids=short)
def test_absurd_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text)
    assert json_object(text) == {}


@pytest.mark.parametrize("stored", [DEEP, NUMBER, "{}", '"x"', "[1e999]"], ids=short)
def test_an_absurd_choice_of_store_is_chosen_again(person: Person, own_home: Path, stored: str) -> None:
    database = open_database(own_home / "igauth.db")
    database.write("UPDATE meta SET value = ? WHERE key = 'secret_backend'", (stored,))
    database.close()
    done = inside("secrets", "--json")
    assert (done.status, done.json["backend"]) == (0, "database")


@pytest.mark.parametrize(
    "costs",
    [{"n": 2**20, "r": 32}, {"p": 10**9}, {"n": 0}, {"r": -8}, {"n": 1e400}, {"n": NUMBER}, {"n": 3}, {"n": None}],
    ids=short,
)
def test_absurd_costs_are_not_paid(costs: dict[str, int]) -> None:
    with pytest.raises(WrongPassphrase):
        unwrap({**wrap(bytes(KEY), Secret(PASSPHRASE)), **costs}, Secret(PASSPHRASE))


def a_backup(content: bytes) -> bytes:
    head = _MAGIC + json.dumps(wrap(bytes(KEY), Secret(PASSPHRASE))).encode() + b"\n"
    return head + seal(bytes(KEY), zlib.compress(content), head.decode())


@pytest.mark.parametrize(
    "content", [DEEP, NUMBER, "[]", "1", '{"vault": 1}', '{"vault": [1]}', '{"vault": "a"}'], ids=short
)
def test_a_backup_with_absurd_parts_is_damaged(content: str) -> None:
    with pytest.raises(BackupRefused) as caught:
        unpack(a_backup(content.encode()), Secret(PASSPHRASE))
    assert caught.value.problem is BackupProblem.DAMAGED


def test_a_backup_with_an_absurd_header_is_damaged() -> None:
    with pytest.raises(BackupRefused) as caught:
        unpack(_MAGIC + DEEP.encode() + b"\nx", Secret(PASSPHRASE))
    assert caught.value.problem is BackupProblem.DAMAGED


@pytest.mark.parametrize(
    "content",
    [
        DEEP,
        "[]",
        "{}",
        '{"schema": "1", "tables": {}, "secrets": {}}',
        '{"schema": 1, "tables": [], "secrets": {}}',
        '{"schema": 1, "tables": {"tokens": [1]}, "secrets": {}}',
        f'{{"schema": 1, "tables": {{"tokens": [{{"name": {2**63}}}]}}, "secrets": {{}}}}',
        '{"schema": 1, "tables": {"tokens": [{"name": []}]}, "secrets": {}}',
        '{"schema": 1, "tables": {}, "secrets": 1}',
    ],
    ids=short,
)
def test_a_vault_that_igauth_did_not_write_is_refused(content: str, own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(pack({"vault": content.encode()}, Secret(PASSPHRASE)))
    done = inside("restore", str(tmp_path / "b"), stdin=PASSPHRASE)
    assert (done.status, done.out) == (1, "")
    assert b64encode(content.encode()).decode() not in done.err
