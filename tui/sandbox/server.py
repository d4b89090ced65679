"""The web application: takes requests apart, asks the rooms, writes Facebook's headers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tui.sandbox import broken, control, dialog_web, matillion, usage
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.clock import http_date
from tui.sandbox.errors import GraphError
from tui.sandbox.faults import Fault
from tui.sandbox.graph import answer
from tui.sandbox.headers import graph_headers
from tui.sandbox.likeness import short_trace_id, trace_id
from tui.sandbox.locales import localise
from tui.sandbox.records import CallRecord
from tui.sandbox.state import State
from tui.sandbox.vocabulary import version_served

_VERSION = re.compile(r"v[0-9]{1,2}\.[0-9]{1,2}")


def build_app(state: State, *, with_control: bool) -> Starlette:
    """The whole sandbox as one ASGI application."""
    routes = [
        *dialog_web.routes(state),
        *matillion.routes(state),
        *(control.routes(state) if with_control else []),
    ]
    app = Starlette(routes=routes)
    app.router.default = GraphEndpoint(state)  # a route's pattern would not match a path with a line break in it
    app.state.sandbox = state
    return app


class WithDate:
    """Puts the sandbox's own time into every answer's `Date`, so that a client learns and follows it."""

    def __init__(self, app: Starlette, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Any) -> None:
            if message["type"] == "http.response.start":
                date = http_date(self._state.clock.now()).encode()
                message["headers"] = [*message.get("headers", ()), (b"date", date)]
            await send(message)

        await self._app(scope, receive, dated)


class GraphEndpoint:
    """The Graph API behind every path that nothing else serves."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        call, record = await self._take_apart(request)
        state = self.state
        fault = state.faults.take(f"/{call.path}")
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        with state.lock:
            state.calls_per_path[f"{call.method} /{call.path}"] += 1
            reply = self._answer(call, fault)
            state.calls.append(_with_status(record, reply.status))
        if fault is not None and broken.breaks(fault):
            await broken.send_broken(fault, reply, self._bytes(reply), send, self._cutter(scope))
            return
        if reply.headers.pop("x-sandbox-drop", ""):
            self._cutter(scope)()
            return
        await self._send(request, reply, scope, receive, send)

    async def _take_apart(self, request: Request) -> tuple[GraphCall, CallRecord]:
        path = request.url.path.strip("/")
        first, _, rest = path.partition("/")
        asked = first if _VERSION.fullmatch(first) else ""
        path = rest.strip("/") if asked else path
        query = dict(request.query_params)
        body = await _body_parameters(request)
        bearer = _bearer(request.headers)
        parameters = {**_basic(request.headers), **query, **body}
        method = parameters.pop("method", request.method).upper() if request.method == "POST" else request.method
        now = self.state.clock.now()
        app = self.state.apps.get(parameters.get("client_id", ""))
        token = self.state.tokens.get(parameters.get("access_token") or bearer)
        app = token.app if token is not None else app
        call = GraphCall(
            method="GET" if method == "HEAD" else method,
            path=path,
            version=version_served(asked, app.default_version if app else "", now),
            asked_version=asked,
            parameters=parameters,
            base_url=str(request.base_url).rstrip("/"),
            locale=parameters.get("locale", "") or request.headers.get("accept-language", "").split(",")[0],
            bearer=bearer,
            now=now,
        )
        place = "query" if "access_token" in query else "body" if "access_token" in body else ""
        record = CallRecord(
            call.method,
            f"/{path}",
            now,
            tuple(sorted(parameters)),
            place or ("header" if bearer else ""),
            "appsecret_proof" in parameters,
        )
        return call, record

    def _answer(self, call: GraphCall, fault: Fault | None) -> Answer:
        state = self.state
        trace = state.serial()
        kind = ""
        message = ""
        try:
            broken.raise_as_asked(fault)
            usage.count(state, call)
            reply = answer(state, call)
        except GraphError as error:
            error = localise(error, call.locale)
            kind, message = error.challenge, error.message
            if state.odd_types and "error_data" in error.extra:
                error.extra = {**error.extra, "error_data": json.dumps(error.extra["error_data"])}
            status = 401 if fault is not None and fault.kind == "status_401" else error.status
            reply = Answer(error.body((short_trace_id if state.odd_types else trace_id)(trace)), status=status)
            if error.code == 80002:
                call.usage_business = call.usage_business or call.path.split("/")[0]
        full = fault is not None and fault.kind.startswith("throttle")
        reply.headers = {
            **graph_headers(trace, call.version, kind, message),
            **usage.headers(state, call, full=full),
            **reply.headers,
        }
        return reply

    def _cutter(self, scope: Scope) -> Callable[[], None]:
        """What breaks the connection of this request."""
        transport = self.state.connections.get(tuple(scope["client"] or ()))

        def cut() -> None:
            if transport is not None:
                transport.abort()

        return cut

    @staticmethod
    def _bytes(reply: Answer) -> bytes:
        if reply.body is None:
            return b""
        return json.dumps(reply.body, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode()

    async def _send(self, request: Request, reply: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        body = self._bytes(reply)
        headers = dict(reply.headers)
        status = reply.status
        if status == 200 and request.method in ("GET", "HEAD"):
            etag = f'"{hashlib.sha256(body).hexdigest()[:40]}"'
            headers["etag"] = etag
            if request.headers.get("if-none-match") == etag:
                status, body = 304, b""
        response = Response(body, status, headers, media_type=None)
        await response(scope, receive, send)


def _with_status(record: CallRecord, status: int) -> CallRecord:
    return CallRecord(record.method, record.path, record.at, record.parameters, record.token_in, record.proof, status)


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() in ("bearer", "oauth") else ""


def _basic(headers: Mapping[str, str]) -> dict[str, str]:
    """Client id and secret sent as HTTP Basic, as OAuth libraries do unless told otherwise."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name, mark, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)} if mark else {}


async def _body_parameters(request: Request) -> dict[str, str]:
    """Form fields or the top level of a JSON object; anything else is no parameter."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            data = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError):
            return {}
        if not isinstance(data, dict):
            return {}
        return {str(key): value if isinstance(value, str) else json.dumps(value) for key, value in data.items()}
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        try:
            form = await request.form()
        except HTTPException:  # a multipart body that cannot be read is no parameter
            return {}
        return {key: value for key, value in form.items() if isinstance(value, str)}
    return {}
