"""The secret stores: which one is chosen, and moving secrets between them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import KeyringLocked

from tests.vault.making import NOW, add, extend, make_vault
from tui.redact import Secret
from tui.vault import keyring_secrets
from tui.vault.choice import BackendChoice, Reason
from tui.vault.errors import Full, SecretsProblem, SecretsUnavailable, StoreUndecided, WrongPassphrase
from tui.vault.keyring_secrets import choose_backend, load_keyring, problem_of
from tui.vault.notices import NoticeCode
from tui.vault.passphrase import Passphrase
from tui.vault.vault import Vault, open_vault
from tui.wording.vault import why_not_better

CANARY = "EAAcanary-0123456789abcdef"


class FakeKeyring:
    """Keeps passwords in memory; on request it refuses, hangs or forgets at a call of a given number."""

    def __init__(self) -> None:
        self.content: dict[str, str] = {}
        self.calls = 0
        self.trouble: Callable[[int, str], None] = lambda number, call: None
        self.forgets = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password or None."""
        self._called("get")
        return self.content.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        self._called("set")
        if not self.forgets:
            self.content[f"{service}/{username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        self._called("delete")
        self.content.pop(f"{service}/{username}", None)

    def _called(self, call: str) -> None:
        self.calls += 1
        self.trouble(self.calls, call)


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture(autouse=True)
def a_short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_secrets, "SECONDS", 0.05)
    monkeypatch.setattr(keyring_secrets, "PAUSE", 0.0)
    monkeypatch.setattr(keyring_secrets, "look", lambda: Reason.KEYRING_SILENT)


def with_keyring(folder: Path, keyring: FakeKeyring) -> Vault:
    return make_vault(folder, choice=BackendChoice("keyring"), load_keyring=lambda: keyring)


def refuse(_number: int, _call: str) -> None:
    raise RuntimeError(f"the keyring's own words with a {CANARY}")


def locked(_number: int, _call: str) -> None:
    raise KeyringLocked("Failed to unlock the collection!")


def absent(_number: int, _call: str) -> None:
    raise SecretsUnavailable(SecretsProblem.NO_KEYRING, Reason.NO_SESSION_BUS)


def hang(_number: int, _call: str) -> None:
    threading.Event().wait(5.0)


# --- the probe ----------------------------------------------------------------------------------------------------


@pytest.fixture
def installed(keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """The keyring that this machine has."""
    monkeypatch.setattr(keyring_secrets, "load_keyring", lambda: keyring)
    return keyring


def test_a_keyring_that_stores_a_value_is_chosen(installed: FakeKeyring) -> None:
    assert choose_backend() == BackendChoice("keyring")
    assert installed.content == {}


def test_a_keyring_that_forgets_is_not_chosen(installed: FakeKeyring) -> None:
    installed.forgets = True
    assert choose_backend() == BackendChoice("database", Reason.KEYRING_RETURNS_NOTHING)


@pytest.mark.parametrize(
    ("trouble", "problem"), [(hang, SecretsProblem.KEYRING_SILENT), (locked, SecretsProblem.KEYRING_LOCKED)]
)
def test_a_locked_or_silent_keyring_is_for_the_person_to_decide(
    installed: FakeKeyring, trouble: Callable[[int, str], None], problem: SecretsProblem
) -> None:
    installed.trouble = trouble
    with pytest.raises(StoreUndecided) as caught:
        choose_backend()
    assert caught.value.problem is problem


def test_a_keyring_that_refuses_is_not_quoted(installed: FakeKeyring) -> None:
    installed.trouble = refuse
    choice = choose_backend()
    assert choice == BackendChoice("database", Reason.KEYRING_REFUSED, "RuntimeError")


def test_without_a_keyring_the_database_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_here() -> FakeKeyring:
        raise SecretsUnavailable(SecretsProblem.NO_KEYRING, Reason.NO_KEYRING)

    monkeypatch.setattr(keyring_secrets, "load_keyring", none_here)
    assert choose_backend() == BackendChoice("database", Reason.NO_KEYRING)


def test_every_choice_has_its_words() -> None:
    for reason in Reason:
        assert why_not_better(BackendChoice("database", reason, "3"))
    assert why_not_better(BackendChoice("keyring")) == ""
    assert why_not_better(BackendChoice("database", "As an earlier igauth put it.")) == "As an earlier igauth put it."


def test_null_fail_and_plain_file_keyrings_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring.backends.chainer
    import keyring.backends.fail
    import keyring.backends.null

    plain_file = type("PlaintextKeyring", (), {"__module__": "keyrings.alt.file"})
    ends: list[Any] = [keyring.backends.null.Keyring, keyring.backends.fail.Keyring, plain_file]
    for end in [make() for make in ends]:
        assert problem_of(end)
        monkeypatch.setattr(keyring, "get_keyring", lambda end=end: end)
        with pytest.raises(SecretsUnavailable):
            load_keyring()
    real = type("Keyring", (), {"__module__": "keyring.backends.SecretService"})()
    chain = type("ChainerBackend", (), {"__module__": "keyring.backends.chainer", "backends": [plain_file()]})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: chain)
    with pytest.raises(SecretsUnavailable, match=Reason.KEYRING_IN_PLAIN_FILE):
        load_keyring()
    chain.backends.append(real)
    assert load_keyring() is real


