"""uvicorn around the application: quiet, without headers of its own, ended at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tui.sandbox.server import WithDate, build_app
from tui.sandbox.state import State


class SandboxServer(uvicorn.Server):
    """Sleeps until told to end, instead of looking ten times a second."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell_ready()
        await self._over.wait()
        self.force_exit = True

    def end(self) -> None:
        """End from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._over.set)


def make_server(
    state: State, *, control: bool, ready: Callable[[], None], tls: tuple[str, str] | None = None
) -> SandboxServer:
    """A server for this world; `ready` is called when it answers."""

    class Protocol(H11Protocol):
        """Keeps the connections, so that a fault can cut one."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            peer = transport.get_extra_info("peername")
            state.connections[peer[:2]] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                state.connections.pop(self.client, None)
            super().connection_lost(exc)

    for noisy in ("uvicorn.error", "python_multipart"):  # what a client sent is no news for the terminal
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    config = uvicorn.Config(
        WithDate(build_app(state, with_control=control), state),
        http=Protocol,
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
    return SandboxServer(config, ready)
