"""A home with one profile, as for the commands."""

import os

import pytest

from tests.commands.running import Person
from tui.sandbox import RunningSandbox


@pytest.fixture
def person(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A home that points at the default sandbox, with the profile `acme` and no token yet."""
    return Person(sandbox, monkeypatch)


@pytest.fixture
def environ(person: Person) -> dict[str, str]:
    """Where the person's home and sandbox are."""
    return {name: value for name, value in os.environ.items() if name.startswith("IGAUTH_")}
