"""Starts the sandbox in a thread of its own and stops it again."""

import asyncio
import os
import socket
import threading
from collections.abc import Coroutine
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from tui.sandbox.clock import SandboxClock
from tui.sandbox.controls import Controls
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import SeededToken, State
from tui.sandbox.world import load_world

HOST = "127.0.0.1"
START_LIMIT = 60.0  # a loaded machine may need long; a failure is reported at once


class SandboxStartError(OSError):
    """The sandbox cannot serve: the port is taken, or it did not answer."""


class WorldFacts:
    """The public facts of a world: the primary app with its seeded tokens, all apps, the Matillion login."""

    def __init__(self, state: State) -> None:
        self.spec = spec = state.spec
        self.apps = spec.apps
        self._seeded = tuple(token for token in state.seeded if not token.name.startswith("crowd"))
        app = state.apps_by_key[spec.primary_app]
        self.app_id, self.app_secret, self.app_name = app.id, app.secret, app.name
        self.pasted_secret = spec.pasted_secret or app.secret
        self.client_token = app.client_token
        self.redirect_uri, self.config_id = app.redirect_uri, app.config_id
        self.tokens = self.tokens_of(app)
        self.matillion_user, self.matillion_password = spec.matillion.user, spec.matillion.password

    def tokens_of(self, app: AppSpec) -> tuple[SeededToken, ...]:
        """Return the seeded tokens of one app."""
        return tuple(token for token in self._seeded if token.app == app.key)

    def token(self, name: str) -> SeededToken:
        """Return the primary app's token of that name. Raises KeyError."""
        return {token.name: token for token in self.tokens}[name]


class RunningSandbox(Controls, AbstractContextManager["RunningSandbox"]):
    """A sandbox that answers on loopback until `stop()`."""

    def __init__(
        self, state: State, sock: socket.socket, *, control: bool, tls: tuple[str, str] | None, head_start: float
    ) -> None:
        super().__init__(state)
        self.clock = state.clock
        self.world = WorldFacts(state)
        self.app_id, self.app_secret = self.world.app_id, self.world.app_secret
        self.redirect_uri = self.world.redirect_uri
        self.port: int = sock.getsockname()[1]
        scheme = "https" if tls else "http"
        self.graph_url = self.dialog_url = self.matillion_url = f"{scheme}://{HOST}:{self.port}"
        self.control_url = f"{self.graph_url}/__sandbox__" if control else ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._failure: BaseException | None = None
        serving = self._serve(sock, control, tls, head_start)
        self._thread = threading.Thread(target=self._run, args=(serving,), name="igauth-sandbox", daemon=True)
        self._thread.start()
        if head_start:
            return
        answered = self._ready.wait(START_LIMIT)
        failure: BaseException | None = self._failure
        if not answered or failure:
            raise SandboxStartError(f"the sandbox did not start: {failure or 'no answer'}")

    def _run(self, serving: Coroutine[Any, Any, None]) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(serving)
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self, sock: socket.socket, control: bool, tls: tuple[str, str] | None, head_start: float) -> None:
        with sock:
            with suppress(TimeoutError):  # the head start is over, and nobody has ended it meanwhile
                await asyncio.wait_for(self._ended.wait(), head_start)
                return
            from tui.sandbox.server import make_server

            server = make_server(self.state, control=control, ready=self._ready.set, ended=self._ended, tls=tls)
            await server.serve(sockets=[sock])

    def stop(self) -> None:
        """Stop serving and wait for the thread. Safe to call twice."""
        with suppress(RuntimeError):  # the loop is closed when it has ended before
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(START_LIMIT)

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def describe(self) -> dict[str, Any]:
        """Return the object that `igauth sandbox --json` prints."""
        world = self.world
        # People who can log in at the dialog (`as=`), with their role on the app; a crowd is left out.
        people = [person for person in world.spec.people if not person.key.startswith("crowd")]
        return {
            "schema": 1,
            "graph_url": self.graph_url,
            "dialog_url": self.dialog_url,
            "matillion_url": self.matillion_url,
            "world": world.spec.name,
            "app_id": world.app_id,
            "app_secret": world.app_secret,
            "client_token": world.client_token,
            "redirect_uri": world.redirect_uri,
            "config_id": world.config_id,
            "matillion_user": world.matillion_user,
            "matillion_password": world.matillion_password,
            "people": [
                {"key": person.key, "name": person.name, "role": person.roles.get(world.spec.primary_app, "")}
                for person in people
            ],
            "tokens": [{"name": token.name, "value": token.value, "state": token.state} for token in world.tokens],
            **({"control_url": self.control_url} if self.control_url else {}),
        }


def start_sandbox(
    world: str | Path = "default",
    *,
    port: int = 0,
    control: bool = False,
    start_at: float | None = None,
    frozen: bool = False,
    tls: tuple[str, str] | None = None,
    head_start: float = 0.0,
) -> RunningSandbox:
    """Serve a world on 127.0.0.1 (port 0: a free one) and return when it answers.

    With a `head_start` in seconds it returns at once and leaves the processor to the caller for that long; clients
    that connect meanwhile wait. `start_at`: the sandbox's first time in unix seconds UTC, else the machine's.
    `tls`: (certificate file, key file).
    Raises WorldError for a bad world and SandboxStartError where nothing can be served.
    """
    state = State(load_world(world), SandboxClock(start_at, frozen=frozen))
    try:
        sock = socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise SandboxStartError(f"port {port} on {HOST} cannot be used: {reason}") from None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a body waits 40 ms for its header's receipt
    return RunningSandbox(state, sock, control=control, tls=tls, head_start=head_start)
