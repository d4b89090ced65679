"""What is not needed is not imported: each start in a process of its own, and what `sys.modules` then holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.redact import Secret
from tui.services import open_services
from tui.tokens.automation import Run, RunFailure, RunProblem, TimerKind
from tui.tokens.token import Token

ROOT = Path(__file__).parents[1]
NETWORK = {"httpx", "keyring", "starlette", "uvicorn", "segno"}
SLOW = {"asyncio", "_hashlib", "shutil", "tempfile", "ssl", "email", "http", "logging", "subprocess"}
"""Of the standard library: a look at the state does without each."""
LATER = {
    "tui.sandbox", "tui.screens.guide", "tui.screens.credentials", "tui.screens.login", "tui.screens.help",
    "tui.screens.palette", "tui.facebook.client", "tui.facebook.transport", "tui.services.keeper",
    "tui.vault.keyring_secrets", "tui.vault.backup", "tui.terminal.app_clipboard", "cryptography",
}  # fmt: skip
"""What the first screen does not show."""

_COMMAND = """
import json, sys
sys.argv = ["igauth", *sys.argv[1:]]
from tui.cli import run
try:
    run(sys.argv[1:])
except SystemExit:
    pass
print("MODULES " + json.dumps(sorted(sys.modules)))
"""

_FIRST_PAINT = """
import asyncio, json, os, sys
import tui.__main__, tui.commands.screen
from tui.services import open_services
services = open_services(os.environ, "tui")
from tui.app import IgauthApp
app = IgauthApp(services, start="tokens")
app._after_first_paint = lambda: None

async def open_it():
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.query("#tokens")

asyncio.run(open_it())
print("MODULES " + json.dumps(sorted(sys.modules)))
"""


def modules(program: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ,
        timeout=60,
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("MODULES ")), None)
    assert line is not None, done.stderr
    names = json.loads(line.removeprefix("MODULES "))
    return {*names, *(name.partition(".")[0] for name in names)}


@pytest.mark.parametrize("arguments", [("status",), ("status", "--json"), ("--version",), ("--help",)], ids=" ".join)
def test_looking_imports_neither_screen_nor_network(arguments: tuple[str, ...]) -> None:
    slow = SLOW if arguments[0] == "status" else SLOW - {"shutil"}  # click asks it for the terminal's width
    texts = {"tui.wording.texts", "tui.wording.text"}  # read where something is wrong
    rules = {"tui.credentials.flaws"}  # for what is typed or piped
    assert not modules(_COMMAND, *arguments) & (NETWORK | LATER | slow | texts | rules | {"textual", "rich"})


def test_a_working_timer_is_reported_without_reading_texts() -> None:
    services = open_services(os.environ, "command")
    token = Token("prod", "acme", "1", obtained_at=1, inspected_at=1, verdict="valid", expires_at=4_000_000_000)
    store = services.token_store
    store.add_token(token, store.add_issued("prod", "acme", Secret("x" * 40), at=1, origin="import"))
    services.timer.note_installed(TimerKind.CRON)
    now = int(services.clock.now())
    services.timer.note_run(Run(now, now, 1, (RunFailure(RunProblem.LOGIN_NEEDED, ("other",), "190/463"),)))
    services.vault.close()
    assert not modules(_COMMAND, "status") & (NETWORK | LATER | SLOW | {"tui.wording.texts", "tui.wording.text"})


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_load_no_command_and_no_store(option: str) -> None:
    found = modules(_COMMAND, option)
    assert {name for name in found if name.startswith("tui")} == {"tui", "tui.cli", "tui.process"}
    assert not found & {"sqlite3", "tomllib", "pathlib"}


@pytest.mark.parametrize(("option", "shown"), [("--version", "igauth 0."), ("--help", "Exit status 64")])
def test_the_short_way_out_prints_all_and_ends_with_0(option: str, shown: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", option], capture_output=True, text=True, cwd=ROOT, env=os.environ, timeout=60
    )
    assert done.returncode == 0
    assert shown in done.stdout
    assert done.stderr == ""


def test_the_first_paint_needs_no_network_and_no_keyring() -> None:
    found = modules(_FIRST_PAINT)
    assert "textual" in found
    assert not found & (NETWORK | LATER | {"click", "_hashlib"})  # no command line is read where there is none
