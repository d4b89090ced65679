"""A backup is sealed, whole, and restores a home with every secret."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.making import NOW, add, extend, make_vault
from tui.redact import Secret
from tui.tokens.history import HistoryEvent
from tui.vault.backup import export, import_backup, pack, unpack, write_new
from tui.vault.errors import BackupProblem, BackupRefused, VaultError, WrongPassphrase
from tui.vault.passphrase import Passphrase

PASSPHRASE = Secret("correct horse battery staple")
CANARY = "EAAcanary-0123456789abcdef"


def test_a_home_comes_back_from_its_backup_with_every_value(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "old")
    add(vault, "main", "EAAfirst")
    extend(vault, "main", CANARY)
    candidate = vault.tokens.add_issued("main", "work", Secret("EAAunproven"), at=NOW, origin="extension")
    vault.profile_secrets.set("app_secret", "work", Secret("0123456789abcdef0123456789abcdef"))
    vault.history.record(HistoryEvent(NOW, "tui", "extend", "main"))
    vault.notes.save_progress("work", {"1": (NOW, "")})
    data = pack({"vault": export(vault.database, vault.secrets), "config.toml": b"theme = 'dark'"}, PASSPHRASE)
    assert CANARY.encode() not in data
    write_new(tmp_path / "home.igauth", data)
    parts = unpack((tmp_path / "home.igauth").read_bytes(), PASSPHRASE)
    again = make_vault(tmp_path / "new", passphrase=lambda: Passphrase(Secret("x" * 10)))
    assert import_backup(parts["vault"], again.database, again.secrets) == 1
    assert parts["config.toml"] == b"theme = 'dark'"
    assert again.tokens.tokens() == vault.tokens.tokens()
    assert again.tokens.versions("main") == vault.tokens.versions("main")
    assert again.tokens.value("main") == Secret(CANARY)
    assert again.tokens.value_of(candidate) == Secret("EAAunproven")
    assert again.profile_secrets.get("app_secret", "work") == Secret("0123456789abcdef0123456789abcdef")
    assert again.history.events() == vault.history.events()
    assert again.notes.progress("work") == vault.notes.progress("work")


def test_a_home_with_tokens_is_not_overwritten(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    with pytest.raises(BackupRefused, match=BackupProblem.HOME_IN_USE):
        import_backup(export(vault.database, vault.secrets), vault.database, vault.secrets)
    assert vault.tokens.value("main") == Secret("EAAfirst")


def test_another_passphrase_or_a_changed_bit_opens_nothing() -> None:
    data = pack({"vault": b"content"}, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        unpack(data, Secret("correct horse"))
    changed = bytearray(data)
    changed[-1] ^= 1
    with pytest.raises(WrongPassphrase):
        unpack(bytes(changed), PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        unpack(data[:-5], PASSPHRASE)


def test_a_backup_without_a_passphrase_is_refused() -> None:
    with pytest.raises(BackupRefused):
        pack({}, Secret(""))


@given(st.binary(max_size=200))
def test_any_other_file_is_refused_with_our_own_error(data: bytes) -> None:
    for content in (data, b"igauth-backup-1\n" + data, b'igauth-backup-1\n{"n": 1}\n' + data):
        with pytest.raises(VaultError):
            unpack(content, PASSPHRASE)


def test_a_backup_is_private_and_replaces_no_file(tmp_path: Path) -> None:
    target = tmp_path / "backup"
    write_new(target, b"first")
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupRefused, match=BackupProblem.FILE_EXISTS):
        write_new(target, b"second")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]
