"""Opens the checks of a profile: gathers what they examine from settings and vault, and the clients they use."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.guide.checker import CheckInputs, Checks
from tui.services.app_ids import MissingCredentials
from tui.services.stored_evidence import stored_address
from tui.settings import Profile, SettingsStore
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
        matillion: "Callable[[str], MatillionClient]",
        credentials: "Callable[[str], AppCredentials]",
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._client = client
        self._matillion = matillion
        self._credentials = credentials

    async def open(self, profile_name: str, clock: Clock) -> Checks:
        """Return the checks of a profile."""
        inputs = await asyncio.to_thread(self._inputs, profile_name, clock.now())
        has_matillion = inputs.profile.matillion is not None and inputs.profile.matillion.base_url
        matillion = await asyncio.to_thread(self._matillion, profile_name) if has_matillion else None
        return Checks(inputs, await self._client(profile_name), matillion, clock)

    def _inputs(self, profile_name: str, now: float) -> CheckInputs:
        profile = self._settings.settings.profile(profile_name)
        if profile is None:
            return CheckInputs(Profile(profile_name))
        token = best_token(self._vault.tokens.tokens(), profile_name, now)
        try:
            app = self._credentials(profile_name)
        except MissingCredentials:
            app = None
        value = self._vault.tokens.value(token.name) if token is not None else None
        return CheckInputs(profile, app, value, stored_address(self._vault.meta, profile_name))


def best_token(tokens: tuple[Token, ...], profile: str, now: float) -> Token | None:
    """Return the profile's best token for reading: the usable one that expires last."""
    kinds = ("user", "system_user", "unknown")
    its_own = (token for token in tokens if token.profile == profile and token.kind in kinds)
    usable = (token for token in its_own if not is_unusable(state(token, now)))
    return max(usable, key=lambda token: deadline(token) or float("inf"), default=None)
