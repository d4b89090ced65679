"""`igauth add` and `igauth import` offer on a terminal to fix what can be fixed; through a pipe they refuse it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.commands.running import ROOT, Person, inside
from tests.terminals.pseudo import PseudoTerminal
from tui.sandbox import RunningSandbox
from tui.services import Services, open_services
from tui.services.login_options import LoginOption
from tui.wording.flaws import FIX_QUESTION, fix_preview
from tui.wording.login_options import option_preview

ASKED = f"{FIX_QUESTION} [Y/n]"
CALLBACK = "https://matillion.example.com/oauth/callback"


@contextmanager
def _started(*arguments: str) -> Iterator[PseudoTerminal]:
    with PseudoTerminal([sys.executable, "-m", "tui", *arguments], os.environ, cwd=ROOT) as terminal:
        yield terminal


def _answer(terminal: PseudoTerminal, prompt: str, answer: str) -> None:
    """Wait for the next prompt, which the output ends with, and answer it."""
    terminal.wait_for(lambda: terminal.raw.decode().rstrip().endswith(prompt))
    terminal.send(f"{answer}\n")


def _was_said(terminal: PseudoTerminal, text: str) -> bool:
    return text in terminal.raw.decode()


def _opened(home: Path) -> Services:
    return open_services({"IGAUTH_HOME": str(home)}, "command")


def test_enter_fixes_the_secret_and_shows_only_lengths(sandbox: RunningSandbox, own_home: Path) -> None:
    world = sandbox.world
    with _started("add", "acme", "--app-id", world.app_id) as terminal:
        _answer(terminal, "(not shown):", f" {world.app_secret} ")
        _answer(terminal, f"{ASKED}:", "")
        assert terminal.wait_exit() == 0
        said = terminal.raw.decode()
    assert fix_preview("app_secret", f" {world.app_secret} ", world.app_secret) in said
    assert world.app_secret not in said
    stored = _opened(own_home).profile_store.app_secret("acme")
    assert stored is not None
    assert stored.reveal() == world.app_secret


def test_each_value_is_asked_about_and_shown_as_fixed(sandbox: RunningSandbox, own_home: Path) -> None:
    world = sandbox.world
    with _started("add", "acme", "--app-id", f"{world.app_id}\u00a0", "--callback", f"{CALLBACK} ") as terminal:
        _answer(terminal, "(not shown):", world.app_secret)
        _answer(terminal, f"{ASKED}:", "y")
        terminal.wait_for(lambda: fix_preview("callback_url", f"{CALLBACK} ", CALLBACK) in terminal.raw.decode())
        _answer(terminal, f"{ASKED}:", "")
        assert terminal.wait_exit() == 0
        assert fix_preview("app_id", "", world.app_id) in terminal.raw.decode()
    profile = _opened(own_home).settings.profile("acme")
    assert profile is not None
    assert (profile.app_id, profile.callback_url) == (world.app_id, CALLBACK)


def test_a_no_saves_nothing(sandbox: RunningSandbox, own_home: Path) -> None:
    with _started("add", "acme", "--app-id", sandbox.world.app_id) as terminal:
        _answer(terminal, "(not shown):", f"{sandbox.world.app_secret} ")
        _answer(terminal, f"{ASKED}:", "n")
        assert terminal.wait_exit() == 1
    assert not (own_home / "config.toml").exists()


def test_nothing_is_asked_where_a_flaw_cannot_be_fixed(sandbox: RunningSandbox) -> None:
    with _started("add", "acme", "--app-id", f"{sandbox.world.app_id} ", "--callback", "http://x y") as terminal:
        _answer(terminal, "(not shown):", sandbox.world.app_secret)
        assert terminal.wait_exit() == 1
        assert FIX_QUESTION not in terminal.raw.decode()


def test_the_fixed_secret_is_verified(person: Person) -> None:
    world = person.sandbox.world
    with _started("add", "second", "--app-id", world.app_id, "--verify") as terminal:
        _answer(terminal, "(not shown):", f"{world.app_secret} ")
        _answer(terminal, f"{ASKED}:", "")
        assert terminal.wait_exit() == 0
        assert world.app_name in terminal.raw.decode()


def test_an_imported_token_is_fixed_after_a_yes(person: Person, own_home: Path) -> None:
    value = person.value("user_long")
    with _started("import", "user_long", "--profile", "acme") as terminal:
        _answer(terminal, "(not shown):", f"{value} ")
        _answer(terminal, f"{ASKED}:", "")
        assert terminal.wait_exit() == 0
        assert value not in terminal.raw.decode()
    assert _opened(own_home).token_store.value("user_long").reveal() == value


def test_through_a_pipe_nothing_is_fixed(person: Person) -> None:
    done = inside("import", "user_long", "--profile", "acme", stdin=f"{person.value('user_long')} ")
    assert done.status == 1
    assert FIX_QUESTION not in done.err


def test_options_are_fixed_after_a_yes_to_each(person: Person, own_home: Path) -> None:
    flawed = ("--redirect", "http://127.0.0.1:9000/", "--api-version", "25.0", "--scope", "Pages_Show_List")
    with _started("add", "acme", *flawed) as terminal:
        _answer(terminal, "(not shown):", "")
        for option, text in (
            (LoginOption.SCOPES, "pages_show_list"),
            (LoginOption.REDIRECT_URI, "http://localhost:9000/"),
            (LoginOption.API_VERSION, "v25.0"),
        ):
            terminal.wait_for(partial(_was_said, terminal, option_preview(option, text)))
            _answer(terminal, f"{ASKED}:", "")
        assert terminal.wait_exit() == 0
    profile = _opened(own_home).settings.profile("acme")
    assert profile is not None
    assert profile.scopes == ("pages_show_list",)
    assert (profile.redirect_uri, profile.api_version) == ("http://localhost:9000/", "v25.0")


def test_a_no_to_an_option_saves_nothing(person: Person, own_home: Path) -> None:
    before = (own_home / "config.toml").read_bytes()
    with _started("add", "acme", "--api-version", "25.0") as terminal:
        _answer(terminal, "(not shown):", "")
        _answer(terminal, f"{ASKED}:", "n")
        assert terminal.wait_exit() == 1
    assert (own_home / "config.toml").read_bytes() == before
