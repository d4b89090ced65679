"""`igauth history --verify`: a line that was changed or deleted is reported."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.running import Person, inside


def _tamper(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "igauth.db")) as database:
        assert database.execute(statement).rowcount == 1
        database.commit()


def test_an_untouched_history_is_whole_also_after_a_rename(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    inside("refresh", "user_due")
    assert inside("history", "--verify").status == 0
    from tui.services import open_services

    services = open_services({"IGAUTH_HOME": str(own_home)}, "command")
    services.vault.tokens.rename("user_long", "renamed")
    assert services.vault.history.first_altered() is None
    services.vault.rename_profile("acme", "other")
    services.vault.close()
    assert inside("history", "--verify").status == 0


def test_deletions_backups_and_moves_are_in_the_history(person: Person, tmp_path: Path) -> None:
    person.import_tokens("user_due")
    assert inside("secrets", "--move-to", "sealed", stdin="several plain words").status == 0
    assert inside("secrets", "--move-to", "database", stdin="several plain words").status == 0
    assert inside("backup", str(tmp_path / "saved"), stdin="several plain words").status == 0
    assert inside("forget", "user_due", "--yes").status == 0
    events = inside("history", "--json").json["events"]
    assert [(event["action"], event["result"], event["token"]) for event in events] == [
        ("forget", "wiped", "user_due"),
        ("backup", "written", None),
        ("secrets", "moved", None),
        ("secrets", "moved", None),
        ("import", "valid", "user_due"),
    ]
    assert {event["actor"] for event in events} == {"command"}
    assert events[0]["profile"] == "acme"
    assert events[0]["old_fingerprint"] == events[-1]["new_fingerprint"]
    assert inside("history", "--verify").status == 0


def test_a_restored_home_tells_its_own_history_and_the_restore(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.import_tokens("user_due")
    assert inside("backup", str(tmp_path / "saved"), stdin="several plain words").status == 0
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "other"))
    assert inside("restore", str(tmp_path / "saved"), stdin="several plain words").status == 0
    events = inside("history", "--json").json["events"]
    assert [event["action"] for event in events] == ["restore", "import"]
    assert inside("history", "--verify").status == 0


def test_a_repeated_need_for_a_login_is_recorded_once(person: Person) -> None:
    person.import_tokens("user_expired")
    for _ in range(3):
        assert inside("refresh", "user_expired").status == 1
    events = inside("history", "--json").json["events"]
    assert [(event["action"], event["result"]) for event in events] == [
        ("refresh", "login_needed"),
        ("import", "expired"),
    ]
    assert "igauth_refresh_total" not in inside("status", "--format", "openmetrics").out, "no exchange was asked for"


def test_a_line_of_the_history_says_each_thing_once(person: Person) -> None:
    person.import_tokens("user_due")
    assert inside("refresh", "user_due").status == 0
    extended, imported = inside("history").out.splitlines()
    assert imported.endswith("import  user_due  valid")
    assert extended.count("extended") == 1
    assert extended.count("user_due") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET result = 'altered' WHERE id = (SELECT min(id) + 1 FROM history)",
        "UPDATE history SET at = at - 5 WHERE id = (SELECT min(id) FROM history)",
        "DELETE FROM history WHERE id = (SELECT min(id) FROM history)",
        "DELETE FROM history WHERE id = (SELECT min(id) + 1 FROM history)",
    ],
)
def test_a_line_that_was_altered_or_taken_away_is_named(person: Person, own_home: Path, statement: str) -> None:
    person.import_tokens("user_due", "user_long", "user_expired")
    _tamper(own_home, statement)
    done = inside("history", "--verify")
    assert done.status == 1
    assert "import" in done.out


@pytest.mark.parametrize("count", [1, 2, 3])
def test_newest_lines_that_were_taken_away_are_missed(person: Person, own_home: Path, count: int) -> None:
    person.import_tokens("user_due", "user_long", "user_expired")
    for _ in range(count):
        _tamper(own_home, "DELETE FROM history WHERE id = (SELECT max(id) FROM history)")
    done = inside("history", "--verify")
    assert done.status == 1
    assert "newest lines were deleted" in done.err


def test_a_saved_link_reveals_a_replaced_history(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    kept = inside("history", "--verify")
    assert kept.status == 0
    link = kept.out.strip()
    assert len(link) == 64
    person.import_tokens("user_expired")
    assert inside("history", "--verify", "--link", link).status == 0
    _bind_without_the_first(own_home)
    assert inside("history", "--verify").status == 0, "nothing inside the home can show this"
    done = inside("history", "--verify", "--link", link)
    assert done.status == 1
    assert "No line of this history has that link" in done.err


def _bind_without_the_first(home: Path) -> None:
    """What somebody can do who may write the file and knows how the lines are bound."""
    from tui.services import open_services
    from tui.vault.history_table import link_again

    _tamper(home, "DELETE FROM history WHERE id = (SELECT min(id) FROM history)")
    services = open_services({"IGAUTH_HOME": str(home)}, "command")
    with closing(services.vault) as vault, vault.database.transaction():
        link_again(vault.database)


def test_a_link_without_verify_is_a_usage_error(person: Person) -> None:
    done = inside("history", "--link", "0" * 64)
    assert (done.status, done.out) == (64, "")
