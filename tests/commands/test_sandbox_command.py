"""`igauth sandbox`: one line of JSON at once, then it serves until it is ended."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.commands.running import outside, start
from tui.sandbox import start_sandbox

KEYS = {"graph_url", "dialog_url", "app_id", "app_secret", "redirect_uri", "tokens"}


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/v26.0/me", timeout=10)
    except urllib.error.HTTPError:
        return True
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_one_flushed_line_serves_and_ends_with_0(number: signal.Signals) -> None:
    process = start("sandbox", "--json")
    assert process.stdout is not None
    facts: dict[str, Any] = json.loads(process.stdout.readline())
    assert set(facts) >= KEYS
    assert _answers(facts["graph_url"])
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_its_tokens_are_named_by_kind_and_condition() -> None:
    process = start("sandbox", "--json")
    assert process.stdout is not None
    tokens = json.loads(process.stdout.readline())["tokens"]
    process.terminate()
    process.communicate(timeout=20)
    states = {token["name"]: token["state"] for token in tokens}
    assert states["user_long"] == "valid"
    assert states["user_expired"] == "expired"
    assert all(set(token) == {"name", "value", "state"} for token in tokens)


def test_a_taken_port_is_reported_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = outside("sandbox", "--port", str(taken.getsockname()[1]))
    assert (done.status, done.out) == (1, "")
    assert "--port" in done.err


def test_for_people_it_prints_what_to_export() -> None:
    process = start("sandbox")
    assert process.stdout is not None
    lines: list[str] = []
    while not (lines and lines[-1].startswith(("Matillion:", "Serving"))):  # the last of the facts
        lines.append(process.stdout.readline())
    process.terminate()
    process.communicate(timeout=20)
    assert any(line.startswith("export IGAUTH_GRAPH_URL=http://127.0.0.1:") for line in lines)
    assert any(line.startswith("App ID:") for line in lines[-8:]), "what is needed first is in sight"


def test_with_a_head_start_early_clients_wait() -> None:
    with start_sandbox(head_start=0.3) as running:
        assert _answers(running.graph_url)


def test_a_sandbox_can_be_stopped_before_its_head_start_is_over() -> None:
    running = start_sandbox(head_start=60.0)
    begun = time.monotonic()
    running.stop()
    assert time.monotonic() - begun < 5
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", running.port), timeout=5)
