"""Independent clients complete their flows with only their base address changed; each failure is their own exception.

They are what proves that the sandbox is not merely what our own client expects.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.asking import Asker, landed
from tui.sandbox import RunningSandbox


class Browser:
    """A person with a browser: opens a dialog address and agrees, or does not."""

    def __init__(self, ask: Asker) -> None:
        self._ask = ask

    def open(self, address: str, *, decision: str = "allow") -> str:
        """The address the person is sent back to."""
        reply = self._ask.http.post(address, data={"as": "dana", "decision": decision})
        assert reply.status_code == 302, reply.text
        location = str(reply.headers["location"])
        assert location.endswith("#_=_")
        return location.partition("#")[0]  # a browser keeps the fragment to itself


@pytest.fixture
def browser(ask: Asker) -> Browser:
    return Browser(ask)


# facebook-business, Meta's own


@pytest.fixture
def meta(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Meta's business SDK for one token."""
    session = pytest.importorskip("facebook_business.session")
    api = pytest.importorskip("facebook_business.api")
    monkeypatch.setattr(session.FacebookSession, "GRAPH", sandbox.graph_url)

    def make(token: str) -> Any:
        made = session.FacebookSession(sandbox.app_id, sandbox.app_secret, token)
        return api.FacebookAdsApi(made, api_version="v26.0")

    return make


def test_facebook_business_reads_with_its_proof(meta: Any, ask: Asker) -> None:
    iguser = pytest.importorskip("facebook_business.adobjects.iguser").IGUser
    user = pytest.importorskip("facebook_business.adobjects.user").User

    api = meta(ask.token("user_long"))
    me = user("me", api=api).api_get(fields=["id", "name"])
    assert me["name"] == "Dana Whitfield"
    pages = user("me", api=api).get_accounts(fields=["id", "name", "instagram_business_account"], params={"limit": 2})
    names = [page["name"] for page in pages]
    assert names == [page.name for page in ask.world.spec.pages if "dana" in page.people]
    account = iguser(ask.world.spec.instagram[0].id, api=api)
    assert account.api_get(fields=["username", "followers_count"])["followers_count"] == 18420
    assert [row["name"] for row in account.get_insights(params={"metric": ["reach"], "period": "day"})] == ["reach"]
    assert all("appsecret_proof" in call.parameters for call in ask.sandbox.calls("/me"))


def test_facebook_business_raises_its_request_error(meta: Any, ask: Asker) -> None:
    user = pytest.importorskip("facebook_business.adobjects.user").User
    facebook_request_error = pytest.importorskip("facebook_business.exceptions").FacebookRequestError

    with pytest.raises(facebook_request_error) as caught:
        user("me", api=meta(ask.token("user_expired"))).api_get()
    error = caught.value
    assert (error.http_status(), error.api_error_code(), error.api_error_subcode()) == (400, 190, 463)
    assert error.api_error_type() == "OAuthException"
    ask.sandbox.fault("unavailable")
    with pytest.raises(facebook_request_error) as again:
        user("me", api=meta(ask.token("user_long"))).api_get()
    assert again.value.api_transient_error() is True


# facebook-sdk


