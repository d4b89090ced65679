"""A keyring that is locked: who is waited for, what is asked again, and where a secret goes meanwhile."""

import socket
import threading
from pathlib import Path

import pytest
from keyring.errors import InitError, KeyringLocked

from tests.vault.making import NOW, add, extend
from tests.vault.test_backends import CANARY, FakeKeyring
from tui.redact import Secret
from tui.vault import keyring_secrets
from tui.vault.choice import BackendChoice, Reason
from tui.vault.errors import SecretsProblem, SecretsUnavailable, StoreUndecided
from tui.vault.keyring_secrets import KeyringSecrets, choose_backend
from tui.vault.notices import NoticeCode
from tui.vault.secret_service import look
from tui.vault.unlocking import HasAnswered, WaitForUnlock, nobody
from tui.vault.vault import Vault, open_vault


class LockedKeyring(FakeKeyring):
    """Opens a window at each call and blocks until it is unlocked, as gnome-keyring does on a desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.is_unlocked = threading.Event()
        self.trouble = self._block

    def _block(self, _number: int, _call: str) -> None:
        self.is_unlocked.wait()


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> LockedKeyring:
    """The keyring of this machine."""
    locked = LockedKeyring()
    monkeypatch.setattr(keyring_secrets, "load_keyring", lambda: locked)
    monkeypatch.setattr(keyring_secrets, "_SECRET_SERVICE", (LockedKeyring.__module__,))
    monkeypatch.setattr(keyring_secrets, "SECONDS", 0.05)
    monkeypatch.setattr(keyring_secrets, "PROMPT_AFTER", 0.02)
    monkeypatch.setattr(keyring_secrets, "look", lambda: None if locked.is_unlocked.is_set() else Reason.KEYRING_LOCKED)
    return locked


@pytest.fixture(autouse=True)
def unlocked_at_the_end(keyring: LockedKeyring) -> object:
    """No thread is left waiting."""
    yield
    keyring.is_unlocked.set()


def somebody(keyring: LockedKeyring, notified: list[str]) -> WaitForUnlock:
    """Return somebody who unlocks the keyring once notified."""

    def unlock(_problem: SecretsProblem, has_answered: HasAnswered) -> None:
        notified.append("unlock the keyring")
        keyring.is_unlocked.set()
        assert has_answered(10.0)

    return unlock


def vault_of(folder: Path, unlock: WaitForUnlock = nobody) -> Vault:
    return open_vault(folder / "home" / "igauth.db", lambda: NOW, unlock=unlock)


def test_the_call_goes_on_once_somebody_has_unlocked(keyring: LockedKeyring) -> None:
    notified: list[str] = []
    secrets = KeyringSecrets("home", somebody(keyring, notified))
    secrets.write("app_secret/acme", Secret(CANARY))
    assert secrets.read("app_secret/acme") == Secret(CANARY)
    assert notified == ["unlock the keyring"]


def test_a_keyring_unlocked_while_it_is_chosen_is_chosen(keyring: LockedKeyring) -> None:
    assert choose_backend(somebody(keyring, [])) == BackendChoice("keyring")
    assert keyring.content == {}


def test_without_anybody_the_wait_is_short_and_the_lock_is_named(keyring: LockedKeyring) -> None:
    with pytest.raises(SecretsUnavailable) as caught:
        KeyringSecrets("home").read("app_secret/acme")
    assert caught.value.problem is SecretsProblem.KEYRING_WAITS


def test_who_stopped_waiting_is_not_notified_again_at_once(keyring: LockedKeyring) -> None:
    notified: list[str] = []
    secrets = KeyringSecrets("home", lambda *_facts: notified.append("unlock the keyring"))
    for _ in range(2):
        with pytest.raises(SecretsUnavailable) as caught:
            secrets.read("app_secret/acme")
        assert caught.value.problem is SecretsProblem.KEYRING_WAITS
    assert len(notified) == 1
    assert keyring.calls == 1  # no second window opens
    keyring.is_unlocked.set()
    assert secrets.read("app_secret/acme") is None  # no pause after it was unlocked


def test_a_keyring_unlocked_in_another_window_is_asked_again(
    keyring: LockedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = threading.Event()

    def first_hangs(number: int, _call: str) -> None:
        if number == 1:
            forgotten.wait()

    def unlock(_problem: SecretsProblem, has_answered: HasAnswered) -> None:
        keyring.is_unlocked.set()
        assert has_answered(10.0)

    keyring.trouble = first_hangs
    try:
        assert KeyringSecrets("home", unlock).read("app_secret/acme") is None
        assert keyring.calls == 2
    finally:
        forgotten.set()


def test_an_open_keyring_that_asks_for_permission_is_waited_for(
    keyring: LockedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_secrets, "look", lambda: None)
    seen: list[SecretsProblem] = []
    with pytest.raises(SecretsUnavailable) as caught:
        KeyringSecrets("home", lambda problem, _has_answered: seen.append(problem)).read("app_secret/acme")
    assert [caught.value.problem] == seen == [SecretsProblem.KEYRING_ASKS]


def test_a_permission_that_nobody_gives_is_asked_for_once(
    keyring: LockedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_secrets, "look", lambda: None)
    secrets = KeyringSecrets("home")
    for number in range(5):
        with pytest.raises(SecretsUnavailable) as caught:
            secrets.read(f"token/{number}")
        assert caught.value.problem is SecretsProblem.KEYRING_ASKS
    assert keyring.calls == 1
    keyring.is_unlocked.set()  # the permission was given
    secrets._unanswered.result(10.0)
    assert secrets.read("token/1") is None


def test_a_bus_that_answers_nonsense_is_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")

        def answer() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
                heard = b""
                while b"BEGIN" not in heard and (piece := peer.recv(4096)):
                    heard += piece
                peer.sendall(b"X" * 64)
                while peer.recv(4096):
                    pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert look() is Reason.BUS_UNREACHABLE
        thread.join(10.0)


def test_two_threads_open_one_window(keyring: LockedKeyring) -> None:
    notified: list[str] = []
    secrets = KeyringSecrets("home", somebody(keyring, notified))
    threads = [threading.Thread(target=secrets.read, args=(f"token/{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10.0)
    assert len(notified) == 1


def test_no_window_opens_where_none_may(keyring: LockedKeyring) -> None:
    with pytest.raises(StoreUndecided):
        choose_backend(opens_window=False)
    assert keyring.calls == 0


def test_a_keyring_without_a_place_for_secrets_counts_as_none(
    keyring: LockedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dismissed(_number: int, _call: str) -> None:
        raise InitError("Failed to create the collection: Prompt dismissed..")

    keyring.trouble = dismissed
    monkeypatch.setattr(keyring_secrets, "look", lambda: Reason.KEYRING_NOT_SET_UP)
    assert choose_backend().reason == Reason.KEYRING_NOT_SET_UP


# --- a home whose secret store is not chosen yet ------------------------------------------------------------------


def test_a_lock_leads_to_no_lesser_store(tmp_path: Path, keyring: LockedKeyring) -> None:
    vault = vault_of(tmp_path)
    with pytest.raises(StoreUndecided):
        vault.profile_secrets.set("app_secret", "acme", Secret(CANARY))
    assert vault.secrets.choice is None
    assert not any(CANARY.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


@pytest.mark.parametrize("name", ["database", "sealed"])
def test_a_store_can_be_chosen_all_the_same(tmp_path: Path, keyring: LockedKeyring, name: str) -> None:
    vault = vault_of(tmp_path)
    chosen = vault.secrets.choose_store(name)  # type: ignore[arg-type]
    assert chosen == vault.secrets.choice == BackendChoice(name, Reason.CHOSEN)  # type: ignore[arg-type]
    assert keyring.calls == 0


def test_a_wanted_keyring_is_not_replaced_by_another_store(tmp_path: Path, keyring: LockedKeyring) -> None:
    vault = vault_of(tmp_path)
    with pytest.raises(SecretsUnavailable):
        vault.secrets.choose_store("keyring")
    with pytest.raises(SecretsUnavailable):
        vault.secrets.move("keyring")
    assert vault.secrets.choice is None


def test_an_issued_token_is_kept_before_a_store_is_chosen(tmp_path: Path, keyring: LockedKeyring) -> None:
    vault = vault_of(tmp_path, lambda *_facts: pytest.fail("it was only in memory meanwhile"))
    add(vault, "main", CANARY)
    assert vault.tokens.value("main") == Secret(CANARY)
    assert vault.secrets.choice is None
    keyring.is_unlocked.set()
    assert vault.secrets.choose() == BackendChoice("keyring")
    vault.restore_displaced()
    assert CANARY in keyring.content.values()
    assert vault.tokens.value("main") == Secret(CANARY)


# --- a home whose secrets are in the keyring ----------------------------------------------------------------------


def test_an_issued_token_waits_for_nobody(tmp_path: Path, keyring: LockedKeyring) -> None:
    keyring.is_unlocked.set()
    vault = vault_of(tmp_path, lambda *_facts: pytest.fail("it was only in memory meanwhile"))
    add(vault)
    keyring.is_unlocked.clear()
    extend(vault, "main", CANARY)
    assert vault.tokens.value("main") == Secret(CANARY)
    (notice,) = [found for found in vault.notices if found.code is NoticeCode.SECRET_DISPLACED]
    assert isinstance(notice.error, SecretsUnavailable)
    assert notice.error.problem is SecretsProblem.KEYRING_WAITS
    keyring.is_unlocked.set()
    vault.restore_displaced()
    assert CANARY in keyring.content.values()


def test_whether_a_secret_is_stored_is_known_without_the_keyring(tmp_path: Path, keyring: LockedKeyring) -> None:
    keyring.is_unlocked.set()
    vault = vault_of(tmp_path)
    vault.profile_secrets.set("app_secret", "acme", Secret(CANARY))
    keyring.is_unlocked.clear()
    calls = keyring.calls
    assert vault.profile_secrets.has("app_secret", "acme")
    assert not vault.profile_secrets.has("client_token", "acme")
    assert keyring.calls == calls


def test_a_lock_that_refuses_at_once_is_named(keyring: LockedKeyring) -> None:
    def refuses(_number: int, _call: str) -> None:
        raise KeyringLocked("Failed to unlock the collection!")

    keyring.trouble = refuses
    with pytest.raises(SecretsUnavailable) as caught:
        KeyringSecrets("home").read("app_secret/acme")
    assert caught.value.problem is SecretsProblem.KEYRING_LOCKED
