"""Stores a profile's Matillion settings and password, and tests the connection. Nothing is changed in Matillion."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.matillion.errors import MatillionError
from tui.matillion.errors import Problem as MatillionProblem
from tui.matillion.hosts import checked_address
from tui.redact import Secret
from tui.services.trusted_hosts import matillion_reserved_for, note_matillion_host
from tui.settings import MatillionTarget, Problem, SettingsError, SettingsStore

if TYPE_CHECKING:
    from tui.matillion.client import MatillionClient
    from tui.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Connection:
    """The result of a connection test: the OAuth entries that are listed, and the one to look for."""

    entries: tuple[str, ...]
    entry: str

    @property
    def lists_entry(self) -> bool:
        """Whether nothing is missing: the entry is listed, or none was named."""
        return not self.entry or self.entry in self.entries


class MatillionService:
    """Stores Matillion settings and tests the connection."""

    def __init__(self, settings: SettingsStore, vault: "Vault") -> None:
        self._settings = settings
        self._vault = vault

    def save(self, profile_name: str, target: MatillionTarget, password: Secret | None = None) -> None:
        """Store settings and, where one is given, the password (an empty one is removed).

        The time of authorization stays as it was.

        Touches the disk: call it off the event loop. Raises SettingsError, VaultError, and MatillionError before
        anything is stored where the address cannot be one.
        """
        if target.base_url:
            checked_address(target.base_url)
        profile = self._settings.settings.profile(profile_name)
        if profile is None:
            raise SettingsError(Problem.NO_PROFILE)
        if password is not None and not password:
            self._vault.profile_secrets.forget("matillion_password", profile_name)
        elif password is not None:
            note_matillion_host(self._vault.meta, profile_name, target)
            self._vault.profile_secrets.set("matillion_password", profile_name, password)
        target = replace(target, authorised_at=profile.matillion.authorised_at or target.authorised_at)
        self._settings.save_profile(replace(profile, matillion=target))

    def target(self, profile_name: str) -> MatillionTarget:
        """Return a profile's Matillion settings; empty ones where there are none."""
        profile = self._settings.settings.profile(profile_name)
        return profile.matillion if profile is not None else MatillionTarget()

    def has_password(self, profile_name: str) -> bool:
        """Tell whether a password is stored, without reading it. Touches the disk."""
        return self._vault.profile_secrets.has("matillion_password", profile_name)

    def client(self, profile_name: str) -> "MatillionClient":
        """Return the client of a profile's instance, with the stored password. Touches the disk."""
        from tui.matillion.client import MatillionClient

        target = self.target(profile_name)
        password = self._vault.profile_secrets.get("matillion_password", profile_name)
        stored_for = matillion_reserved_for(self._vault.meta, profile_name, target)
        return MatillionClient(target, password, stored_for=stored_for)

    async def check_password(self, profile_name: str, target: MatillionTarget, password: Secret) -> None:
        """Raise MatillionError where the instance refuses user and password; no answer is no refusal."""
        from tui.matillion.client import MatillionClient

        try:
            await MatillionClient(target, password).test()
        except MatillionError as error:
            if error.failure.problem is MatillionProblem.UNAUTHORIZED:
                raise

    async def test(self, profile_name: str) -> Connection:
        """Check that the instance answers, and list its entries. Raises MatillionError."""
        client = await asyncio.to_thread(self.client, profile_name)
        await client.test()
        return Connection(await client.oauth_entries(), client.target.oauth_entry)
