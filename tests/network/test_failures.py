"""Each peer that fails on the way to Facebook is named, and `sent` is false only where nothing can have left."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator

import httpx
import pytest

from tests.clocks import FrozenClock
from tests.facebook.talking import APP, TOKEN, Pauses
from tests.network import servers
from tests.network.servers import GRAPH, Authority, Server, Talk, served
from tui.facebook.client import GraphClient
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.models import Endpoints
from tui.network.failures import Journey, NetworkFault, Stage, failure_of
from tui.network.proxies import ProxyFlaw, ProxyProblem
from tui.services.recorder import failure_of as stored
from tui.wording.facebook import remedy_code

LOGIN = "scraper:pa55word-of-the-proxy"
PASSWORD = LOGIN.partition(":")[2]
TARGET = f"https://{GRAPH}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


async def failure(url: str = TARGET, timeout: float = 30.0) -> FacebookError:
    client = GraphClient(Endpoints(url), "v26.0", FrozenClock(0), timeout=timeout, sleep=Pauses())
    async with contextlib.aclosing(client):
        with pytest.raises(FacebookError) as caught:
            await client.inspect(APP, TOKEN)
    error = caught.value
    shown = f"{error!r} {error} {error.message} {error.detail} {error.via}"
    assert PASSWORD not in shown
    return error


@contextlib.contextmanager
def behind(talk: Talk, monkeypatch: pytest.MonkeyPatch, scheme: str = "http", login: str = "") -> Iterator[Server]:
    """All calls go to this proxy."""
    with served(talk) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://{f'{login}@' if login else ''}{proxy.address}")
        yield proxy


@contextlib.contextmanager
def tunneled(talk: Talk, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve behind a proxy that opens tunnels to it; yields the proxy."""
    with (
        served(talk, tls=tls) as graph,
        behind(servers.connect_proxy({f"{GRAPH}:443": graph.port}), monkeypatch) as proxy,
    ):
        yield proxy


def test_facebook_has_every_fault_of_the_network() -> None:
    ways = [Fault[fault.name] for fault in NetworkFault]
    last = {Fault.ANSWER_TIMEOUT, Fault.CONNECTION_BROKEN, Fault.CALL_IMPOSSIBLE}
    assert {fault for fault in ways if fault.sent} == last


