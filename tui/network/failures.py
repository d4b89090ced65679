"""Who failed on the way to a host, by how far the request came and what was raised."""

import socket
import ssl
from collections.abc import Callable, Mapping
from enum import Enum, StrEnum, auto
from typing import Any, NamedTuple

from tui.harmless import harmless
from tui.network.proxies import ProxyRoute


class NetworkFault(StrEnum):
    """Why no answer came. Only of the last three the request may have left this machine."""

    PROXY_NAME_UNKNOWN = "proxy_name_unknown"
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_SILENT = "proxy_silent"
    PROXY_NO_TLS = "proxy_no_tls"
    PROXY_CERTIFICATE = "proxy_certificate"
    PROXY_LOGIN = "proxy_login"
    PROXY_REFUSED = "proxy_refused"
    PROXY_REDIRECT = "proxy_redirect"
    NOT_A_PROXY = "not_a_proxy"
    TUNNEL_CUT = "tunnel_cut"
    NAME_UNKNOWN = "name_unknown"
    CONNECTION_REFUSED = "connection_refused"
    NO_ROUTE = "no_route"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_TIMEOUT = "tls_timeout"
    TLS_CUT = "tls_cut"
    NO_TLS = "no_tls"
    CERTIFICATE = "certificate"
    ANSWER_TIMEOUT = "answer_timeout"
    CONNECTION_BROKEN = "connection_broken"
    CALL_IMPOSSIBLE = "call_impossible"


class NetworkFailure(NamedTuple):
    """One call without an answer. `detail` is harmless: a reason of the TLS library, a proxy's or the library's word.

    `status`: the HTTP status with which a proxy answered.
    """

    fault: NetworkFault
    detail: str = ""
    status: int | None = None


class Stage(Enum):
    """How far a request came."""

    PREPARING = auto()
    CONNECTING = auto()
    SECURING_PROXY = auto()
    ASKING_PROXY = auto()
    SECURING = auto()
    SENT = auto()


class Journey:
    """Follows one request by the `trace` extension of the HTTP library (`extensions={"trace": journey.trace}`).

    Only so is it known whether anything was sent: a proxy that is silent is the same time-out as a server that is.
    `when_sent` is called as soon as the request may leave.
    """

    def __init__(self, route: ProxyRoute | None) -> None:
        self.route = route
        self.stage = Stage.PREPARING
        self.page_instead_of_tunnel = False
        self.when_sent: Callable[[], None] = lambda: None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note an event, such as `connection.connect_tcp.started`."""
        kind, _, step = event.partition(".")
        is_connect = getattr(info.get("request"), "method", b"") == b"CONNECT"
        match step:
            case "connect_tcp.started":
                self.stage = Stage.CONNECTING
            case "start_tls.started":
                through_tls = kind == "connection" and self.route is not None
                self.stage = Stage.SECURING_PROXY if through_tls else Stage.SECURING
            case "setup_socks5_connection.started":
                self.stage = Stage.ASKING_PROXY
            case "send_request_headers.started":
                self.stage = Stage.ASKING_PROXY if is_connect else Stage.SENT
                if not is_connect:
                    self.when_sent()
            case "receive_response_headers.complete" if self.stage is Stage.ASKING_PROXY:
                _version, status, _reason, headers = info["return_value"]
                names = {name.lower() for name, value in headers if value != b"0"}
                self.page_instead_of_tunnel = status < 300 and bool(names & {b"content-type", b"content-length"})


def is_of_the_network(error: Exception, journey: Journey) -> bool:
    """Return whether an exception comes from the network or what a person set, and not from a fault of igauth's own."""
    import httpx

    # the SOCKS library has errors of its own for what a server answers, and asserts the rest
    known = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError)
    return isinstance(error, known) or journey.stage is Stage.ASKING_PROXY


