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
from tui.vault.errors import SecretsProblem, SecretsUnavailable, WrongPassphrase
from tui.vault.meta import Meta
from tui.vault.passphrase import AskPassphrase

SALT, NONCE, KEY = 16, 12, 32
"""Sizes in bytes."""
COST, BLOCK, LANES = 2**15, 8, 1
"""scrypt's n, r, p: 32 MiB and about a tenth of a second for each guess."""
MOST_WORK = 2**22
"""n * r * p that is still derived: half a GiB and two seconds."""

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
            try:
                key = os.urandom(KEY) if wrapped is None else unwrap(json_object(wrapped), given.secret)
            except WrongPassphrase:
                raise WrongPassphrase(given.source) from None
            if wrapped is None:
                self._store_key(key, given.secret)
            self._key = key
        return self._key

    def _store_key(self, key: bytes, passphrase: Secret) -> None:
        self._meta.set(KEY_ENTRY, json.dumps(wrap(key, passphrase)))


def wrap(key: bytes, passphrase: Secret) -> dict[str, str | int]:
    """Seal a key under a passphrase; the result is JSON and names its own costs."""
    salt = os.urandom(SALT)
    sealed = seal(derive(passphrase, salt, COST, BLOCK, LANES), key, KEY_ENTRY)
    return {"kdf": "scrypt", "n": COST, "r": BLOCK, "p": LANES, "salt": _text(salt), "key": _text(sealed)}


def unwrap(wrapped: dict[str, str | int], passphrase: Secret) -> bytes:
    """Return the key. Raises WrongPassphrase, also for costs out of bounds."""
    marked = Secret(f"\ufeff{passphrase.reveal()}")  # an earlier igauth kept the byte order mark that a pipe began with
    try:
        n, r, p = int(wrapped["n"]), int(wrapped["r"]), int(wrapped["p"])
        salt, sealed = base64.b64decode(str(wrapped["salt"])), base64.b64decode(str(wrapped["key"]))
        is_bounded = min(n, r, p) > 0 and n * r * p <= MOST_WORK
        for tried in (passphrase, marked) if is_bounded else ():
            with suppress(WrongPassphrase):
                return unseal(derive(tried, salt, n, r, p), sealed, KEY_ENTRY)
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


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
