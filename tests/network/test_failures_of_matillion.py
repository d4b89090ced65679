"""The way to Matillion is judged as the way to Facebook is, in words of its own."""

from __future__ import annotations

import pytest

from tests.network import servers
from tests.network.servers import Authority, Talk, served
from tui.guide.evidence import Code, Evidence, Facts, Finding, evidence_from_row
from tui.matillion.client import MatillionClient
from tui.matillion.errors import Failure, MatillionError, Problem
from tui.network.failures import NetworkFault
from tui.network.proxies import ProxyFlaw, ProxyProblem
from tui.redact import Secret
from tui.settings import MatillionTarget
from tui.wording.evidence import finding_text
from tui.wording.matillion import failure as failure_text
from tui.wording.surfaces import CommandLine, sentences

HOST = "matillion.test"
ENTRIES = servers.answering(200, b'["ig_prod"]', {"Content-Type": "application/json"})
PASSWORD = Secret("a-password-of-matillion")
LOGIN = "scraper:pa55word-of-the-proxy"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def client_of(address: str, timeout: float = 30.0, fingerprint: str = "") -> MatillionClient:
    return MatillionClient(MatillionTarget(address, user="u", fingerprint=fingerprint), PASSWORD, timeout=timeout)


async def failure_of(address: str, timeout: float = 30.0, fingerprint: str = "") -> Failure:
    with pytest.raises(MatillionError) as caught:
        await client_of(address, timeout, fingerprint).oauth_entries()
    assert "pa55word" not in f"{caught.value!r} {caught.value.failure}"
    return caught.value.failure


@pytest.mark.parametrize(
    ("talk", "problem", "fault"),
    [
        (servers.answering_connect(407), Problem.UNREACHABLE, NetworkFault.PROXY_LOGIN),
        (servers.answering_connect(503), Problem.UNREACHABLE, NetworkFault.PROXY_REFUSED),
        (servers.opening_then_cutting(), Problem.UNREACHABLE, NetworkFault.TUNNEL_CUT),
        (servers.portal(), Problem.UNREACHABLE, NetworkFault.NOT_A_PROXY),
        (servers.silent(), Problem.TIMEOUT, NetworkFault.PROXY_SILENT),
    ],
    ids=["login", "503", "cut", "portal", "silent"],
)
async def test_who_failed_is_named(
    talk: Talk, problem: Problem, fault: NetworkFault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(talk) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}@{proxy.address}")
        failure = await failure_of(f"https://{HOST}", 0.5 if problem is Problem.TIMEOUT else 30)
    assert (failure.problem, failure.fault, failure.via) == (problem, fault, proxy.address)
    assert failure.could_not_ask


async def test_a_variable_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks4://{LOGIN}@proxy")
    failure = await failure_of(f"https://{HOST}")
    assert failure.proxy_problem == ProxyProblem("ALL_PROXY", ProxyFlaw.SCHEME, "socks4")
    assert failure.could_not_ask
    monkeypatch.setenv("NO_PROXY", HOST)
    assert (await failure_of(f"https://{HOST}")).fault is NetworkFault.NAME_UNKNOWN


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_this_machine_takes_no_proxy(host: str, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(servers.portal()) as proxy, served(ENTRIES, tls=authority.context("localhost")) as matillion:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        address = f"https://{host}:{matillion.port}"
        refused = await failure_of(address)
        assert refused.problem is Problem.UNTRUSTED
        pinned = client_of(address, fingerprint=refused.fingerprint)
        assert await pinned.oauth_entries() == ("ig_prod",)
    assert proxy.connections == 0


async def test_a_pinned_certificate_works_through_a_proxy(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        served(ENTRIES, tls=authority.context("other.test")) as matillion,
        served(servers.connect_proxy({f"{HOST}:443": matillion.port})) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        refused = await failure_of(f"https://{HOST}")
        assert refused.problem is Problem.UNTRUSTED
        assert await client_of(f"https://{HOST}", fingerprint=refused.fingerprint).oauth_entries() == ("ig_prod",)
        wrong = await failure_of(f"https://{HOST}", fingerprint="ab" * 32)
    assert (wrong.problem, wrong.fingerprint) == (Problem.OTHER_CERTIFICATE, refused.fingerprint)
    assert len(matillion.seen) == 1, "only to the pinned certificate is anything sent"


async def test_a_pinned_host_that_is_away_is_named() -> None:
    with served(ENTRIES) as gone:
        pass
    assert (await failure_of(gone.url.replace("http", "https"), fingerprint="ab" * 32)).fault is (
        NetworkFault.CONNECTION_REFUSED
    )


async def test_each_stage_of_the_way_is_named() -> None:
    assert (await failure_of("https://matillion.invalid")).fault is NetworkFault.NAME_UNKNOWN
    with servers.unanswered_connections() as address:
        assert (await failure_of(f"https://{address}", 0.5)).fault is NetworkFault.CONNECT_TIMEOUT
    with served(servers.silent()) as server:
        assert (await failure_of(f"https://{server.address}", 0.5)).fault is NetworkFault.TLS_TIMEOUT
    with served(servers.cutting()) as server:
        assert (await failure_of(f"https://{server.address}")).fault is NetworkFault.TLS_CUT
    with served(servers.answering_at_once(b"HTTP/1.1 400 X\r\n\r\n")) as server:
        assert (await failure_of(f"https://{server.address}")).fault is NetworkFault.NO_TLS


@pytest.mark.parametrize("fault", NetworkFault)
def test_every_fault_is_a_sentence(fault: NetworkFault) -> None:
    failure = Failure(Problem.UNREACHABLE, HOST, fault=fault, via="proxy:3128", proxy_variable="HTTPS_PROXY", said="x")
    text = failure_text(failure, "acme")
    assert text.what.endswith(".")
    assert text.hint.endswith(".")
    assert "{" not in sentences(text, CommandLine())


def test_a_failure_survives_being_stored() -> None:
    problem = ProxyProblem("NO_PROXY", ProxyFlaw.NO_PROXY_BRACKETS, "[::1]")
    failed = Failure(Problem.UNREACHABLE, HOST, fault=NetworkFault.TLS_CUT, via="proxy:1", proxy_problem=problem)
    finding = Finding("unknown", Code.MATILLION_FAILED, Facts(failure=failed))
    evidence = Evidence("matillion_reached", finding, 1)
    read = evidence_from_row(*evidence.as_row())
    assert read == evidence
    assert read is not None
    assert finding_text(read.finding) == finding_text(finding)
