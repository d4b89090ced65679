"""Unknown names on the command line: a usage error with the likely name."""

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
    (("status", "--profile", "acne"), "There is no profile named acne. Did you mean acme? Profiles: acme."),
    (("guide", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("login", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("matillion", "--profile", "acne"), "There is no profile named acne. Did you mean acme?"),
    (("import", "new", "--profile", "Acme"), "There is no profile named Acme. Did you mean acme?"),
    (("add", "acne"), "There is no profile named acne, and a new one needs --app-id. Did you mean acme?"),
    (("statsu",), "No such command 'statsu'. Did you mean status?"),
    (("schedule", "instal"), "No such command 'instal'. Did you mean 'install'?"),
    (("status", "--chekc"), "--check"),
    (("sandbox", "--world", "defualt"), "no world named 'defualt' (did you mean 'default'?); available: default"),
]


@pytest.mark.parametrize(
    ("command", "message"), UNKNOWN, ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_an_unknown_name_is_a_usage_error_with_a_suggestion(
    person: Person, command: tuple[str, ...], message: str
) -> None:
    person.import_tokens("user_long")
    done = inside(*command)
    assert (done.status, done.out) == (64, "")
    assert message in done.err


def test_token_exits_1_for_an_unknown_name(person: Person) -> None:
    person.import_tokens("user_long")
    done = inside("token", "user_lnog")
    assert (done.status, done.out) == (1, "")
    assert "Did you mean user_long?" in done.err


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("nope", ("scope", "status", "secrets"), ""),
        ("list", ("login", "history", "due"), ""),
        ("acne", ("acme",), "acme"),
        ("window", ("window_days",), "window_days"),
        ("du", ("due", "expired"), "due"),
        ("STATUS", ("status",), "status"),
    ],
)
def test_only_a_typing_error_gets_a_suggestion(typed: str, known: tuple[str, ...], expected: str) -> None:
    assert closest(typed, known) == expected


def test_a_name_like_no_other_gets_no_suggestion(person: Person) -> None:
    assert "Did you mean" not in inside("refresh", "zzz").err
    assert "Did you mean" not in inside("xyzzy").err
    assert closest("zzz", ()) == ""


def test_history_shows_a_forgotten_token(person: Person) -> None:
    person.import_tokens("user_long")
    assert inside("forget", "user_long", "--yes").status == 0
    done = inside("history", "--token", "user_long")
    assert done.status == 0
    assert "import" in done.out


def test_status_does_not_import_difflib(own_home: Path) -> None:
    from tests.test_import_hygiene import _COMMAND, modules

    assert os.environ["IGAUTH_HOME"] == str(own_home)
    assert not modules(_COMMAND, "status") & {"difflib", "tui.likely", "tui.commands.names"}
