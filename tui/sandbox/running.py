"""Starts the sandbox in a thread of its own and stops it again."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tui.sandbox.clock import SandboxClock
from tui.sandbox.handle import Controls
from tui.sandbox.records import SeededToken
from tui.sandbox.specs import AppSpec, WorldSpec
from tui.sandbox.state import State
from tui.sandbox.world import load_world

if TYPE_CHECKING:
    from tui.sandbox.web import SandboxServer

HOST = "127.0.0.1"
START_LIMIT = 60.0  # a loaded machine may need long; a failure is told at once


class SandboxStartError(OSError):
    """The sandbox cannot serve: the port is taken, or it did not answer."""


@dataclass(frozen=True, slots=True)
class AppFacts:
    """One app of the world with its seeded tokens."""

    key: str
    id: str
    secret: str
    name: str
    client_token: str
    redirect_uri: str
    config_id: str
    scopes: tuple[str, ...]
    tokens: tuple[SeededToken, ...]


@dataclass(frozen=True, slots=True)
class WorldFacts:
    """What a person would know of this world: the primary app, where it sends people, the seeded tokens."""

    name: str
    title: str
    summary: str
    try_this: tuple[str, ...]
    app_id: str
    app_secret: str
    app_name: str
    pasted_secret: str
    client_token: str
    redirect_uri: str
    config_id: str
    scopes: tuple[str, ...]
    tokens: tuple[SeededToken, ...]
    apps: tuple[AppFacts, ...]
    matillion_user: str
    matillion_password: str
    spec: WorldSpec

    def token(self, name: str) -> SeededToken:
        """Raises KeyError for a name there is not."""
        for token in self.tokens:
            if token.name == name:
                return token
        raise KeyError(f"world {self.name!r} has no token {name!r}")


def facts_of(state: State) -> WorldFacts:
    """The public facts of a world; `tokens` are the primary app's, `apps` names all of them."""
    spec = state.spec
    apps = tuple(_app_facts(state, app) for app in spec.apps)
    app = next(item for item in apps if item.key == spec.primary_app)
    return WorldFacts(
        name=spec.name,
        title=spec.title,
        summary=spec.summary,
        try_this=spec.try_this,
        app_id=app.id,
        app_secret=app.secret,
        app_name=app.name,
        pasted_secret=spec.pasted_secret or app.secret,
        client_token=app.client_token,
        redirect_uri=app.redirect_uri,
        config_id=app.config_id,
        scopes=app.scopes,
        tokens=app.tokens,
        apps=apps,
        matillion_user=spec.matillion.user,
        matillion_password=spec.matillion.password,
        spec=spec,
    )


def _app_facts(state: State, app: AppSpec) -> AppFacts:
    names = {row.name for row in state.spec.tokens if row.app == app.key and not row.name.startswith("crowd")}
    return AppFacts(
        key=app.key,
        id=app.id,
        secret=app.secret,
        name=app.name,
        client_token=app.client_token,
        redirect_uri=app.redirect_uris[0] if app.redirect_uris else "",
        config_id=next(iter(app.configs), ""),
        scopes=app.permissions,
        tokens=tuple(token for token in state.seeded if token.name in names),
    )


class RunningSandbox(Controls):
    """A sandbox that answers on loopback until `stop()`."""

    def __init__(
        self, state: State, sock: socket.socket, *, control: bool, tls: Any = None, head_start: float = 0.0
    ) -> None:
        super().__init__(state)
        self.state = state
        self.clock = state.clock
        self.world = facts_of(state)
        self.app_id, self.app_secret = self.world.app_id, self.world.app_secret
        self.redirect_uri, self.tokens = self.world.redirect_uri, self.world.tokens
        self.port: int = sock.getsockname()[1]
        scheme = "https" if tls else "http"
        self.graph_url = self.dialog_url = self.matillion_url = f"{scheme}://{HOST}:{self.port}"
        self.control_url = f"{self.graph_url}/__sandbox__" if control else ""
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._head_start = head_start
        self._server: SandboxServer | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(sock, control, tls), name="igauth-sandbox", daemon=True)
        self._thread.start()
        if head_start:
            return
        answered = self._ready.wait(START_LIMIT)
        failure: BaseException | None = self._failure
        if not answered or failure:
            raise SandboxStartError(f"the sandbox did not start: {failure or 'no answer'}")

    def _run(self, sock: socket.socket, control: bool, tls: Any) -> None:
        try:
            if self._head_start and self._stopping.wait(self._head_start):
                return
            from tui.sandbox.web import make_server

            self._server = make_server(self.state, control=control, ready=self._ready.set, tls=tls)
            if self._stopping.is_set():
                return
            asyncio.run(self._server.serve(sockets=[sock]))
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()
            sock.close()

    def stop(self) -> None:
        """End serving and wait for the thread. Safe to call twice."""
        self._stopping.set()
        if self._server is not None:
            self._ready.wait(START_LIMIT)
            self._server.end()
        self._thread.join(START_LIMIT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def describe(self) -> dict[str, Any]:
        """The object `igauth sandbox --json` prints."""
        return {
            "graph_url": self.graph_url,
            "dialog_url": self.dialog_url,
            "matillion_url": self.matillion_url,
            "world": self.world.name,
            "app_id": self.world.app_id,
            "app_secret": self.world.app_secret,
            "client_token": self.world.client_token,
            "redirect_uri": self.world.redirect_uri,
            "config_id": self.world.config_id,
            "matillion_user": self.world.matillion_user,
            "matillion_password": self.world.matillion_password,
            "people": self._people(),
            "tokens": [{"name": token.name, "value": token.value, "state": token.state} for token in self.world.tokens],
        }

    def _people(self) -> list[dict[str, str]]:
        """Who may sit at the dialog (`as=`), and their role on the app; of a crowd only who is named in the file."""
        key = self.world.spec.primary_app
        people = (person for person in self.world.spec.people if not person.key.startswith("crowd"))
        return [{"key": person.key, "name": person.name, "role": person.roles.get(key, "")} for person in people]

    def describe_line(self) -> str:
        """`describe()` on one line."""
        return json.dumps(self.describe(), ensure_ascii=True)


def start_sandbox(
    world: str | Path | WorldSpec = "default",
    *,
    port: int = 0,
    control: bool = False,
    start_at: float | None = None,
    frozen: bool = False,
    tls: Any = None,
    head_start: float = 0.0,
) -> RunningSandbox:
    """Serve a world on 127.0.0.1 (port 0: a free one) and return when it answers.

    With a `head_start` in seconds it returns at once and leaves the processor to the caller for so long; who connects
    meanwhile waits. `start_at`: the sandbox's first now in unix seconds UTC, else the machine's.
    `tls`: (certificate file, key file).
    Raises WorldError for a bad world and SandboxStartError where nothing can be served.
    """
    spec = world if isinstance(world, WorldSpec) else load_world(world)
    state = State(spec, SandboxClock(start_at, frozen=frozen))
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a body waits 40 ms for its header's receipt
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise SandboxStartError(f"port {port} on {HOST} cannot be used: {error.strerror}") from None
    return RunningSandbox(state, sock, control=control, tls=tls, head_start=head_start)
