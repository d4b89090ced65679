"""Names and messages from the network that would drive a terminal: drawn by pyte, in tables, history and hooks."""

import asyncio
import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from tests.commands.running import ROOT, inside, outside
from tests.screens.driving import seed
from tests.terminals import PseudoTerminal
from tui.sandbox import RunningSandbox
from tui.services import open_services
from tui.wording.app import BACK

MARK = "HERE"
HOSTILE = {
    "clipboard": f"{MARK}\x1b]52;c;Y2FuYXJ5\x07",
    "clear screen": f"{MARK}\x1b[2J\x1b[H\x1b[31mred",
    "title": f"{MARK}\x1b]0;owned\x1b\\",
    "C1": f"{MARK}\x9b2J\x9d52;c;Y2FuYXJ5\x9c",
    "bell and backspace": f"{MARK}\x07\x08\x08\x0b\x0c\x0e\x0f",
    "bidi": f"{MARK}\u202egnp.exe\u2066\u2069\u200f",
    "NUL and DEL": f"{MARK}\x00\x7f\x00",
    "markup": f"{MARK}[red]x[/red][/][@click=app.quit]press[/][link=http://evil]",
    "broken markup": f"{MARK}[/nothing] [$x [[[ ]]] [bold",
    "lone surrogate": f"{MARK}\ud800\udfff",
    "line breaks": f"{MARK}\r\nforged | row\n\u2028\u2029\x85",
    "zalgo": MARK + "e" + "\u0301" * 400,
    "wide": MARK + "漢字" * 60 + "👩‍👩‍👧‍👦" * 20,
    "huge": MARK + "W" * 390_000,
    "invisible": MARK + "\u200b\u2060\ufeff\U000e0041\u00ad" * 10,
    "DCS and APC": f"{MARK}\x1bP+q544e\x1b\\\x1b_payload\x1b\\\x1b^pm\x1b\\\x1bX",
}
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    text = ""
    app_id = ""
    is_error = False


