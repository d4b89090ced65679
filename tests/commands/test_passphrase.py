"""`igauth secrets --change-passphrase`: the old one opens, the new one is asked for twice, and only it opens after."""

import os
import sys

import pytest

from tests.commands.running import PASSPHRASE, ROOT, Person, inside, without_terminal
from tests.terminals import PseudoTerminal
from tui.vault.errors import WrongPassphrase
from tui.wording.vault import vault_error

OLD, NEW = PASSPHRASE, "wrong donkey charger paperclip"


def _asked(*arguments: str, answers: dict[str, str]) -> tuple[int, str]:
    """Run igauth on a terminal and answer what it asks; return exit status and screen."""
    with PseudoTerminal([sys.executable, "-m", "tui", *arguments], os.environ, cwd=ROOT) as terminal:
        for question, answer in answers.items():
            terminal.wait_for(question)
            terminal.send(answer + "\r")
        return terminal.wait_exit(), terminal.text


def _opens(passphrase: str, value: str) -> bool:
    status, text = _asked("token", "user_due", "--show", answers={"Passphrase of": passphrase})
    return status == 0 and value in "".join(text.split())


def test_only_the_new_passphrase_opens_the_secrets_afterwards(sealed: Person) -> None:
    answers = {"Passphrase of": OLD, "New passphrase": NEW, "Repeat the passphrase": NEW}
    status, text = _asked("secrets", "--change-passphrase", answers=answers)
    assert status == 0, text
    assert OLD not in text
    assert NEW not in text
    value = sealed.sandbox.world.token("user_due").value
    assert _opens(NEW, value)
    assert not _opens(OLD, value)


def test_a_wrong_or_mistyped_passphrase_changes_nothing(sealed: Person) -> None:
    status, text = _asked("secrets", "--change-passphrase", answers={"Passphrase of": "guessed"})
    assert status != 0
    assert vault_error(WrongPassphrase()).what in text
    answers = {"Passphrase of": OLD, "New passphrase": NEW, "Repeat the passphrase": NEW + "s"}
    status, text = _asked("secrets", "--change-passphrase", answers=answers)
    assert status == 1
    assert "The old passphrase is still valid" in text
    assert _opens(OLD, sealed.sandbox.world.token("user_due").value)


def test_without_encryption_there_is_no_passphrase_to_change(person: Person) -> None:
    done = inside("secrets", "--change-passphrase")
    assert done.status == 1
    assert "igauth secrets --move-to sealed" in done.err


def test_a_piped_passphrase_opens_what_is_to_be_moved(sealed: Person) -> None:
    done = without_terminal("secrets", "--move-to", "database", stdin=OLD + "\n")
    assert done.returncode == 0, done.stderr
    assert "Moved 2 secrets to the database." in done.stderr
    assert inside("token", "user_due").out.strip() == sealed.sandbox.world.token("user_due").value
    again = without_terminal("secrets", "--move-to", "sealed", stdin=OLD)
    assert "Moved 2 secrets to the encrypted database." in again.stderr


def test_two_piped_lines_change_the_passphrase(sealed: Person) -> None:
    done = without_terminal("secrets", "--change-passphrase", stdin=f"{OLD}\n{NEW}\n")
    assert done.returncode == 0, done.stderr
    assert without_terminal("secrets", "--move-to", "database", stdin=OLD).returncode == 1
    assert without_terminal("secrets", "--move-to", "database", stdin=NEW).returncode == 0


@pytest.mark.parametrize("stdin", ["", NEW, f"{OLD}\n{NEW}\n{NEW}\n", f"{OLD}\n\n"])
def test_fewer_or_more_than_two_lines_change_no_passphrase(sealed: Person, stdin: str) -> None:
    done = without_terminal("secrets", "--change-passphrase", stdin=stdin)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the new one" in done.stderr
    assert "--move-to" not in done.stderr
    assert without_terminal("secrets", "--move-to", "database", stdin=OLD).returncode == 0


def test_the_advice_is_never_the_command_that_is_running(sealed: Person) -> None:
    done = without_terminal("secrets", "--move-to", "database", stdin="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "on stdin" in done.stderr
    assert "igauth secrets" not in done.stderr


def test_no_other_command_takes_stdin_for_the_passphrase(sealed: Person) -> None:
    done = without_terminal("token", "user_due", stdin=OLD)
    assert (done.returncode, done.stdout) == (1, "")
