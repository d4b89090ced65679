"""A Graph API that is not the sandbox: as little as reference/graph-api.md says a server must do, on http.server."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID, SECRET, NAME = "730214558891234", "9f86d081884c7d659a2feaa0c55ad015", "Plain App"
DAY = 86_400


@dataclass
class Plain:
    """What the server knows: tokens by value, each with the end it has (0: never, negative: ago)."""

    url: str = ""
    ends: dict[str, int] = field(default_factory=dict)
    exchanges: int = 0
    says_expires_in: bool = True
    reads_header: bool = True
    refuses_exchange: tuple[int, int, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    oddities: dict[str, Any] = field(default_factory=dict)

    def issue(self, days: float) -> str:
        """Make a token that lives so many days (0: for ever) and return its value."""
        value = f"EAAK{'x' * 40}{len(self.ends):04d}ZD"
        self.ends[value] = 0 if days == 0 else int(time.time() + days * DAY)
        return value


class _Refused(Exception):
    def __init__(self, code: int, message: str, subcode: int | None = None) -> None:
        super().__init__(message)
        error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf"}
        self.body = {"error": error if subcode is None else {**error, "error_subcode": subcode}}


def _handler(plain: Plain) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self._answer({key: values[0] for key, values in parse_qs(body).items()})

        def log_message(self, format: str, *args: object) -> None:
            return

        def _answer(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()} | form
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if bearer and plain.reads_header:
                asked.setdefault("access_token", bearer)
            try:
                status, body = 200, _body(plain, parts.path.split("/", 2)[-1], asked)
            except _Refused as refused:
                status, body = 400, refused.body
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(data)))
            for name, value in plain.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler


def _body(plain: Plain, path: str, asked: dict[str, str]) -> dict[str, Any]:
    match path:
        case "oauth/access_token":
            return _token(plain, asked)
        case "debug_token":
            if asked.get("access_token") != f"{APP_ID}|{SECRET}":
                raise _Refused(
                    100, "(#100) You must provide an app access token, or a user access token that is an owner"
                )
            return {"data": _debug(plain, asked["input_token"])}
        case "me/accounts":
            return {"data": []}
        case "me":
            if "access_token" not in asked:
                raise _Refused(2500, "An active access token must be used to query information about the current user.")
            return {"id": "10215241773831025", "name": "Ada"}
        case _ if path == APP_ID:
            return {"id": APP_ID, "name": NAME}
        case _:
            raise _Refused(2500, f"Unknown path components: /{path}")


def _token(plain: Plain, asked: dict[str, str]) -> dict[str, Any]:
    if asked.get("client_id") != APP_ID:
        raise _Refused(101, "Error validating application. Invalid application ID.")
    if asked.get("client_secret") != SECRET:
        raise _Refused(1, "Error validating client secret.")
    if asked.get("grant_type") == "client_credentials":
        return {"access_token": f"{APP_ID}|Qw3rTy", "token_type": "bearer"}
    end = plain.ends.get(asked.get("fb_exchange_token", ""))
    if end is None or 0 < end < time.time():
        raise _Refused(190, "Invalid OAuth access token.")
    if plain.refuses_exchange is not None:
        code, subcode, message = plain.refuses_exchange
        raise _Refused(code, message, subcode)
    plain.exchanges += 1
    answer: dict[str, Any] = {"access_token": plain.issue(60), "token_type": "bearer"}
    if plain.says_expires_in:
        answer["expires_in"] = 60 * DAY
    return answer


def _debug(plain: Plain, value: str) -> dict[str, Any]:
    end = plain.ends.get(value)
    if end is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"error": error, "is_valid": False, "scopes": []}
    found: dict[str, Any] = {
        "app_id": APP_ID,
        "type": "USER",
        "application": NAME,
        "expires_at": end,
        "is_valid": True,
        "scopes": ["instagram_basic", "pages_show_list"],
        "user_id": "10215241773831025",
    }
    found |= plain.oddities
    if 0 < end < time.time():
        found |= {"is_valid": False, "error": {"code": 190, "subcode": 463, "message": "Session has expired"}}
    return found


@contextmanager
def plain_graph() -> Iterator[Plain]:
    """Serve on a free port until left."""
    plain = Plain()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(plain))
    plain.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield plain
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
