"""One HTTP request to the Graph API: bounded in size and time, redirects refused, failures as FacebookError."""

import asyncio
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode, urlsplit

from tui import __version__
from tui.facebook.errors import FacebookError, Fault
from tui.log import log
from tui.network.client import OpenClient, UnusableProxy, open_client, system_context
from tui.network.failures import Journey, Stage, failure_of, is_of_the_network
from tui.network.silence import SLOW, is_given_up, note_answer, note_no_answer
from tui.redact import Secret

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes read of one answer; the longest true ones (100 Pages) are some 50 kB."""

_LONGEST_CONNECT = 10.0
"""Seconds until a request is sent: for proxy, connection and handshake together."""

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
    """What came back, unread. Header names are lower case; `host` is the one that was asked."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    host: str = ""


def is_header_safe(value: str) -> bool:
    """Return whether a header can carry `value` unchanged: a flawed secret must not be changed silently."""
    return value.isascii() and value.isprintable() and " " not in value


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Percent-encode a query or form; any text is possible, lone surrogates become `?`."""
    return urlencode(list(pairs), quote_via=quote, safe="", encoding="utf-8", errors="replace")


class Transport:
    """The connections to one Graph API host. `timeout` in seconds, for a whole call; at most 10 until it is sent.

    `reserved_for` is the host that the secrets are for where it is another one: then nothing is sent.
    """

    def __init__(self, base_url: str, *, concurrency: int = 8, timeout: float = 15.0, reserved_for: str = "") -> None:
        self._base = base_url.rstrip("/")
        self.host = urlsplit(self._base).netloc
        self._timeout = timeout
        self._longest_connect = min(timeout, _LONGEST_CONNECT)
        self._reserved_for = reserved_for
        self._concurrency = max(1, concurrency)
        self._slots = asyncio.Semaphore(self._concurrency)
        self._opened: OpenClient | None = None

    async def aclose(self) -> None:
        """Close every connection; a later call opens new ones."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.client.aclose()

    async def once(self, call: Call) -> Answer:
        """Send `call` exactly once. Raises FacebookError, and nothing else, where no answer came."""
        if self._reserved_for:
            raise self._failed(call, Fault.OTHER_HOST, self._reserved_for)
        async with self._slots:
            if is_given_up(self.host):
                raise self._failed(call, Fault.HOST_SILENT)
            opened = self._open(call)
            began = time.monotonic()
            journey = Journey(opened.route)
            try:
                async with asyncio.timeout(self._longest_connect) as limit:
                    journey.when_sent = partial(limit.reschedule, asyncio.get_running_loop().time() + self._timeout)
                    answer = await self._exchange(call, opened.client, journey)
                note_answer(self.host)
                self._log(call, began, answer.status)
                return answer
            except FacebookError as error:
                failure = error
            except Exception as error:
                if not is_of_the_network(error, journey):
                    raise
                failure = self._network_failure(call, error, journey)
        # Raised after the handler, so that no httpx exception (which holds the address, and that a token) hangs on it.
        if failure.sent and failure.status is not None:
            note_answer(self.host)
        elif failure.cause == "timeout" or time.monotonic() - began >= SLOW:
            note_no_answer(self.host)
        self._log(call, began, failure.fault.line if failure.fault else failure.cause)
        raise failure

    def _log(self, call: Call, began: float, outcome: object) -> None:
        milliseconds = (time.monotonic() - began) * 1000
        log("%s %s/%s: %s in %.0f ms", call.method, self.host, call.path, outcome, milliseconds)

    async def _exchange(self, call: Call, client: "httpx.AsyncClient", journey: Journey) -> Answer:
        url = f"{self._base}/{call.path}" + (f"?{encode(call.query)}" if call.query else "")
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": f"igauth/{__version__}"}
        content = None
        if call.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            content = encode(call.form).encode()
        if call.token is not None:
            headers["Authorization"] = f"Bearer {call.token.reveal()}"
        extensions = {"trace": journey.trace}
        request = client.build_request(call.method, url, headers=headers, content=content, extensions=extensions)
        response = await client.send(request, stream=True)
        try:
            if 300 <= response.status_code < 400:
                target = _host_of(response.headers.get("location", ""))
                raise self._failed(call, Fault.REDIRECT, target, response.status_code)
            body = await self._read(call, response)
        finally:
            await response.aclose()
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body, self.host)

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

    def _open(self, call: Call) -> OpenClient:
        if self._opened is not None:
            return self._opened
        try:
            import httpx

            limits = httpx.Timeout(self._timeout, connect=self._longest_connect, pool=None)
            self._opened = open_client(self._base, system_context(), timeout=limits, concurrency=self._concurrency)
            return self._opened
        except UnusableProxy as error:
            failure = self._failed(call, Fault.PROXY_SETTING, error.problem.variable)
            failure.proxy_problem = error.problem
        except Exception as error:  # of many kinds; the text can contain a proxy's password
            failure = self._failed(call, Fault.NO_CLIENT, type(error).__name__)
        raise failure

    # --- failures ---------------------------------------------------------------------------------------------

    def _network_failure(self, call: Call, error: Exception, journey: Journey) -> FacebookError:
        seconds = self._timeout if journey.stage is Stage.SENT else self._longest_connect
        fault, detail, status = failure_of(error, journey, seconds)
        failure = self._failed(call, Fault[fault.name], detail, status)
        if route := journey.route:
            failure.via, failure.proxy_variable = route.address, route.variable
        return failure

    def _failed(self, call: Call, fault: Fault, detail: str = "", status: int | None = None) -> FacebookError:
        return FacebookError(fault=fault, host=self.host, detail=detail, status=status, where=call.where)


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        return ""
