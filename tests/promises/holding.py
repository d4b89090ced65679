"""A Graph API that keeps one answer of an extension until the test asks for it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID = "3056849584865766"
DAY = 86_400
_LONGEST = 60
"""Seconds after which a held answer is given up: the test has failed by then."""

MOMENTS = ("looking", "exchanging", "answering", "proving", "idle")
"""Asked about the old token; asked for a new one; half of the answer sent; asked about the new one; all done."""


class HoldingFacebook(ThreadingHTTPServer):
    """One user token that can be extended; `issued` holds every value handed out so far."""

    daemon_threads = True

    def __init__(self, old: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.old = old
        self.issued: list[str] = []
        self.moment = ""
        self.is_held = threading.Event()
        self._go_on = threading.Event()

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def hold_at(self, moment: str) -> None:
        """Hold the next answer of that moment."""
        self.moment = moment

    def let_go(self) -> None:
        """Give the held answer, and every later one at once."""
        self.moment = ""
        self._go_on.set()

    def passes(self, moment: str) -> None:
        """Called by the handler: waits here where this moment is held."""
        if moment and moment == self.moment:
            self.is_held.set()
            self._go_on.wait(_LONGEST)

    def issue(self) -> str:
        """Make a new value."""
        self.issued.append(f"EAAnewer{len(self.issued)}" + "x9" * 40)
        return self.issued[-1]

    def inspection(self, value: str) -> dict[str, Any]:
        """What `debug_token` says of a value."""
        now = int(time.time())
        end = now + (5 if value == self.old else 60) * DAY
        facts = {"app_id": APP_ID, "type": "USER", "application": "acme", "is_valid": True, "user_id": "17"}
        times = {"issued_at": end - 60 * DAY, "expires_at": end, "data_access_expires_at": now + 80 * DAY}
        return {"data": facts | times | {"scopes": ["instagram_basic", "pages_show_list"]}}


class _Handler(BaseHTTPRequestHandler):
    server: HoldingFacebook

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        asked = parse_qs(urlsplit(self.path).query) | parse_qs(self.rfile.read(length).decode())
        try:
            if "debug_token" in self.path:
                value = asked["input_token"][0]
                self.server.passes("looking" if value == self.server.old else "proving")
                self._send(self.server.inspection(value))
            elif "oauth/access_token" in self.path:
                self.server.passes("exchanging")
                value = self.server.issue()
                self._send({"access_token": value, "token_type": "bearer", "expires_in": 60 * DAY}, "answering")
            else:
                self._send({"id": "17", "name": "Ann"} if "accounts" not in self.path else {"data": []})
        except OSError:
            pass  # the client has closed

    do_GET = do_POST = _answer  # noqa: N815

    def _send(self, value: dict[str, Any], half_way: str = "") -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        half = len(data) // 2
        self.wfile.write(data[:half])
        self.server.passes(half_way)
        self.wfile.write(data[half:])


@contextmanager
def holding_facebook(old: str) -> Iterator[HoldingFacebook]:
    """Serve on loopback until the block is left."""
    server = HoldingFacebook(old)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.let_go()
        server.shutdown()
        server.server_close()
