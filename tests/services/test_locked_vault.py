"""A vault that cannot be read for a moment does not mean that App ID or App Secret are missing."""

import os

import pytest

from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import open_services
from tui.settings import Profile
from tui.tokens.results import RefreshCode
from tui.vault.errors import Locked
from tui.vault.profile_secrets import ProfileSecrets


async def test_a_locked_vault_could_not_ask(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    services = open_services(os.environ, "command", throw_away=True)
    services.profile_store.save(Profile("acme", sandbox.world.app_id), Secret(sandbox.world.app_secret))
    await services.keeper.adopt("long", "acme", Secret(sandbox.world.token("user_long").value), "import")

    def locked(*_: object) -> None:
        raise Locked(services.home.database)

    monkeypatch.setattr(ProfileSecrets, "get", locked)
    [result] = await services.keeper.refresh_many(["long"])
    assert result.result is RefreshCode.COULD_NOT_ASK
    await services.close()
