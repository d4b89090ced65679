"""A person at a command line, as the tests of commands have one."""

import pytest

from tests.commands.running import Person
from tui.sandbox import RunningSandbox


@pytest.fixture
def person(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A home that points at the default sandbox, with the profile `acme` and no token yet."""
    return Person(sandbox, monkeypatch)