# --- proxies that answer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "fault", "status"),
    [
        (servers.answering_connect(407), Fault.PROXY_LOGIN, 407),
        (servers.answering_connect(403, b"<html>denied"), Fault.PROXY_REFUSED, 403),
        (servers.answering_connect(502), Fault.PROXY_REFUSED, 502),
        (servers.answering_connect(302, b"", {"Location": "http://login.test/"}), Fault.PROXY_REDIRECT, 302),
        (servers.answering_connect(200, b"<html>Welcome", {"Content-Type": "text/html"}), Fault.NOT_A_PROXY, None),
        (servers.opening_then_cutting(), Fault.TUNNEL_CUT, None),
        (servers.cutting(), Fault.NOT_A_PROXY, None),
        (servers.cutting(reset=True), Fault.NOT_A_PROXY, None),
    ],
    ids=["login", "403", "502", "redirect", "web page", "tunnel cut", "cut", "reset"],
)
async def test_each_answer_of_a_proxy_is_named(
    talk: Talk, fault: Fault, status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind(talk, monkeypatch, login=LOGIN) as proxy:
        error = await failure()
    assert (error.fault, error.status, error.sent) == (fault, status, False)
    assert (error.host, error.via, error.proxy_variable) == (GRAPH, proxy.address, "HTTPS_PROXY")
    assert TOKEN.reveal() not in proxy.everything


async def test_a_proxy_that_wants_a_login_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(servers.connect_proxy({}, login=LOGIN), monkeypatch) as proxy:
        assert (await failure()).fault is Fault.PROXY_LOGIN
    assert proxy.connections == 1


async def test_a_login_of_a_proxy_is_used(authority: Authority, trusted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(servers.answering(200, b'{"data":[]}'), tls=authority.context()) as graph:
        talk = servers.connect_proxy({f"{GRAPH}:443": graph.port}, login=LOGIN)
        with behind(talk, monkeypatch, login=LOGIN) as proxy:
            error = await failure()
    assert error.fault is Fault.INCOMPLETE
    assert LOGIN in proxy.everything


# --- proxies that do not answer -----------------------------------------------------------------------------------


async def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(servers.silent(), monkeypatch) as proxy:
        pass
    error = await failure()
    assert (error.fault, error.via, error.sent) == (Fault.PROXY_UNREACHABLE, proxy.address, False)


async def test_the_name_of_a_proxy_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}@proxy.invalid:3128")
    error = await failure()
    assert (error.fault, error.via, error.sent) == (Fault.PROXY_NAME_UNKNOWN, "proxy.invalid:3128", False)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
async def test_a_silent_proxy_is_not_a_slow_facebook(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(servers.silent(), monkeypatch, scheme):
        error = await failure(timeout=0.5)
    assert (error.fault, error.cause, error.sent) == (Fault.PROXY_SILENT, "timeout", False)


async def test_a_proxy_whose_queue_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.unanswered_connections() as address:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        error = await failure(timeout=0.5)
    assert (error.fault, error.sent) == (Fault.PROXY_UNREACHABLE, False)
    assert remedy_code(error) == "proxy-address", "a host that is not allowed is not the reason"


async def test_a_proxy_without_tls_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(servers.answering_at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n"), monkeypatch, "https"):
        error = await failure()
    assert (error.fault, error.sent) == (Fault.PROXY_NO_TLS, False)


async def test_the_system_decides_on_a_certificate_of_a_proxy(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(servers.connect_proxy({}), tls=authority.context("localhost")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.port}")
        assert (await failure()).fault is Fault.PROXY_CERTIFICATE
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert (await failure()).fault is Fault.PROXY_REFUSED


# --- SOCKS --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("login", ["", LOGIN])
async def test_socks_works_and_the_proxy_resolves_the_name(
    scheme: str, login: str, authority: Authority, trusted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(servers.answering(200, b'{"data":[]}'), tls=authority.context()) as graph:
        talk = servers.socks_proxy({f"{GRAPH}:443": graph.port}, login=login)
        with behind(talk, monkeypatch, scheme, login) as proxy:
            error = await failure()
    assert (error.fault, error.sent) == (Fault.INCOMPLETE, True)
    assert f"{GRAPH}:443" in proxy.seen


@pytest.mark.parametrize(
    ("talk", "login", "fault"),
    [
        (servers.socks_proxy({}, refusal=2), "", Fault.PROXY_REFUSED),
        (servers.socks_proxy({}), "", Fault.PROXY_REFUSED),
        (servers.socks_proxy({}, login=LOGIN), "", Fault.PROXY_LOGIN),
        (servers.socks_proxy({}, login=LOGIN), "scraper:wrong", Fault.PROXY_LOGIN),
        (servers.socks_proxy({}), LOGIN, Fault.PROXY_LOGIN),
        (servers.cutting(), "", Fault.NOT_A_PROXY),
        (servers.cutting(reset=True), "", Fault.NOT_A_PROXY),
        (servers.answering_at_once(b"SSH-2.0-OpenSSH_9.2\r\n"), "", Fault.NOT_A_PROXY),
        (servers.answering_at_once(b"\x05\x07"), "", Fault.NOT_A_PROXY),
        (servers.answering_at_once(b"\x05\x00\x05\x63\x00\x01"), "", Fault.NOT_A_PROXY),
    ],
    ids=["rule", "unknown", "login", "wrong login", "no login", "cut", "reset", "ssh", "method", "code"],
)
async def test_each_refusal_of_socks_is_named(
    talk: Talk, login: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind(talk, monkeypatch, "socks5", login):
        error = await failure()
    assert (error.fault, error.sent) == (fault, False)


# --- the way to the host itself -----------------------------------------------------------------------------------


async def test_a_name_that_nobody_knows() -> None:
    error = await failure("https://graph.invalid")
    assert (error.fault, error.sent, error.via) == (Fault.NAME_UNKNOWN, False, "")


async def test_a_full_queue_is_no_connection_in_time() -> None:
    with servers.unanswered_connections() as address:
        error = await failure(f"https://{address}", 0.5)
    assert (error.fault, error.cause, error.sent) == (Fault.CONNECT_TIMEOUT, "timeout", False)


async def test_a_handshake_that_hangs_is_no_certificate() -> None:
    with served(servers.silent()) as server:
        error = await failure(f"https://{server.address}", 0.5)
    assert (error.fault, error.cause, error.sent) == (Fault.TLS_TIMEOUT, "timeout", False)


@pytest.mark.parametrize("reset", [False, True])
async def test_a_handshake_that_is_cut_is_no_certificate(reset: bool) -> None:
    with served(servers.cutting(reset=reset)) as server:
        error = await failure(f"https://{server.address}")
    assert (error.fault, error.cause, error.sent) == (Fault.TLS_CUT, "unreachable", False)


def test_a_handshake_that_waits_to_read_is_no_fault_of_tls() -> None:
    journey, error = Journey(None), httpx.ConnectError("")
    journey.stage, error.__cause__ = Stage.SECURING, ssl.SSLWantReadError()
    assert failure_of(error, journey, 1.0).fault is NetworkFault.TLS_CUT


async def test_a_server_that_speaks_plain_http_has_no_tls() -> None:
    with served(servers.answering_at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        error = await failure(f"https://{server.address}")
    assert (error.fault, error.cause, error.sent) == (Fault.NO_TLS, "tls", False)


@pytest.mark.parametrize("expired", [False, True])
async def test_a_certificate_is_named_only_where_it_was_refused(
    expired: bool, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    if expired:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with tunneled(servers.answering(200), authority.context(expired=expired), monkeypatch) as proxy:
        error = await failure()
    assert (error.fault, error.sent, error.via) == (Fault.CERTIFICATE, False, proxy.address)
    assert ("expired" in error.detail) is expired


async def test_a_page_that_nothing_follows_is_no_slow_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(servers.page_then_silent(), monkeypatch) as proxy:
        error = await failure(timeout=2.0)
    assert (error.fault, error.sent, error.via) == (Fault.NOT_A_PROXY, False, proxy.address)


async def test_a_tunnel_to_nobody_is_a_handshake_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(servers.opening_then_silent(), monkeypatch):
        error = await failure(timeout=0.5)
    assert (error.fault, error.sent) == (Fault.TLS_TIMEOUT, False)


@pytest.mark.usefixtures("trusted")
async def test_a_slow_facebook_may_have_acted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with tunneled(servers.silent(), authority.context(), monkeypatch):
        error = await failure(timeout=1.0)
    assert (error.fault, error.cause, error.sent) == (Fault.ANSWER_TIMEOUT, "timeout", True)


@pytest.mark.usefixtures("trusted")
async def test_a_broken_connection_may_have_carried_it(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with tunneled(servers.cutting(), authority.context(), monkeypatch):
        error = await failure()
    assert (error.fault, error.sent) == (Fault.CONNECTION_BROKEN, True)
    for one in (error, stored(error, 0)):
        assert remedy_code(one) == "connection-broken", "a connection was made"


# --- variables ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "flaw"),
    [
        ("ALL_PROXY", f"socks4://{LOGIN}@proxy:1080", ProxyFlaw.SCHEME),
        ("https_proxy", f"http://{LOGIN}#@proxy:3128", ProxyFlaw.UNENCODED),
        ("NO_PROXY", "[::1]", ProxyFlaw.NO_PROXY_BRACKETS),
    ],
)
async def test_a_variable_that_cannot_be_used_is_named(
    name: str, value: str, flaw: ProxyFlaw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    error = await failure()
    assert (error.fault, error.cause, error.sent) == (Fault.PROXY_SETTING, "unreachable", False)
    assert isinstance(error.proxy_problem, ProxyProblem)
    assert (error.proxy_problem.variable, error.proxy_problem.flaw) == (name, flaw)


async def test_this_machine_needs_no_usable_variable(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks4://proxy:1080")
    with served(servers.cutting()) as server:
        assert (await failure(f"http://{server.address}")).fault is Fault.CONNECTION_BROKEN
        assert (await failure(f"https://{server.address}")).fault is Fault.TLS_CUT


async def test_a_proxy_that_cuts_tunnels_is_asked_on_and_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The HTTP library keeps a connection whose TLS failed behind a proxy: it must not use up a limit."""
    with behind(servers.opening_then_cutting(), monkeypatch) as proxy:
        client = GraphClient(Endpoints(TARGET), "v26.0", FrozenClock(0), timeout=30, concurrency=2, sleep=Pauses())
        async with contextlib.aclosing(client):
            for _ in range(3):
                with pytest.raises(FacebookError) as caught:
                    await client.inspect(APP, TOKEN)
                assert caught.value.fault is Fault.TUNNEL_CUT
    assert proxy.connections > 6
