"""Sealed secrets and a timer: the passphrase goes from stdin to systemd-creds to the unit, and nowhere else."""

import os
import stat
from pathlib import Path

import pytest

from tests.commands.running import ROOT, Person, inside
from tests.terminals import PseudoTerminal

WORDS = "correct horse battery staple"
ENCRYPT = 'echo "$*" >> "{calls}"; base64'
"""Stands for systemd-creds: notes its arguments, and turns stdin into something else."""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that comes first in PATH, with a systemctl that takes everything."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    _systemd(folder, 258)
    return folder


def _systemd(folder: Path, version: int) -> None:
    """Let a systemctl of that version take everything, keeping the text of the unit that it last started."""
    script = (
        f'case "$*" in --version) echo "systemd {version} ({version}.1)";; '
        f'*" start "*) cp "$XDG_RUNTIME_DIR/systemd/user/$3" {folder}/started;; esac'
    )
    _tool(folder, "systemctl", script)


def _tool(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def sealed(person: Person) -> Person:
    """A person whose secrets are sealed."""
    person.import_tokens("user_due")
    done = inside("secrets", "--move-to", "sealed", stdin=WORDS + "\n")
    assert done.status == 0, done.err
    return person


def _units(tmp_path: Path) -> Path:
    return tmp_path / "config" / "systemd" / "user"


def test_a_passphrase_that_is_not_utf_8_reaches_the_timer(
    person: Person, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.import_tokens("user_due")
    assert inside("secrets", "--move-to", "sealed", stdin=b"caf\xe9 au lait\n").status == 0
    _tool(tools, "systemd-creds", "cat")
    done = inside("schedule", "install", "--yes", stdin=b"caf\xe9 au lait\n")
    assert done.status == 0, done.err
    (file,) = _units(tmp_path).glob("*-passphrase.cred")
    file.rename(tmp_path / "igauth-passphrase")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert inside("keep", "--dry-run").status == 0


def test_the_timer_reads_the_secrets_with_its_passphrase(
    sealed: Person, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    _tool(tools, "systemd-creds", ENCRYPT.format(calls=calls))
    done = inside("schedule", "install", "--yes", stdin=WORDS)
    assert done.status == 0, done.err
    (file,) = _units(tmp_path).glob("*-passphrase.cred")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (service,) = _units(tmp_path).glob("*.service")
    for text in (service.read_text(), (tools / "started").read_text()):
        assert f"LoadCredentialEncrypted=igauth-passphrase:{file}\n" in text
    assert calls.read_text() == "encrypt --user --name=igauth-passphrase - -\n"
    for seen in (done.out, done.err, file.read_text(), calls.read_text()):
        assert WORDS not in seen
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    assert os.system(f"base64 -d {file} > {credentials}/igauth-passphrase") == 0
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert inside("refresh", "--due").status == 0
    assert inside("schedule", "remove", "--yes").status == 0
    assert not file.exists()


def test_a_wrong_passphrase_is_never_installed(sealed: Person, tools: Path, tmp_path: Path) -> None:
    _tool(tools, "systemd-creds", ENCRYPT.format(calls=tmp_path / "calls"))
    for wrong in ("another one", ""):
        done = inside("schedule", "install", "--yes", stdin=wrong)
        assert done.status == 1
        assert "passphrase" in done.err
    assert not _units(tmp_path).exists()
    assert not (tmp_path / "calls").exists()


def test_an_old_systemd_is_reported_and_nothing_is_installed(sealed: Person, tools: Path, tmp_path: Path) -> None:
    _tool(tools, "systemd-creds", "echo \"systemd-creds: unrecognized option '--user'\" >&2; exit 1")
    done = inside("schedule", "install", "--yes", stdin=WORDS)
    assert done.status == 1
    assert "unrecognized option '--user'" in done.err
    assert "systemd 256" in done.err
    assert "igauth secrets --move-to database" in done.err
    assert not list(_units(tmp_path).glob("*"))


@pytest.mark.parametrize("version", [256, 257])
def test_before_258_the_unit_decrypts_by_itself(version: int, sealed: Person, tools: Path, tmp_path: Path) -> None:
    _tool(tools, "systemd-creds", ENCRYPT.format(calls=tmp_path / "calls"))
    _systemd(tools, version)
    done = inside("schedule", "install", "--yes", stdin=WORDS)
    assert done.status == 0, done.err
    (service,) = _units(tmp_path).glob("*.service")
    text = service.read_text()
    assert "LoadCredential" not in text
    assert f"ExecStartPre=systemd-creds decrypt --user --name=igauth-passphrase {_units(tmp_path)}" in text
    assert "RuntimeDirectoryMode=0700\n" in text
    assert "ExecStartPre=systemd-creds decrypt" in (tools / "started").read_text()


def test_a_unit_that_cannot_open_the_secrets_leaves_nothing(
    sealed: Person, tools: Path, tmp_path: Path, own_home: Path
) -> None:
    _tool(tools, "systemd-creds", ENCRYPT.format(calls=tmp_path / "calls"))
    failed = 'echo "Bad credential format." > "$XDG_RUNTIME_DIR/${3%.service}.output"; exit 1'
    _tool(tools, "systemctl", f'case "$*" in --version) echo "systemd 257 (1)";; *" start "*) {failed};; esac')
    done = inside("schedule", "install", "--yes", stdin=WORDS)
    assert (done.status, "Bad credential format" in done.err) == (1, True)
    assert not list(_units(tmp_path).glob("*"))
    assert not (own_home / "timer.env").exists()
    assert not list((tmp_path / "systemd" / "user").glob("*"))


def test_below_256_sealed_secrets_are_refused_with_the_reason(
    sealed: Person, tools: Path, tmp_path: Path, own_home: Path
) -> None:
    for version in (255, 252):
        _systemd(tools, version)
        done = inside("schedule", "install", "--yes", stdin=WORDS)
        assert (done.status, f"systemd {version}" in done.err, "256" in done.err) == (1, True, True)
    assert not _units(tmp_path).exists()
    assert not (own_home / "timer.env").exists()


def test_with_a_passphrase_command_cron_is_installed(
    sealed: Person, tools: Path, tmp_path: Path, own_home: Path
) -> None:
    _tool(tools, "crontab", f'[ "$1" = -l ] && exec cat {tmp_path}/table; cp "$1" {tmp_path}/table')
    (tmp_path / "table").touch()
    _tool(tools, "words", f"echo '{WORDS}'")
    config = own_home / "config.toml"
    config.write_text(f'passphrase_command = ["{tools}/words"]\n' + config.read_text())
    done = inside("schedule", "install", "--with", "cron", "--yes")
    assert done.status == 0, done.err
    assert b"keep --environment" in (tmp_path / "table").read_bytes()


def test_cron_cannot_bring_a_passphrase_and_is_not_installed(sealed: Person, tools: Path, tmp_path: Path) -> None:
    _tool(tools, "crontab", f"touch {tmp_path}/changed")
    done = inside("schedule", "install", "--with", "cron", "--yes", stdin=WORDS)
    assert done.status == 1
    assert "cron cannot supply their passphrase" in done.err
    assert not (tmp_path / "changed").exists()


def test_sealing_names_a_timer_that_it_stops(person: Person, tools: Path, tmp_path: Path, own_home: Path) -> None:
    _tool(tools, "crontab", f'[ "$1" = -l ] && exec cat {tmp_path}/table; cp "$1" {tmp_path}/table')
    (tmp_path / "table").touch()
    person.import_tokens("user_due")
    done = inside("schedule", "install", "--with", "cron", "--yes")
    assert (done.status, "cron cannot supply" in done.err) == (0, False)
    done = inside("secrets", "--move-to", "sealed", stdin=WORDS + "\n")
    assert (done.status, "cron cannot supply their passphrase" in done.err) == (0, True)
    assert "cron cannot supply their passphrase" in inside("schedule", "show").err
    levels = {one["level"] for one in inside("doctor", "--json").json["findings"] if one["check"] == "timer"}
    assert "failure" in levels
    config = own_home / "config.toml"
    config.write_text(f'passphrase_command = ["echo", "{WORDS}"]\n' + config.read_text())
    assert "cron cannot supply" not in inside("schedule", "show").err


def test_a_slip_in_a_new_passphrase_seals_nothing(person: Person) -> None:
    with PseudoTerminal(_igauth("secrets", "--move-to", "sealed"), os.environ, cwd=ROOT) as terminal:
        terminal.wait_for("New passphrase")
        terminal.send(WORDS + "\r")
        terminal.wait_for("Repeat the passphrase")
        terminal.send(WORDS + "r\r")
        assert terminal.wait_exit() == 1
        assert "Every secret is where it was." in terminal.text
        assert WORDS not in terminal.text
    assert inside("secrets", "--json").json["backend"] == "database"


def test_sealing_without_a_passphrase_is_refused(person: Person) -> None:
    done = inside("secrets", "--move-to", "sealed")
    assert (done.status, done.out) == (1, "")
    assert inside("secrets", "--json").json["backend"] == "database"


def _igauth(*arguments: str) -> list[str]:
    import sys

    return [sys.executable, "-m", "tui", *arguments]
