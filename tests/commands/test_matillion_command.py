"""`igauth matillion`: settings from options, the password from stdin, and what the instance answers."""

from pathlib import Path

from tests.commands.running import UNREACHABLE, Person, inside


def reached(person: Person, *more: str, password: str | None = None) -> tuple[int, str, str]:
    world, address = person.sandbox.world, person.sandbox.matillion_url
    done = inside(
        "matillion", "--instance", address, "--user", world.matillion_user, *more, "--ask-password",
        stdin=f"{world.matillion_password if password is None else password}\n",
    )  # fmt: skip
    return done.status, done.out, done.err


def test_the_instance_answers_and_lists_the_entry_and_the_password_is_in_no_file(
    person: Person, own_home: Path
) -> None:
    status, out, err = reached(person, "--entry", "ig_prod")
    assert (status, out) == (0, "Matillion answers; the entry ig_prod is listed.\n")
    assert person.sandbox.world.matillion_password not in (own_home / "config.toml").read_text() + err
    assert inside("matillion").status == 0


def test_a_missing_entry_and_a_refused_user_exit_1(person: Person) -> None:
    status, out, _ = reached(person, "--entry", "nobody")
    assert status == 1
    assert "nobody is not among them" in out
    status, out, err = reached(person, password="wrong")
    assert (status, out) == (1, "")
    assert "or this user has not the API role" in err


def test_no_answer_exits_3_and_plain_http_elsewhere_is_refused_before_anything_is_sent(person: Person) -> None:
    assert reached(person, "--instance", UNREACHABLE)[0] == 3
    status, out, err = reached(person, "--instance", "http://matillion.example.com")
    assert (status, out) == (1, "")
    assert "Nothing was sent" in err


def test_an_empty_option_takes_the_setting_away(person: Person, own_home: Path) -> None:
    reached(person, "--fingerprint", "ab" * 32, "--group", "g")
    assert "fingerprint" in (own_home / "config.toml").read_text()
    inside("matillion", "--fingerprint", "", "--group", "")
    text = (own_home / "config.toml").read_text()
    assert "fingerprint" not in text
    assert "group" not in text


def test_without_an_address_it_says_how_to_give_one(person: Person) -> None:
    done = inside("matillion")
    assert (done.status, done.out) == (1, "")
    assert "igauth matillion --instance" in done.err
