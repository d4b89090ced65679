"""`igauth matillion`: settings from options, the password from stdin, and the connection test."""

from pathlib import Path

import pytest

from tests.commands.running import UNREACHABLE, Person, inside
from tests.network.servers import Authority, portal, redirecting_portal, served
from tui.wording.commands import command_text


def reached(person: Person, *more: str, password: str | None = None) -> tuple[int, str, str]:
    world, address = person.sandbox.world, person.sandbox.matillion_url
    done = inside(
        "matillion", "--instance", address, "--user", world.matillion_user, *more, "--ask-password",
        stdin=f"{world.matillion_password if password is None else password}\n",
    )  # fmt: skip
    return done.status, done.out, done.err


def test_a_listed_entry_exits_0_and_no_file_has_the_password(person: Person, own_home: Path) -> None:
    status, out, err = reached(person, "--entry", "ig_prod")
    assert (status, out) == (0, "Matillion answers. The entry ig_prod is listed.\n")
    assert person.sandbox.world.matillion_password not in (own_home / "config.toml").read_text() + err
    assert inside("matillion").status == 0


def test_a_missing_entry_and_a_refused_user_exit_1(person: Person) -> None:
    status, out, _ = reached(person, "--entry", "nobody")
    assert status == 1
    assert "nobody is not one of them" in out
    status, out, err = reached(person, password="wrong")
    assert (status, out) == (1, "")
    assert "the user lacks the API role" in err


def test_no_answer_exits_3_and_a_password_over_http_exits_1(person: Person) -> None:
    assert reached(person, "--instance", UNREACHABLE)[0] == 3
    status, out, err = reached(person, "--instance", "http://matillion.example.com")
    assert (status, out) == (1, "")
    assert "Nothing was sent" in err


def test_an_answer_of_somebody_else_exits_3(person: Person) -> None:
    for answer in (portal(), redirecting_portal()):
        with served(answer) as other:
            assert reached(person, "--instance", other.url)[0] == 3


def test_a_certificate_that_is_not_trusted_exits_3(person: Person, tmp_path: Path) -> None:
    with served(portal(), tls=Authority(tmp_path / "ca").context()) as other:
        status, _, err = reached(person, "--instance", other.url)
    assert (status, "certificate" in err) == (3, True), err


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("foo", "https://"),
        ("matillion.example.com", "https://"),
        ("https://", "host"),
        ("https://h:99999", "port"),
        ("https://u:p@matillion.example.com", "user"),
        ("https://matillion.example.com/?a=b", "query"),
    ],
)
def test_a_bad_address_is_refused_and_not_saved(person: Person, own_home: Path, address: str, wrong: str) -> None:
    before = (own_home / "config.toml").read_text()
    done = inside("matillion", "--instance", address)
    assert (done.status, done.out) == (1, "")
    what, _, advice = done.err.strip().partition(": igauth ")
    assert "Saved" not in done.err
    assert wrong in what
    assert "--instance" in advice
    assert (own_home / "config.toml").read_text() == before


def test_a_refused_user_is_asked_for_with_the_password(person: Person) -> None:
    _, _, err = reached(person, password="wrong")
    assert err.rstrip().endswith("igauth matillion --profile acme --user USER --ask-password")


def test_a_password_of_two_lines_is_refused(person: Person) -> None:
    status, out, err = reached(person, password="one\ntwo")
    assert (status, out) == (1, "")
    assert "more than one line" in err
    assert "more than one line" not in reached(person)[2]


def test_an_empty_option_removes_the_setting(person: Person, own_home: Path) -> None:
    reached(person, "--fingerprint", "ab" * 32, "--group", "g")
    assert "fingerprint" in (own_home / "config.toml").read_text()
    inside("matillion", "--fingerprint", "", "--group", "")
    text = (own_home / "config.toml").read_text()
    assert "fingerprint" not in text
    assert "group" not in text


def test_without_an_address_it_explains_how_to_set_one(person: Person) -> None:
    done = inside("matillion")
    assert (done.status, done.out) == (1, "")
    assert "igauth matillion --profile acme --instance" in done.err


def test_a_wrong_password_does_not_replace_a_right_one(person: Person) -> None:
    assert reached(person)[0] == 0
    status, _, err = reached(person, password="wrong")
    assert status == 1
    assert err.startswith(f"igauth: {command_text('matillion', 'not_saved')}")
    assert inside("matillion").status == 0
