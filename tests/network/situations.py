"""The situations of a network that small servers can make: each sets the variables of one run, and says what it is."""

import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.network.servers import (
    GRAPH,
    Authority,
    Server,
    Talk,
    answering,
    answering_connect,
    changing_headers,
    connect_proxy,
    cutting,
    date_header,
    foreign_json,
    greeting,
    opening_then_cutting,
    opening_then_silent,
    passing,
    portal,
    redirecting_portal,
    served,
    silent,
    slow,
    socks_proxy,
    unanswered_connections,
)
from tui.sandbox import RunningSandbox

LOGIN = "kay:p@ss$word"
IN_A_URL = "kay:p%40ss%24word"
PASSWORDS = ("p@ss$word", "plainword", "p%40ss%24word", "pa#ss", "pa/ss")
"""Passwords of proxies, which no output may show."""


@dataclass(frozen=True)
class Around:
    """What is around one run of igauth."""

    environ: Mapping[str, str]
    prefix: tuple[str, ...] = ()
    """A program that starts igauth, such as faketime."""
    named: str = ""
    """What the output has to name where Facebook cannot be asked: the variable or the peer."""
    log: Callable[[], str] = str
    """What a proxy on the way could read."""
    prepare: Callable[[Path], object] = bool
    """Changes the home before each run."""
    home: Path | None = None
    """The home to start from, instead of the one that has been filled."""
    is_new: bool = False
    """Whether the home is empty, so that a first secret is to be stored."""
    can_log_in: bool = True
    longest: float = 20
    """Seconds that a run may take."""


@dataclass(frozen=True)
class Stage:
    """What all situations share: one Facebook, and its name with a certificate of an authority of ours."""

    facebook: RunningSandbox
    front: Server
    """Facebook with a certificate for GRAPH."""
    authority: Authority
    folder: Path
    python: str = sys.executable
    fill: Callable[[Path, Mapping[str, str]], object] = lambda *_: None
    """Adds a profile and tokens to a home, by the program that is tested."""

    def own_folder(self) -> Path:
        """Make a folder for one situation; other users may read it."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for one in (folder, self.folder):
            one.chmod(0o755)
        return folder

    @property
    def names(self) -> dict[str, int]:
        """What a proxy resolves."""
        return {f"{GRAPH}:443": self.front.port}

    def environ(self, **more: str) -> dict[str, str]:
        """Return the variables for asking https://GRAPH, and more."""
        return {"IGAUTH_GRAPH_URL": f"https://{GRAPH}", "SSL_CERT_FILE": str(self.authority.file), **more}


@contextlib.contextmanager
def stage(facebook: RunningSandbox, folder: Path) -> Iterator[Stage]:
    """Put up what all situations share."""
    authority = Authority(folder / "ca")
    with served(passing(facebook.port), tls=authority.context()) as front:
        yield Stage(facebook, front, authority, folder)


def trust_graph(home: Path) -> None:
    """Let a home that was filled on this machine send its secrets to GRAPH."""
    config = home / "config.toml"
    config.write_text(f'trusted_hosts = ["{GRAPH}"]\n{config.read_text()}')


Make = Callable[[Stage], AbstractContextManager[Around]]


@dataclass(frozen=True)
class Situation:
    """One row of the table; `works`: Facebook is asked and answers."""

    name: str
    make: Make = field(repr=False)
    works: bool = False
    quick: bool = True
    """Whether a run ends at once, and not after a time-out or a pause."""


def by_variables(named: str = "", **variables: str) -> Make:
    """Set variables; `{proxy}` in a value is the address of a proxy that works, and `{login}` of one with a login."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        with served(connect_proxy(where.names)) as proxy, served(connect_proxy(where.names, login=LOGIN)) as login:
            values = {k: v.format(proxy=proxy.address, login=login.address) for k, v in variables.items()}
            yield Around(where.environ(**values), named=named, log=lambda: "\n".join(proxy.seen + login.seen))

    return make


def by_proxy(talk: Talk, given: str = "", scheme: str = "http", named: str = "") -> Make:
    """Go through a proxy that talks so; it has to be named by its address unless `named` is another text."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        with served(talk) as proxy:
            variables = {"HTTPS_PROXY": f"{scheme}://{given}{proxy.address}"}
            yield Around(where.environ(**variables), named=named or proxy.address, log=lambda: "\n".join(proxy.seen))

    return make


