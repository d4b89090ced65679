"""`igauth import` and `igauth token`."""

import time
from pathlib import Path

import pytest

from tests.commands.running import UNREACHABLE, Person, inside, on_terminal, outside
from tui.clock import Clock
from tui.wording.commands import command_text


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("user_long", "valid"),
        ("user_due", "due"),
        ("user_expired", "expired"),
        ("user_password_changed", "invalid"),
        ("user_never", "valid"),
        ("page_never", "valid"),
    ],
)
def test_a_token_is_stored_in_whatever_state_facebook_reports(person: Person, name: str, state: str) -> None:
    done = inside("import", name, "--profile", "acme", stdin=person.value(name) + "\n")
    assert (done.status, done.out) == (0, "")
    assert state in done.err
    (row,) = inside("status", "--json").json["tokens"]
    assert (row["name"], row["state"]) == (name, state)


def test_an_imported_token_is_never_exchanged(person: Person) -> None:
    person.import_tokens("user_due", "user_short")
    assert person.sandbox.exchanges("user_due") == person.sandbox.exchanges("user_short") == 0


def test_offline_it_is_stored_as_unknown_and_said(person: Person) -> None:
    person.point_at(UNREACHABLE)
    done = inside("import", "user_long", "--profile", "acme", stdin=person.value("user_long"))
    assert done.status == 0
    assert "could not be asked" in done.err
    (row,) = inside("status", "--json").json["tokens"]
    assert row["state"] == "unknown"


def test_a_flawed_text_is_refused_with_every_flaw(person: Person) -> None:
    done = inside("import", "user_long", "--profile", "acme", stdin=f"\u200b{person.value('user_long')} ")
    assert (done.status, done.out) == (1, "")
    assert "ZERO WIDTH SPACE U+200B" in done.err
    assert "trailing space, SPACE U+0020" in done.err
    assert inside("status", "--json").json["tokens"] == []


@pytest.mark.parametrize("text", ["xx", "hello-world", "EAAB" + "0" * 180])
def test_what_facebook_cannot_read_as_a_token_is_refused(person: Person, text: str) -> None:
    done = inside("import", "zz", "--profile", "acme", stdin=text)
    assert (done.status, done.out) == (1, "")
    assert "cannot read this as an access token" in done.err
    assert "Nothing was saved" in done.err
    assert inside("status", "--json").json["tokens"] == []


def test_a_token_of_another_app_is_refused(person: Person) -> None:
    stranger = next(token for token in person.sandbox.state.tokens.values() if token.app.id != _app_id(person))
    done = inside("import", "stranger", "--profile", "acme", stdin=stranger.value)
    assert done.status == 1
    assert "another app" in done.err
    assert inside("status", "--json").json["tokens"] == []


def _app_id(person: Person) -> str:
    return person.sandbox.world.app_id


def test_a_taken_name_is_refused_and_the_token_there_stays(person: Person) -> None:
    person.import_tokens("user_long")
    done = inside("import", "user_long", "--profile", "acme", stdin=person.value("user_due"))
    assert done.status == 1
    assert "user_long already" in done.err
    assert inside("token", "user_long").out == person.value("user_long") + "\n"


def test_a_printed_token_is_one_line_and_in_the_history(person: Person) -> None:
    person.import_tokens("user_long")
    done = outside("token", "user_long")
    assert (done.status, done.out, done.err) == (0, person.value("user_long") + "\n", "")
    (event,) = inside("history", "--limit", "1", "--json").json["events"]
    assert (event["action"], event["token"], event["actor"]) == ("export", "user_long", "command")


def test_no_such_token_exits_1_with_nothing_on_stdout(person: Person) -> None:
    done = inside("token", "nobody")
    assert (done.status, done.out) == (1, "")


@pytest.mark.parametrize("name", ["user_expired", "user_password_changed"])
def test_an_unusable_token_is_printed_with_any_only(person: Person, name: str) -> None:
    person.import_tokens(name)
    done = inside("token", name)
    assert (done.status, done.out) == (1, "")
    assert f"igauth login --profile acme --name {name}" in done.err
    assert inside("token", name, "--any").out == person.value(name) + "\n"
    newest = inside("history", "--limit", "1", "--json").json["events"][0]
    assert (newest["action"], newest["token"]) == ("export", name)


def test_a_token_is_not_held_back_by_the_clock_alone(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.import_tokens("user_due")
    assert inside("token", "user_due").status == 0
    (row,) = inside("status", "--json").json["tokens"]
    ended = time.time() + row["seconds_left"] + 1
    monkeypatch.setattr(Clock, "now", lambda _clock: ended)
    assert inside("status", "--json").json["tokens"][0]["state"] == "unknown", "only Facebook calls it expired"
    done = inside("token", "user_due")
    assert (done.status, done.out) == (0, person.value("user_due") + "\n")
    assert command_text("token", "past_its_end", name="user_due") in done.err


def test_a_token_of_unknown_state_is_printed(person: Person) -> None:
    person.point_at(UNREACHABLE)
    person.import_tokens("user_long")
    assert inside("status", "--json").json["tokens"][0]["state"] == "unknown"
    assert inside("token", "user_long").out == person.value("user_long") + "\n"


def test_on_a_terminal_it_is_shown_only_with_show(person: Person) -> None:
    person.import_tokens("user_long")
    value = person.value("user_long")
    status, seen = on_terminal("token", "user_long")
    assert status == 64
    assert value not in seen
    status, seen = on_terminal("token", "user_long", "--show")
    assert status == 0
    assert value in seen.replace("\r\n", "")


def test_a_home_that_cannot_be_written_still_gives_its_token(person: Person, own_home: Path) -> None:
    person.import_tokens("user_long")
    before = {path.name for path in own_home.iterdir()}
    assert inside("token", "user_long").status == 0
    assert {path.name for path in own_home.iterdir()} - before <= {"igauth.db-wal", "igauth.db-shm"}


def test_forget_needs_a_confirmation_and_frees_the_name(person: Person, own_home: Path) -> None:
    person.import_tokens("user_long")
    value = person.value("user_long")
    asked = inside("forget", "user_long")
    assert (asked.status, asked.out) == (64, "")
    assert "--yes" in asked.err
    assert inside("token", "user_long").out.strip() == value
    assert inside("forget", "user_long", "--yes").status == 0
    assert inside("token", "user_long").status == 1
    assert inside("forget", "user_long", "--yes").status == 64
    assert value not in "".join(path.read_bytes().decode("latin-1") for path in own_home.glob("igauth.db*"))
    person.import_tokens("user_long")


def test_a_value_imported_twice_names_the_first_token(person: Person) -> None:
    person.import_tokens("user_long")
    done = inside("import", "again", "--profile", "acme", stdin=person.value("user_long"))
    assert done.status == 0
    assert "same value as user_long" in done.err
    assert "same value" not in inside("import", "other", "--profile", "acme", stdin=person.value("user_due")).err
