"""A silent name server does not keep a program from ending."""

import asyncio
import socket
import threading

import pytest

from tui.network.lookups import leave_lookups_behind
from tui.threads import in_thread

PATIENCE = 60
"""Seconds after which a loop counts as one that waits."""


def test_a_loop_ends_while_a_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    began, released = threading.Event(), threading.Event()

    def silent(*_arguments: object) -> list[object]:
        began.set()
        released.wait()
        return []

    async def ask() -> None:
        leave_lookups_behind()
        lookup = asyncio.ensure_future(asyncio.get_running_loop().getaddrinfo("graph.test", 443))
        while not began.is_set():
            await asyncio.sleep(0)
        lookup.cancel()

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    try:
        in_thread(lambda: asyncio.run(ask()), "loop").result(PATIENCE)
        assert not released.is_set()
    finally:
        released.set()


def test_other_work_is_waited_for() -> None:
    done: list[str] = []
    began, go_on = threading.Event(), threading.Event()

    def store() -> None:
        began.set()
        go_on.wait(PATIENCE)
        done.append("stored")

    async def work() -> None:
        leave_lookups_behind()
        storing = asyncio.ensure_future(asyncio.to_thread(store))
        while not began.is_set():
            await asyncio.sleep(0)
        storing.cancel()
        go_on.set()

    asyncio.run(work())
    assert done == ["stored"]