@pytest.fixture
def sdk(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = pytest.importorskip("facebook")
    monkeypatch.setattr(module, "FACEBOOK_GRAPH_URL", sandbox.graph_url + "/")
    monkeypatch.setattr(module, "FACEBOOK_WWW_URL", sandbox.dialog_url + "/")
    return module


def test_facebook_sdk_gets_a_long_lived_token(sdk: Any, ask: Asker, browser: Browser) -> None:
    graph, world = sdk.GraphAPI(version="3.1"), ask.world
    address = graph.get_auth_url(world.app_id, world.redirect_uri, ["instagram_basic", "pages_show_list"])
    code = landed(browser.open(address))["code"]
    token = graph.get_access_token_from_code(code, world.redirect_uri, world.app_id, world.app_secret)
    graph.access_token = token["access_token"]
    assert graph.extend_access_token(world.app_id, world.app_secret)["access_token"].startswith("EAA")
    assert graph.get_object("me")["name"] == "Dana Whitfield"
    assert graph.get_connections("me", "accounts", limit=2)["data"]
    assert "pages_show_list" in graph.get_permissions(graph.get_object("me")["id"])
    data = graph.debug_access_token(graph.access_token, world.app_id, world.app_secret)["data"]
    assert data["is_valid"] is True
    assert graph.get_app_access_token(world.app_id, world.app_secret).startswith(world.app_id + "|")
    assert float(graph.get_version()) >= 21


def test_facebook_sdk_raises_its_api_error(sdk: Any, ask: Asker) -> None:
    graph = sdk.GraphAPI(ask.token("user_password_changed"), version="3.1")
    with pytest.raises(sdk.GraphAPIError, match="changed their password") as caught:
        graph.get_object("me")
    assert (caught.value.code, caught.value.type) == (190, "OAuthException")
    with pytest.raises(sdk.GraphAPIError, match="Error validating client secret"):
        graph.get_app_access_token(ask.world.app_id, "x" * 32)
    with pytest.raises(sdk.GraphAPIError, match="Invalid verification code format"):
        graph.get_access_token_from_code("junk", ask.world.redirect_uri, ask.world.app_id, ask.world.app_secret)


# httpx-oauth


@pytest.fixture
def httpx_client(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = pytest.importorskip("httpx_oauth.clients.facebook")
    for name, base in (
        ("AUTHORIZE_ENDPOINT", sandbox.dialog_url),
        ("ACCESS_TOKEN_ENDPOINT", sandbox.graph_url),
        ("PROFILE_ENDPOINT", sandbox.graph_url),
    ):
        path = getattr(module, name).split(".com", 1)[1]
        monkeypatch.setattr(module, name, base + path)
    return module.FacebookOAuth2(sandbox.app_id, sandbox.app_secret)


async def test_httpx_oauth_gets_from_the_dialog_to_the_profile(httpx_client: Any, ask: Asker, browser: Browser) -> None:
    redirect = ask.world.redirect_uri
    address = await httpx_client.get_authorization_url(redirect, state="s", scope=["email", "instagram_basic"])
    found = landed(browser.open(address))
    assert found["state"] == "s"
    token = await httpx_client.get_access_token(found["code"], redirect)
    assert not token.is_expired()
    longer = await httpx_client.get_long_lived_access_token(token["access_token"])
    assert longer["access_token"] != token["access_token"]
    user, email = await httpx_client.get_id_email(longer["access_token"])
    assert (user, email) == (ask.inspect(ask.token("user_long"))["user_id"], "dana@example.com")


async def test_httpx_oauth_raises_its_own_errors(httpx_client: Any, ask: Asker) -> None:
    get_long_lived_access_token_error = pytest.importorskip("httpx_oauth.clients.facebook").GetLongLivedAccessTokenError
    get_profile_error = pytest.importorskip("httpx_oauth.exceptions").GetProfileError
    get_access_token_error = pytest.importorskip("httpx_oauth.oauth2").GetAccessTokenError

    with pytest.raises(get_access_token_error) as caught:
        await httpx_client.get_access_token("junk", ask.world.redirect_uri)
    assert caught.value.response is not None
    assert json.loads(caught.value.response.text)["error"]["code"] == 100
    with pytest.raises(get_long_lived_access_token_error):
        await httpx_client.get_long_lived_access_token(ask.token("user_expired"))
    with pytest.raises(get_profile_error):
        await httpx_client.get_profile(ask.token("user_app_removed"))


# requests-oauthlib with its Facebook compliance fix


@pytest.fixture
def requests_session(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = pytest.importorskip("requests_oauthlib")
    facebook_compliance_fix = pytest.importorskip("requests_oauthlib.compliance_fixes").facebook_compliance_fix

    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    session = module.OAuth2Session(sandbox.app_id, redirect_uri=sandbox.redirect_uri, scope=["email"])
    return facebook_compliance_fix(session)


def test_requests_oauthlib_gets_from_the_dialog_to_me(
    requests_session: Any, ask: Asker, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    address, _state = requests_session.authorization_url(f"{ask.sandbox.dialog_url}/dialog/oauth")
    landing = browser.open(address)
    token = requests_session.fetch_token(
        f"{ask.sandbox.graph_url}/oauth/access_token",
        client_secret=ask.world.app_secret,
        authorization_response=landing,
    )
    assert token["token_type"].lower() == "bearer"
    assert requests_session.get(f"{ask.sandbox.graph_url}/me").json()["name"] == "Dana Whitfield"


def test_requests_oauthlib_raises_oauthlibs_errors(requests_session: Any, ask: Asker, browser: Browser) -> None:
    access_denied_error = pytest.importorskip("oauthlib.oauth2.rfc6749.errors").AccessDeniedError
    oauth2_error = pytest.importorskip("oauthlib.oauth2.rfc6749.errors").OAuth2Error

    url = f"{ask.sandbox.graph_url}/oauth/access_token"
    with pytest.raises(oauth2_error) as caught:
        requests_session.fetch_token(url, client_secret="x", code="junk")
    assert "Error validating client secret." in str(caught.value)
    address, _state = requests_session.authorization_url(f"{ask.sandbox.dialog_url}/dialog/oauth")
    denied = browser.open(address, decision="deny")
    with pytest.raises(access_denied_error):
        requests_session.fetch_token(url, client_secret=ask.world.app_secret, authorization_response=denied)


# authlib


@pytest.fixture
def authlib_client(sandbox: RunningSandbox) -> Any:
    module = pytest.importorskip("authlib.integrations.httpx_client")
    client = module.OAuth2Client(
        sandbox.app_id,
        sandbox.app_secret,
        redirect_uri=sandbox.redirect_uri,
        scope="email instagram_basic",
        token_endpoint_auth_method="client_secret_post",
        code_challenge_method="S256",
        trust_env=False,
    )
    yield client
    client.close()


def test_authlib_logs_in_with_pkce(authlib_client: Any, ask: Asker, browser: Browser) -> None:
    verifier = "v" * 48
    address, state = authlib_client.create_authorization_url(
        f"{ask.sandbox.dialog_url}/v26.0/dialog/oauth", code_verifier=verifier
    )
    token = authlib_client.fetch_token(
        f"{ask.sandbox.graph_url}/v26.0/oauth/access_token",
        authorization_response=browser.open(address),
        state=state,
        code_verifier=verifier,
    )
    assert token["expires_in"] == 5183944
    assert authlib_client.get(f"{ask.sandbox.graph_url}/v26.0/me").json()["name"] == "Dana Whitfield"


def test_authlib_raises_its_own_errors(authlib_client: Any, ask: Asker, browser: Browser) -> None:
    oauth_error = pytest.importorskip("authlib.integrations.base_client.errors").OAuthError
    missing_code_exception = pytest.importorskip("authlib.oauth2.rfc6749.errors").MissingCodeException

    url = f"{ask.sandbox.graph_url}/v26.0/oauth/access_token"
    with pytest.raises(oauth_error) as caught:
        authlib_client.fetch_token(url, code="junk")
    assert "Invalid verification code format." in str(caught.value)
    address, state = authlib_client.create_authorization_url(f"{ask.sandbox.dialog_url}/v26.0/dialog/oauth")
    with pytest.raises(missing_code_exception):
        authlib_client.fetch_token(url, authorization_response=browser.open(address, decision="deny"), state=state)