def by_working_proxy(kind: Callable[..., Talk], login: str = "", given: str = "", scheme: str = "http") -> Make:
    """Go through a proxy that resolves GRAPH and has this login, with the login `given`."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        with by_proxy(kind(where.names, login=login), given, scheme)(where) as around:
            yield around

    return make


def by_peer(talk: Talk, host: str = "", *, named: str = "", expired: bool = False, foreign: bool = False) -> Make:
    """Reach, instead of Facebook, a server that talks so: by plain HTTP, or with a certificate for `host`."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        authority = Authority(where.folder / "foreign") if foreign else where.authority
        with served(talk, tls=authority.context(host, expired=expired) if host else None) as peer:
            if not host:
                yield Around({"IGAUTH_GRAPH_URL": peer.url}, named=named or peer.address)
                return
            with served(connect_proxy({f"{GRAPH}:443": peer.port})) as proxy:
                yield Around(where.environ(HTTPS_PROXY=proxy.url), named=GRAPH, log=lambda: "\n".join(proxy.seen))

    return make


def by_handshake(talk: Talk) -> Make:
    """Reach a peer that is none of TLS, by an https address."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        with served(talk) as peer:
            yield Around({"IGAUTH_GRAPH_URL": f"https://{peer.address}"}, named=peer.address)

    return make


def by_dates(ahead: float, age: float | None = None) -> Make:
    """Reach Facebook through something that changes the Date of its answers, and adds an Age."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        headers = date_header(ahead) | ({} if age is None else {"Age": f"{age:g}"})
        with served(changing_headers(where.facebook.port, headers)) as peer:
            yield Around({"IGAUTH_GRAPH_URL": peer.url})

    return make


@contextlib.contextmanager
def _straight(where: Stage) -> Iterator[Around]:
    yield Around({"IGAUTH_GRAPH_URL": where.facebook.graph_url})


@contextlib.contextmanager
def _unanswered_proxy(where: Stage) -> Iterator[Around]:
    with unanswered_connections() as address:
        yield Around(where.environ(HTTPS_PROXY=f"http://{address}"), named=address)


@contextlib.contextmanager
def _unanswered_host(where: Stage) -> Iterator[Around]:
    with unanswered_connections() as address:
        yield Around({"IGAUTH_GRAPH_URL": f"http://{address}"}, named=address)


@contextlib.contextmanager
def _slow_facebook(where: Stage) -> Iterator[Around]:
    with served(slow(changing_headers(where.facebook.port, {}), 2)) as peer:
        yield Around({"IGAUTH_GRAPH_URL": peer.url})


