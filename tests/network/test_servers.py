"""The servers of the other tests: an HTTP client that is not igauth sees what they are for."""

import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.network.servers import (
    GRAPH,
    Authority,
    Talk,
    answering_connect,
    changing_headers,
    connect_proxy,
    cutting,
    date_header,
    opening_then_cutting,
    opening_then_silent,
    portal,
    redirecting_portal,
    served,
    silent,
    slow,
    socks_proxy,
    unanswered_connections,
)
from tests.network.situations import IN_A_URL, LOGIN
from tui.sandbox import RunningSandbox


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


SHORT, LONG = 0.5, 30.0
"""Seconds: where an answer never comes, and where one has to come on a busy machine too."""


def get(url: str, proxy: str | None = None, trusted: Authority | None = None, timeout: float = LONG) -> httpx.Response:
    verify = ssl.create_default_context(cafile=trusted.file) if trusted else False
    with httpx.Client(proxy=proxy, trust_env=False, verify=verify, timeout=timeout) as client:
        return client.get(url)


def failure(url: str, proxy: str | None = None, trusted: Authority | None = None, timeout: float = LONG) -> Exception:
    with pytest.raises(httpx.HTTPError) as caught:
        get(url, proxy, trusted, timeout)
    return caught.value


@pytest.mark.parametrize("kind", [connect_proxy, socks_proxy])
@pytest.mark.parametrize("login", ["", LOGIN])
def test_a_name_is_reached_through_a_proxy(
    kind: Callable[..., Talk],
    login: str,
    authority: Authority,
    make_sandbox: Callable[..., RunningSandbox],
) -> None:
    sandbox = make_sandbox(tls=authority.certificate())
    scheme = "http" if kind is connect_proxy else "socks5"
    with served(kind({f"{GRAPH}:443": sandbox.port}, login=login)) as proxy:
        given = f"{IN_A_URL}@" if login else ""
        assert get(f"https://{GRAPH}/v26.0/me", f"{scheme}://{given}{proxy.address}", authority).status_code == 400
        assert (LOGIN in proxy.logins) == bool(login)
        failure("https://elsewhere.test", f"{scheme}://{given}{proxy.address}")
        if login:
            failure(f"https://{GRAPH}", f"{scheme}://kay:wrong@{proxy.address}")
            failure(f"https://{GRAPH}", f"{scheme}://{proxy.address}")


@pytest.mark.parametrize("status", [302, 403, 407, 502])
def test_an_answer_to_connect_is_no_tunnel(status: int) -> None:
    with served(answering_connect(status)) as proxy:
        error = failure("https://graph.test", proxy.url)
    assert isinstance(error, httpx.ProxyError)
    assert str(error).startswith(str(status))


@pytest.mark.parametrize(
    ("talk", "kind", "timeout"),
    [
        (opening_then_cutting(), httpx.ConnectError, LONG),
        (opening_then_silent(), httpx.ConnectTimeout, 4),
        (silent(), httpx.ReadTimeout, SHORT),
        (portal(), httpx.ConnectError, LONG),
        (connect_proxy({}), httpx.ProxyError, LONG),
    ],
)
def test_a_proxy_can_fail_in_many_ways(talk: Talk, kind: type[Exception], timeout: float) -> None:
    with served(talk) as proxy:
        assert isinstance(failure("https://graph.test", proxy.url, timeout=timeout), kind)


def test_peers_misbehave() -> None:
    with served(silent()) as peer:
        assert isinstance(failure(f"https://{peer.address}", timeout=SHORT), httpx.ConnectTimeout)
        assert isinstance(failure(peer.url, timeout=SHORT), httpx.ReadTimeout)
    with served(cutting()) as peer:
        assert isinstance(failure(f"https://{peer.address}"), httpx.ConnectError)
    with served(slow(portal(), 30)) as peer:
        assert isinstance(failure(peer.url, timeout=SHORT), httpx.ReadTimeout)
    with unanswered_connections() as address:
        assert isinstance(failure(f"http://{address}", timeout=SHORT), httpx.ConnectTimeout)


def test_a_certificate_can_be_wrong_in_three_ways(authority: Authority, tmp_path: Path) -> None:
    with (
        served(portal(), tls=authority.context(expired=True)) as expired,
        served(portal(), tls=authority.context()) as valid,
        served(
            connect_proxy({"expired.test:443": expired.port, f"{GRAPH}:443": valid.port, "else.test:443": valid.port})
        ) as proxy,
    ):
        assert get(f"https://{GRAPH}", proxy.url, authority).status_code == 200
        assert "expired" in str(failure("https://expired.test", proxy.url, authority))
        assert "Hostname mismatch" in str(failure("https://else.test", proxy.url, authority))
        assert "unable to get local" in str(failure(f"https://{GRAPH}", proxy.url, Authority(tmp_path / "other")))


def test_a_portal_redirects_and_headers_can_be_changed(sandbox: RunningSandbox) -> None:
    with served(redirecting_portal()) as peer:
        assert get(peer.url).headers["location"].startswith("http://login.portal.test")
    changed = date_header(-7200) | {"Age": "7300"}
    with served(changing_headers(sandbox.port, changed)) as peer:
        answer = get(f"{peer.url}/v26.0/me")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"]
    assert answer.headers.get_list("date") == [changed["Date"]]
    assert answer.headers["age"] == "7300"
