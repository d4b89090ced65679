"""One HTTP request to the Graph API: bounded in size and time, redirects refused, failures as FacebookError."""

import asyncio
import logging
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode, urlsplit

from tui import __version__
from tui.facebook.errors import FacebookError, Fault
from tui.log import log
from tui.network.silence import SLOW, is_given_up, note_answer, note_no_answer
from tui.redact import Secret

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
    """Return whether a header can carry `value` unchanged: a flawed secret must not be changed silently."""
    return value.isascii() and value.isprintable() and " " not in value


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Percent-encode a query or form; any text is possible, lone surrogates become `?`."""
    return urlencode(list(pairs), quote_via=quote, safe="", encoding="utf-8", errors="replace")


class Transport:
    """The connections to one Graph API host. `timeout` in seconds, for connecting and for each read; twice for all.

    `reserved_for` is the host that the secrets are for where it is another one: then nothing is sent.
    """

    def __init__(self, base_url: str, *, concurrency: int = 8, timeout: float = 15.0, reserved_for: str = "") -> None:
        self._base = base_url.rstrip("/")
        self.host = urlsplit(self._base).netloc
        self._timeout = timeout
        self._reserved_for = reserved_for
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
        if self._reserved_for:
            raise self._failed(call, Fault.OTHER_HOST, self._reserved_for)
        try:
            import httpx

            self._client = self._client or self._open()
        except Exception as error:  # of many kinds; the text can contain a proxy's password
            kind = type(error).__name__
        else:
            kind = ""
        if kind:
            raise self._failed(call, Fault.NO_CLIENT, kind)

        # Raised after the handler, so that no httpx exception (which holds the address, and that a token) hangs on it.
        async with self._slots:
            if is_given_up(self.host):
                raise self._failed(call, Fault.HOST_SILENT)
            began = time.monotonic()
            try:
                async with asyncio.timeout(self._timeout * 2):
                    answer = await self._exchange(call)
                note_answer(self.host)
                self._log(call, began, answer.status)
                return answer
            except FacebookError as error:
                failure = error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
                failure = self._network_failure(call, error)
        if failure.sent and failure.status is not None:
            note_answer(self.host)
        elif failure.cause == "timeout" or time.monotonic() - began >= SLOW:
            note_no_answer(self.host)
        self._log(call, began, failure.fault.line if failure.fault else failure.cause)
        raise failure

    def _log(self, call: Call, began: float, outcome: object) -> None:
        milliseconds = (time.monotonic() - began) * 1000
        log("%s %s/%s: %s in %.0f ms", call.method, self.host, call.path, outcome, milliseconds)

    async def _exchange(self, call: Call) -> Answer:
        client = self._client = self._client or self._open()
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
                target = _host_of(response.headers.get("location", ""))
                raise self._failed(call, Fault.REDIRECT, target, response.status_code)
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
                raise self._failed(call, Fault.TOO_LARGE, str(LARGEST_BODY // 1024), response.status_code)
        if coding in ("", "identity"):
            return bytes(body)
        try:
            unpacked = zlib.decompressobj(47).decompress(bytes(body), LARGEST_BODY + 1)  # 47: gzip or zlib
        except zlib.error:
            raise self._failed(call, Fault.NOT_UNPACKED, status=response.status_code) from None
        if len(unpacked) > LARGEST_BODY:
            raise self._failed(call, Fault.TOO_LARGE, str(LARGEST_BODY // 1024), response.status_code)
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

    # --- failures ---------------------------------------------------------------------------------------------

    def _network_failure(self, call: Call, error: Exception) -> FacebookError:
        import httpx

        faults: tuple[tuple[type[Exception], type[BaseException], Fault, str], ...] = (
            (httpx.HTTPError, ssl.SSLCertVerificationError, Fault.CERTIFICATE, "no reason given"),
            (httpx.HTTPError, ssl.SSLError, Fault.NO_TLS, ""),
            (httpx.ConnectTimeout, BaseException, Fault.CONNECT_TIMEOUT, f"{self._timeout:g}"),
            (httpx.TimeoutException, BaseException, Fault.ANSWER_TIMEOUT, f"{self._timeout:g}"),
            (TimeoutError, BaseException, Fault.ANSWER_TIMEOUT, f"{self._timeout:g}"),
            (httpx.ProxyError, BaseException, Fault.PROXY_REFUSED, ""),
            (httpx.UnsupportedProtocol, BaseException, Fault.CALL_IMPOSSIBLE, "UnsupportedProtocol"),
            (httpx.LocalProtocolError, BaseException, Fault.CALL_IMPOSSIBLE, "LocalProtocolError"),
            (httpx.ConnectError, socket.gaierror, Fault.NAME_UNKNOWN, ""),
            (httpx.ConnectError, ConnectionRefusedError, Fault.CONNECTION_REFUSED, ""),
            (httpx.ConnectError, BaseException, Fault.NO_ROUTE, ""),
            (httpx.HTTPError, BaseException, Fault.CONNECTION_BROKEN, ""),
            (Exception, BaseException, Fault.CALL_IMPOSSIBLE, type(error).__name__),
        )
        fault, detail, cause = next(
            (fault, detail, cause)
            for kind, kind_of_cause, fault, detail in faults
            for cause in _causes(error)
            if isinstance(error, kind) and isinstance(cause, kind_of_cause)
        )
        return self._failed(call, fault, getattr(cause, "verify_message", "") or detail)

    def _failed(self, call: Call, fault: Fault, detail: str = "", status: int | None = None) -> FacebookError:
        return FacebookError(fault=fault, host=self.host, detail=detail, status=status, where=call.where)


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exception and everything that led to it; asyncio's connection attempts arrive as a group."""
    found = [error]
    for cause in found:  # which grows meanwhile
        inner = cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()
        following = (*inner, cause.__cause__ or cause.__context__)
        found += [one for one in following if one is not None and one not in found]
    return found
