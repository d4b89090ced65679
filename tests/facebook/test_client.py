"""What goes over the wire, and what comes back as values."""

import asyncio
import contextlib
import hashlib
import hmac
import logging
from contextlib import aclosing

import pytest

from tests.clocks import FrozenClock
from tests.facebook.stub import Reply, Request, ok, refusal, serve
from tests.facebook.talking import APP, ISSUED, TOKEN, LearningClock, Pauses, talking_to
from tui.facebook.client import GraphClient
from tui.facebook.errors import FacebookError, means_app_credentials, means_new_login
from tui.facebook.models import AppCredentials, Endpoints, Usage
from tui.facebook.permissions import GranularScope
from tui.redact import Secret
from tui.settings import SettingsError


async def test_the_secret_is_sent_in_a_form_never_in_an_address() -> None:
    async with serve(ok({"access_token": "1234|abc", "token_type": "bearer"})) as stub, talking_to(stub) as client:
        await client.check_app(APP)
    (request,) = stub.requests
    assert (request.method, request.path) == ("POST", "/v26.0/oauth/access_token")
    assert request.query == {}
    assert request.form == {
        "client_id": APP.app_id,
        "client_secret": APP.secret.reveal(),
        "grant_type": "client_credentials",
    }


async def test_a_secret_with_a_trailing_space_is_sent_as_it_was_pasted() -> None:
    flawed = AppCredentials(APP.app_id, Secret(APP.secret.reveal() + " "))
    wrong = refusal(1, "Error validating client secret.")
    async with serve(wrong) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.check_app(flawed)
        with pytest.raises(FacebookError):
            await client.inspect(flawed, TOKEN)
    assert stub.requests[0].form["client_secret"] == APP.secret.reveal() + " "
    assert stub.requests[1].query["access_token"].endswith("abcdef ")
    assert caught.value.code == 1
    assert means_app_credentials(caught.value)
    assert not caught.value.inconclusive


async def test_inspection_sends_app_token_in_the_header_and_a_proof() -> None:
    body = {
        "data": {
            "app_id": 123456789012345,
            "type": "USER",
            "application": "My App",
            "data_access_expires_at": "1776687825",
            "expires_at": 0,
            "is_valid": True,
            "issued_at": 1765636400,
            "scopes": ["instagram_basic", "pages_show_list"],
            "granular_scopes": [
                {"scope": "instagram_basic", "target_ids": [17841400000000000]},
                {"scope": "pages_show_list"},
            ],
            "user_id": 10215241773831025,
        }
    }
    async with serve(ok(body)) as stub, talking_to(stub) as client:
        seen = await client.inspect(APP, TOKEN)
    (request,) = stub.requests
    app_token = f"{APP.app_id}|{APP.secret.reveal()}"
    proof = hmac.new(APP.secret.reveal().encode(), app_token.encode(), hashlib.sha256).hexdigest()
    assert request.method == "GET"
    assert request.query == {"input_token": TOKEN.reveal(), "appsecret_proof": proof}
    assert request.headers["authorization"] == f"Bearer {app_token}"
    assert (seen.app_id, seen.kind, seen.user_id) == ("123456789012345", "user", "10215241773831025")
    assert (seen.expires_at, seen.data_access_expires_at, seen.at) == (None, 1776687825, 1_700_000_000)
    assert seen.granular_scopes == (
        GranularScope("instagram_basic", ("17841400000000000",)),
        GranularScope("pages_show_list"),
    )


async def test_an_invalid_token_is_an_answer_a_wrong_secret_an_error() -> None:
    bad = {"data": {"error": {"code": 190, "subcode": 463, "message": "Session has expired on ..."}, "is_valid": False}}
    async with (
        serve(ok(bad), refusal(190, "Invalid OAuth access token signature.")) as stub,
        talking_to(stub) as client,
    ):
        seen = await client.inspect(APP, TOKEN)
        with pytest.raises(FacebookError) as caught:
            await client.inspect(APP, TOKEN)
    assert not seen.is_valid
    assert seen.error is not None
    assert (seen.error.code, seen.error.subcode) == (190, 463)
    assert means_app_credentials(caught.value)
    assert not means_new_login(caught.value)


async def test_the_same_number_from_me_means_a_new_login() -> None:
    gone = refusal(190, "Error validating access token: The session has been invalidated", subcode=460)
    async with serve(gone) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.me(APP, TOKEN)
    assert means_new_login(caught.value)
    assert not means_app_credentials(caught.value)
    assert caught.value.reason == "190/460"
    assert caught.value.fbtrace_id == "AQt_hJ68vFyb"


async def test_every_call_sends_token_in_the_header_and_its_proof() -> None:
    def answer(request: Request) -> Reply:
        return ok({"id": "17841400000000000", "name": "N", "username": "u", "media_count": "12", "data": []})

    async with serve(by=answer) as stub, talking_to(stub) as client:
        await client.me(APP, TOKEN)
        await client.permissions(APP, TOKEN)
        await client.pages(APP, TOKEN)
        await client.businesses(APP, TOKEN)
        reading = await client.read_instagram(APP, TOKEN, "17841400000000000")
    proof = hmac.new(APP.secret.reveal().encode(), TOKEN.reveal().encode(), hashlib.sha256).hexdigest()
    assert reading.media_count == 12
    assert len(stub.requests) == 7
    for request in stub.requests:
        assert request.headers["authorization"] == f"Bearer {TOKEN.reveal()}"
        assert request.query["appsecret_proof"] == proof
        assert TOKEN.reveal() not in request.target


