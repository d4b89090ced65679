"""Secrets in config.toml are found at any depth, in comments and in files that cannot be parsed; never shown."""

from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.actions import ACTIONS
from tui.services.doctor.plain_secrets import PlainSecret, SecretKind, plain_secrets
from tui.settings.schema import Destination, Hooks, MatillionTarget, Profile, Settings, declared_keys

HEX = "0123456789abcdef0123456789abcdef"
TOKEN = "EAABwzLixnjYBO" + "0123456789ZCdef" * 3


@pytest.mark.parametrize(
    ("text", "kind", "key", "line"),
    [
        (f"\napp_secret = '{HEX}'", SecretKind.APP_SECRET, "app_secret", 2),
        (f"[profiles.a]\nx = 1\nApp-Secret = '{HEX}'", SecretKind.APP_SECRET, "profiles.a.App-Secret", 3),
        ("[profiles.a.matillion]\n\npassword = 'x'", SecretKind.PASSWORD, "profiles.a.matillion.password", 3),
        ("profiles.a.matillion = { password = 123456 }", SecretKind.PASSWORD, "profiles.a.matillion.password", 1),
        (f"[[deliver]]\nx = 1\n[[deliver]]\naccess_token = '{TOKEN}'", SecretKind.TOKEN, "deliver.access_token", 4),
        (f"[hooks]\nexpired = [\n 'x',\n 'Bearer {TOKEN}',\n]", SecretKind.TOKEN, "hooks.expired", 4),
        (f"[keys]\nquit = 'x'\nclient_token = '{HEX}'", SecretKind.CLIENT_TOKEN, "keys.client_token", 3),
        ("passphrase = 'correct horse'", SecretKind.PASSPHRASE, "passphrase", 1),
        ("base_url = 'https://me:hunter2@etl.example.com'", SecretKind.PASSWORD, "base_url", 1),
        ("theme = 'x'\n  # api_key = 'abcdef1234'", SecretKind.OTHER, "api_key", 2),
        (f"theme = \napp_secret = '{HEX}'", SecretKind.APP_SECRET, "app_secret", 2),
    ],
)  # fmt: skip
def test_a_secret_is_found_with_its_line(text: str, kind: SecretKind, key: str, line: int) -> None:
    assert plain_secrets(text) == (PlainSecret(kind, key, line),)


@pytest.mark.parametrize(
    "text",
    [
        "app_secret = ''",
        "app_secret = 'YOUR_APP_SECRET'",
        "[[deliver]]\ntokens = ['insta']\ncommand = ['vault', 'kv', 'put', 'secret', 'token=-']",
        "passphrase_command = ['/usr/bin/pass', 'igauth/password']",
        f"[profiles.a.matillion]\nfingerprint = '{HEX * 2}'",
        "[[deliver]]\nvariable = 'FACEBOOK_ACCESS_TOKEN'\nformat = 'env'",
        "# the password is in the keyring",
        "[hooks]\ndue = ['curl', 'https://hooks.example.com/x', 'https://${USER}:${PASS}@x']",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert plain_secrets(text) == ()


def test_no_key_of_our_own_is_taken_for_a_secret() -> None:
    tables = (Settings, Profile, MatillionTarget, Hooks, Destination)
    names = [name for table in tables for name in declared_keys(table)] + [f"keys.{action.id}" for action in ACTIONS]
    text = "\n".join(f"{name} = 'something long'" for name in dict.fromkeys(names))
    assert plain_secrets(text) == ()


def test_doctor_fails_of_them_and_shows_no_value(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    file.write_text(file.read_text() + f"\napp_secret = '{HEX}'\n# token = '{TOKEN}'\n")
    done = inside("doctor", "--json")
    found = [row for row in done.json["findings"] if row["code"] == "plain_secret"]
    assert [row["level"] for row in found] == ["failure", "failure"]
    assert done.status == 1
    assert HEX not in done.out + done.err
    assert TOKEN not in done.out + done.err
    unknown = [row for row in done.json["findings"] if row["code"] == "unknown_key"]
    assert unknown == []
