"""An App ID in the file is inspected before it is used, and its line is named."""

from pathlib import Path

import pytest

from tests.commands.running import inside
from tui.settings import Problem, SettingsError, find_home
from tui.settings.errors import Place
from tui.settings.places import place_of
from tui.settings.reading import load_settings

GOOD = "1234567890123456"


def write(own_home: Path, app_id: str) -> Path:
    own_home.mkdir(exist_ok=True)
    file = own_home / "config.toml"
    file.write_text(f'theme = "igauth-dark"\n\n[profiles.acme]\napp_id = {app_id}\n')
    return file


@pytest.mark.parametrize(
    ("app_id", "message"),
    [
        ('"12345 67890123456"', "space inside, space u+0020 after character 5"),
        ('"1234567890123456 "', "trailing space, space u+0020 after character 16"),
        ('"acmeinsights"', '"acmeinsights" contains letters. an app id has only digits.'),
        ('"12345678901234xy"', "2 letters"),
    ],
)
def test_a_flawed_app_id_is_named_with_its_line_and_exits_64(own_home: Path, app_id: str, message: str) -> None:
    file = write(own_home, app_id)
    done = inside("login")
    assert (done.status, done.out) == (64, "")
    assert f"{file}, line 4: profiles.acme.app_id does not look like an App ID." in done.err
    assert message in done.err.casefold()
    assert "igauth add acme --app-id ID" in done.err
    doctor = [row for row in inside("doctor", "--json").json["findings"] if row["check"] == "profiles"]
    assert [(row["level"], message in row["text"].casefold()) for row in doctor] == [("failure", True)]
    assert "igauth add acme --app-id ID" in doctor[0]["cure"]


def test_digits_without_quotes_are_read_as_text(own_home: Path) -> None:
    write(own_home, GOOD)
    assert "has no App Secret" in inside("login").err
    write(own_home, "1234")
    assert "has no App Secret" in inside("login").err
    rows = [row for row in inside("doctor", "--json").json["findings"] if "This has 4 digits" in row["text"]]
    assert [row["level"] for row in rows] == ["warning"]


@pytest.mark.parametrize("value", ["1.5", "true", "[1]"])
def test_a_value_of_another_kind_is_named_with_its_line(own_home: Path, value: str) -> None:
    file = write(own_home, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(find_home({"IGAUTH_HOME": str(own_home)}), {})
    error = caught.value
    assert (error.problem, error.path, error.key) == (Problem.WRONG_TYPE, file, "profiles.acme.app_id")
    assert error.place == Place(4, 1)


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        ('a = 1\n[profiles."my.app"]\n\n  app_id = 5', ("profiles", "my.app", "app_id"), (4, 3)),
        ("[profiles]\nacme.app_id = true", ("profiles", "acme", "app_id"), (2, 1)),
        ('profiles = { acme = { app_id = "x" } }', ("profiles", "acme", "app_id"), (1, 23)),
        ("[profiles]\nother = {}\nacme = { app_id = 5 }", ("profiles", "acme", "app_id"), (3, 10)),
        (
            'x = """\n[profiles.acme]\napp_id = 1\n"""\n[profiles.acme]\napp_id = 2',
            ("profiles", "acme", "app_id"),
            (6, 1),
        ),
        ("[ profiles . acme ] # here\napp_id=1", ("profiles", "acme", "app_id"), (2, 1)),
        ("[profiles.acme]\npkce = true", ("profiles", "acme", "app_id"), (1, 1)),
        ('"window\\u005fdays" = -1', ("window_days",), (1, 1)),
        ("window_days = -1", ("theme",), None),
        ("", ("theme",), None),
    ],
)
def test_the_place_of_a_key_is_found(text: str, key: tuple[str, ...], place: tuple[int, int] | None) -> None:
    assert place_of(text, key) == place
