"""One Graph API request, parsed, and the answer to it."""

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from tui.sandbox.state import State
from tui.sandbox.vocabulary import version_served

_VERSION = re.compile(r"v[0-9]{1,2}\.[0-9]{1,2}")


@dataclass(slots=True)
class GraphCall:
    """`path`: without version and slashes at the ends. `parameters`: query, then body over it."""

    method: str
    path: str
    version: str  # the one that serves
    version_in_path: str  # empty: none
    parameters: dict[str, str]
    base_url: str
    locale: str
    token: str  # a parameter before the Authorization header
    usage_business: str = ""  # the object whose business-use-case limit the call counts for, and which limit
    usage_type: str = "instagram"

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")


@dataclass(slots=True)
class Answer:
    """A Graph answer before it becomes bytes. `body` None: an empty body. `drop`: the connection breaks instead."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False


def words(text: str) -> tuple[str, ...]:
    """Split a list that is separated by commas or spaces; a repeated word counts once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def page_size(text: str) -> int:
    """Return how many rows `limit` asks for: 1 to 100, 25 where it is not usable."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return 25
    return max(1, min(100, int(text)))


def json_or_commas(text: str) -> list[str]:
    """Split a list that is separated by commas, or a JSON array as Meta's own SDK sends it."""
    text = text.strip()
    if text.startswith("["):
        try:
            return [str(item) for item in json.loads(text)]
        except (ValueError, RecursionError):
            return [text]
    return [item.strip() for item in text.split(",") if item.strip()]


async def read_call(state: State, request: Request) -> GraphCall:
    """Parse a request: path, version, parameters and token."""
    path = request.url.path.strip("/")
    first, _, rest = path.partition("/")
    version = first if _VERSION.fullmatch(first) else ""
    body = await _body_parameters(request)
    client_id, client_secret = basic_credentials(request) or ("", "")
    basic = {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(client_secret)} if client_id else {}
    parameters = {**basic, **request.query_params, **body}
    method = parameters.pop("method", request.method).upper() if request.method == "POST" else request.method
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    bearer = bearer.strip() if scheme.lower() in ("bearer", "oauth") else ""
    token = parameters.get("access_token") or bearer
    record = state.tokens.get(token)
    app = record.app if record else state.apps.get(parameters.get("client_id", ""))
    return GraphCall(
        method="GET" if method == "HEAD" else method,
        path=rest.strip("/") if version else path,
        version=version_served(version, app.default_version if app else "", state.clock.now()),
        version_in_path=version,
        parameters=parameters,
        base_url=str(request.base_url).rstrip("/"),
        locale=parameters.get("locale", "") or request.headers.get("accept-language", "").split(",")[0],
        token=token,
    )


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """Return user name and password of HTTP Basic; None where there are none or they cannot be read."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if colon and scheme.lower() == "basic" else None


async def _body_parameters(request: Request) -> dict[str, str]:
    """Return form fields or the top level of a JSON object; anything else has no parameters."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        try:
            form = await request.form()
        except HTTPException:  # a multipart body that cannot be read
            return {}
        return {key: value for key, value in form.items() if isinstance(value, str)}
    try:
        data = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {str(key): value if isinstance(value, str) else json.dumps(value) for key, value in data.items()}
