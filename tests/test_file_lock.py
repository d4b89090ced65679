"""A lock that the system refuses stops the work; only a file system without locks goes on without one."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from tests.vault.making import NOW, make_vault
from tui.redact import Secret
from tui.settings import Home, Problem, SettingsError, SettingsStore
from tui.vault.errors import ReadOnly, Unreachable, VaultError
from tui.vault.locks import hold


def refuse_with(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refused(_descriptor: int, _kind: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refused)


REFUSED = [(errno.EIO, Unreachable), (errno.EACCES, ReadOnly), (errno.EINVAL, Unreachable)]
WITHOUT_LOCKS = [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK]


@pytest.mark.parametrize(("number", "kind"), REFUSED)
def test_a_refused_lock_stops_a_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[VaultError]
) -> None:
    refuse_with(monkeypatch, number)
    with pytest.raises(kind) as caught, hold(tmp_path / "locks", "tui", "main", 0):
        pytest.fail("two may refresh at once")
    assert caught.value.path == tmp_path / "locks" / "main.lock"
    assert os.strerror(number) in str(caught.value)


@pytest.mark.parametrize("number", [number for number, _ in REFUSED])
def test_a_refused_lock_stops_a_change_of_settings(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    store = SettingsStore(Home(own_home, own_home, own_home), {})
    refuse_with(monkeypatch, number)
    with pytest.raises(SettingsError) as caught:
        store.set_preference("theme", "x")
    assert (caught.value.problem, caught.value.detail) == (Problem.UNWRITABLE, os.strerror(number))
    assert not store.home.config_file.exists()


@pytest.mark.parametrize(("number", "kind"), REFUSED)
def test_a_refused_lock_stops_the_opening_of_a_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[VaultError]
) -> None:
    refuse_with(monkeypatch, number)
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(kind, match=r"igauth\.db\.use"):
        make_vault(tmp_path)
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("number", WITHOUT_LOCKS)
def test_without_locks_on_the_file_system_all_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse_with(monkeypatch, number)
    vault = make_vault(tmp_path)
    with vault.tokens.refresh_lock("main", wait=0):
        vault.meta.set("theme", "x")
    SettingsStore(Home(tmp_path, tmp_path, tmp_path), {}).set_preference("theme", "x")


@pytest.mark.parametrize("number", WITHOUT_LOCKS)
def test_a_full_disk_without_locks_loses_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    refuse_with(monkeypatch, number)
    vault = make_vault(tmp_path)
    vault.database.close()
    with pytest.raises(VaultError) as caught:
        vault.tokens.add_issued("main", "work", Secret("EAAissued"), at=NOW, origin="login")
    assert caught.value.saved_in is not None
    [version] = make_vault(tmp_path).tokens.candidates()
    assert version.token == "main"
