"""`igauth secrets --change-passphrase`: the old one opens, the new one is asked for twice, and only it opens after."""

import os
import sys

import pytest

from tests.commands.running import ROOT, Person, inside
from tests.terminals import PseudoTerminal

OLD, NEW = "correct horse battery staple", "wrong donkey charger paperclip"


@pytest.fixture
def sealed(person: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A person whose secrets are sealed."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    person.take_in("user_due")
    done = inside("secrets", "--move-to", "sealed", stdin=OLD + "\n")
    assert done.status == 0, done.err
    return person


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
    answers = {"Passphrase of": OLD, "New passphrase": NEW, "The same again": NEW}
    status, text = _asked("secrets", "--change-passphrase", answers=answers)
    assert status == 0, text
    assert OLD not in text
    assert NEW not in text
    value = sealed.sandbox.world.token("user_due").value
    assert _opens(NEW, value)
    assert not _opens(OLD, value)


def test_a_wrong_old_one_or_a_slip_in_the_new_one_changes_nothing(sealed: Person) -> None:
    status, text = _asked("secrets", "--change-passphrase", answers={"Passphrase of": "guessed"})
    assert status != 0
    assert "does not open the secrets" in text
    answers = {"Passphrase of": OLD, "New passphrase": NEW, "The same again": NEW + "s"}
    status, text = _asked("secrets", "--change-passphrase", answers=answers)
    assert status == 1
    assert "The old one still opens" in text
    assert _opens(OLD, sealed.sandbox.world.token("user_due").value)


def test_where_nothing_is_sealed_there_is_no_passphrase_to_change(person: Person) -> None:
    done = inside("secrets", "--change-passphrase")
    assert done.status == 1
    assert "igauth secrets --move-to sealed" in done.err
