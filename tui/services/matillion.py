"""Matillion ETL of a profile: its settings and password kept, the connection tested. Nothing is changed there."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.redact import Secret
from tui.services.trusted_hosts import note_matillion_host, why_matillion_withheld
from tui.settings import MatillionTarget, Problem, SettingsError

if TYPE_CHECKING:
    from tui.services.root import Services


@dataclass(frozen=True, slots=True)
class Reached:
    """What a connection test saw. `lists_entry`: nothing that was looked for is missing."""

    seen: str
    lists_entry: bool


class MatillionDesk:
    """Use cases on a profile's Matillion settings."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def save(self, profile_name: str, target: MatillionTarget, password: Secret | None = None) -> None:
        """Keep settings and, where one is given, the password (an empty one is forgotten).

        When the entry was authorised stays as it was.

        Touches the disk: call it off the event loop. Raises SettingsError, VaultError.
        """
        profile = self._services.profile(profile_name)
        if profile is None:
            raise SettingsError(Problem.NO_PROFILE)
        authorised_at = profile.matillion.authorised_at if profile.matillion is not None else target.authorised_at
        if password is not None and not password:
            self._services.vault.profile_secrets.forget("matillion_password", profile_name)
        elif password is not None:
            self._services.vault.profile_secrets.set("matillion_password", profile_name, password)
            note_matillion_host(self._services.meta, profile_name, target)
        self._services.settings_store.save_profile(
            replace(profile, matillion=replace(target, authorised_at=authorised_at))
        )

    async def test(self, profile_name: str) -> Reached:
        """Prove that the instance answers, and look for the entry; return what was seen. Raises MatillionError."""
        from tui.matillion.client import MatillionClient

        profile = self._services.profile(profile_name)
        if profile is None or profile.matillion is None or not profile.matillion.base_url:
            return Reached("No address is set.", lists_entry=False)
        password = await asyncio.to_thread(self._services.vault.profile_secrets.get, "matillion_password", profile_name)
        withheld = await asyncio.to_thread(why_matillion_withheld, self._services.meta, profile_name, profile.matillion)
        async with MatillionClient(profile.matillion, password, withheld=withheld) as client:
            await client.test()
            names = await client.oauth_entries()
        entry = profile.matillion.oauth_entry
        listed = ", ".join(names[:8]) or "none"
        if entry and entry in names:
            return Reached(f"Matillion answers; the entry {entry} is listed.", lists_entry=True)
        missing = f" {entry} is not among them." if entry else " Name the one to look for."
        return Reached(f"Matillion answers. Entries listed: {listed}.{missing}", lists_entry=not entry)
