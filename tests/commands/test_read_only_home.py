"""A home that can be read and not written: looks show the last known state, and say that nothing can be stored."""

import gc
import os
from pathlib import Path

import pytest

from tests.commands.running import Person, inside

LOOKS = [
    ("status",),
    ("status", "--json"),
    ("history",),
    ("guide", "--brief"),
    ("secrets",),
    ("token", "user_due"),
    ("schedule", "show", "--with", "cron"),
]


@pytest.fixture
def read_only(person: Person, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A person with a token whose home takes no writing any more; root may do everything, so `access` reports it."""
    person.import_tokens("user_due")
    gc.collect()  # closes what earlier commands of this process left open, as their end would have
    real = os.access

    def access(path: object, mode: int) -> bool:
        return real(str(path), mode) and not (str(path) == str(own_home) and mode & os.W_OK)

    monkeypatch.setattr(os, "access", access)
    return person


@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_a_read_only_home_shows_the_last_known_state(
    read_only: Person, own_home: Path, command: tuple[str, ...]
) -> None:
    before = _files(own_home)
    done = inside(*command)
    assert done.status == (1 if command[0] == "status" else 0), done.err
    assert done.out
    assert f"{own_home / 'igauth.db'} cannot be written" in done.err
    assert _files(own_home) == before


def _files(home: Path) -> dict[str, bytes]:
    """Every file and what is in it, but for the memory that connections of this process share."""
    return {path.name: path.read_bytes() for path in home.iterdir() if path.is_file() and path.suffix != ".db-shm"}


def test_what_would_store_is_refused_before_facebook_is_asked(read_only: Person) -> None:
    asked = read_only.sandbox.exchanges("user_due")
    for command in (("refresh", "user_due"), ("status", "--check"), ("keep",), ("forget", "user_due", "--yes")):
        done = inside(*command)
        assert done.status == (1 if command[0] == "forget" else 3)
        assert ("user_due" in done.out) == (command[0] != "forget"), "the last known state"
        assert "cannot be written" in done.err
    assert read_only.sandbox.exchanges("user_due") == asked


async def test_a_login_is_not_begun_where_it_cannot_be_stored(read_only: Person, own_home: Path) -> None:
    from tui.services import open_services
    from tui.vault.errors import ReadOnly
    from tui.vault.notices import NoticeCode
    from tui.wording.login import page_words

    services = open_services(os.environ, "tui")
    services.looks_only = True
    with pytest.raises(ReadOnly):
        await services.logins.open("acme", "another", lambda _event: None, page_words)
    assert [notice.code for notice in services.notices] == [NoticeCode.ONLY_READABLE]
    await services.close()


def test_the_database_refuses_a_write_in_a_read_only_home(read_only: Person, own_home: Path) -> None:
    from tui.services import open_services
    from tui.vault.errors import ReadOnly

    services = open_services({"IGAUTH_HOME": str(own_home)}, "command")
    services.looks_only = True
    with pytest.raises(ReadOnly):
        services.vault.tokens.delete("user_due")
    services.vault.close()
    assert inside("status", "--json").json["tokens"][0]["name"] == "user_due"
