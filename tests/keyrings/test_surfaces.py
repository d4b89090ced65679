"""What commands, plain mode and the screen do where the keyring is locked, with its window open, or silent."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import ROOT, UNREACHABLE, outside
from tests.keyrings.buses import secret_service, session_bus
from tests.plain.speaking import Speaker
from tests.terminals import PseudoTerminal
from tui.vault.errors import SecretsProblem, StoreUndecided
from tui.wording.commands import command_text
from tui.wording.profiles import NOT_SAVED_NO_STORE
from tui.wording.vault import store_meaning, undecided_text, unlock_text, vault_error

APP_ID, SECRET = "1234567890123456", "0123456789abcdef0123456789abcdef"
ADD = ("add", "acme", "--app-id", APP_ID)
IN_DATABASE = "Secret store: database"


@pytest.fixture(params=["locked"])
def environ(request: pytest.FixtureRequest, tmp_path: Path, own_home: Path) -> Iterator[dict[str, str]]:
    """A session whose keyring is locked, with its window open, or silent."""
    with session_bus(tmp_path) as address, secret_service(address, request.param):
        yield {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
            "IGAUTH_HOME": str(own_home),
            "IGAUTH_GRAPH_URL": UNREACHABLE,
            "TERM": "xterm-256color",
        }


silent = pytest.mark.parametrize("environ", ["silent"], indirect=True)


def problem(code: SecretsProblem) -> str:
    """Return what is said of a problem."""
    return vault_error(StoreUndecided(code, "3")).what


def terminal(environ: dict[str, str], *arguments: str) -> PseudoTerminal:
    """Start igauth on a terminal."""
    return PseudoTerminal([sys.executable, "-m", "tui", *arguments], {**os.environ, **environ}, cwd=ROOT)


def test_without_a_terminal_nothing_is_saved(environ: dict[str, str], own_home: Path) -> None:
    done = outside(*ADD, stdin=SECRET.encode(), environ=environ)
    assert done.status == 1
    assert problem(SecretsProblem.KEYRING_WAITS) in done.err
    assert command_text("store", "ways") in done.err
    assert "Enter stops" not in done.err  # nobody would see it
    assert not (own_home / "config.toml").exists()
    assert not any(SECRET.encode() in file.read_bytes() for file in own_home.rglob("*") if file.is_file())


def test_a_lesser_store_is_used_where_it_is_named(environ: dict[str, str]) -> None:
    saved = outside(*ADD, "--store", "database", stdin=SECRET.encode(), environ=environ)
    assert saved.status == 0, saved.err
    assert IN_DATABASE in saved.err
    other = outside(*ADD, "--store", "keyring", stdin=SECRET.encode(), environ=environ)
    assert other.status == 64
    assert "igauth secrets --move-to keyring" in other.err


def test_a_wanted_keyring_is_not_replaced(environ: dict[str, str], own_home: Path) -> None:
    done = outside(*ADD, "--store", "keyring", stdin=SECRET.encode(), environ=environ)
    assert done.status == 1
    assert not (own_home / "config.toml").exists()


def test_secrets_can_be_sealed_with_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery staple\n")
    file.chmod(0o600)
    done = outside(*ADD, "--store", "sealed", "--passphrase-file", str(file), stdin=SECRET.encode(), environ=environ)
    assert done.status == 0, done.err
    assert outside("secrets", "--json", environ=environ).json["backend"] == "sealed"


@silent
def test_a_silent_keyring_is_an_error_and_not_the_database(environ: dict[str, str], own_home: Path) -> None:
    done = outside(*ADD, stdin=SECRET.encode(), environ=environ)
    assert done.status == 1
    assert problem(SecretsProblem.KEYRING_SILENT) in done.err
    assert not (own_home / "config.toml").exists()


def test_doctor_opens_no_window_and_names_the_lock(environ: dict[str, str]) -> None:
    findings = outside("doctor", "--json", environ=environ).json["findings"]
    (found,) = [finding for finding in findings if finding["check"] == "secrets" and finding["level"] == "warning"]
    assert found["text"] == problem(SecretsProblem.KEYRING_LOCKED)
    assert found["cure"]


def test_a_terminal_counts_down_and_asks_before_another_store(environ: dict[str, str]) -> None:
    with terminal(environ, *ADD) as person:
        person.wait_for("not shown")
        person.send(f"{SECRET}\n")
        person.wait_for(unlock_text(SecretsProblem.KEYRING_WAITS))
        person.wait_for("59 s")  # it counts
        person.send("\n")
        question = command_text("store", "question")[:40]
        person.wait_for(question)
        person.send("n\n")
        assert person.wait_exit() == 1
    with terminal(environ, *ADD) as person:
        person.wait_for("not shown")
        person.send(f"{SECRET}\n")
        person.wait_for("59 s")
        person.send("\n")
        person.wait_for(question)
        person.send("y\n")
        assert person.wait_exit() == 0
        assert IN_DATABASE in person.text


def test_ctrl_c_ends_the_wait(environ: dict[str, str]) -> None:
    with terminal(environ, *ADD) as person:
        person.wait_for("not shown")
        person.send(f"{SECRET}\n")
        person.wait_for("59 s")
        person.send("\x03")
        assert person.wait_exit() == 130


def test_plain_mode_waits_and_asks(environ: dict[str, str], own_home: Path) -> None:
    _profile_without_secret(own_home)
    with Speaker(environ, "--plain") as person:
        person.hear("(? lists choices)")
        person.say("credentials", "Credentials (?")
        person.say("2", "not shown while you type")
        said = person.say(SECRET, "Enter stops")
        assert problem(SecretsProblem.KEYRING_WAITS) in said
        said = person.say("", undecided_text("database"))
        assert problem(SecretsProblem.KEYRING_WAITS) in said
        said = person.say("2", "Credentials (?")
        assert IN_DATABASE in said
        assert person.quit() == 0


def test_the_screen_waits_with_a_dialog_and_asks(environ: dict[str, str], own_home: Path) -> None:
    _profile_without_secret(own_home)
    with terminal(environ) as person:
        person.wait_for("not checked yet")
        person.send("2")
        person.wait_for("esc leave")
        person.send(SECRET)
        person.wait_for("•" * 32)
        person.send("\x1bOS")  # f4
        person.wait_for(unlock_text(SecretsProblem.KEYRING_WAITS))
        person.wait_for(unlock_text("left_on_screen", seconds=57))  # the screen goes on meanwhile
        person.send("\x1b")
        person.wait_for(undecided_text("again"))
        person.send("\x1b")
        person.wait_for(NOT_SAVED_NO_STORE)
        person.send("\x1bOS")
        person.wait_for(unlock_text(SecretsProblem.KEYRING_WAITS))  # who saves again waits again
        person.send("\x1b")
        person.wait_for(undecided_text("again"))
        person.send("2")
        person.wait_for("Saved acme")
        person.wait_for(store_meaning_start())


@silent
def test_the_first_paint_waits_for_no_keyring(environ: dict[str, str], own_home: Path) -> None:
    _profile_without_secret(own_home)
    with terminal(environ) as person:
        person.wait_for("not checked yet")
        assert "secrets:" not in person.text
        person.send("3")
        person.wait_for("[3 Tokens]")
        person.send("q")
        assert person.wait_exit() == 0


def store_meaning_start() -> str:
    """Return the first words of what the plain database means."""
    from tui.vault.choice import BackendChoice

    return store_meaning(BackendChoice("database"))[:30]


def _profile_without_secret(home: Path) -> None:
    home.mkdir(mode=0o700)
    file = home / "config.toml"
    file.write_text(f'[profiles.acme]\napp_id = "{APP_ID}"\n')
    file.chmod(0o600)