def test_a_throw_away_home_never_asks_the_keyring(tmp_path: Path, installed: FakeKeyring) -> None:
    vault = open_vault(tmp_path / "home" / "igauth.db", lambda: NOW, throw_away=True)
    add(vault)
    assert vault.secrets.choose() == BackendChoice("database", Reason.TEMPORARY_HOME)
    with pytest.raises(SecretsUnavailable):
        vault.secrets.move("keyring")
    assert installed.calls == 0


def test_the_choice_is_made_once_and_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = BackendChoice("database", Reason.NO_KEYRING)
    monkeypatch.setattr(keyring_secrets, "choose_backend", lambda *_, **__: choice)
    vault = open_vault(tmp_path / "igauth.db", lambda: NOW)
    assert vault.secrets.choice is None
    vault.secrets.choose()
    monkeypatch.setattr(keyring_secrets, "choose_backend", lambda *_, **__: pytest.fail("chosen again"))
    again = open_vault(tmp_path / "igauth.db", lambda: NOW)
    assert again.secrets.choose() == choice


def test_reading_the_status_asks_no_keyring(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = with_keyring(tmp_path, keyring)
    add(vault)
    vault.close()
    calls = keyring.calls
    again = with_keyring(tmp_path, keyring)
    assert again.tokens.tokens()
    assert again.secrets.choice == BackendChoice("keyring")
    assert again.tokens.versions("main")
    assert again.notices == []
    assert keyring.calls == calls


# --- the keyring as a place ---------------------------------------------------------------------------------------


def test_values_in_the_keyring_are_in_no_file(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = with_keyring(tmp_path, keyring)
    add(vault, "main", CANARY)
    assert CANARY in keyring.content.values()
    assert not _in_files(tmp_path, CANARY)
    assert vault.tokens.value("main") == Secret(CANARY)
    vault.tokens.delete("main")
    assert keyring.content == {}


def test_a_value_beyond_the_last_three_leaves_the_keyring(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = with_keyring(tmp_path, keyring)
    add(vault, "main", CANARY)
    for number in range(3):
        extend(vault, "main", f"EAAversion-{number}")
    assert sorted(keyring.content.values()) == ["EAAversion-0", "EAAversion-1", "EAAversion-2"]


def test_an_extension_survives_a_failed_wipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = make_vault(tmp_path)
    add(vault)

    def no_room() -> bool:
        raise Full(vault.database.path)

    monkeypatch.setattr(vault.database, "wipe", no_room)
    for number in range(4):
        extend(vault, "main", f"EAAversion-{number}")
    assert vault.tokens.value("main") == Secret("EAAversion-3")
    assert vault.notices[0].code is NoticeCode.TRACES_LEFT


def test_entries_of_two_homes_do_not_collide(tmp_path: Path, keyring: FakeKeyring) -> None:
    first, second = with_keyring(tmp_path / "a", keyring), with_keyring(tmp_path / "b", keyring)
    first.profile_secrets.set("app_secret", "work", Secret("first"))
    second.profile_secrets.set("app_secret", "work", Secret("second"))
    assert first.profile_secrets.get("app_secret", "work") == Secret("first")
    second.profile_secrets.forget("app_secret", "work")
    assert first.profile_secrets.get("app_secret", "work") == Secret("first")


@pytest.mark.parametrize("trouble", [refuse, hang])
def test_no_token_is_lost_when_the_keyring_fails_at_any_call(
    tmp_path: Path, trouble: Callable[[int, str], None]
) -> None:
    counting = FakeKeyring()
    vault = with_keyring(tmp_path / "count", counting)
    add(vault, "main", "EAAvalue0")
    start = counting.calls
    for number in range(1, 5):
        extend(vault, "main", f"EAAvalue{number}")
    calls = counting.calls - start
    assert calls >= 4
    for at in range(1, calls + 1):
        keyring = FakeKeyring()
        vault = with_keyring(tmp_path / str(at), keyring)
        add(vault, "main", "EAAvalue0")
        first = keyring.calls

        def fails(number: int, call: str, at: int = at, first: int = first) -> None:
            if number - first == at:
                trouble(number, call)

        keyring.trouble = fails
        for number in range(1, 5):
            extend(vault, "main", f"EAAvalue{number}")
        vault.close()
        again = with_keyring(tmp_path / str(at), keyring)
        values = [again.tokens.value_of(version.id).reveal() for version in again.tokens.versions("main")]
        assert values == ["EAAvalue4", "EAAvalue3", "EAAvalue2"], f"call {at}"


def test_a_token_the_keyring_refuses_is_stored_and_moved_back(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = with_keyring(tmp_path, keyring)
    add(vault)
    keyring.trouble = refuse
    extend(vault, "main", CANARY)
    assert vault.tokens.value("main") == Secret(CANARY)
    assert vault.notices[0].code is NoticeCode.SECRET_DISPLACED
    keyring.trouble = lambda number, call: None
    assert vault.secrets.restore_displaced() == 1
    assert CANARY in keyring.content.values()
    assert not _in_files(tmp_path, CANARY)
    assert vault.tokens.value("main") == Secret(CANARY)


def test_a_typed_secret_is_never_put_into_a_lesser_place_unasked(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = with_keyring(tmp_path, keyring)
    vault.profile_secrets.set("app_secret", "work", Secret("the-former-secret"))
    keyring.trouble = refuse
    with pytest.raises(SecretsUnavailable) as caught:
        vault.profile_secrets.set("app_secret", "work", Secret(CANARY))
    assert CANARY not in str(caught.value)
    assert not _in_files(tmp_path, CANARY)
    keyring.trouble = lambda number, call: None
    assert vault.profile_secrets.get("app_secret", "work") == Secret("the-former-secret")


def test_a_failing_keyring_deletes_leftovers_later(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = with_keyring(tmp_path, keyring)
    add(vault, "main", CANARY)
    keyring.trouble = refuse
    vault.tokens.delete("main")
    assert vault.notices[0].code is NoticeCode.LEFTOVERS_KEPT
    keyring.trouble = lambda number, call: None
    vault.restore_displaced()
    assert keyring.content == {}


# --- sealed -------------------------------------------------------------------------------------------------------


def sealed_vault(folder: Path, passphrase: str | None = "correct horse") -> Vault:
    return make_vault(
        folder,
        choice=BackendChoice("sealed", Reason.CHOSEN),
        passphrase=lambda: None if passphrase is None else Passphrase(Secret(passphrase)),
    )


def test_sealed_values_are_read_with_the_passphrase_only(tmp_path: Path) -> None:
    vault = sealed_vault(tmp_path)
    add(vault, "main", CANARY)
    assert not _in_files(tmp_path, CANARY)
    vault.close()
    assert sealed_vault(tmp_path).tokens.value("main") == Secret(CANARY)
    with pytest.raises(WrongPassphrase):
        sealed_vault(tmp_path, "wrong horse").tokens.value("main")
    with pytest.raises(SecretsUnavailable, match=SecretsProblem.NO_PASSPHRASE):
        sealed_vault(tmp_path, None).tokens.value("main")
    assert sealed_vault(tmp_path, None).tokens.tokens()


def test_a_sealed_value_cannot_be_swapped_for_another(tmp_path: Path) -> None:
    vault = sealed_vault(tmp_path)
    vault.profile_secrets.set("app_secret", "work", Secret("of-work"))
    vault.profile_secrets.set("app_secret", "play", Secret("of-play"))
    database = vault.database
    database.write(
        "UPDATE secret_values SET value = (SELECT value FROM secret_values WHERE ref = 'app_secret/play')"
        " WHERE ref = 'app_secret/work'"
    )
    with pytest.raises(WrongPassphrase):
        vault.profile_secrets.get("app_secret", "work")


def test_the_passphrase_can_be_changed(tmp_path: Path) -> None:
    vault = sealed_vault(tmp_path)
    add(vault, "main", CANARY)
    vault.secrets.change_passphrase(Secret("battery staple"))
    assert sealed_vault(tmp_path, "battery staple").tokens.value("main") == Secret(CANARY)
    with pytest.raises(WrongPassphrase):
        sealed_vault(tmp_path).tokens.value("main")


# --- moving -------------------------------------------------------------------------------------------------------


def test_secrets_move_up_and_down_the_whole_ladder(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = make_vault(tmp_path, load_keyring=lambda: keyring, passphrase=lambda: Passphrase(Secret("correct horse")))
    add(vault, "main", CANARY)
    vault.profile_secrets.set("app_secret", "work", Secret("an-app-secret-of-32-digits"))
    for place, in_files in (("sealed", False), ("keyring", False), ("sealed", False), ("database", True)):
        assert vault.secrets.move(place) == 2  # type: ignore[arg-type]
        assert vault.tokens.value("main") == Secret(CANARY)
        assert vault.profile_secrets.get("app_secret", "work") == Secret("an-app-secret-of-32-digits")
        assert _in_files(tmp_path, CANARY) == in_files, place
        assert (CANARY in keyring.content.values()) == (place == "keyring")
        choice = vault.secrets.choice
        assert choice is not None
        assert choice.name == place
    assert keyring.content == {}


@pytest.mark.parametrize("trouble", [refuse, hang])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_move_that_fails_half_way_loses_nothing(
    tmp_path: Path, keyring: FakeKeyring, trouble: Callable[[int, str], None], at: int
) -> None:
    vault = make_vault(tmp_path, load_keyring=lambda: keyring)
    for number in range(4):
        add(vault, f"token{number}", f"EAAvalue-{number}")
    keyring.trouble = lambda number, call: trouble(number, call) if number == at else None
    with pytest.raises(SecretsUnavailable):
        vault.secrets.move("keyring")
    assert [vault.tokens.value(f"token{number}").reveal() for number in range(4)] == [f"EAAvalue-{n}" for n in range(4)]
    choice = vault.secrets.choice
    assert choice is not None
    assert choice.name == "database"
    vault.restore_displaced()
    assert keyring.content == {}
    assert vault.secrets.move("keyring") == 4
    assert vault.tokens.value("token3") == Secret("EAAvalue-3")


@pytest.mark.parametrize("trouble", [locked, absent])
def test_a_move_that_wrote_nothing_leaves_no_leftovers(
    tmp_path: Path, keyring: FakeKeyring, trouble: Callable[[int, str], None]
) -> None:
    vault = make_vault(tmp_path, load_keyring=lambda: keyring)
    add(vault, "main", CANARY)
    keyring.trouble = trouble
    with pytest.raises(SecretsUnavailable):
        vault.secrets.move("keyring")
    vault.restore_displaced()
    assert vault.notices == []


def test_a_keyring_that_garbles_stops_a_move(tmp_path: Path, keyring: FakeKeyring) -> None:
    vault = make_vault(tmp_path, load_keyring=lambda: keyring)
    add(vault, "main", CANARY)
    keyring.forgets = True
    with pytest.raises(SecretsUnavailable, match=SecretsProblem.NOT_RETURNED):
        vault.secrets.move("keyring")
    assert vault.tokens.value("main") == Secret(CANARY)


def test_a_secret_missing_from_its_store_is_reported(tmp_path: Path, keyring: FakeKeyring) -> None:
    from tui.tokens.errors import NoValue

    vault = with_keyring(tmp_path, keyring)
    version = vault.tokens.add_issued("main", "work", Secret(CANARY), at=NOW, origin="login")
    keyring.content.clear()
    with pytest.raises(NoValue, match="keyring"):
        vault.tokens.value_of(version)


def _in_files(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_wrong_passphrase_cannot_be_changed_for_another(tmp_path: Path) -> None:
    add(sealed_vault(tmp_path), "main", CANARY)
    with pytest.raises(WrongPassphrase):
        sealed_vault(tmp_path, "wrong horse").secrets.change_passphrase(Secret("battery staple"))
    assert sealed_vault(tmp_path).tokens.value("main") == Secret(CANARY)
