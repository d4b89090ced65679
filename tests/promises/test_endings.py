"""Each way to end igauth at each moment of an extension, on a real terminal and over ssh to loopback.

Every test prints how many endings it tried; together they are `ENDINGS` where tests are thorough, else each way and
each moment in about half of the pairs.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.commands.running import ROOT
from tests.promises.holding import APP_ID, MOMENTS, HoldingFacebook, holding_facebook
from tests.promises.watching import descendants
from tests.terminals import LoopbackSshd, PseudoTerminal, wait_until
from tests.thoroughness import pairs
from tui.redact import Secret
from tui.services import open_services
from tui.settings import Profile
from tui.tokens.errors import NoValue
from tui.tokens.token import Token

IGAUTH = [sys.executable, "-m", "tui"]
NAME = "main"
OLD = "EAAolder" + "y7" * 40
SECRET = "0123456789abcdef0123456789abcdef"

Ending = Callable[[PseudoTerminal], None]
Way = tuple[Ending, int]
"""What is done, and the exit status it leads to (negative: killed by that signal)."""


def _sends(number: int) -> Ending:
    return lambda terminal: terminal.signal(number)


def _types(keys: str) -> Ending:
    return lambda terminal: terminal.send(keys)


def _ctrl_c_then_q(terminal: PseudoTerminal) -> None:
    """In the full screen ctrl+c is no way out; it says so, and q is."""
    terminal.send("\x03")
    terminal.wait_for("q quits")
    terminal.send("q")


FULL_SCREEN: dict[str, Way] = {
    "SIGTERM": (_sends(signal.SIGTERM), 143),
    "SIGHUP": (_sends(signal.SIGHUP), 129),
    "SIGINT": (_sends(signal.SIGINT), 130),
    "SIGKILL": (_sends(signal.SIGKILL), -9),
    "terminal closed": (PseudoTerminal.hang_up, 129),
    "ctrl+c, then q": (_ctrl_c_then_q, 0),
    "q": (_types("q"), 0),
}
COMMAND: dict[str, Way] = {
    "SIGTERM": (_sends(signal.SIGTERM), 143),
    "SIGHUP": (_sends(signal.SIGHUP), 129),
    "SIGKILL": (_sends(signal.SIGKILL), -9),
    "terminal closed": (PseudoTerminal.hang_up, 129),
    "ctrl+c": (_types("\x03"), 130),
}
OVER_SSH = ("client killed", "server killed", "SIGTERM there", "SIGKILL there", "quit")
UNDER_WAY = MOMENTS[:-1]
"""A command is over once it is idle."""
UNSTORABLE = ("exchanging", "answering")
"""Killed before the answer has come in: no program could have stored it. The old token is there and lives."""
ENDINGS = len(FULL_SCREEN) * len(MOMENTS) + len(COMMAND) * len(UNDER_WAY) + 2 * len(OVER_SSH) * len(UNDER_WAY)


@pytest.fixture
def facebook() -> Iterator[HoldingFacebook]:
    """A Graph API that holds answers back."""
    with holding_facebook(OLD) as server:
        yield server


@pytest.fixture
def env(facebook: HoldingFacebook, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A home with one token that was asked about, so that the start asks nothing."""
    monkeypatch.setenv("IGAUTH_GRAPH_URL", facebook.url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", facebook.url)

    async def ask() -> None:
        services = open_services(os.environ, "tui", throw_away=True)
        services.profile_store.save(Profile("acme", APP_ID, ""), Secret(SECRET), verified=True)
        now = int(services.clock.now())
        version = services.vault.tokens.add_issued(NAME, "acme", Secret(OLD), at=now, origin="import")
        fingerprint = Secret(OLD).fingerprint()
        services.vault.tokens.add_token(
            Token(NAME, "acme", APP_ID, obtained_at=now, origin="import", fingerprint=fingerprint), version
        )
        await services.keeper.inspect(NAME)
        await services.close()

    asyncio.run(ask())
    return {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


def _begin(terminal: PseudoTerminal, facebook: HoldingFacebook, moment: str, is_full_screen: bool) -> None:
    """Have the token refreshed, and return when that moment is reached and held."""
    facebook.hold_at(moment)
    if is_full_screen:
        terminal.wait_for(lambda: NAME in terminal.text and "next expiry" in terminal.text)
        terminal.send("r")
    if moment == "idle":
        terminal.wait_for("Extended by")
        return
    wait_until(facebook.is_held.is_set, lambda: f"the moment {moment} on\n{terminal.text}")


def _look(facebook: HoldingFacebook, *, may_be_lost: bool) -> None:
    """The vault is whole, the old token is there, and so is each that was issued, the best one current."""
    services = open_services(os.environ, "tui", throw_away=True)
    vault = services.vault
    try:
        assert vault.database.is_whole()
        assert vault.notices == []
        kept = set()
        for version in vault.tokens.versions(NAME):
            try:
                kept.add(vault.tokens.value_of(version.id))
            except NoValue:
                assert version.status == "candidate"
        assert vault.tokens.value(NAME) in kept
        assert Secret(OLD) in kept, "the old token is gone"
        lost = [value for value in facebook.issued if Secret(value) not in kept]
        story = [(event.action, event.result, event.text) for event in vault.history.events()]
        assert not lost or may_be_lost, f"{len(lost)} of {len(facebook.issued)} issued tokens are lost: {story}"
    finally:
        vault.close()


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _all_end(family: Sequence[int]) -> None:
    wait_until(lambda: not any(map(_is_alive, family)), "every process of it to end")


def _end_on_a_terminal(way: Way, moment: str, facebook: HoldingFacebook, env: dict[str, str], *arguments: str) -> None:
    end, code = way
    is_killed = code == -signal.SIGKILL
    with PseudoTerminal([*IGAUTH, *arguments], env, cwd=ROOT) as terminal:
        _begin(terminal, facebook, moment, not arguments)
        family = descendants(terminal.process.pid)
        end(terminal)
        if is_killed:
            terminal.process.wait()
        facebook.let_go()
        if end is PseudoTerminal.hang_up:
            assert terminal.process.wait(20) == code
        else:
            assert terminal.wait_exit() == code
            assert "Traceback" not in terminal.text
        if end is not PseudoTerminal.hang_up and not is_killed:
            assert terminal.left_on == set()
            assert terminal.modes_now == terminal.modes_before
        _all_end(family)
    _look(facebook, may_be_lost=is_killed and moment in UNSTORABLE)


@pytest.mark.parametrize(("way", "moment"), pairs(tuple(FULL_SCREEN), MOMENTS))
def test_every_end_of_the_full_screen_loses_nothing(
    way: str, moment: str, env: dict[str, str], facebook: HoldingFacebook
) -> None:
    _end_on_a_terminal(FULL_SCREEN[way], moment, facebook, env)
    print(f"endings tried 1 of {ENDINGS}, tokens lost 0, processes left 0")


@pytest.mark.parametrize(("way", "moment"), pairs(tuple(COMMAND), UNDER_WAY))
def test_however_a_refresh_command_is_ended_nothing_is_lost(
    way: str, moment: str, env: dict[str, str], facebook: HoldingFacebook
) -> None:
    _end_on_a_terminal(COMMAND[way], moment, facebook, env, "refresh", NAME)
    print(f"endings tried 1 of {ENDINGS}, tokens lost 0, processes left 0")


def _remote(env: dict[str, str], *arguments: str) -> list[str]:
    named = [f"{name}={value}" for name, value in env.items() if name.startswith("IGAUTH_") or name == "PYTHONPATH"]
    return ["env", *named, "LANG=C.UTF-8", *IGAUTH, *arguments]


@pytest.mark.parametrize(("way", "moment"), pairs(OVER_SSH, UNDER_WAY, 3))
@pytest.mark.parametrize("arguments", [(), ("refresh", NAME)], ids=["full screen", "command"])
def test_a_line_that_ends_over_ssh_loses_nothing(
    arguments: tuple[str, ...], way: str, moment: str, env: dict[str, str], facebook: HoldingFacebook, tmp_path: Path
) -> None:
    with (
        LoopbackSshd(tmp_path / "sshd") as server,
        PseudoTerminal(server.client(_remote(env, *arguments)), env, cwd=tmp_path) as terminal,
    ):
        _begin(terminal, facebook, moment, not arguments)
        family = [pid for pid in descendants(server.pid) if b"\0-m\0tui\0" in _command_of(pid)]
        assert family
        if way == "client killed":
            terminal.process.kill()
        elif way == "server killed":
            for pid in server.server_processes():
                os.kill(pid, signal.SIGKILL)
        elif way == "quit":
            terminal.send("\x03" if arguments else "q")
        else:
            os.kill(family[-1], signal.SIGTERM if way == "SIGTERM there" else signal.SIGKILL)
        if way == "SIGKILL there":
            _all_end(family)
        facebook.let_go()
        _all_end(family)
        if way in ("SIGTERM there", "quit"):
            assert terminal.wait_exit() == (143 if way == "SIGTERM there" else 130 if arguments else 0)
            assert terminal.left_on == set()
            assert terminal.modes_now == terminal.modes_before
    _look(facebook, may_be_lost=way == "SIGKILL there" and moment in UNSTORABLE)
    print(f"endings tried 1 of {ENDINGS}, tokens lost 0, processes left 0")


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("command", [(), ("demo",)])
@pytest.mark.parametrize("missing", ["all", "stdin", "stderr"])
def test_without_a_terminal_it_says_so_and_ends_at_once(
    command: tuple[str, ...], missing: str, env: dict[str, str], tmp_path: Path
) -> None:
    """Textual alone would spin at full load on a stdin at its end."""
    stderr = tmp_path / "stderr.txt"
    if missing == "all":
        done = subprocess.run([*IGAUTH, *command], stdin=subprocess.DEVNULL, capture_output=True, env=env, timeout=20)
        status, said = done.returncode, done.stderr.decode()
        assert done.stdout == b""
    else:
        redirection = "</dev/null" if missing == "stdin" else f"2>{stderr}"
        line = f'exec "$0" "$@" {redirection}'
        with PseudoTerminal(["sh", "-c", line, *IGAUTH, *command], env, cwd=ROOT) as terminal:
            status = terminal.wait_exit(20)
            said = terminal.text if missing == "stdin" else stderr.read_text()
            assert 1049 not in terminal.left_on
    assert status == 64
    assert "terminal" in said
    assert "status" in said
