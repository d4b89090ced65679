"""What a passphrase seals: its costs, what is authenticated, keys and backups of earlier versions, weak passphrases."""

import base64
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.making import add, former, make_vault
from tui.redact import Secret
from tui.vault import sealed
from tui.vault.backup import pack, unpack
from tui.vault.choice import BackendChoice, Reason
from tui.vault.errors import BackupRefused, WrongPassphrase
from tui.vault.passphrase import FEWEST, Passphrase, Weakness, weakness
from tui.vault.sealed import COST, FORM, KEY, KEY_ENTRY, seal, unwrap, wrap
from tui.vault.vault import Vault

PASSPHRASE = Secret("correct horse battery staple")
CANARY = "EAAcanary-0123456789abcdef"


def sealed_vault(folder: Path, passphrase: Secret = PASSPHRASE) -> Vault:
    choice = BackendChoice("sealed", Reason.CHOSEN)
    return make_vault(folder, choice=choice, passphrase=lambda: Passphrase(passphrase))


def stored_key(vault: Vault) -> dict[str, str | int]:
    """Return the sealed key as it is stored."""
    found: dict[str, str | int] = json.loads(vault.meta.get(KEY_ENTRY) or "{}")
    return found


def test_an_old_key_opens_and_is_sealed_again(tmp_path: Path) -> None:
    vault = sealed_vault(tmp_path)
    add(vault, "main", CANARY)
    key = unwrap(stored_key(vault), PASSPHRASE)
    vault.meta.set(KEY_ENTRY, json.dumps(former(key, PASSPHRASE)))
    again = sealed_vault(tmp_path)
    assert again.tokens.value("main") == Secret(CANARY)
    assert (stored_key(again)["form"], stored_key(again)["n"]) == (FORM, COST)
    assert sealed_vault(tmp_path).tokens.value("main") == Secret(CANARY)


def test_a_wrong_passphrase_changes_no_old_key(tmp_path: Path) -> None:
    vault = sealed_vault(tmp_path)
    add(vault, "main", CANARY)
    old = former(unwrap(stored_key(vault), PASSPHRASE), PASSPHRASE)
    vault.meta.set(KEY_ENTRY, json.dumps(old))
    with pytest.raises(WrongPassphrase):
        sealed_vault(tmp_path, Secret("another passphrase")).tokens.value("main")
    assert stored_key(sealed_vault(tmp_path)) == old


def test_a_backup_of_an_earlier_version_is_read() -> None:
    content = json.dumps({"vault": base64.b64encode(b"content").decode()}).encode()
    head = b"igauth-backup-1\n" + json.dumps(former(bytes(KEY), PASSPHRASE)).encode() + b"\n"
    data = head + seal(bytes(KEY), zlib.compress(content), "igauth-backup-1")
    assert unpack(data, PASSPHRASE) == {"vault": b"content"}


def test_the_head_of_a_backup_is_authenticated() -> None:
    data = pack({"vault": b"content"}, PASSPHRASE)
    start, end = len(b"igauth-backup-2\n"), data.index(b"}")
    assert unpack(data, PASSPHRASE) == {"vault": b"content"}
    more = data[:end] + b', "by": "another"' + data[end:]
    spaced = data[:start] + b" " + data[start:]
    as_former = b"igauth-backup-1\n" + data[start:]
    for altered in (more, spaced, as_former):
        with pytest.raises((WrongPassphrase, BackupRefused)):
            unpack(altered, PASSPHRASE)


@pytest.mark.parametrize("change", [{"n": COST // 2}, {"r": 4}, {"p": 2}, {"salt": "AAAA"}])
def test_salt_and_costs_cannot_be_changed(change: dict[str, str | int]) -> None:
    with pytest.raises(WrongPassphrase):
        unwrap({**wrap(bytes(KEY), PASSPHRASE), **change}, PASSPHRASE)


def test_a_key_cannot_be_passed_off_as_an_old_one() -> None:
    wrapped = wrap(bytes(KEY), PASSPHRASE)
    del wrapped["form"]
    with pytest.raises(WrongPassphrase):
        unwrap(wrapped, PASSPHRASE)


@pytest.mark.parametrize(
    "costs", [{"n": 2**22}, {"n": 2**18, "r": 16}, {"p": 2**10}, {"salt": "A" * 10_000}, {"key": "A" * 10_000}]
)
def test_high_costs_are_not_paid(costs: dict[str, int | str], monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped = {**wrap(bytes(KEY), PASSPHRASE), **costs}
    asked: list[object] = []
    monkeypatch.setattr(sealed, "derive", lambda *costs: asked.append(costs))
    with pytest.raises(WrongPassphrase):
        unwrap(wrapped, PASSPHRASE)
    assert asked == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Weakness.SHORT),
        ("secret", Weakness.SHORT),
        ("a" * (FEWEST - 1), Weakness.SHORT),
        ("Password123", Weakness.COMMON),
        ("1234567890", Weakness.COMMON),
        ("ababababababab", Weakness.COMMON),
        ("correct horse", None),
        ("t0wer-Lemon-7", None),
    ],
)
def test_a_passphrase_that_is_easy_to_guess_is_weak(text: str, why: Weakness | None) -> None:
    assert weakness(Secret(text)) is why


@given(st.text(max_size=FEWEST - 1))
def test_a_short_one_is_always_weak(text: str) -> None:
    assert weakness(Secret(text)) is Weakness.SHORT