def failure_of(error: BaseException, journey: Journey, seconds: float) -> NetworkFailure:
    """Return who failed. `seconds`: the time limit, for the detail of a time-out."""
    import httpx

    timed_out = isinstance(error, httpx.TimeoutException | TimeoutError)
    if timed_out and not (journey.stage is Stage.SECURING and journey.page_instead_of_tunnel):
        return NetworkFailure(_TIMEOUTS[journey.stage, journey.route is not None], f"{seconds:g}")
    causes = _causes(error)
    match journey.stage:
        case Stage.CONNECTING:
            return NetworkFailure(_connecting(causes, journey.route is not None))
        case Stage.SECURING_PROXY:
            if verification := _verification(causes):
                return NetworkFailure(NetworkFault.PROXY_CERTIFICATE, verification)
            return NetworkFailure(NetworkFault.PROXY_NO_TLS)
        case Stage.ASKING_PROXY:
            return _asking(error) if isinstance(error, httpx.ProxyError) else NetworkFailure(NetworkFault.NOT_A_PROXY)
        case Stage.SECURING:
            return _securing(causes, journey)
        case Stage.PREPARING | Stage.SENT:
            broken = isinstance(error, httpx.HTTPError | OSError | httpx.StreamError)
            ours = isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError)
            if broken and not ours:
                return NetworkFailure(NetworkFault.CONNECTION_BROKEN)
            return NetworkFailure(NetworkFault.CALL_IMPOSSIBLE, type(error).__name__)


_TIMEOUTS = {
    (Stage.PREPARING, False): NetworkFault.CONNECT_TIMEOUT,
    (Stage.PREPARING, True): NetworkFault.PROXY_SILENT,
    (Stage.CONNECTING, False): NetworkFault.CONNECT_TIMEOUT,
    (Stage.CONNECTING, True): NetworkFault.PROXY_UNREACHABLE,
    (Stage.SECURING_PROXY, True): NetworkFault.PROXY_SILENT,
    (Stage.ASKING_PROXY, True): NetworkFault.PROXY_SILENT,
    (Stage.SECURING, False): NetworkFault.TLS_TIMEOUT,
    (Stage.SECURING, True): NetworkFault.TLS_TIMEOUT,
    (Stage.SENT, False): NetworkFault.ANSWER_TIMEOUT,
    (Stage.SENT, True): NetworkFault.ANSWER_TIMEOUT,
}
"""By stage, and whether there is a proxy."""


def _connecting(causes: list[BaseException], by_proxy: bool) -> NetworkFault:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NetworkFault.PROXY_NAME_UNKNOWN if by_proxy else NetworkFault.NAME_UNKNOWN
    if by_proxy:
        return NetworkFault.PROXY_UNREACHABLE
    refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)
    return NetworkFault.CONNECTION_REFUSED if refused else NetworkFault.NO_ROUTE


def _asking(error: BaseException) -> NetworkFailure:
    """Read what the HTTP library says of a proxy's answer: `407 Proxy Authentication Required`, or words for SOCKS."""
    said = str(error)
    number = said.split(" ")[0]
    if number.isascii() and number.isdecimal():
        status = int(number)
        redirect = NetworkFault.PROXY_REDIRECT if 300 <= status < 400 else NetworkFault.PROXY_REFUSED
        return NetworkFailure(NetworkFault.PROXY_LOGIN if status == 407 else redirect, status=status)
    _, connecting, reason = said.partition("could not connect: ")
    if connecting:
        return NetworkFailure(NetworkFault.PROXY_REFUSED, harmless(reason.rstrip("."), 60))
    return NetworkFailure(NetworkFault.PROXY_LOGIN)


def _securing(causes: list[BaseException], journey: Journey) -> NetworkFailure:
    if verification := _verification(causes):
        return NetworkFailure(NetworkFault.CERTIFICATE, verification)
    if journey.page_instead_of_tunnel:
        return NetworkFailure(NetworkFault.NOT_A_PROXY)
    cut = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, cut) for cause in causes):
        return NetworkFailure(NetworkFault.NO_TLS)
    return NetworkFailure(NetworkFault.TUNNEL_CUT if journey.route else NetworkFault.TLS_CUT)


def _verification(causes: list[BaseException]) -> str:
    """Return why a certificate was not accepted, empty where none was refused."""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            said = getattr(cause, "verify_message", "").rstrip(".")
            return harmless(said or "no reason given", 200)
    return ""


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exception and everything that led to it; asyncio's connection attempts arrive as a group."""
    found = [error]
    for cause in found:  # which grows meanwhile
        inner = cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()
        following = (*inner, cause.__cause__ or cause.__context__)
        found += [one for one in following if one is not None and one not in found]
    return found
