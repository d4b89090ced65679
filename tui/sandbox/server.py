"""The web application, with Facebook's headers and the faults asked for, and uvicorn around it."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Collection
from email.utils import formatdate
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tui.sandbox import control_web, dialog_web, identifiers, matillion, usage
from tui.sandbox.call import Answer, GraphCall, read_call
from tui.sandbox.errors import ON_DEMAND, GraphError, error
from tui.sandbox.graph import answer
from tui.sandbox.state import CallRecord, State

_PROXY_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>proxy.example.com</body></html>"


class GraphEndpoint:
    """The Graph API behind every path that nothing else serves. A fault can break one of uvicorn's `connections`."""

    def __init__(self, state: State, connections: Collection[Any]) -> None:
        self._state, self._connections = state, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state, request = self._state, Request(scope, receive)
        call = await read_call(state, request)
        fault = state.faults.take(f"/{call.path}")
        kind = fault.kind
        if kind == "delay":
            await asyncio.sleep(fault.seconds)
        with state.lock:
            state.calls_per_path[f"{call.method} /{call.path}"] += 1
            reply = self._answer(call, kind)
            names = tuple(sorted(call.parameters))
            state.calls.append(CallRecord(call.method, f"/{call.path}", names, reply.status, call.version_in_path))
        response = _response(request, reply)
        if kind == "reset":
            response.headers["content-length"] = str(len(response.body) + 1)
            await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
            half = response.body[: len(response.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0.05)  # time for the first half to be sent
        if reply.drop or kind in ("drop", "reset"):
            for connection in self._connections:
                if connection.client == scope["client"]:
                    connection.transport.abort()
            return
        await _damaged(response, kind)(scope, receive, send)

    def _answer(self, call: GraphCall, fault: str) -> Answer:
        """Return the answer to one call with Facebook's headers, an error's body where there is one."""
        state, trace = self._state, self._state.serial()
        failure: GraphError | None = None
        try:
            if fault in ON_DEMAND:
                raise error(fault)
            usage.count(state, call)
            reply = answer(state, call)
        except GraphError as raised:
            failure = raised.in_language(call.locale)
            if state.odd_types:
                failure.message = failure.old_message or failure.message
                failure.extra = {name: json.dumps(value) for name, value in failure.extra.items()}
            trace_id = (identifiers.short_trace_id if state.odd_types else identifiers.trace_id)(trace)
            reply = Answer(failure.body(trace_id), status=401 if fault == "status_401" else failure.status)
            if failure.code == 80002:
                call.usage_business = call.usage_business or call.path.split("/")[0]
        reply.headers = {
            **_graph_headers(trace, call.version, failure),
            **usage.headers(state, call, fault),
            **reply.headers,
        }
        return reply


def _graph_headers(seed: str, version: str, failure: GraphError | None) -> dict[str, str]:
    """Return the headers of every Graph answer (graph-api.md section 10)."""
    headers = {
        "content-type": "application/json; charset=UTF-8",
        "vary": "Origin",
        "access-control-allow-origin": "*",
        "facebook-api-version": version,
        "strict-transport-security": "max-age=15552000; preload",
        "pragma": "no-cache",
        "cache-control": "private, no-cache, no-store, must-revalidate",
        "expires": "Sat, 01 Jan 2000 00:00:00 GMT",
        "x-fb-request-id": identifiers.trace_id(f"request:{seed}"),
        "x-fb-trace-id": identifiers.short_trace_id(seed),
        "x-fb-rev": identifiers.digits(seed.split(":", maxsplit=1)[0], 10, "10"),
        "x-fb-debug": identifiers.debug_id(seed),
    }
    if failure is not None:
        text = failure.message.encode("ascii", "replace").decode().replace('"', "'")
        text = "".join(char if char.isprintable() else " " for char in text)
        challenge = failure.kind or ("invalid_token" if failure.code in (102, 190) else "invalid_request")
        headers["cache-control"] = "no-store"
        headers["www-authenticate"] = f'OAuth "Facebook Platform" "{challenge}" "{text}"'
    return headers


def _response(request: Request, reply: Answer) -> Response:
    body = b""
    if reply.body is not None:
        body = json.dumps(reply.body, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode()
    response = Response(body, reply.status, reply.headers)
    if reply.status == 200 and request.method in ("GET", "HEAD"):
        etag = f'"{hashlib.sha256(body).hexdigest()[:40]}"'
        if request.headers.get("if-none-match") == etag:
            response = Response(b"", 304, reply.headers)
        response.headers["etag"] = etag
    return response


def _damaged(response: Response, fault: str) -> Response:
    """Return the answer that the fault puts in place of this one."""
    headers = {name: value for name, value in response.headers.items() if name not in ("etag", "content-length")}
    body = bytes(response.body)
    match fault:
        case "truncated":
            return Response(body[: len(body) // 2], response.status_code, headers)
        case "html":
            return Response(_PROXY_PAGE, 502, media_type="text/html")
        case "empty":
            return Response(b"", 200, headers)
        case "not_json":
            headers["content-type"] = "text/plain; charset=UTF-8"
            return Response(b"access_token=EAAnotJSON&expires=5184000", response.status_code, headers)
        case "redirect":
            elsewhere = {"location": "https://elsewhere.example.com/", "content-type": headers["content-type"]}
            return Response(b"", 302, elsewhere)
    return response


class SandboxServer(uvicorn.Server):
    """A server that sleeps until it is ended, instead of waking ten times a second."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], ended: asyncio.Event) -> None:
        super().__init__(config)
        self._report_ready, self._ended = ready, ended

    async def main_loop(self) -> None:
        self._report_ready()
        await self._ended.wait()
        self.force_exit = True


def make_server(
    state: State, *, control: bool, ready: Callable[[], None], ended: asyncio.Event, tls: tuple[str, str] | None
) -> SandboxServer:
    """Return a server for this world; it calls `ready` when it answers, and serves until `ended` is set."""
    routes = [*dialog_web.routes(state), *matillion.routes(state), *(control_web.routes(state) if control else [])]
    app = Starlette(routes=routes)

    async def dated(scope: Scope, receive: Receive, send: Send) -> None:
        """Put the sandbox's own time into every answer's `Date`, so that a client learns and follows it."""

        async def send_dated(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"date", formatdate(state.clock.now(), usegmt=True).encode()))
            await send(message)

        await app(scope, receive, send_dated)

    for noisy in ("uvicorn.error", "python_multipart"):  # a bad request is nothing to report on the terminal
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    config = uvicorn.Config(
        dated,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if tls else None,
    )
    server = SandboxServer(config, ready, ended)
    # A route's pattern would not match a path with a line break in it.
    app.router.default = GraphEndpoint(state, server.server_state.connections)
    return server