class _Facebook(BaseHTTPRequestHandler):
    """Answers every call; each name in it is the hostile text."""

    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.rfile.read(length)
        text = self.server.text
        body: dict[str, Any] = {"id": "17", "name": text, "username": text, "access_token": "EAA" + "h" * 60}
        if self.server.is_error:
            error = {"message": text, "type": text, "code": 100, "error_user_title": text, "error_user_msg": text}
            body = {"error": error | {"error_subcode": 33, "fbtrace_id": text}}
        elif "debug_token" in self.path:
            end = 4_000_000_000
            facts = {"app_id": self.server.app_id, "type": "USER", "application": text, "is_valid": True}
            ends = {"expires_at": end, "data_access_expires_at": end}
            body = {"data": facts | ends | {"scopes": [text], "user_id": "17"}}
        elif "accounts" in self.path:
            page = {
                "id": "9",
                "name": text,
                "tasks": [text],
                "instagram_business_account": {"id": "8", "username": text},
            }
            body = {"data": [page]}
        data = json.dumps(body).encode()
        self.send_response(400 if self.server.is_error else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _answer  # noqa: N815


@pytest.fixture
def hostile() -> Iterator[_Server]:
    """A Graph API whose every text is `server.text`."""
    server = _Server(("127.0.0.1", 0), _Facebook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def at_hostile(
    hostile: _Server, sandbox: RunningSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> _Server:
    """A seeded home that points at the hostile server."""
    url = f"http://127.0.0.1:{hostile.server_address[1]}"
    monkeypatch.setenv("IGAUTH_GRAPH_URL", url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", url)
    monkeypatch.setenv("HOME", str(tmp_path))
    hostile.app_id = sandbox.world.app_id
    services = open_services(os.environ, "tui", throw_away=True)
    seed(services, sandbox, ("user_due", "user_long"))
    asyncio.run(services.close())
    return hostile


def _tame(text: str, what: str) -> None:
    for found in (_CONTROL.search(text), _BIDI.search(text)):
        assert found is None, f"{what}: U+{ord(found[0]):04X} at {found.start()} of {text[:60]!r}"
    text.encode()  # no lone surrogate


def _no_escape_of_theirs(raw: bytes) -> None:
    """igauth's own sequences are on the line too: theirs would be a clipboard write, a title, a bell, a C1, a DCS."""
    for theirs in (
        rb"\x1b\]52;",
        rb"\x1b\]0;owned",
        rb"\x1b\[31mred",
        rb"\x1bP\+q544e",
        rb"\x1b[_^X]",
        rb"\xc2[\x80-\x9f]",
    ):
        assert not re.search(theirs, raw), theirs
    assert not _BIDI.search(raw.decode("utf-8", "replace"))
    own = re.sub(rb"\x1b\](?:8|10|11|22);[^\x07\x1b]*\x07", b"", raw)  # igauth's own links and questions end in BEL
    assert not re.search(rb"[\x00\x07\x7f]", own), own[:200]


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_leaves_terminal_and_layout_intact(kind: str, at_hostile: _Server) -> None:
    """The Tokens screen, the story, all that is known of a token, and a toast, on a terminal drawn by pyte."""
    at_hostile.text = HOSTILE[kind]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with PseudoTerminal([sys.executable, "-m", "tui"], env, cwd=ROOT) as terminal:
        _wait_for_layout(terminal, MARK)
        terminal.send("i")
        terminal.wait_for(BACK)
        terminal.wait_for(lambda: MARK in terminal.text)
        assert BACK in terminal.text
        terminal.send("\x1b")
        terminal.wait_for(lambda: BACK not in terminal.text)
        at_hostile.is_error = True
        terminal.send("v")
        _wait_for_layout(terminal, "Could not ask")  # the title of the toast
        terminal.send("2")
        terminal.wait_for("App Secret stored")
        terminal.send("\x1b[15~")  # f5: what Facebook said is on the screen
        terminal.wait_for(MARK)
        terminal.send("\x1b[19~")
        terminal.wait_for("[3 Tokens]")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_on == set()
        _no_escape_of_theirs(terminal.raw)


def _wait_for_layout(terminal: PseudoTerminal, shown: str) -> None:
    """Wait until `shown` is on the screen and everything else still where it belongs."""

    def is_intact() -> bool:
        lines = terminal.lines
        tokens = [sum(name in line for line in lines[1:6]) for name in ("user_due", "user_long")]
        return (
            any(shown in line for line in lines)
            and lines[0].strip().startswith("igauth")
            and tokens == [1, 1]
            and "next expiry" in lines[-2]
            and "q quit" in lines[-1]
        )

    terminal.wait_for(is_intact)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_harmless_in_commands_and_hooks(kind: str, at_hostile: _Server, own_home: Path) -> None:
    at_hostile.text = HOSTILE[kind]
    report = own_home / "hook-environment"
    hook = ["sh", "-c", f'env -0 > "{report}"']
    config = own_home / "config.toml"
    hooks = {"extended": hook, "due": hook, "expired": hook}
    config.write_text(config.read_text() + tomli_w.dumps({"hooks": hooks}))
    done = [inside("status", "--check"), inside("status", "--json"), inside("status", "--format", "nagios")]
    done += [
        inside("refresh", "--all"),
        inside("status", "--format", "openmetrics"),
        inside("history"),
        inside("history", "--json"),
    ]
    at_hostile.is_error = True
    done += [inside("status", "--check"), inside("refresh", "--all", "--json"), inside("history"), inside("doctor")]
    seen = 0
    for one in done:
        assert one.status in (0, 1, 2, 3), one.err
        for text in (one.out, one.err):
            seen += MARK in text
            assert len(text) < 200_000
            for line in text.split("\n"):
                _tame(line, kind)
    assert seen, "the hostile text was shown nowhere, so this test would prove nothing"
    services = open_services(os.environ, "command", throw_away=True)
    for event in services.vault.history.events():
        for field in (event.text, event.fbtrace_id, event.result):
            _tame(field or "", f"{kind} in the history")
    for token in services.tokens():
        _tame(repr(token).replace("\\", "/"), f"{kind} in the vault")
        for page in token.pages:
            _tame(page.name, f"{kind} as the name of a Page")
            assert len(page.name) <= 2_000
    services.vault.close()
    if report.exists():
        for line in report.read_bytes().decode().split("\0"):
            if line.startswith("IGAUTH_"):
                _tame(line, f"{kind} in a hook's environment")


DEEP = {
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"data":' * 50_000 + b"1" + b"}" * 50_000,
    "no UTF-8": b'{"id": "1", "name": "\xff\xfe\xc3\x28"}',
    "UTF-16": '{"id": "1", "name": "x"}'.encode("utf-16"),
    "a number without end": b'{"id": ' + b"9" * 100_000 + b"}",
    "NaN": b'{"id": NaN, "name": Infinity}',
    "the same key a thousand times": b"{" + b",".join(b'"name": "x"' for _ in range(1000)) + b"}",
    "nothing": b"",
    "only blanks": b" " * 100_000,
}


@pytest.mark.parametrize("kind", DEEP)
def test_an_answer_that_is_no_sane_json_ends_in_a_message(
    kind: str, at_hostile: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(handler: _Facebook) -> None:
        handler.rfile.read(int(handler.headers.get("content-length") or 0))
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(DEEP[kind])))
        handler.end_headers()
        handler.wfile.write(DEEP[kind])

    monkeypatch.setattr(_Facebook, "do_GET", answer)
    monkeypatch.setattr(_Facebook, "do_POST", answer)
    for arguments in (("status", "--check"), ("refresh", "user_due")):
        done = inside(*arguments)
        assert done.status in (1, 3), done
        assert "Traceback" not in done.err
        assert "has failed" not in done.err


def test_a_world_with_hostile_names_can_be_served_and_looked_at(tmp_path: Path, own_home: Path) -> None:
    """The notices of an unknown theme and of unknown keys are no mark-up either."""
    own_home.mkdir(mode=0o700)
    (own_home / "config.toml").write_text(
        'theme = "[/no] [red"\n"[bold red]x[/nothing]" = 1\n"\\u001b]52;c;Y2Fu\\u0007" = 2\n'
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    with PseudoTerminal([sys.executable, "-m", "tui"], env, cwd=ROOT, columns=120) as terminal:
        terminal.wait_for(lambda: "[/no] [red" in _unwrapped(terminal))
        terminal.wait_for(lambda: "[bold red]x[/nothing]" in _unwrapped(terminal))
        terminal.send("q")
        assert terminal.wait_exit() == 0
        _no_escape_of_theirs(terminal.raw)
    done = outside("status")
    for line in done.err.split("\n"):
        _tame(line, "a notice on stderr")


def _unwrapped(terminal: PseudoTerminal) -> str:
    return " ".join(" ".join(line.strip("▌ ") for line in terminal.lines).split())
