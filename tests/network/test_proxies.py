"""The proxy variables are judged as httpx judges them, and nothing of a password is shown."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext

import httpx
import pytest
import truststore
from hypothesis import example, given
from hypothesis import strategies as st

from tui.network.client import UnusableProxy, open_client
from tui.network.proxies import (
    SCHEMES,
    ProxyFlaw,
    ProxyProblem,
    ProxyRoute,
    is_this_machine,
    problem_to,
    problems_of,
    route_to,
)
from tui.terminal.crash import report

GRAPH = "https://graph.facebook.com"
PASSWORD = "hunter2secret"


@contextmanager
def surroundings(environ: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(environ)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def made_by_httpx(environ: Mapping[str, str]) -> httpx.AsyncClient | None:
    """The client as httpx makes it from the variables alone, None where it cannot."""
    with surroundings(environ):
        try:
            return httpx.AsyncClient(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        except Exception:
            return None


def proxy_in_httpx(client: httpx.AsyncClient, url: str) -> str:
    """The proxy that httpx takes for a call, as `scheme://host:port`, empty where there is none."""
    pool = client._transport_for_url(httpx.URL(url))._pool  # type: ignore[attr-defined]
    proxy = getattr(pool, "_proxy_url", None)
    if proxy is None:
        return ""
    host = httpx.URL(scheme="http", host=proxy.host.decode()).host  # which shows a name that is not ASCII as written
    port = proxy.port or SCHEMES[proxy.scheme.decode()]
    return f"{proxy.scheme.decode()}://{f'[{host}]' if ':' in host else host}:{port}"


hosts = st.sampled_from(
    ["proxy", "proxy.example.com", "10.0.0.9", "[2001:db8::1]", "[::1", "300.1.1.1", "pröxy.de", "a b", ""]
)
ports = st.sampled_from(["", ":3128", ":", ":99999", ":0", ":31x8", ": 80", ":3128 ", ":80", ":443"])
users = st.sampled_from(
    ["", "u:p@", "u@", "u:p#q@", "u:p/q@", "u:1/2@", "u:p?q@", "u:p@q@", "u:p%q@", "u:p q@", "u:ü@"]
)
schemes = st.sampled_from(
    [
        "",
        "http://",
        "https://",
        "HTTP://",
        "socks5://",
        "socks5h://",
        "socks4://",
        "socks://",
        "http:/",
        "ftp://",
        " http://",
        "://",
    ]
)
tails = st.sampled_from(["", "/", "/x", "?a", "#", '"', " ", "\t", "\x7f"])
values = st.one_of(
    st.builds(lambda *parts: "".join(parts), schemes, users, hosts, ports, tails),
    st.sampled_from(
        [
            '"http://proxy:3128"',
            "'proxy:3128'",
            "“http://proxy”",
            "\u00a0http://proxy:3128",
            " ",
            "DIRECT",
            "x\udcff:80",
        ]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
)
ENTRIES = """
graph.facebook.com .facebook.com facebook.com FACEBOOK.com *.facebook.com * 10.0.0.0/8 10.1.2.3 10.1.2.3:8443 fd00::/8
fd00::1 [fd00::1] [fd00::1]:8443 localhost <local> https:// http:// all:// https://graph.facebook.com
https://*.facebook.com all://*com book.com graph.facebook.com:443 graph.facebook.com:8443 fácebook.com ftp://x
10.1.* a/b :// facebook.com/x user:hunter2secret@facebook.com
"""
entries = st.one_of(
    st.sampled_from(ENTRIES.split()),
    st.sampled_from(["graph.facebook.com localhost", "", " facebook.com ", "\x01"]),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10),
)
names = st.sampled_from(
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "Https_Proxy", "HTTPS_proxy"]
)
environs = st.builds(
    lambda proxies, no, no_name, cgi: {
        **proxies,
        **({no_name: ",".join(no)} if no else {}),
        **({"REQUEST_METHOD": "GET"} if cgi else {}),
    },
    st.dictionaries(names, st.one_of(values, st.just(""), st.just("http://proxy:3128")), max_size=3),
    st.lists(entries, max_size=3),
    st.sampled_from(["NO_PROXY", "no_proxy"]),
    st.booleans(),
)
targets = st.sampled_from(
    [
        GRAPH,
        "http://graph.facebook.com",
        "https://graph.facebook.com:8443",
        "https://10.1.2.3:8443",
        "https://[fd00::1]",
        "https://facebook.com",
    ]
)


@given(environs)
@example({"ALL_PROXY": "http://u:\udcff@proxy:1"})
@example({"NO_PROXY": "[::1]"})
def test_what_httpx_refuses_has_a_problem(environ: dict[str, str]) -> None:
    assert problems_of(environ) or made_by_httpx(environ) is not None


@given(environs, targets)
def test_nothing_else_keeps_a_client_from_being_made(environ: dict[str, str], url: str) -> None:
    problem = problem_to(url, environ)
    with surroundings(environ):
        named = None if url.startswith("http:") else problem
        with pytest.raises(UnusableProxy) if named else nullcontext() as refused:
            open_client(url, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), timeout=httpx.Timeout(1))
        assert refused is None or refused.value.problem == problem


@given(environs)
@example({"HTTPS_PROXY": "proxy/x", "NO_PROXY": "https://"})
def test_problems_that_end_calls_are_those_of_a_call(environ: dict[str, str]) -> None:
    problem = problem_to("https://any-host.invalid", environ)
    assert {problem} - {None} <= set(problems_of(environ))
    assert (problem is not None) == any(found.ends_calls for found in problems_of(environ))


@given(environs, targets)
@example({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "all://"}, GRAPH)
@example({"HTTPS_PROXY": "http://proxy:3128", "https_proxy": ""}, GRAPH)
@example({"HTTPS_PROXY": "http://pröxy.de:3128"}, GRAPH)
@example({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "https://*.facebook.com"}, GRAPH)
@example({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "https://*.facebook.com"}, "https://facebook.com")
def test_the_route_is_the_one_of_httpx(environ: dict[str, str], url: str) -> None:
    client = made_by_httpx(environ)
    if client is None or problem_to(url, environ):
        return
    route = route_to(url, environ)
    assert proxy_in_httpx(client, url) == (f"{route.scheme}://{route.address}" if route else "")


@given(environs)
def test_an_entry_that_never_matches_changes_nothing(environ: dict[str, str]) -> None:
    named = {problem.detail for problem in problems_of(environ) if not problem.ends_calls}
    variable = next((name for name in ("no_proxy", "NO_PROXY") if name in environ), "")
    if not named or not variable:
        return
    kept = [entry for entry in environ[variable].split(",") if entry.strip() not in named]
    without = {**environ, variable: ",".join(kept)}
    assert route_to(GRAPH, environ) == route_to(GRAPH, without)


@pytest.mark.parametrize(
    ("value", "flaw", "detail"),
    [
        ("socks4://proxy:1080", ProxyFlaw.SCHEME, "socks4"),
        ("socks://proxy:1080", ProxyFlaw.SCHEME, "socks"),
        ("http://proxy:31x8", ProxyFlaw.PORT, ""),
        ("http://proxy:99999", ProxyFlaw.PORT, ""),
        ("proxy:0", ProxyFlaw.PORT, ""),
        (f"http://me:{PASSWORD}#1@proxy:3128", ProxyFlaw.UNENCODED, "#"),
        (f"http://me:{PASSWORD}/1@proxy:3128", ProxyFlaw.UNENCODED, "/"),
        (f"http://me:{PASSWORD}?1@proxy:3128", ProxyFlaw.UNENCODED, "?"),
        (f"http://me:12/{PASSWORD}@proxy:3128", ProxyFlaw.UNENCODED, "/"),
        (" http://proxy:3128", ProxyFlaw.BLANK, ""),
        ("\u00a0http://proxy:3128", ProxyFlaw.BLANK, ""),
        ("http://my proxy:3128", ProxyFlaw.BLANK, ""),
        ("http://proxy:3128\n", ProxyFlaw.BLANK, ""),
        ('"http://proxy:3128"', ProxyFlaw.QUOTES, ""),
        ("‘http://proxy:3128’", ProxyFlaw.QUOTES, ""),
        ("http://", ProxyFlaw.NO_HOST, ""),
        ("http://:3128", ProxyFlaw.NO_HOST, ""),
        (f"http://me:{PASSWORD}@", ProxyFlaw.NO_HOST, ""),
        ("http:/proxy:3128", ProxyFlaw.NOT_AN_ADDRESS, ""),
        (f"me:{PASSWORD}://x", ProxyFlaw.NOT_AN_ADDRESS, ""),
        ("300.1.1.1:3128", ProxyFlaw.NOT_AN_ADDRESS, ""),
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"])
def test_each_flaw_of_a_proxy_is_named(name: str, value: str, flaw: ProxyFlaw, detail: str) -> None:
    assert problems_of({name: value}) == (ProxyProblem(name, flaw, detail, name != "http_proxy"),)
    assert route_to(GRAPH, {name: value}) is None


@pytest.mark.parametrize(
    ("entry", "flaw", "ends_calls"),
    [
        ("10.0.0.0/8", ProxyFlaw.NO_PROXY_CIDR, False),
        ("fd00::/8", ProxyFlaw.NO_PROXY_CIDR, True),
        ("[::1]", ProxyFlaw.NO_PROXY_BRACKETS, True),
        ("[fd00::1]:8443", ProxyFlaw.NO_PROXY_BRACKETS, True),
        ("*.example.com", ProxyFlaw.NO_PROXY_WILDCARD, False),
        ("10.*", ProxyFlaw.NO_PROXY_WILDCARD, False),
        ("graph.facebook.com:443", ProxyFlaw.NO_PROXY_PORT, False),
        ("10.1.2.3:443", ProxyFlaw.NO_PROXY_PORT, False),
        ("<local>", ProxyFlaw.NO_PROXY_ENTRY, False),
        ("localhost example.com", ProxyFlaw.NO_PROXY_ENTRY, False),
        ("example.com:x", ProxyFlaw.NO_PROXY_ENTRY, True),
    ],
)
def test_each_flaw_of_no_proxy_is_named(entry: str, flaw: ProxyFlaw, ends_calls: bool) -> None:
    environ = {"NO_PROXY": f"localhost,{entry}", "HTTPS_PROXY": "http://proxy:3128"}
    assert problems_of(environ) == (ProxyProblem("NO_PROXY", flaw, entry, ends_calls),)
    assert (made_by_httpx(environ) is None) is ends_calls


@pytest.mark.parametrize(
    "value", ["proxy", "proxy:3128", "http://u:p%23@proxy/", "https://proxy", "socks5h://[fd00::1]", "SOCKS5://p"]
)
def test_usual_values_have_no_problem(value: str) -> None:
    environ = {"ALL_PROXY": value, "NO_PROXY": "localhost, 127.0.0.1, ::1, .example.com, example.org:8443"}
    assert problems_of(environ) == ()
    assert route_to(GRAPH, environ) is not None


def test_a_variable_that_no_call_takes_ends_none() -> None:
    environ = {"ALL_PROXY": "socks://proxy:1080", "HTTPS_PROXY": "http://proxy:3128"}  # as GNOME sets them
    assert problems_of(environ) == (ProxyProblem("ALL_PROXY", ProxyFlaw.SCHEME, "socks", ends_calls=False),)
    assert problem_to(GRAPH, environ) is None
    assert route_to(GRAPH, environ) == ProxyRoute("HTTPS_PROXY", "http", "proxy:3128")


def test_a_host_in_no_proxy_needs_no_usable_variable() -> None:
    assert problem_to(GRAPH, {"ALL_PROXY": "socks://proxy:1080", "NO_PROXY": "facebook.com"}) is None


def test_problems_that_end_calls_come_first() -> None:
    problems = problems_of({"NO_PROXY": "10.0.0.0/8,[::1]"})
    assert [problem.flaw for problem in problems] == [ProxyFlaw.NO_PROXY_BRACKETS, ProxyFlaw.NO_PROXY_CIDR]


def test_no_user_and_no_password_is_shown() -> None:
    route = route_to(GRAPH, {"HTTPS_PROXY": f"http://me:{PASSWORD}@proxy.example.com"})
    assert route == ProxyRoute("HTTPS_PROXY", "http", "proxy.example.com:80")


def test_a_report_of_our_own_fault_has_no_password() -> None:
    proxy = f"http://kay:{PASSWORD[::-1]}@proxy.example.com"
    with surroundings({"HTTPS_PROXY": proxy}):
        open_client(GRAPH, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), timeout=httpx.Timeout(1))
    assert PASSWORD[::-1] not in report(RuntimeError(f"cannot use {proxy}"), {}, "now")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.5.1", "[::1]", "localhost", "LOCALHOST.", "api.localhost"])
def test_this_machine_has_no_proxy(host: str) -> None:
    name = host.strip("[]")
    assert is_this_machine(name)
    assert route_to(f"https://{host}:8443", {"ALL_PROXY": "http://proxy:3128"}) is None
    assert problem_to(f"https://{host}:8443", {"ALL_PROXY": "socks4://proxy", "NO_PROXY": "[::1]"}) is None


def test_the_system_decides_on_the_certificate_of_a_proxy() -> None:
    with surroundings({"HTTPS_PROXY": "https://proxy"}):
        made = open_client(GRAPH, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), timeout=httpx.Timeout(1))
    context = made.client._transport_for_url(httpx.URL(GRAPH))._pool._proxy_ssl_context  # type: ignore[attr-defined]
    assert isinstance(context, truststore.SSLContext)


def test_the_lower_case_name_counts() -> None:
    both = {"https_proxy": "lower", "HTTPS_PROXY": "upper"}
    assert route_to(GRAPH, both) == ProxyRoute("https_proxy", "http", "lower:80")
    assert route_to(GRAPH, {**both, "https_proxy": ""}) is None