@pytest.mark.parametrize(
    "missing",
    [
        (104, "An access token is required to request this resource."),
        (2500, "An active access token must be used to query information about the current user."),
    ],
)
async def test_a_server_that_reads_tokens_in_the_query_is_remembered(
    missing: tuple[int, str],
) -> None:
    def answer(request: Request) -> Reply:
        return ok({"id": "1", "name": "N"}) if "access_token" in request.query else refusal(*missing)

    async with serve(by=answer) as stub, talking_to(stub) as client:
        await client.me(APP, TOKEN)
        await client.me(APP, TOKEN)
    assert [("access_token" in request.query) for request in stub.requests] == [False, True, True]


async def test_a_token_that_fits_no_header_is_sent_unchanged() -> None:
    odd = Secret("EAAabc\u00a0 \ndef\ud800")
    async with serve(refusal(190, "Invalid OAuth access token.")) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.me(APP, odd)
        with pytest.raises(FacebookError):
            await client.inspect(APP, odd)
    assert caught.value.code == 190
    assert stub.requests[1].query["input_token"] == "EAAabc\u00a0 \ndef?"


@pytest.mark.parametrize(
    "unread",
    [
        Reply(404, b"<html>Not Found</html>"),
        Reply(405, b""),
        refusal(101, "Missing client_id parameter."),
        refusal(100, "Unsupported post request."),
    ],
)
async def test_an_exchange_falls_back_to_get_where_post_is_unknown(unread: Reply) -> None:
    def answer(request: Request) -> Reply:
        return ok(ISSUED) if request.method == "GET" else unread

    async with serve(by=answer) as stub, talking_to(stub) as client:
        issued = await client.exchange_code(APP, Secret("AQcode"), "http://localhost:8765/")
        await client.exchange_long_lived(APP, TOKEN)
    assert issued.expires_in == 5183944
    assert [request.method for request in stub.requests] == ["POST", "GET", "GET"]
    assert stub.requests[1].query["code"] == "AQcode"


async def test_all_portions_of_pages_are_read_on_the_same_host_only() -> None:
    def answer(request: Request) -> Reply:
        if request.query.get("after") == "two":
            return ok({"data": [{"id": "2", "name": "B", "access_token": "EAApage2"}]})
        follow = f"{stub.url}/v26.0/10/accounts?after=two&limit=100&access_token={TOKEN.reveal()}"
        entry = {"id": "1", "name": "A", "access_token": "EAApage1", "instagram_business_account": {"id": "178410"}}
        return ok({"data": [entry], "paging": {"cursors": {"after": "two"}, "next": follow}})

    async with serve(by=answer) as stub, talking_to(stub) as client:
        pages = await client.pages(APP, TOKEN)
    assert [page.page_id for page in pages] == ["1", "2"]
    assert pages[0].instagram_id == "178410"
    assert stub.requests[1].path == "/v26.0/10/accounts"
    assert all(TOKEN.reveal() not in request.target for request in stub.requests)


async def test_a_next_portion_on_another_host_gets_no_token() -> None:
    async with serve(ok({"data": []})) as thief:
        follow = {"data": [{"id": "1"}], "paging": {"next": f"{thief.url}/steal?access_token=x"}}
        async with serve(ok(follow)) as stub, talking_to(stub) as client:
            with pytest.raises(FacebookError) as caught:
                await client.pages(APP, TOKEN)
    assert caught.value.cause == "redirected"
    assert thief.requests == []


async def test_a_list_that_never_ends_ends() -> None:
    def answer(request: Request) -> Reply:
        return ok({"data": [], "paging": {"next": f"{stub.url}/v26.0/me/accounts?after=x"}})

    async with serve(by=answer) as stub, talking_to(stub) as client:
        assert await client.pages(APP, TOKEN) == ()
    assert len(stub.requests) < 5


async def test_headers_are_read() -> None:
    reply = ok(
        {"id": "1", "name": "N"},
        Date="Tue, 14 Nov 2023 23:13:20 GMT",
        facebook_api_version="v24.0",
        x_app_usage='{"call_count":13,"total_time":71}',
        x_business_use_case_usage='{"1":[{"type":"instagram","call_count":98,"estimated_time_to_regain_access":7}]}',
    )
    clock = LearningClock(1_700_000_000)
    async with serve(reply) as stub, aclosing(GraphClient(Endpoints(stub.url), "v26.0", clock)) as client:
        await client.me(APP, TOKEN)
        assert client.served.version == "v24.0"
        assert client.served.usage == Usage(71, 0)  # of the account it says nothing
    assert clock.heard == 1_700_003_600


