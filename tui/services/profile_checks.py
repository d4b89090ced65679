"""Opens the checks of a profile: gathers what they examine from settings and vault, and the clients they use."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.guide.checker import CheckInputs, Checks
from tui.services.app_ids import MissingCredentials
from tui.services.stored_evidence import stored_address
from tui.services.trusted_hosts import matillion_reserved_for
from tui.settings import MatillionTarget, SettingsStore
from tui.tokens.states import is_unusable
from tui.tokens.token import Token, deadline, state

if TYPE_CHECKING:
    from tui.facebook.client import GraphClient
    from tui.facebook.models import AppCredentials
    from tui.matillion.client import MatillionClient
    from tui.vault.vault import Vault


class ProfileChecks:
    """Makes the checks of a profile."""

    def __init__(
        self,
        settings: SettingsStore,
        vault: "Vault",
        client: "Callable[[str], Awaitable[GraphClient]]",
        credentials: "Callable[[str], AppCredentials]",
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._client = client
        self._credentials = credentials

    @asynccontextmanager
    async def opened(self, profile_name: str, clock: Clock) -> AsyncIterator[Checks]:
        """Give the checks of a profile; closes what it opened."""
        inputs = await asyncio.to_thread(self._inputs, profile_name, clock.now())
        client = await self._client(profile_name)
        matillion = await asyncio.to_thread(self._matillion, profile_name, inputs.target)
        try:
            yield Checks(inputs, client, matillion, clock)
        finally:
            if matillion is not None:
                await matillion.aclose()

    def _inputs(self, profile_name: str, now: float) -> CheckInputs:
        profile = self._settings.settings.profile(profile_name)
        if profile is None:
            return CheckInputs()
        token = best_token(self._vault.tokens.tokens(), profile_name, now)
        try:
            app = self._credentials(profile_name)
        except MissingCredentials:
            app = None
        return CheckInputs(
            app_id=profile.app_id,
            callback_url=profile.callback_url,
            scopes=profile.scopes if not profile.config_id else (),
            noted_name=profile.app_name,
            app=app,
            token=self._vault.tokens.value(token.name) if token is not None else None,
            dialog=stored_address(self._vault.meta, profile_name),
            target=profile.matillion,
        )

    def _matillion(self, profile_name: str, target: MatillionTarget | None) -> "MatillionClient | None":
        if target is None or not target.base_url:
            return None
        from tui.matillion.client import MatillionClient

        password = self._vault.profile_secrets.get("matillion_password", profile_name)
        stored_for = matillion_reserved_for(self._vault.meta, profile_name, target)
        return MatillionClient(target, password, stored_for=stored_for)


def best_token(tokens: tuple[Token, ...], profile: str, now: float) -> Token | None:
    """Return the profile's best token for reading: the usable one that expires last."""
    usable = [
        token
        for token in tokens
        if token.profile == profile
        and token.kind in ("user", "system_user", "unknown")
        and not is_unusable(state(token, now))
    ]
    return max(usable, key=lambda token: deadline(token) or float("inf"), default=None)
