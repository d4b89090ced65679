"""What is seen of a real session bus, of a locked and a silent service, and of gnome-keyring."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keyrings.buses import gnome_keyring, secret_service, session_bus
from tests.terminals.waiting import wait_until
from tui.redact import Secret
from tui.vault import secret_service as looked_at
from tui.vault.choice import BackendChoice, Reason
from tui.vault.errors import SecretsProblem, SecretsUnavailable, StoreUndecided
from tui.vault.keyring_secrets import KeyringSecrets, choose_backend, keyring_problem
from tui.vault.secret_service import look

SECRET = Secret("0123456789abcdef0123456789abcdef")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The session's bus: nothing is on it."""
    import keyring.core

    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        # the package looks for its back ends once for each process
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.SecretService.Keyring")
        monkeypatch.setattr(keyring.core, "_keyring_backend", None)
        yield address


def problem() -> tuple[SecretsProblem, str] | None:
    """Return the code of what keeps the keyring from being used."""
    found = keyring_problem()
    return None if found is None else (found.problem, found.detail)


def test_without_an_address_the_session_is_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked_at, "user_bus", lambda: tmp_path / "none")
    assert look() is Reason.NO_SESSION_BUS


def test_a_session_that_runs_and_is_not_named_is_found(
    bus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = Path(bus.partition("path=")[2].partition(",")[0])
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setattr(looked_at, "user_bus", lambda: socket)
    assert look() is Reason.BUS_NOT_NAMED


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", "tcp:host=127.0.0.1,port=9"])
def test_an_address_where_nothing_answers_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert look() is Reason.BUS_UNREACHABLE


def test_a_bus_without_a_service_has_no_keyring(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    assert look() is Reason.NO_SECRET_SERVICE
    assert problem() == (SecretsProblem.NO_KEYRING, Reason.NO_SECRET_SERVICE)
    assert choose_backend() == BackendChoice("database", Reason.NO_SECRET_SERVICE)


def test_a_silent_service_is_not_taken_for_none(bus: str) -> None:
    with secret_service(bus, "silent"):
        assert look() is Reason.KEYRING_SILENT
        with pytest.raises(StoreUndecided, match=SecretsProblem.KEYRING_SILENT):
            choose_backend()


def test_an_open_window_is_waited_for(bus: str) -> None:
    waited: list[bool] = []
    with secret_service(bus, "locked"):
        assert problem() is not None
        assert look() is Reason.KEYRING_LOCKED
        with pytest.raises(StoreUndecided, match=SecretsProblem.KEYRING_WAITS):
            choose_backend(lambda _problem, has_answered: waited.append(has_answered(0)))
    assert waited == [False]


def test_gnome_keyring_unlocked_locked_and_unlocked_again(bus: str, tmp_path: Path) -> None:
    gnome_keyring(bus, tmp_path / "desk", "right")
    wait_until(lambda: look() is None, "gnome-keyring is not open")
    assert choose_backend() == BackendChoice("keyring")
    KeyringSecrets("home").write("app_secret/acme", SECRET)
    wait_until(lambda: any(map(os.path.getsize, (tmp_path / "desk").rglob("*.keyring"))), "no keyring is on disk")
    gnome_keyring(bus, tmp_path / "desk", "wrong")
    try:
        wait_until(lambda: look() is Reason.KEYRING_LOCKED, lambda: f"gnome-keyring is not locked: {look()}")
    except AssertionError as error:  # a busy machine may leave the first daemon in its place
        pytest.skip(str(error))
    with pytest.raises(SecretsUnavailable) as caught:
        KeyringSecrets("home").read("app_secret/acme")
    assert caught.value.problem in (SecretsProblem.KEYRING_LOCKED, SecretsProblem.KEYRING_WAITS)
    gnome_keyring(bus, tmp_path / "desk", "right")
    wait_until(lambda: look() is None, "gnome-keyring is not open again")
    assert KeyringSecrets("home").read("app_secret/acme") == SECRET
