"""What makes it quick: nothing heavy is loaded to start, and a call does not look at every token."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import MakeSandbox
from tests.sandbox.asking import Asker

IMPORTED = "import sys, tui.sandbox; print(sorted({'starlette', 'uvicorn', 'httpx', 'textual'} & set(sys.modules)))"
STARTED = """
import sys
from tui.sandbox import start_sandbox
start_sandbox().stop()
print(sorted({'httpx', 'textual', 'rich', 'cryptography', 'websockets'} & set(sys.modules)))
"""


@pytest.mark.parametrize("asked", [IMPORTED, STARTED])
def test_import_and_start_load_no_unneeded_package(asked: str) -> None:
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_answer_is_sent_without_nagle_delay(make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []

    class Noting(socket.socket):
        def accept(self) -> tuple[socket.socket, Any]:
            connection, address = super().accept()
            at_once.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            return connection, address

    monkeypatch.setattr("tui.sandbox.running.socket.socket", Noting)
    Asker(make_sandbox()).get("me")
    assert at_once
    assert all(at_once)


def test_a_call_costs_the_same_with_ten_thousand_tokens(
    ask_world: Callable[..., Asker], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event == "call"

    def calls(ask: Asker, token: str) -> int:
        ask.inspect(token)  # what is made and kept the first time
        ask.ok("me/accounts", access_token=token)
        before = made
        ask.inspect(token)
        ask.ok("me/accounts", access_token=token)
        return made - before

    threading.setprofile(count_call)  # the sandbox answers in a thread of its own
    try:
        crowd, few = ask_world("crowd"), ask_world("token-due")
    finally:
        threading.setprofile(None)
    assert crowd.sandbox.counters()["tokens"] == 10_001
    with_few = calls(few, few.token("user_due"))
    assert with_few > 100, "nothing was counted, so this test would prove nothing"
    assert calls(crowd, crowd.token("user_long")) < 1.5 * with_few
