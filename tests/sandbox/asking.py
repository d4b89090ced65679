"""Asks a running sandbox over real HTTP, as a client that knows nothing of it would."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tui.sandbox import RunningSandbox
from tui.sandbox.specs import AppSpec

DAY = 86400
Answer = dict[str, Any]


class Asker:
    """One HTTP client with the credentials of the world's primary app at hand."""

    def __init__(self, sandbox: RunningSandbox, version: str = "v26.0") -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.version = version
        self.http = httpx.Client(base_url=sandbox.graph_url, trust_env=False, timeout=10)

    @property
    def app_token(self) -> str:
        return f"{self.world.app_id}|{self.world.app_secret}"

    @property
    def credentials(self) -> dict[str, str]:
        return {"client_id": self.world.app_id, "client_secret": self.world.app_secret}

    @property
    def other_app(self) -> AppSpec:
        """The app that is not the primary one, in the default world."""
        return next(app for app in self.world.apps if app.key == "northwind")

    @property
    def other_token(self) -> str:
        """A token of the other app."""
        return self.world.tokens_of(self.other_app)[0].value

    def token(self, name: str) -> str:
        return self.world.token(name).value

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        return self.http.get(f"/{self.version}/{path}", params=parameters)

    def post(self, path: str, **form: Any) -> httpx.Response:
        return self.http.post(f"/{self.version}/{path}", data=form)

    def ok(self, path: str, **parameters: Any) -> Answer:
        """The JSON of an answer that must be a success."""
        reply = self.get(path, **parameters)
        assert reply.status_code == 200, reply.text
        body: Answer = reply.json()
        return body

    def error(self, path: str, **parameters: Any) -> Answer:
        """The `error` object of an answer that must be a failure."""
        reply = self.get(path, **parameters)
        assert reply.status_code >= 400, reply.text
        found: Answer = reply.json()["error"]
        return found

    def triple(self, path: str, **parameters: Any) -> tuple[int, int | None, str]:
        """code, subcode and message of a failure."""
        error = self.error(path, **parameters)
        return error["code"], error.get("error_subcode"), error["message"]

    def inspect(self, token: str, **parameters: Any) -> Answer:
        """`data` of debug_token, asked with the app token."""
        data: Answer = self.ok("debug_token", **{"input_token": token, "access_token": self.app_token, **parameters})[
            "data"
        ]
        return data

    def exchange(self, token: str, **more: Any) -> Answer:
        return self.ok(
            "oauth/access_token", grant_type="fb_exchange_token", fb_exchange_token=token, **self.credentials, **more
        )

    def redeem(self, code: str, **more: Any) -> Answer:
        return self.ok(
            "oauth/access_token", **{**self.credentials, "redirect_uri": self.world.redirect_uri, "code": code, **more}
        )

    def dialog(self, **parameters: Any) -> httpx.Response:
        """The dialog asked for the world's app; `as_` names the person."""
        given = {"client_id": self.world.app_id, "redirect_uri": self.world.redirect_uri, "state": "s1", **parameters}
        if "as_" in given:
            given["as"] = given.pop("as_")
        given = {name: value for name, value in given.items() if value is not None}
        return self.http.get(f"/{self.version}/dialog/oauth", params=given)

    def allow(self, person: str, **parameters: Any) -> dict[str, str]:
        """Query and fragment of the redirect after the person agreed."""
        reply = self.dialog(decision="allow", as_=person, **parameters)
        assert reply.status_code == 302, reply.text
        return landed(reply.headers["location"])


def landed(location: str) -> dict[str, str]:
    """The parameters of a redirect, from its query and its fragment."""
    parts = urlsplit(location)
    found = {name: values[0] for name, values in parse_qs(parts.query).items()}
    fragment = {name: values[0] for name, values in parse_qs(parts.fragment).items() if name != "_"}
    return {**found, **fragment}


def proof(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def ask(sandbox: RunningSandbox) -> Asker:
    return Asker(sandbox)


@pytest.fixture
def ask_world(make_sandbox: Callable[..., RunningSandbox]) -> Callable[..., Asker]:
    """An asker of a world by name."""
    return lambda world, **options: Asker(make_sandbox(world, **options))
