"""The secrets of a profile: App Secret, client token, Matillion password."""

from typing import Literal, get_args

from tui.redact import Secret
from tui.vault.secret_store import SecretStore

SecretKind = Literal["app_secret", "app_secret_before", "client_token", "matillion_password"]
KINDS: tuple[SecretKind, ...] = get_args(SecretKind)


class ProfileSecrets:
    """Secrets by kind and profile. Methods raise VaultError."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    def get(self, kind: SecretKind, profile: str) -> Secret | None:
        """Return a secret, or None."""
        return self._secrets.get(f"{kind}/{profile}")

    def has(self, kind: SecretKind, profile: str) -> bool:
        """Tell whether a secret is stored, without asking for it."""
        return self._secrets.has(f"{kind}/{profile}")

    def set(self, kind: SecretKind, profile: str, secret: Secret) -> None:
        """Store a secret in place of the former one."""
        self._secrets.put(f"{kind}/{profile}", secret)

    def forget(self, kind: SecretKind, profile: str) -> None:
        """Erase a secret."""
        self._secrets.erase_traces(self._secrets.forget([f"{kind}/{profile}"]))
