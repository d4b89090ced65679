"""A person at a command line, and what tests of commands share."""

import pytest

from tests.commands.running import PASSPHRASE, Person, inside
from tui.sandbox import RunningSandbox


@pytest.fixture
def person(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A home that points at the default sandbox, with the profile `acme` and no token yet."""
    return Person(sandbox, monkeypatch)


@pytest.fixture
def sealed(person: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A person whose secrets are sealed, with one token."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    person.import_tokens("user_due")
    done = inside("secrets", "--move-to", "sealed", stdin=PASSPHRASE + "\n")
    assert done.status == 0, done.err
    return person
