"""What a login brings is on disk the moment it arrives, and seen under its name at once, whatever ends igauth then."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.tokens.errors import NoSuchToken, StoreError
from tui.tokens.life import is_usable
from tui.tokens.token import Token
from tui.vault.errors import VaultError

if TYPE_CHECKING:
    from tui.facebook.models import Issued
    from tui.services.root import Services
    from tui.settings import Profile


class Arrivals:
    """Keeps the tokens of one attempt until the best of them was adopted."""

    def __init__(self, services: "Services", profile: "Profile", token_name: str) -> None:
        self._services = services
        self._profile = profile
        self._name = token_name
        self._versions: list[str] = []

    async def keep(self, issued: "Issued", *, is_given: bool) -> None:
        """Store a token before any other call. Raises VaultError.

        One that Facebook issued just now (not `is_given`: the person had it already, and it may be another app's)
        becomes the token of its name, as `unknown`, unless a living one stands there: that one stays until the new
        one is proven.
        """
        await asyncio.to_thread(self._keep, issued, is_given)

    def _keep(self, issued: "Issued", is_given: bool) -> None:
        vault, at = self._services.vault, int(self._services.clock.now())
        version = vault.add_issued(self._name, self._profile.name, issued.value, at=at, origin="login")
        self._versions.append(version)
        if not is_given:
            with suppress(StoreError, VaultError):  # it is on disk; adopting it tells what is wrong
                self._show(version, issued, at)

    def _show(self, version: str, issued: "Issued", at: int) -> None:
        vault = self._services.vault
        token = Token(
            self._name,
            self._profile.name,
            self._profile.app_id,
            obtained_at=at,
            expires_at=at + issued.expires_in if issued.expires_in else None,
            origin="login",
            fingerprint=issued.value.fingerprint(),
        )
        try:
            current = vault.token(self._name)
        except NoSuchToken:
            vault.add_token(token, version)
        else:
            if not is_usable(current, at):
                vault.make_current(self._name, version, token)

    async def tidy(self, adopted: Token) -> None:
        """Wipe the copies of the adopted token and, where it is proven, the shorter-lived one it was made from."""
        await asyncio.to_thread(self._tidy, adopted)

    def _tidy(self, adopted: Token) -> None:
        vault = self._services.vault
        is_proven = is_usable(adopted, self._services.clock.now())
        for version in vault.versions(adopted.name):
            if version.id in self._versions and (is_proven or version.fingerprint == adopted.fingerprint):
                vault.discard(version.id)  # the current one is left alone