@contextlib.contextmanager
def _loopback_with_proxy(where: Stage) -> Iterator[Around]:
    yield Around(
        {"IGAUTH_GRAPH_URL": where.facebook.graph_url, "HTTPS_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "x://"}
    )


_JSON = {"Content-Type": "application/json"}
_HTML = {"Content-Type": "text/html"}
_PAGE = b"<html><head><title>502</title></head><body>Bad gateway"

SITUATIONS = (
    Situation("Facebook itself", _straight, works=True),
    # --- values of proxy variables
    Situation("HTTPS_PROXY of a proxy that works", by_variables(HTTPS_PROXY="http://{proxy}"), works=True),
    Situation("https_proxy, lower case", by_variables(https_proxy="http://{proxy}"), works=True),
    Situation("HTTPS_PROXY without scheme", by_variables(HTTPS_PROXY="{proxy}"), works=True),
    Situation("ALL_PROXY of a proxy that works", by_variables(ALL_PROXY="http://{proxy}"), works=True),
    Situation(
        "lower case works, upper case does not",
        by_variables(https_proxy="http://{proxy}", HTTPS_PROXY="http://127.0.0.1:9"),
        works=True,
    ),
    Situation("NO_PROXY, a range", by_variables(HTTPS_PROXY="http://{proxy}", NO_PROXY="10.0.0.0/8"), works=True),
    Situation("NO_PROXY, another host", by_variables(HTTPS_PROXY="http://{proxy}", NO_PROXY=".corp.test"), works=True),
    Situation("NO_PROXY with blanks", by_variables(HTTPS_PROXY="http://{proxy}", NO_PROXY=" a , b "), works=True),
    Situation("NO_PROXY=[::1]", by_variables("NO_PROXY", HTTPS_PROXY="http://{proxy}", NO_PROXY="[::1]")),
    Situation("NO_PROXY, no port", by_variables("NO_PROXY", HTTPS_PROXY="http://{proxy}", NO_PROXY="a.test:x")),
    Situation("NO_PROXY names Facebook", by_variables(GRAPH, HTTPS_PROXY="http://{proxy}", NO_PROXY=GRAPH)),
    Situation("NO_PROXY=*", by_variables(GRAPH, HTTPS_PROXY="http://{proxy}", NO_PROXY="*")),
    Situation("only HTTP_PROXY is set", by_variables(GRAPH, HTTP_PROXY="http://{proxy}")),
    Situation("HTTPS_PROXY empty", by_variables(GRAPH, HTTPS_PROXY="")),
    Situation("socks4://", by_variables("HTTPS_PROXY", HTTPS_PROXY="socks4://{proxy}")),
    Situation("ALL_PROXY=socks://", by_variables("ALL_PROXY", ALL_PROXY="socks://{proxy}")),
    Situation("all_proxy=socks://, lower case", by_variables("all_proxy", all_proxy="socks://{proxy}")),
    Situation("ftp://", by_variables("HTTPS_PROXY", HTTPS_PROXY="ftp://{proxy}")),
    Situation("HTTP_PROXY with a flaw, though unused", by_variables(GRAPH, HTTP_PROXY="socks4://{proxy}")),
    Situation("port of 99999", by_variables("HTTPS_PROXY", HTTPS_PROXY="http://127.0.0.1:99999")),
    Situation("port in words", by_variables("HTTPS_PROXY", HTTPS_PROXY="http://127.0.0.1:squid")),
    Situation("# in the password", by_variables("HTTPS_PROXY", HTTPS_PROXY="http://kay:pa#ss@{proxy}")),
    Situation("/ in the password", by_variables("HTTPS_PROXY", HTTPS_PROXY="http://kay:pa/ss@{proxy}")),
    Situation("blank before", by_variables("HTTPS_PROXY", HTTPS_PROXY=" http://{proxy}")),
    Situation("blank inside", by_variables("HTTPS_PROXY", HTTPS_PROXY="http://127.0.0.1 :3128")),
    Situation("quotes around", by_variables("HTTPS_PROXY", HTTPS_PROXY='"http://{proxy}"')),
    Situation("no host", by_variables("HTTPS_PROXY", HTTPS_PROXY="http://")),
    Situation("name of the proxy unknown", by_variables("proxy.test", HTTPS_PROXY="http://proxy.test:3128")),
    Situation("nothing listens at the proxy", by_variables("127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9")),
    Situation("https:// to a proxy of http", by_variables("127.0.0.1", HTTPS_PROXY="https://{proxy}")),
    Situation("loopback, and proxies that do not work", _loopback_with_proxy, works=True),
    # --- proxies
    Situation("proxy with a login", by_working_proxy(connect_proxy, LOGIN, f"{IN_A_URL}@"), works=True),
    Situation("proxy asks for a login, none given", by_working_proxy(connect_proxy, LOGIN)),
    Situation("proxy refuses the login", by_working_proxy(connect_proxy, "kay:other", f"{IN_A_URL}@")),
    Situation("proxy answers 403", by_proxy(answering_connect(403, b"<html>Forbidden by policy"))),
    Situation("proxy answers 502", by_proxy(connect_proxy({}))),
    Situation("proxy answers 503", by_proxy(answering_connect(503))),
    Situation("proxy redirects", by_proxy(answering_connect(302, b"", {"Location": "http://portal.test/"}))),
    Situation("a web server as proxy", by_proxy(portal())),
    Situation("an SSH server as proxy", by_proxy(greeting())),
    Situation("an SSH server as SOCKS server", by_proxy(greeting(), scheme="socks5")),
    Situation("proxy is silent", by_proxy(silent()), quick=False),
    Situation("proxy takes no connection", _unanswered_proxy, quick=False),
    Situation("proxy ends each connection", by_proxy(cutting())),
    Situation("tunnel cut", by_proxy(opening_then_cutting())),
    Situation("tunnel silent", by_proxy(opening_then_silent(), named=GRAPH), quick=False),
    Situation("SOCKS server", by_working_proxy(socks_proxy, scheme="socks5"), works=True),
    Situation("SOCKS server, socks5h", by_working_proxy(socks_proxy, scheme="socks5h"), works=True),
    Situation("SOCKS server with a login", by_working_proxy(socks_proxy, LOGIN, f"{IN_A_URL}@", "socks5"), works=True),
    Situation("SOCKS server asks for a login", by_working_proxy(socks_proxy, LOGIN, "", "socks5")),
    Situation("SOCKS server refuses the login", by_working_proxy(socks_proxy, "kay:other", f"{IN_A_URL}@", "socks5")),
    Situation("SOCKS server refuses the host", by_proxy(socks_proxy({}, refusal=2), scheme="socks5")),
    Situation("SOCKS server is silent", by_proxy(silent(), scheme="socks5"), quick=False),
    Situation("an HTTP proxy as SOCKS server", by_proxy(connect_proxy({}), scheme="socks5"), quick=False),
    Situation("no SOCKS server", by_variables("127.0.0.1:9", ALL_PROXY="socks5://127.0.0.1:9")),
    # --- peers instead of Facebook
    Situation("name of the host unknown", by_variables(GRAPH)),
    Situation("connection refused", by_variables("127.0.0.1:9", IGAUTH_GRAPH_URL="http://127.0.0.1:9")),
    Situation("host takes no connection", _unanswered_host, quick=False),
    Situation("host is silent", by_peer(silent()), quick=False),
    Situation("handshake silent", by_handshake(silent()), quick=False),
    Situation("handshake cut", by_handshake(cutting())),
    Situation("handshake reset", by_handshake(cutting(reset=True))),
    Situation("no TLS at an https address", by_handshake(portal())),
    Situation("certificate of an unknown authority", by_peer(portal(), GRAPH, foreign=True)),
    Situation("certificate expired", by_peer(portal(), GRAPH, expired=True)),
    Situation("certificate of another name", by_peer(portal(), "other.test")),
    Situation("portal, a page", by_peer(portal())),
    Situation("portal, a redirect", by_peer(redirecting_portal())),
    Situation("portal with a certificate", by_peer(portal(), GRAPH)),
    Situation("JSON of another service", by_peer(foreign_json())),
    Situation("JSON of another service, 404", by_peer(foreign_json(404))),
    Situation("error page of a gateway", by_peer(answering(502, _PAGE, _HTML), named="502")),
    Situation("empty answer", by_peer(answering(200, b"", _JSON), named="empty answer")),
    Situation("connection cut after the request", by_peer(cutting())),
    Situation("Facebook is slow", _slow_facebook, works=True, quick=False),
    # --- dates
    Situation("Date two hours ahead", by_dates(7200), works=True, quick=False),
    Situation("Date two hours behind", by_dates(-7200), works=True, quick=False),
    Situation("Date three hours old, from a cache", by_dates(-10800, 10800), works=True, quick=False),
    Situation("Date 100 days ahead", by_dates(8_640_000), works=True, quick=False),
    # --- certificates of this machine
    Situation(
        "SSL_CERT_FILE names no file",
        by_variables("SSL_CERT_FILE", HTTPS_PROXY="http://{proxy}", SSL_CERT_FILE="/nonexistent/ca.pem"),
    ),
    Situation(
        "only REQUESTS_CA_BUNDLE names the certificates",
        by_variables(GRAPH, HTTPS_PROXY="http://{proxy}", SSL_CERT_FILE="", REQUESTS_CA_BUNDLE="/nonexistent/ca.pem"),
    ),
)


def secrets_of(facebook: RunningSandbox) -> tuple[str, ...]:
    """Return all that no output and nobody on the way may see."""
    facts = json.loads(json.dumps(facebook.describe()))
    return (facts["app_secret"], facts["client_token"], *PASSWORDS, *(token["value"] for token in facts["tokens"]))
