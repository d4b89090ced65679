"""A Graph server of our own for what a real one rarely does: scripted and broken answers, and a record of requests."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it stood on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What to send back: `raw` bytes as they are, or a status, headers and a body; then maybe a reset or silence."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    reset: bool = False
    stall: bool = False
    dribble: bool = False

    def bytes(self) -> "bytes":
        if self.raw is not None:
            return self.raw
        head = {"Content-Type": "application/json; charset=UTF-8", "Content-Length": str(len(self.body))}
        lines = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in {**head, **self.headers}.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def ok(value: Any, **headers: str) -> Reply:
    """An answer in JSON; header names with `_` for `-`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(body=json.dumps(value).encode(), headers=named)


def refusal(
    code: int, message: str, *, subcode: int | None = None, status: int = 400, transient: bool | None = None
) -> Reply:
    """An error envelope as graph-api.md section 10 has it."""
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AQt_hJ68vFyb"}
    if subcode is not None:
        error["error_subcode"] = subcode
    if transient is not None:
        error["is_transient"] = transient
    return Reply(status, json.dumps({"error": error}).encode())


class Stub:
    """Answers with the script's replies in turn, the last one for ever, or by a function of the request."""

    def __init__(self, replies: tuple[Reply, ...] | Callable[[Request], Reply]) -> None:
        self._replies = replies
        self.requests: list[Request] = []
        self.url = ""

    def reply(self, request: Request) -> Reply:
        if callable(self._replies):
            return self._replies(request)
        return self._replies[min(len(self.requests), len(self._replies)) - 1]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                request = await _read(reader)
                self.requests.append(request)
                if not await _send(writer, self.reply(request)):
                    break
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _version = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body.decode())


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    content = reply.bytes()
    if reply.dribble:
        for position in range(len(content)):
            writer.write(content[position : position + 1])
            await writer.drain()
            await asyncio.sleep(0.05)
    writer.write(content)
    await writer.drain()
    if reply.stall:
        await asyncio.sleep(30)
    return not (reply.reset or reply.raw is not None)


@asynccontextmanager
async def serve(
    *replies: Reply, by: Callable[[Request], Reply] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Stub]:
    """Serve on a free port of 127.0.0.1 while the block runs."""
    stub = Stub(by or replies)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await stub.handle(reader, writer)
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    stub.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield stub
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
