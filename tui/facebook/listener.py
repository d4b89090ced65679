"""The loopback listener: waits for the browser's redirect on 127.0.0.1 and ::1, and answers nothing else."""

import asyncio
import contextlib
import errno
import hmac
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tui.facebook.dialog import LoginRequest
from tui.facebook.landing import Page, PageWords, response
from tui.facebook.login_events import Declined
from tui.facebook.pasted import Answer, AnswerRefused, read_answer

DEFAULT_PORT = 8765
LIFETIME = 15 * 60.0
"""Seconds after which it closes by itself."""

_LARGEST_HEAD = 16 * 1024
_SLOWEST_HEAD = 5.0
_MOST_READING = 64
_PORTS_TRIED = 50
_DONE = "/done"


class NoPort(OSError):
    """No port of localhost is free; pasting the address still works."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The attempt that is waited for, and what to call. All callbacks run on the event loop."""

    request: LoginRequest
    on_answer: Callable[[Answer], object]
    on_declined: Callable[[Declined], object]
    on_foreign: Callable[[int], object]


class LoopbackListener:
    """Serves one login attempt. Forged, stale and scanning requests are refused and counted, and never end it.

    `words` are those of its pages; `lifetime` in seconds.
    """

    def __init__(self, words: PageWords, *, lifetime: float = LIFETIME) -> None:
        self._words = words
        self.port = 0
        self.foreign = 0
        self._lifetime = lifetime
        self._sockets: list[socket.socket] = []
        self._expected: Expected | None = None
        self._used = False
        self._landed = asyncio.Event()
        self._last_page = b""
        self._reading: dict[asyncio.StreamWriter, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._end: asyncio.TimerHandle | None = None

    async def open(self, preferred: int = DEFAULT_PORT, *, exact: bool = False) -> int:
        """Take the preferred port, or (unless `exact`) the next free one, on both loopbacks; return it.

        Raises NoPort.
        """
        most = 1 if exact else _PORTS_TRIED
        tried = [preferred + step if preferred else 0 for step in range(most) if preferred + step < 65_536]
        self._sockets = next(filter(None, map(_bind_both, tried)), [])
        if not self._sockets:
            raise NoPort(preferred)
        self.port = self._sockets[0].getsockname()[1]
        for sock in self._sockets:
            asyncio.get_running_loop().add_reader(sock, self._accept, sock)
        self._end = asyncio.get_running_loop().call_later(self._lifetime, self._shut)
        return self.port

    def expect(self, expected: Expected) -> None:
        """Say which attempt is waited for; before, every request is foreign."""
        self._expected = expected

    async def close(self, grace: float = 0.0) -> None:
        """Give up the port. After an answer the browser gets up to `grace` seconds to fetch its last page."""
        if self._used and grace > 0 and not self._landed.is_set() and self._sockets:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._landed.wait()
        self._shut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _shut(self) -> None:
        if self._end is not None:
            self._end.cancel()
        for sock in self._sockets:
            asyncio.get_running_loop().remove_reader(sock)
            sock.close()
        self._sockets.clear()

    # --- one connection ---------------------------------------------------------------------------------------

    def _accept(self, listening: socket.socket) -> None:
        # Not asyncio.start_server nor sock_accept: closed between accept and hand-over, both leave that connection
        # open and unanswered. Here each connection belongs to a known task from its first moment.
        try:
            connection, _ = listening.accept()
        except OSError:
            return  # gone already, or out of file descriptors: slow connections release theirs in seconds
        connection.setblocking(False)
        task = asyncio.create_task(self._serve(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: connection.close())  # also that of a task cancelled before its first step

    async def _serve(self, connection: socket.socket) -> None:
        try:
            reader, writer = await asyncio.open_connection(sock=connection, limit=_LARGEST_HEAD)
        except OSError:
            return
        if len(self._reading) >= _MOST_READING:
            next(iter(self._reading)).transport.abort()  # the slowest one makes room
        self._reading[writer] = None
        answer = b""
        try:
            answer = await self._answer(reader)
            self._reading.pop(writer, None)
            writer.write(answer)
            async with asyncio.timeout(_SLOWEST_HEAD):
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError):
            pass
        finally:
            self._reading.pop(writer, None)
            writer.transport.abort()
            if answer and answer is self._last_page:
                self._landed.set()  # only now: what waits for it closes everything

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        try:
            async with asyncio.timeout(_SLOWEST_HEAD):
                head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return self._foreign(431, Page.TOO_LONG)
        except TimeoutError:
            return self._foreign(408, Page.TOO_SLOW)
        except asyncio.IncompleteReadError as cut:
            return self._foreign(400, Page.NOT_UNDERSTOOD) if cut.partial else b""
        return self._respond(head.decode("latin-1"))

    def _respond(self, head: str) -> bytes:
        first, *lines = head.split("\r\n")
        words = first.split(" ")
        hosts = [line.partition(":")[2].strip().lower() for line in lines if line.lower().startswith("host:")]
        names = {f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]")}
        if len(hosts) != 1 or hosts[0] not in names:  # DNS rebinding: another name that leads here
            return self._foreign(421, Page.WRONG_ADDRESS)
        if len(words) != 3 or not words[2].startswith("HTTP/1.") or not words[1].startswith("/"):
            return self._foreign(400, Page.NOT_UNDERSTOOD)
        if words[0] != "GET":
            return self._foreign(405, Page.NOT_UNDERSTOOD)
        return self._route(words[1])

    def _route(self, target: str) -> bytes:
        path, _, query = target.partition("?")
        expected = self._expected
        if path == "/favicon.ico":
            return self._page(404, Page.NOT_FOUND)
        if path == _DONE and self._used:
            self._last_page = self._page(200, Page.ARRIVED)
            return self._last_page
        if expected is None:
            return self._foreign(400, Page.NO_LOGIN)
        if path.startswith("/go/"):
            code = path.removeprefix("/go/").upper()
            if hmac.compare_digest(code.encode(), expected.request.short_code.encode()):
                return self._page(302, Page.TO_FACEBOOK, expected.request.url)
            return self._foreign(404, Page.NOT_FOUND)
        if path != (urlsplit(expected.request.redirect_uri).path or "/"):
            return self._foreign(404, Page.NOT_FOUND)
        return self._callback(query, expected)

    def _callback(self, query: str, expected: Expected) -> bytes:
        if not _has_state(query, expected.request):
            return self._foreign(400, Page.OTHER_LOGIN)
        if self._used:
            return self._page(410, Page.ALREADY_ANSWERED)
        try:
            answer = read_answer(f"{expected.request.redirect_uri.partition('?')[0]}?{query}", expected.request)
        except AnswerRefused as refused:
            if refused.declined is None:
                return self._foreign(400, Page.OTHER_LOGIN)
            expected.on_declined(refused.declined)
            return self._page(200, Page.DECLINED)
        self._used = True
        expected.on_answer(answer)
        # See Other: the address with the code does not enter the browser's history.
        return self._page(303, Page.ARRIVED, _DONE)

    def _page(self, status: int, page: Page, location: str = "") -> bytes:
        return response(status, self._words(page), location)

    def _foreign(self, status: int, page: Page) -> bytes:
        self.foreign += 1
        if self._expected is not None:
            self._expected.on_foreign(self.foreign)
        return self._page(status, page)


def _has_state(query: str, request: LoginRequest) -> bool:
    """Compare the state in constant time; an answer of Facebook's names each parameter once."""
    try:
        fields = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return False
    states, codes = fields.get("state", []), fields.get("code", [])
    if len(states) != 1 or len(codes) > 1:
        return False
    given = states[0].removesuffix("#_=_").encode("utf-8", "replace")
    return hmac.compare_digest(given, request.state.reveal().encode())


def _bind_both(port: int) -> list[socket.socket]:
    """Bind 127.0.0.1 and, where there is IPv6, ::1; neither if another program has one: it could get the answer."""
    sockets: list[socket.socket] = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            taken = port or (sockets[0].getsockname()[1] if sockets else 0)
            sock = socket.create_server((host, taken), family=family, backlog=128)
        except OSError as error:
            if family == socket.AF_INET6 and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                continue  # no IPv6 on this machine
            for held in sockets:
                held.close()
            return []
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        sockets.append(sock)
    return sockets
