"""The full-screen view on a real terminal: what it paints, logs, leaves behind and says when it fails."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.commands.running import ROOT
from tests.promises.canaries import Canaries, nothing
from tests.promises.conftest import canaries_of
from tests.promises.watching import ProcessWatch
from tests.screens.driving import opened, seed
from tests.terminals import PseudoTerminal
from tui.sandbox import RunningSandbox
from tui.services import open_services
from tui.wording.copying import MASKED

IGAUTH = [sys.executable, "-m", "tui"]
TYPED = "feedc0de" * 4


@pytest.fixture
def loud_env(facebook: RunningSandbox, own_home: Path, tmp_path: Path) -> dict[str, str]:
    """A seeded home, and everything switched on that makes Textual tell what it does."""
    services = open_services(os.environ, "tui", throw_away=True)
    seed(services, facebook, ("user_long", "user_due", "user_expired"))
    services.vault.close()
    loud = {"TEXTUAL_LOG": str(tmp_path / "textual.log"), "TEXTUAL": "debug,devtools", "TEXTUAL_DEBUG": "1"}
    return {**os.environ, **loud, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


def _wait_until_asked(terminal: PseudoTerminal) -> None:
    """At the start Facebook is asked about every token; only then does r do anything."""
    terminal.wait_for(lambda: re.search(r" \d+ d ", terminal.text) and "asking Facebook" not in terminal.text)


def _all_of(terminal: PseudoTerminal, watch: ProcessWatch, folder: Path, canaries: Canaries) -> list[str]:
    found = canaries.found_in(terminal.raw, "the terminal") + canaries.found_under(folder)
    for data, what in watch.seen.items():
        found += canaries.found_in(data, what)
    return found


def test_a_session_leaks_nothing_that_was_not_asked_for(
    loud_env: dict[str, str], facebook: RunningSandbox, tmp_path: Path
) -> None:
    """Secrets are typed and pasted while masked, verified, refused; tokens inspected, extended, read with, shown."""
    pasted = f"http://localhost:8765/?code=AQcanaryCodeOfNobody0123456789&state={'ab' * 32}"
    with PseudoTerminal(IGAUTH, loud_env, columns=100, rows=40, cwd=tmp_path) as terminal:
        with ProcessWatch(terminal.process.pid) as watch:
            terminal.wait_for("user_due")
            _wait_until_asked(terminal)
            terminal.send("i")
            terminal.wait_for("characters)")
            terminal.send("\x1b")
            terminal.wait_for(lambda: "characters)" not in terminal.text)  # an r too soon would be alt+r
            terminal.send("r")
            terminal.wait_for(lambda: re.search(r"user_due .* 59d ", terminal.text))  # while it is busy, t does nothing
            terminal.wait_for(lambda: "refreshing" not in terminal.text)
            _wait_until_asked(terminal)
            terminal.send("t")
            terminal.wait_for(lambda: facebook.calls("/media"))
            terminal.send("2")
            terminal.wait_for("App Secret")
            terminal.wait_for("stored; empty keeps it" if "(stored" in terminal.text else "App Secret stored")
            terminal.paste(TYPED)
            terminal.wait_for("•" * 20)
            terminal.send("\x03")
            terminal.wait_for(MASKED)
            terminal.send("\x1b[15~")  # f5
            terminal.wait_for("secret", 20)
            terminal.send("\x1b[19~")  # f8
            terminal.wait_for("[3 Tokens]")
            terminal.send("l")
            terminal.wait_for("Paste the address")
            terminal.paste(pasted)
            terminal.send("\r")
            terminal.wait_for("Refused")
            terminal.send("\x1b")
            terminal.wait_for("Shortcut keys are")
            terminal.send("\x1b")
            terminal.wait_for("[3 Tokens]")
        terminal.send("q")
        if terminal.process.poll() is None:
            terminal.wait_for(lambda: terminal.process.poll() is not None or "Quit without" in terminal.text)
            if terminal.process.poll() is None:
                terminal.send("y")
        assert terminal.wait_exit() == 0
        assert terminal.left_on == set()
        more = {"secret typed": TYPED, "redirected address": pasted, "code": "AQcanaryCodeOfNobody0123456789"}
        canaries = canaries_of(facebook, more)
        found = _all_of(terminal, watch, tmp_path, canaries)
    print(f"{canaries.searched} bytes searched")
    nothing(found)


@pytest.mark.parametrize("where", ["handler", "worker", "render", "start"])
def test_a_crash_tells_its_report_and_no_secret(
    where: str, loud_env: dict[str, str], facebook: RunningSandbox, own_home: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.promises.crashing", where]
    with PseudoTerminal(command, loud_env, cwd=tmp_path) as terminal:
        with ProcessWatch(terminal.process.pid) as watch:
            if where != "start":
                terminal.wait_for("user_due")
                terminal.send("?")
            assert terminal.wait_exit() == 1
        assert terminal.left_on == set()
        (report,) = own_home.rglob("crash-*.txt")
        assert report.name in terminal.text.replace("\n", "")
        assert "RuntimeError" in report.read_text()
        assert "[hidden]" in report.read_text(), "the fault had no secret in its words, so this proves nothing"
        assert report.stat().st_mode & 0o777 == 0o600
        nothing(_all_of(terminal, watch, tmp_path, canaries_of(facebook)))


def test_switches_of_textual_are_removed_before_it_reads_them(loud_env: dict[str, str], tmp_path: Path) -> None:
    """A log holds each key and paste, a screenshot by timer what is revealed just then."""
    shots = {"TEXTUAL_SCREENSHOT": "0", "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path)}  # Textual would end after it
    with PseudoTerminal(IGAUTH, loud_env | shots, cwd=tmp_path) as terminal:
        terminal.wait_for("user_due")
        _wait_until_asked(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert not list(tmp_path.rglob("*.svg"))
    assert not (tmp_path / "textual.log").exists()


async def test_an_export_masks_what_is_revealed(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="credentials", tokens=()) as person:
        await person.wait_for("App Secret stored")
        await person.wait_for(lambda: person.app.focused is not None)
        await person.paste(TYPED)
        await person.press("ctrl+t")
        await person.wait_for(TYPED)
        exported = person.app.export_screenshot(simplify=True)
        assert "<svg" in exported
        assert TYPED[:8] not in exported.replace("&#160;", "")
