"""Sealed secrets and a timer: the passphrase goes from stdin to systemd-creds to the unit, and nowhere else."""

import os
import stat
from pathlib import Path

import pytest

from tests.commands.running import ROOT, Person, inside
from tests.terminals import PseudoTerminal
from tui.commands.timer_text import Plan, service_unit

WORDS = "correct horse battery staple"
ENCRYPT = 'echo "$*" >> "{calls}"; base64'
"""Stands for systemd-creds: notes its arguments, and turns stdin into something else."""
PLAN = Plan(("/opt/igauth",), 3, 7, {}, "/srv/a%b/igauth-passphrase.cred")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that comes first in PATH, with a systemctl that takes everything."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    _tool(folder, "systemctl", "exit 0")
    return folder


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


def test_the_unit_names_the_credential_only_if_encrypted() -> None:
    assert "LoadCredentialEncrypted=igauth-passphrase:/srv/a%%b/igauth-passphrase.cred\n" in service_unit(PLAN)
    assert "Credential" not in service_unit(Plan(("/opt/igauth",), 3, 7, {}))


def test_the_timer_reads_the_secrets_with_its_passphrase(
    sealed: Person, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    _tool(tools, "systemd-creds", ENCRYPT.format(calls=calls))
    done = inside("schedule", "install", "--yes", stdin=WORDS)
    assert done.status == 0, done.err
    file = _units(tmp_path) / "igauth-passphrase.cred"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"LoadCredentialEncrypted=igauth-passphrase:{file}\n" in (_units(tmp_path) / "igauth.service").read_text()
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


def test_cron_cannot_bring_a_passphrase_and_is_not_installed(sealed: Person, tools: Path, tmp_path: Path) -> None:
    _tool(tools, "crontab", f"touch {tmp_path}/changed")
    done = inside("schedule", "install", "--with", "cron", "--yes", stdin=WORDS)
    assert done.status == 1
    assert "cron cannot supply their passphrase" in done.err
    assert not (tmp_path / "changed").exists()


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
