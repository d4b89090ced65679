"""Names that do not exist: a usage error, with what was probably meant."""

import os
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.likely import closest

UNKNOWN = [
    (("refresh", "user_lnog"), "There is no token named user_lnog. Did you mean user_long? `igauth status` lists"),
    (("forget", "user_lnog", "--yes"), "There is no token named user_lnog. Did you mean user_long?"),
    (("history", "--token", "user_lnog"), "There is no token named user_lnog. Did you mean user_long?"),
    (("history", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("status", "--profile", "acne"), "There is no profile named acne. Did you mean acme? There are: acme."),
    (("guide", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("login", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("matillion", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("import", "new", "--profile", "Acme"), "There is no profile named Acme. Did you mean acme?"),
    (("add", "acne"), "There is no profile named acne yet, and a new one needs --app-id. Did you mean acme?"),
    (("statsu",), "No such command 'statsu'. Did you mean status?"),
    (("schedule", "instal"), "No such command 'instal'. Did you mean install?"),
    (("status", "--chekc"), "--check"),
    (("sandbox", "--world", "defualt"), "no world named 'defualt' (did you mean 'default'?); available: default"),
]


@pytest.mark.parametrize(
    ("command", "told"), UNKNOWN, ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_a_mistyped_name_is_a_usage_error_that_names_the_nearest(
    person: Person, command: tuple[str, ...], told: str
) -> None:
    person.take_in("user_long")
    done = inside(*command)
    assert (done.status, done.out) == (64, "")
    assert told in done.err


def test_a_bare_token_that_does_not_exist_exits_1_as_promised_and_names_the_nearest(person: Person) -> None:
    person.take_in("user_long")
    done = inside("token", "user_lnog")
    assert (done.status, done.out) == (1, "")
    assert "Did you mean user_long?" in done.err


def test_what_is_like_nothing_gets_no_suggestion(person: Person) -> None:
    assert "Did you mean" not in inside("refresh", "zzz").err
    assert "Did you mean" not in inside("xyzzy").err
    assert closest("zzz", ()) == ""


def test_the_story_of_a_forgotten_token_is_still_told(person: Person) -> None:
    person.take_in("user_long")
    assert inside("forget", "user_long", "--yes").status == 0
    done = inside("history", "--token", "user_long")
    assert done.status == 0
    assert "import" in done.out


def test_a_look_does_not_load_what_finds_likely_names(own_home: Path) -> None:
    from tests.test_import_hygiene import _COMMAND, modules

    assert os.environ["IGAUTH_HOME"] == str(own_home)
    assert not modules(_COMMAND, "status") & {"difflib", "tui.likely", "tui.commands.names"}
