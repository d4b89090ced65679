"""What the guide's checks look at, gathered from settings and vault for one profile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tui.guide.checker import CheckInputs, Checks
from tui.services.app_ids import MissingCredentials
from tui.services.trusted_hosts import matillion_reserved_for

if TYPE_CHECKING:
    from tui.facebook.models import AppCredentials
    from tui.matillion.client import MatillionClient
    from tui.redact import Secret
    from tui.services.root import Services


@asynccontextmanager
async def opened_checks(services: "Services", profile_name: str) -> AsyncIterator[Checks]:
    """Give the checks of a profile, with what is known of it and the clients they ask; closes what it opened."""
    inputs, password = await asyncio.to_thread(_gather, services, profile_name)
    client = await services.client(profile_name)
    matillion = await asyncio.to_thread(_matillion, services, profile_name, inputs, password)
    try:
        yield Checks(inputs, client, matillion, services.clock)
    finally:
        if matillion is not None:
            await matillion.aclose()


def _gather(services: "Services", profile_name: str) -> "tuple[CheckInputs, Secret | None]":
    profile = services.profile(profile_name)
    if profile is None:
        return CheckInputs(), None
    token = services.guide_desk.best_token(profile_name)
    inputs = CheckInputs(
        app_id=profile.app_id,
        callback_url=profile.callback_url,
        scopes=profile.scopes if not profile.config_id else (),
        noted_name=profile.app_name,
        app=_credentials(services, profile_name),
        token=services.vault.tokens.value(token.name) if token is not None else None,
        dialog=services.guide_desk.address(profile_name),
        target=profile.matillion,
    )
    return inputs, services.vault.profile_secrets.get("matillion_password", profile_name)


def _credentials(services: "Services", profile_name: str) -> "AppCredentials | None":
    try:
        return services.credentials(profile_name)
    except MissingCredentials:
        return None


def _matillion(
    services: "Services", profile_name: str, inputs: CheckInputs, password: "Secret | None"
) -> "MatillionClient | None":
    if inputs.target is None or not inputs.target.base_url:
        return None
    from tui.matillion.client import MatillionClient

    stored_for = matillion_reserved_for(services.meta, profile_name, inputs.target)
    return MatillionClient(inputs.target, password, stored_for=stored_for)
