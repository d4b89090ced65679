"""The client against the sandbox over real HTTP: the two were written apart, from the same reference."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.facebook.test_login import confirm, of_sandbox, person_of
from tui.clock import Clock
from tui.facebook.client import GraphClient
from tui.facebook.dialog import start_login
from tui.facebook.errors import FacebookError, means_app_credentials, means_new_login
from tui.facebook.models import AppCredentials, Endpoints
from tui.facebook.remedies import remedy_for
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.wording.facebook import remedy_code, remedy_words
from tui.wording.text import Action, Do


@pytest.fixture
async def client(sandbox: RunningSandbox) -> AsyncIterator[GraphClient]:
    async with aclosing(GraphClient(Endpoints(sandbox.graph_url, sandbox.dialog_url), "v26.0", Clock())) as made:
        yield made


def token_of(sandbox: RunningSandbox, name: str) -> Secret:
    return Secret(sandbox.world.token(name).value)


async def test_the_app_is_proven_and_tells_its_name(client: GraphClient, sandbox: RunningSandbox) -> None:
    await client.check_app(of_sandbox(sandbox))
    assert (await client.app_info(of_sandbox(sandbox))).name == sandbox.world.app_name
    assert client.served.version == "v26.0"


@pytest.mark.parametrize("ending", [" ", "\n", "\u00a0", "x"])
async def test_a_flawed_secret_is_the_apps_fault_everywhere(
    client: GraphClient, sandbox: RunningSandbox, ending: str
) -> None:
    flawed = AppCredentials(sandbox.app_id, Secret(sandbox.app_secret + ending))
    for call in (
        client.check_app(flawed),
        client.app_info(flawed),
        client.inspect(flawed, token_of(sandbox, "user_long")),
        client.exchange_long_lived(flawed, token_of(sandbox, "user_long")),
    ):
        with pytest.raises(FacebookError) as caught:
            await call
        assert means_app_credentials(caught.value), caught.value.message
        assert remedy_words(remedy_code(caught.value)).next == Action(Do.CHECK_CREDENTIALS)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("user_expired", "expired"),
        ("user_password_changed", "password-changed"),
        ("user_app_removed", "app-removed"),
        ("user_checkpoint", "checkpoint-459"),
        ("page_role_lost", "page-role-lost"),
    ],
)
async def test_each_invalid_token_has_one_remedy_in_both_answers(
    client: GraphClient, sandbox: RunningSandbox, name: str, key: str
) -> None:
    app, token = of_sandbox(sandbox), token_of(sandbox, name)
    seen = await client.inspect(app, token)
    assert not seen.is_valid
    assert seen.error is not None
    assert remedy_for(seen.error.code, seen.error.subcode, seen.error.message) == key
    with pytest.raises(FacebookError) as caught:
        await client.me(app, token)
    assert means_new_login(caught.value)
    assert remedy_code(caught.value) == key


async def test_a_valid_token_has_person_permissions_and_pages(client: GraphClient, sandbox: RunningSandbox) -> None:
    app, token = of_sandbox(sandbox), token_of(sandbox, "user_long")
    seen = await client.inspect(app, token)
    assert seen.is_valid
    assert seen.kind == "user"
    assert await client.me(app, token)
    granted = {entry.name for entry in await client.permissions(app, token) if entry.status == "granted"}
    assert granted >= {"instagram_basic", "pages_show_list"}
    pages = await client.pages(app, token)
    linked = [page for page in pages if page.instagram_id]
    assert linked
    assert all(page.token.reveal().startswith("EAA") for page in pages)
    reading = await client.read_instagram(app, token, linked[0].instagram_id)
    assert reading.username
    assert reading.media_count is not None


async def test_a_page_token_never_ends_and_has_no_pages(client: GraphClient, sandbox: RunningSandbox) -> None:
    app, token = of_sandbox(sandbox), token_of(sandbox, "page_never")
    seen = await client.inspect(app, token)
    assert (seen.kind, seen.expires_at, seen.is_valid) == ("page", None, True)
    with pytest.raises(FacebookError) as caught:
        await client.pages(app, token)
    assert remedy_code(caught.value) == "page-token-given"


async def test_an_extension_brings_a_new_token_and_an_expired_one_none(
    client: GraphClient, sandbox: RunningSandbox
) -> None:
    app, token = of_sandbox(sandbox), token_of(sandbox, "user_due")
    before = await client.inspect(app, token)
    after = await client.inspect(app, (await client.exchange_long_lived(app, token)).value)
    assert before.expires_at is not None
    assert after.expires_at is not None
    assert after.expires_at > before.expires_at
    with pytest.raises(FacebookError) as caught:
        await client.exchange_long_lived(app, token_of(sandbox, "user_expired"))
    assert caught.value.reason == "190/463"


@pytest.mark.parametrize("pkce", [False, True])
async def test_a_code_works_once_and_with_its_own_redirect_only(
    client: GraphClient, sandbox: RunningSandbox, pkce: bool
) -> None:
    app = of_sandbox(sandbox)
    request = start_login(
        client.endpoints, "v26.0", app.app_id, "http://localhost:8765/", ("instagram_basic",), now=0, pkce=pkce
    )
    address = await confirm(request, person_of(sandbox))
    code = Secret(address.partition("code=")[2].partition("&")[0])
    with pytest.raises(FacebookError) as caught:
        await client.exchange_code(app, code, "http://localhost:8766/", request.code_verifier)
    assert remedy_code(caught.value) == "code-redirect-differs"
    issued = await client.exchange_code(app, code, request.redirect_uri, request.code_verifier)
    assert (await client.inspect(app, issued.value)).is_valid
    with pytest.raises(FacebookError) as caught:
        await client.exchange_code(app, code, request.redirect_uri, request.code_verifier)
    assert remedy_code(caught.value) == "code-used"
