"""What a token reaches, read through the services against the sandbox."""

import os

import pytest

from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services, open_services
from tui.services.reading import NothingToRead, ReadingFault
from tui.settings import Profile


async def opened(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    services = open_services(os.environ, "command", throw_away=True)
    world = sandbox.world
    services.profile_store.save(Profile("acme", world.app_id), Secret(world.app_secret))
    await services.keeper.adopt("long", "acme", Secret(world.token("user_long").value), "import")
    return services


async def test_a_page_token_is_asked_for_and_never_stored(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = await opened(sandbox, monkeypatch)
    page = (await services.keeper.refresh_pages("long")).pages[0]
    assert not page.token
    value = await services.reading.page_token("long", page.page_id)
    client = await services.client("acme")
    inspection = await client.inspect(services.credentials("acme"), value)
    assert (inspection.kind, inspection.profile_id) == ("page", page.page_id)
    assert value.reveal().encode() not in services.home.database.read_bytes()
    await services.close()


async def test_a_page_out_of_reach_is_reported(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    services = await opened(sandbox, monkeypatch)
    with pytest.raises(NothingToRead) as refused:
        await services.reading.page_token("long", "1")
    assert refused.value.reason is ReadingFault.PAGE_LOST
    await services.close()


async def test_a_test_read_brings_the_accounts_name_and_counts(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = await opened(sandbox, monkeypatch)
    reading = await services.reading.read("long")
    assert reading.username
    assert reading.media_count is not None
    await services.close()
