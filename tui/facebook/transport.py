"""One HTTP request to the Graph API: bounded in size and time, redirects refused, failures as FacebookError."""

import asyncio
import logging
import socket
import ssl
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode, urlsplit

from tui import __version__
from tui.facebook.errors import FacebookError
from tui.harmless import harmless
from tui.redact import Secret, redact

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes read of one answer; the longest true ones (100 Pages) are some 50 kB."""

Repeat = Literal["safe", "unsent", "never"]
"""`safe`: asking twice changes nothing; `unsent`: only while nothing reached the server; `never`."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `where` names the endpoint in errors; `token` travels in the Authorization header."""

    where: str
    path: str
    method: Literal["GET", "POST"] = "GET"
    query: Pairs = field(default=(), repr=False)
    form: Pairs = field(default=(), repr=False)
    token: Secret | None = None
    repeat: Repeat = "safe"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unread. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def is_header_safe(value: str) -> bool:
    """Tell whether a header can carry `value` unchanged: no other way may a flawed secret be mended in silence."""
    return value.isascii() and value.isprintable() and " " not in value


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Percent-encode a query or form; any text is possible, lone surrogates become `?`."""
    return urlencode(list(pairs), quote_via=quote, safe="", encoding="utf-8", errors="replace")


class Transport:
    """The connections to one Graph API host. `timeout` in seconds, for connecting and for each read; twice for all.

    `withheld` says why that host may not be asked at all; empty: it may.
    """

    def __init__(self, base_url: str, *, concurrency: int = 8, timeout: float = 15.0, withheld: str = "") -> None:
        self._base = base_url.rstrip("/")
        self.host = urlsplit(self._base).netloc
        self._timeout = timeout
        self._withheld = withheld
        self._concurrency = max(1, concurrency)
        self._slots = asyncio.Semaphore(self._concurrency)
        self._client: httpx.AsyncClient | None = None

    async def aclose(self) -> None:
        """Close every connection; a later call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def once(self, call: Call) -> Answer:
        """Send `call` exactly once. Raises FacebookError, and nothing else, where no answer came."""
        if self._withheld:
            raise FacebookError(self._withheld, cause="withheld", where=call.where, sent=False)
        import httpx

        # Raised after the handler, so that no httpx exception (which holds the address, and that a token) hangs on it.
        async with self._slots:
            try:
                async with asyncio.timeout(self._timeout * 2):
                    return await self._exchange(call)
            except FacebookError as error:
                failure = error
            except TimeoutError:
                failure = self._slow(call, "did not finish its answer in time", sent=True)
            except httpx.HTTPError as error:
                failure = self._network_failure(call, error)
            except (httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
                failure = self._failed(call, f"The call could not be made ({type(error).__name__}).")
        raise failure

    async def _exchange(self, call: Call) -> Answer:
        client = self._client or self._open()
        self._client = client
        url = f"{self._base}/{call.path}" + (f"?{encode(call.query)}" if call.query else "")
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": f"igauth/{__version__}"}
        content = None
        if call.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            content = encode(call.form).encode()
        if call.token is not None:
            headers["Authorization"] = f"Bearer {call.token.reveal()}"
        request = client.build_request(call.method, url, headers=headers, content=content)
        response = await client.send(request, stream=True)
        try:
            if 300 <= response.status_code < 400:
                raise self._redirected(call, response.status_code, response.headers.get("location", ""))
            body = await self._read(call, response)
        finally:
            await response.aclose()
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)

    async def _read(self, call: Call, response: "httpx.Response") -> bytes:
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > LARGEST_BODY:
                raise self._too_long(call, response.status_code)
        if coding in ("", "identity"):
            return bytes(body)
        try:
            unpacked = zlib.decompressobj(47).decompress(bytes(body), LARGEST_BODY + 1)  # 47: gzip or zlib
        except zlib.error:
            raise self._failed(
                call,
                f"{self._name} sent a compressed answer that cannot be unpacked. Try again; a proxy on the way may"
                " have damaged it.",
                cause="unreadable",
                status=response.status_code,
            ) from None
        if len(unpacked) > LARGEST_BODY:
            raise self._too_long(call, response.status_code)
        return unpacked

    def _open(self) -> "httpx.AsyncClient":
        import httpx
        import truststore

        for name in ("httpx", "httpcore"):  # they log addresses, and an address can hold a token
            logging.getLogger(name).setLevel(logging.WARNING)
        limits = httpx.Limits(max_connections=self._concurrency, max_keepalive_connections=self._concurrency)
        plain = self._base.startswith("http://")
        return httpx.AsyncClient(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(self._timeout, pool=None),
            limits=limits,
            follow_redirects=False,
            trust_env=not plain,  # plain http is for loopback only: a proxy would carry the secrets off this machine
        )

    # --- failures in words ------------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return harmless(self.host, 200)

    def _network_failure(self, call: Call, error: "httpx.HTTPError") -> FacebookError:
        import httpx

        causes = tuple(_causes(error))
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return self._tls(call, causes)
        if isinstance(error, httpx.ConnectTimeout):
            return self._slow(call, "could not be connected to in time", sent=False)
        if isinstance(error, httpx.TimeoutException):
            return self._slow(call, "took the call but did not answer in time", sent=True)
        if isinstance(error, httpx.ProxyError):
            return self._failed(
                call,
                f"The proxy on the way to {self._name} refused. Check HTTPS_PROXY and the proxy's own login,"
                " then try again.",
                sent=False,
            )
        if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
            return self._failed(call, f"The call to {self._name} could not be made: its address or a header is unfit.")
        if isinstance(error, httpx.ConnectError):
            return self._unconnected(call, causes)
        return self._failed(
            call, f"The connection to {self._name} broke before its answer was complete. Try again in a moment."
        )

    def _unconnected(self, call: Call, causes: tuple[BaseException, ...]) -> FacebookError:
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            text = f"The name {self._name} could not be resolved. Check this machine's network and DNS, or HTTPS_PROXY."
        elif any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            text = (
                f"{self._name} refused the connection: nothing listens there, or a firewall is in the way. Check the"
                " address and HTTPS_PROXY."
            )
        else:
            text = f"{self._name} cannot be reached from this machine. Check its network, firewall and HTTPS_PROXY."
        return self._failed(call, text, sent=False)

    def _tls(self, call: Call, causes: tuple[BaseException, ...]) -> FacebookError:
        unverified = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
        if unverified is None:
            what = "the other side does not speak TLS as it should"
        else:
            what = f"its certificate was not accepted ({harmless(unverified.verify_message or 'no reason given', 200)})"
        return FacebookError(
            f"No secure connection to {self._name}: {what}. Nothing was sent. Behind an inspecting proxy, put its CA"
            " into the system's trust store or name its file in SSL_CERT_FILE.",
            cause="tls",
            where=call.where,
            sent=False,
        )

    def _slow(self, call: Call, what: str, *, sent: bool) -> FacebookError:
        return FacebookError(
            f"{self._name} {what} ({self._timeout:g} s). Check the network and proxy, then try again.",
            cause="timeout",
            where=call.where,
            sent=sent,
        )

    def _redirected(self, call: Call, status: int, location: str) -> FacebookError:
        try:
            target = urlsplit(location).netloc.rpartition("@")[2]
        except ValueError:
            target = ""
        to = f" to {harmless(redact(target), 100)}" if target else ""
        return FacebookError(
            f"{self._name} redirected the call{to} (HTTP {status}); igauth never follows, since a secret would travel"
            " along. Check the address and whether a proxy or a captive portal answers in its place.",
            cause="redirected",
            status=status,
            where=call.where,
        )

    def _too_long(self, call: Call, status: int) -> FacebookError:
        return self._failed(
            call,
            f"{self._name} sent more than {LARGEST_BODY // 1024} KiB, which no answer of the Graph API is. The rest was"
            " not read; check that the address is a Graph API's.",
            cause="unreadable",
            status=status,
        )

    def _failed(
        self,
        call: Call,
        text: str,
        *,
        cause: Literal["unreachable", "unreadable"] = "unreachable",
        sent: bool = True,
        status: int | None = None,
    ) -> FacebookError:
        return FacebookError(text, cause=cause, where=call.where, sent=sent, status=status)


def _causes(error: BaseException, depth: int = 12) -> Iterable[BaseException]:
    """Yield the exception and everything that led to it; asyncio's connection attempts arrive as a group."""
    yield error
    if depth == 0:
        return
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _causes(inner, depth - 1)
    following = error.__cause__ or error.__context__
    if following is not None:
        yield from _causes(following, depth - 1)
