"""Secrets in the database, each sealed by AES-256-GCM under a random key that only a passphrase opens (scrypt)."""

import base64
import hashlib
import json
import os
from collections.abc import Callable

from tui.redact import Secret
from tui.vault.backends import BackendName, erase_bytes, read_bytes, write_bytes
from tui.vault.database import Database
from tui.vault.errors import SecretsUnavailable
from tui.vault.meta import Meta

SALT, NONCE, KEY = 16, 12, 32
"""Sizes in bytes."""
COST, BLOCK, LANES = 2**15, 8, 1
"""scrypt's n, r, p: 32 MiB and about a tenth of a second for each guess."""

Passphrase = Callable[[], Secret | None]
"""Asks whoever is there for the passphrase; None: nobody could be asked."""

KEY_ENTRY = "sealed_key"
"""In `meta`: the key, sealed under the passphrase."""


class WrongPassphrase(SecretsUnavailable):
    """The passphrase does not open what was sealed, or what was sealed was changed since."""

    def __init__(self) -> None:
        super().__init__("The passphrase does not open the secrets.", "Type it again.")


class SealedSecrets:
    """Values sealed one by one; the key is opened at the first use and stays in memory."""

    name: BackendName = "sealed"
    in_database = True

    def __init__(self, database: Database, passphrase: Passphrase) -> None:
        self._database = database
        self._meta = Meta(database)
        self._passphrase = passphrase
        self._key: bytes | None = None

    def read(self, ref: str) -> Secret | None:
        """Return the value, or None. Raises WrongPassphrase."""
        sealed = read_bytes(self._database, self.name, ref)
        return None if sealed is None else Secret(unseal(self._open(), sealed, ref).decode("utf-8", "surrogatepass"))

    def write(self, ref: str, secret: Secret) -> None:
        """Seal and store the value. Raises WrongPassphrase."""
        sealed = seal(self._open(), secret.reveal().encode("utf-8", "surrogatepass"), ref)
        write_bytes(self._database, self.name, ref, sealed)

    def erase(self, ref: str) -> None:
        """Overwrite the sealed value and drop its row."""
        erase_bytes(self._database, self.name, ref)

    def change_passphrase(self, new: Secret) -> None:
        """Seal the key anew; the values stay as they are. Raises WrongPassphrase for the old one."""
        self._store_key(self._open(), new)

    def _open(self) -> bytes:
        if self._key is None:
            passphrase = self._passphrase()
            if not passphrase:
                raise SecretsUnavailable(
                    "The secrets are sealed and nobody could be asked for the passphrase.",
                    "Run the command on a terminal, or move the secrets with `igauth secrets --move-to database`, which"
                    " takes the passphrase from stdin too.",
                )
            wrapped = self._meta.get(KEY_ENTRY)
            self._key = self._new_key(passphrase) if wrapped is None else unwrap(json.loads(wrapped), passphrase)
        return self._key

    def _new_key(self, passphrase: Secret) -> bytes:
        key = os.urandom(KEY)
        self._store_key(key, passphrase)
        return key

    def _store_key(self, key: bytes, passphrase: Secret) -> None:
        self._meta.set(KEY_ENTRY, json.dumps(wrap(key, passphrase)))


def wrap(key: bytes, passphrase: Secret) -> dict[str, str | int]:
    """Seal a key under a passphrase; the result is JSON and names its own costs."""
    salt = os.urandom(SALT)
    sealed = seal(derive(passphrase, salt, COST, BLOCK, LANES), key, KEY_ENTRY)
    return {"kdf": "scrypt", "n": COST, "r": BLOCK, "p": LANES, "salt": _text(salt), "key": _text(sealed)}


def unwrap(wrapped: dict[str, str | int], passphrase: Secret) -> bytes:
    """Return the key. Raises WrongPassphrase, also for costs out of bounds."""
    try:
        n, r, p = int(wrapped["n"]), int(wrapped["r"]), int(wrapped["p"])
        salt, sealed = base64.b64decode(str(wrapped["salt"])), base64.b64decode(str(wrapped["key"]))
        if not (2 <= n <= 2**20 and 1 <= r <= 32 and 1 <= p <= 16):
            raise WrongPassphrase
        return unseal(derive(passphrase, salt, n, r, p), sealed, KEY_ENTRY)
    except (KeyError, ValueError, TypeError):
        raise WrongPassphrase from None


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
