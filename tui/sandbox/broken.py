"""Answers that are broken on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from starlette.types import Send

from tui.sandbox.call import Answer
from tui.sandbox.faults import ERRORS, Fault

_BREAKING = frozenset(("reset", "drop", "truncated", "html", "empty", "redirect", "not_json"))
_PROXY_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>proxy.example.com</body></html>"


def breaks(fault: Fault) -> bool:
    """Whether this fault replaces the bytes of the answer."""
    return fault.kind in _BREAKING


def raise_as_asked(fault: Fault | None) -> None:
    """Raise the Graph error this fault stands for, if it is one."""
    if fault is not None and fault.kind in ERRORS:
        raise replace(ERRORS[fault.kind])


async def send_broken(fault: Fault, reply: Answer, body: bytes, send: Send, cut: Callable[[], None]) -> None:
    """Send the answer as the fault wants it; `cut` breaks the connection."""
    if fault.kind == "drop":
        cut()
        return
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
    kind = {b"content-type": b"application/json; charset=UTF-8"}
    status = reply.status
    if fault.kind == "reset":
        headers.append((b"content-length", str(len(body) + 1).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await asyncio.sleep(0.05)  # let the half that was written leave
        cut()
        return
    if fault.kind == "truncated":
        body = body[: len(body) // 2]
    elif fault.kind == "html":
        status, body, kind[b"content-type"] = 502, _PROXY_PAGE, b"text/html; charset=utf-8"
        headers = []
    elif fault.kind == "empty":
        status, body = 200, b""
    elif fault.kind == "not_json":
        body, kind[b"content-type"] = b"access_token=EAAnotJSON&expires=5184000", b"text/plain; charset=UTF-8"
    elif fault.kind == "redirect":
        status, body = 302, b""
        headers = [(b"location", fault.location.encode())]
    headers = [pair for pair in headers if pair[0] not in kind] + list(kind.items())
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