OTHER_TIME = {"Date": "Tue, 14 Nov 2023 23:13:20 GMT"}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, b"<html>Blocked</html>", {**OTHER_TIME, "Content-Type": "text/html"}),
        Reply(502, b"", OTHER_TIME),
        Reply(200, b'{"id": "1", "name": "N"}', {**OTHER_TIME, "Age": "864000"}),
    ],
)
async def test_a_proxys_page_and_an_old_answer_show_no_time(reply: Reply) -> None:
    clock = LearningClock(1_700_000_000)
    async with (
        serve(reply) as stub,
        aclosing(GraphClient(Endpoints(stub.url), "v26.0", clock, sleep=Pauses())) as client,
    ):
        with contextlib.suppress(FacebookError):
            await client.me(APP, TOKEN)
        assert stub.requests
    assert clock.heard == 0


async def test_an_exchange_without_a_life_or_with_none_leaves_it_open() -> None:
    bare = {"access_token": "EAAx", "token_type": "bearer"}
    zero = {**bare, "expires_in": 0}
    words = {**bare, "expires_in": "5184000"}
    async with serve(ok(bare), ok(zero), ok(words)) as stub, talking_to(stub) as client:
        lives = [(await client.exchange_long_lived(APP, TOKEN)).expires_in for _ in range(3)]
    assert lives == [None, None, 5184000]


async def test_old_urlencoded_answers_are_read() -> None:
    reply = Reply(200, b"access_token=EAAold&expires=5183999", {"Content-Type": "text/plain"})
    async with serve(reply) as stub, talking_to(stub) as client:
        issued = await client.exchange_long_lived(APP, TOKEN)
    assert (issued.value.reveal(), issued.expires_in) == ("EAAold", 5183999)


async def test_device_login_waits_only_while_pending() -> None:
    started = {"code": "a" * 32, "user_code": "A1NWZ9", "verification_uri": "https://www.facebook.com/device"}
    replies = (
        ok(started),
        refusal(31, "pending", subcode=1349174),
        refusal(17, "User request limit reached", subcode=1349172),
        ok(ISSUED),
    )
    async with serve(*replies) as stub, talking_to(stub) as client:
        client_token = Secret("f" * 32)
        device = await client.start_device_login(APP.app_id, client_token, ("instagram_basic", "pages_show_list"))
        assert (device.user_code, device.interval, device.expires_in) == ("A1NWZ9", 5, 420)
        assert await client.poll_device_login(APP.app_id, client_token, device.code) is None
        with pytest.raises(FacebookError) as caught:
            await client.poll_device_login(APP.app_id, client_token, device.code)
        issued = await client.poll_device_login(APP.app_id, client_token, device.code)
    assert (caught.value.cause, caught.value.subcode) == ("facebook", 1349172)
    assert issued is not None
    assert stub.requests[0].form == {
        "access_token": f"{APP.app_id}|{'f' * 32}",
        "scope": "instagram_basic,pages_show_list",
    }


async def test_many_calls_share_a_limited_number_of_connections() -> None:
    open_now, most = 0, 0

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ok({"id": "1", "name": "N"}).bytes())
        except asyncio.IncompleteReadError:
            pass
        finally:
            open_now -= 1
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with (
        server,
        aclosing(GraphClient(Endpoints(url), "v26.0", FrozenClock(0), concurrency=3)) as client,
    ):
        people = await asyncio.gather(*(client.me(APP, TOKEN) for _ in range(60)))
    assert len(people) == 60
    assert most <= 3


@pytest.mark.parametrize("url", ["http://graph.example.com", "http://localhost:1", "http://127.0.0.1.evil.example"])
def test_plain_http_to_another_machine_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        GraphClient(Endpoints(url), "v26.0", FrozenClock(0))


async def test_a_proxy_never_carries_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(ok({"id": "1", "name": "proxied"})) as proxy, serve(ok({"id": "1", "name": "direct"})) as stub:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with talking_to(stub) as client:
            assert await client.me(APP, TOKEN) == "direct"
    assert proxy.requests == []


async def test_nothing_secret_is_logged_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serve(ok({"data": {"is_valid": True}})) as stub, talking_to(stub) as client:
        await client.inspect(APP, TOKEN)
    assert TOKEN.reveal() not in caplog.text
    assert APP.secret.reveal() not in caplog.text


async def test_a_message_that_echoes_the_token_is_scrubbed() -> None:
    cut = "EAAQx7Qx7zz-%^"
    replies = (
        refusal(190, f"Malformed access token {TOKEN.reveal()}"),
        refusal(190, f"Malformed access token {cut}"),
        refusal(190, "\x1b]52;c;x\x07 \u202eevil [red]" + "x" * 9_000),
    )
    async with serve(*replies) as stub, talking_to(stub) as client:
        messages = []
        for _ in replies:
            with pytest.raises(FacebookError) as caught:
                await client.me(APP, TOKEN)
            messages.append(caught.value.message)
    assert TOKEN.reveal() not in messages[0]
    assert cut not in messages[1]
    assert not any(character in messages[2] for character in "\x1b\x07\u202e")
    assert len(messages[2]) <= 2_000
