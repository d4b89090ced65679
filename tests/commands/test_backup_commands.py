"""`igauth backup` and `igauth restore`."""

import os
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.services import open_services
from tui.vault.meta import GRAPH_HOST, MATILLION_HOST
from tui.wording.commands import command_text

PASSPHRASE = "correct horse battery staple\n"


def test_a_home_comes_back_whole_in_another_place(
    person: Person, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.import_tokens("user_long", "user_due")
    before = inside("status", "--json").json["tokens"]
    file = tmp_path / "home.igauth"
    assert inside("backup", str(file), stdin=PASSPHRASE).status == 0
    data = file.read_bytes()
    secrets = [person.value("user_long"), person.sandbox.world.app_secret, person.sandbox.world.app_id]
    assert not [secret for secret in secrets if secret.encode() in data]
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "elsewhere"))
    assert inside("restore", str(file), stdin=PASSPHRASE).status == 0
    assert [row["name"] for row in inside("status", "--json").json["tokens"]] == [row["name"] for row in before]
    assert inside("token", "user_long").out.strip() == person.value("user_long")
    assert inside("add", "acme", "--verify").status == 0
    assert own_home.exists()
    assert _sends_by_itself(tmp_path / "elsewhere", own_home) == (False, True)


def _sends_by_itself(*homes: Path) -> tuple[bool, ...]:
    """Tell of each home whether it delivers without being asked to overwrite what may be newer."""
    sends = []
    for home in homes:
        os.environ["IGAUTH_HOME"] = str(home)
        file = home / "config.toml"
        file.write_text(file.read_text() + '\n[[deliver]]\ntokens = ["user_long"]\ncommand = ["true"]\n')
        sends.append(inside("deliver").status == 0)
    return tuple(sends)


def test_a_wrong_passphrase_or_a_full_home_changes_nothing(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.import_tokens("user_long")
    file = tmp_path / "home.igauth"
    assert inside("backup", str(file), stdin=PASSPHRASE).status == 0
    assert inside("backup", str(file), stdin=PASSPHRASE).status == 1
    assert inside("restore", str(file), stdin=PASSPHRASE).status == 1
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "elsewhere"))
    done = inside("restore", str(file), stdin="guess\n")
    assert (done.status, done.out) == (1, "")
    assert inside("status").status == 3


def test_a_complete_restore_that_is_repeated_changes_no_token(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.import_tokens("user_long")
    file = tmp_path / "home.igauth"
    assert inside("backup", str(file), stdin=PASSPHRASE).status == 0
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "elsewhere"))
    assert inside("restore", str(file), stdin=PASSPHRASE).status == 0
    person.import_tokens("user_due")
    config = tmp_path / "elsewhere" / "config.toml"
    before = config.read_bytes()
    again = inside("restore", str(file), stdin=PASSPHRASE)
    assert (again.status, again.err.strip()) == (0, command_text("backup", "restored_before", tokens="2 tokens"))
    assert inside("token", "user_due").out.strip() == person.value("user_due")
    config.write_bytes(before + b"\n# changed\n")
    refused = inside("restore", str(file), stdin=PASSPHRASE)
    assert (refused.status, str(config) in refused.err) == (1, True)
    assert config.read_bytes() == before + b"\n# changed\n"


def test_a_restored_home_keeps_the_hosts_of_its_secrets(
    person: Person, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = open_services(os.environ, "command")
    noted = {GRAPH_HOST: "graph.elsewhere.invalid", f"{MATILLION_HOST}acme": "matillion.invalid"}
    for key, host in noted.items():
        services.meta.set(key, host)
    services.vault.close()
    file = tmp_path / "home.igauth"
    assert inside("backup", str(file), stdin=PASSPHRASE).status == 0
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "elsewhere"))
    assert inside("restore", str(file), stdin=PASSPHRASE).status == 0
    services = open_services(os.environ, "command")
    assert {key: services.meta.get(key) for key in noted} == noted
    services.vault.close()


def test_a_backup_is_never_written_without_a_passphrase(person: Person, tmp_path: Path) -> None:
    person.import_tokens("user_long")
    done = inside("backup", str(tmp_path / "plain"))
    assert done.status == 1
    assert "No passphrase" in done.err
    assert "differ" not in done.err
    assert not (tmp_path / "plain").exists()


def test_a_passphrase_of_two_lines_is_refused(person: Person, tmp_path: Path) -> None:
    done = inside("backup", str(tmp_path / "saved"), stdin=PASSPHRASE + PASSPHRASE)
    assert (done.status, done.out) == (1, "")
    assert "more than one line" in done.err
    assert not (tmp_path / "saved").exists()


def test_an_unwritable_backup_gets_no_advice_about_the_home(person: Person, tmp_path: Path) -> None:
    done = inside("backup", str(tmp_path / "nowhere" / "saved"), stdin="several plain words")
    assert done.status == 1
    assert str(tmp_path / "nowhere" / "saved") in done.err
    assert "IGAUTH_HOME" not in done.err


@pytest.mark.parametrize("passphrase", ["short", "password123"])
def test_a_weak_passphrase_needs_weak(person: Person, tmp_path: Path, passphrase: str) -> None:
    file = tmp_path / "saved"
    done = inside("backup", str(file), stdin=passphrase)
    assert done.status == 1
    assert "--weak" in done.err
    assert passphrase not in done.err
    assert not file.exists()
    assert inside("backup", str(file), "--weak", stdin=passphrase).status == 0
    assert inside("secrets", "--move-to", "sealed", stdin=passphrase).status == 1
    assert inside("secrets", "--move-to", "sealed", "--weak", stdin=passphrase).status == 0
    assert inside("secrets", "--change-passphrase", stdin=f"{passphrase}\nshorter").status == 1
