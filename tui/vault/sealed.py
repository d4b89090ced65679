"""Secrets in the database, each encrypted (AES-256-GCM) with a random key that only a passphrase decrypts (scrypt)."""

import base64
import hashlib
import json
import os
from contextlib import suppress

from tui.redact import Secret
from tui.stored_json import json_object
from tui.vault.choice import BackendName
from tui.vault.database import Database
from tui.vault.database_secrets import DatabaseSecrets
from tui.vault.errors import SecretsProblem, SecretsUnavailable, VaultError, WrongPassphrase
from tui.vault.meta import Meta
from tui.vault.passphrase import AskPassphrase, Passphrase

SALT, NONCE, KEY = 16, 12, 32
"""Sizes in bytes."""
COST, BLOCK, LANES = 2**17, 8, 1
"""scrypt's n, r, p: 128 MiB and about half a second for each guess."""
MOST_MEMORY = 2**21
"""n * r that is still derived: 256 MiB."""
MOST_WORK = 2**21
"""n * r * p that is still derived: about a second."""
LONGEST_PART = 256
"""Characters of a salt or a sealed key; a real one has a third of that."""
OLD_COST = 2**15
"""n of earlier versions."""
FORM = 2
"""Form of a sealed key: from 2 on salt and costs are authenticated with it."""

KEY_ENTRY = "sealed_key"
"""In `meta`: the key, sealed under the passphrase."""


class SealedSecrets(DatabaseSecrets):
    """Values encrypted one by one; the key is decrypted at the first use and stays in memory."""

    name: BackendName = "sealed"

    def __init__(self, database: Database, passphrase: AskPassphrase) -> None:
        super().__init__(database)
        self._meta = Meta(database)
        self._passphrase = passphrase
        self._key: bytes | None = None

    def _encode(self, content: bytes, ref: str) -> bytes:
        return seal(self._open(), content, ref)

    def _decode(self, value: bytes, ref: str) -> bytes:
        return unseal(self._open(), value, ref)

    def change_passphrase(self, new: Secret) -> None:
        """Encrypt the key again; the values stay as they are. Raises WrongPassphrase for the old one."""
        self._store_key(self._open(), new)

    def _open(self) -> bytes:
        if self._key is None:
            given = self._passphrase()
            if not given:
                raise SecretsUnavailable(SecretsProblem.NO_PASSPHRASE)
            wrapped = self._meta.get(KEY_ENTRY)
            if wrapped is None:
                key = os.urandom(KEY)
                self._store_key(key, given.secret)
            else:
                key = self._unwrapped(json_object(wrapped), given)
            self._key = key
        return self._key

    def _unwrapped(self, wrapped: dict[str, str | int], given: Passphrase) -> bytes:
        """Return the key; one that is sealed in an earlier form, or at lower costs, is sealed again."""
        try:
            key = unwrap(wrapped, given.secret)
        except WrongPassphrase:
            raise WrongPassphrase(given.source) from None
        if wrapped.get("form") != FORM or wrapped.get("n") != COST:
            with suppress(VaultError):  # a home that cannot be written is read all the same
                self._store_key(key, given.secret)
        return key

    def _store_key(self, key: bytes, passphrase: Secret) -> None:
        self._meta.set(KEY_ENTRY, json.dumps(wrap(key, passphrase)))


def wrap(key: bytes, passphrase: Secret) -> dict[str, str | int]:
    """Seal a key under a passphrase; the result is JSON and names its own costs, which are authenticated."""
    salt = os.urandom(SALT)
    sealed = seal(derive(passphrase, salt, COST, BLOCK, LANES), key, _label(salt, COST, BLOCK, LANES))
    costs = {"n": COST, "r": BLOCK, "p": LANES}
    return {"form": FORM, "kdf": "scrypt", **costs, "salt": _text(salt), "key": _text(sealed)}


def unwrap(wrapped: dict[str, str | int], passphrase: Secret) -> bytes:
    """Return the key. Raises WrongPassphrase, also for costs out of bounds, before they are paid."""
    marked = Secret(f"\ufeff{passphrase.reveal()}")  # an earlier igauth kept the byte order mark that a pipe began with
    try:
        n, r, p = int(wrapped["n"]), int(wrapped["r"]), int(wrapped["p"])
        salt, sealed = (_content(str(wrapped[name])) for name in ("salt", "key"))
        is_old = "form" not in wrapped
        label = KEY_ENTRY if is_old else _label(salt, n, r, p)
        is_bounded = min(n, r, p) > 0 and n * r <= MOST_MEMORY and n * r * p <= MOST_WORK
        tries = (passphrase, marked) if is_old and n <= OLD_COST else (passphrase,)
        for tried in tries if is_bounded else ():
            with suppress(WrongPassphrase):
                return unseal(derive(tried, salt, n, r, p), sealed, label)
    except (KeyError, ValueError, TypeError, OverflowError):
        pass
    raise WrongPassphrase


def derive(passphrase: Secret, salt: bytes, n: int, r: int, p: int) -> bytes:
    """Return the key that scrypt makes of a passphrase."""
    text = passphrase.reveal().encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=KEY)


def seal(key: bytes, content: bytes, label: str) -> bytes:
    """Encrypt and authenticate; the label (where it lies) is authenticated too, so that entries cannot be swapped."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 20 ms that only a sealed vault pays

    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, label.encode())


def unseal(key: bytes, sealed: bytes, label: str) -> bytes:
    """Return what was sealed. Raises WrongPassphrase where key, label or a single bit differs."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], label.encode())
    except (InvalidTag, ValueError):
        raise WrongPassphrase from None


def _label(salt: bytes, n: int, r: int, p: int) -> str:
    return f"{KEY_ENTRY} {FORM} scrypt {n} {r} {p} {_text(salt)}"


def _content(text: str) -> bytes:
    if len(text) > LONGEST_PART:
        raise ValueError
    return base64.b64decode(text)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
