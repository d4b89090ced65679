"""`config.toml` and the environment, checked against the declarations: codes, places and defaults."""

import re
from pathlib import Path

import pytest

from tests.settings.reference_page import PAGE, page
from tui.settings import MatillionTarget, Problem, Profile, Settings, SettingsError
from tui.settings.errors import Place
from tui.settings.reading import parse_settings, with_environment
from tui.settings.schema import Destination, Hooks, Kind, UnknownKey, declared_keys
from tui.wording.settings import settings_error, unknown_key
from tui.wording.surfaces import CommandLine, sentences

FILE = Path("/home/me/config.toml")


def refused(text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, FILE)
    assert caught.value.path == FILE
    return caught.value


def test_no_file_is_all_defaults() -> None:
    assert parse_settings("", FILE) == Settings()


@pytest.mark.parametrize("table", [Settings, Profile, MatillionTarget, Hooks, Destination])
def test_each_default_is_one_that_its_declaration_allows(table: type) -> None:
    for declared in declared_keys(table).values():
        assert declared.key.about.endswith(".")
        if declared.key.limits is not None and declared.default is not None:
            assert declared.key.limits[0] <= declared.default <= declared.key.limits[1]


@pytest.mark.parametrize(
    ("text", "problem", "key", "place"),
    [
        ("window_days = \n", Problem.SYNTAX, "", (1, 15)),
        ("mouse = true\nwindow_days = 'x'", Problem.WRONG_TYPE, "window_days", (2, 1)),
        ("window_days = true", Problem.WRONG_TYPE, "window_days", (1, 1)),
        ("theme = 1", Problem.WRONG_TYPE, "theme", (1, 1)),
        ("trusted_hosts = ['a', 1]", Problem.WRONG_TYPE, "trusted_hosts", (1, 1)),
        ("profiles = 1", Problem.WRONG_TYPE, "profiles", (1, 1)),
        ("[profiles]\nacme = 1", Problem.WRONG_TYPE, "profiles.acme", (2, 1)),
        ("[profiles.acme]\nmatillion = 1", Problem.WRONG_TYPE, "profiles.acme.matillion", (2, 1)),
        ("[keys]\nquit = 1", Problem.WRONG_TYPE, "keys.quit", (2, 1)),
        ("deliver = 1", Problem.WRONG_TYPE, "deliver", (1, 1)),
        ("[[deliver]]\ntokens = 'a'", Problem.WRONG_TYPE, "deliver.tokens", (2, 1)),
        ("x = 1\n[[deliver]]", Problem.DELIVER_TOKENS, "deliver", (2, 1)),
        ("[[deliver]]\nprofile = 'p'\ntokens = ['a']", Problem.DELIVER_TOKENS, "deliver", (1, 1)),
        ("[[deliver]]\nprofile = 'p'", Problem.DELIVER_PLACE, "deliver", (1, 1)),
        ("[[deliver]]\nprofile = 'p'\ncomand = ['x']", Problem.DELIVER_KEY, "deliver.comand", (3, 1)),
        ("[[deliver]]\ntoken = ['p']\ncommand = ['x']", Problem.DELIVER_KEY, "deliver.token", (2, 1)),
        ("[[deliver]]\nprofile = 'p'\ncommand = ['x']\nfile = '/x'", Problem.DELIVER_PLACE, "deliver", (1, 1)),
        ("[[deliver]]\ntokens = ['a']\nfile = 'x'", Problem.DELIVER_PATH, "deliver.file", (3, 1)),
        ("[[deliver]]\nprofile = 'p'\nfile = '/x'", Problem.DELIVER_SHARED, "deliver.file", (3, 1)),
        ("[[deliver]]\ntokens = ['a', 'b']\nfile = '~/x'", Problem.DELIVER_SHARED, "deliver.file", (3, 1)),
        ("[[deliver]]\ntokens = ['a']\nfile = '/x'\nformat = 'xml'", Problem.OUT_OF_RANGE, "deliver.format", (4, 1)),
        (
            "[[deliver]]\ntokens = ['a']\nfile = '/x'\nvariable = '1'",
            Problem.NOT_A_VARIABLE,
            "deliver.variable",
            (4, 1),
        ),
        (
            "[[deliver]]\ntokens = ['a']\nfile = '/x'\n[[deliver]]\ntokens = ['b']\nfile = '/x'",
            Problem.DELIVER_TWICE,
            "deliver.file",
            (6, 1),
        ),
        ("[hooks]\n  due = 'x'", Problem.WRONG_TYPE, "hooks.due", (2, 3)),
        ("login_port = 70000", Problem.OUT_OF_RANGE, "login_port", (1, 1)),
        ("[profiles.acme]\nwindow_days = 366", Problem.OUT_OF_RANGE, "profiles.acme.window_days", (2, 1)),
        ("api_version = '26'", Problem.NOT_A_VERSION, "api_version", (1, 1)),
        ("[profiles.'a b']", Problem.PROFILE_NAME, "profiles.a b", (1, 1)),
        ("graph_url = 'http://graph.example.com'", Problem.ADDRESS_INSECURE, "graph_url", (1, 1)),
        ("graph_url = 'http://localhost:1'", Problem.ADDRESS_LOCALHOST, "graph_url", (1, 1)),
        ("graph_url = 'https://me:secret@x.com'", Problem.ADDRESS_WITH_USER, "graph_url", (1, 1)),
        ("dialog_url = 'https://x.com/v26.0'", Problem.NOT_A_BASE_ADDRESS, "dialog_url", (1, 1)),
        ("dialog_url = 'https://[x'", Problem.NOT_A_BASE_ADDRESS, "dialog_url", (1, 1)),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(
    text: str, problem: Problem, key: str, place: tuple[int, int]
) -> None:
    error = refused(text)
    assert (error.problem, error.key, error.place) == (problem, key, Place(*place))
    shown = sentences(settings_error(error), CommandLine())
    assert f"{FILE}, line {place[0]}, column {place[1]}: " in shown
    assert "secret" not in shown


def test_two_profiles_may_share_a_folder_by_the_tokens_names() -> None:
    rule = "[[deliver]]\n{}\nfile = '/x/{{name}}.env'\n"
    for first, second in (("profile = 'a'", "profile = 'b'"), ("tokens = ['a']", "tokens = ['b', 'c']")):
        assert len(parse_settings(rule.format(first) + rule.format(second), FILE).deliver) == 2
    for first, second in (
        ("profile = 'a'", "profile = 'a'"),
        ("tokens = ['a', 'b']", "tokens = ['b']"),
        ("profile = 'a'", "tokens = ['b']"),
    ):
        assert refused(rule.format(first) + rule.format(second)).problem is Problem.DELIVER_TWICE


def test_the_range_and_type_come_from_the_declaration() -> None:
    assert "must be a number from 0 to 365." in settings_error(refused("window_days = -1")).what
    assert refused("mouse = 1").expected is Kind.SWITCH


def test_an_unknown_key_is_ignored_with_a_suggestion() -> None:
    found = parse_settings("window = 3\nzzz = 1\n[profiles.acme]\napi_versoin = 'v26.0'\n[hooks]\ndu = []", FILE)
    assert [key.key for key in found.unknown_keys] == ["window", "zzz", "hooks.du", "profiles.acme.api_versoin"]
    assert [unknown_key(key) for key in found.unknown_keys] == [
        'Unknown key "window" in config.toml ignored. Did you mean "window_days"?',
        'Unknown key "zzz" in config.toml ignored.',
        'Unknown key "hooks.du" in config.toml ignored. Did you mean "hooks.due"?',
        'Unknown key "profiles.acme.api_versoin" in config.toml ignored. Did you mean "profiles.acme.api_version"?',
    ]


def test_a_destination_is_read_with_its_defaults() -> None:
    found = parse_settings("[[deliver]]\nprofile = 'acme'\nfile = '/srv/{name}'\nfiel = 1", FILE)
    assert found.deliver == (Destination(profile="acme", file="/srv/{name}", format="raw"),)
    assert [unknown_key(key) for key in found.unknown_keys] == [
        'Unknown key "deliver.fiel" in config.toml ignored. Did you mean "deliver.file"?'
    ]


def test_a_mistyped_key_of_a_destination_is_named() -> None:
    shown = settings_error(refused("[[deliver]]\nprofile = 'p'\ncomand = ['x']"))
    assert f"{FILE}, line 3, column 1: deliver.comand" in shown.what
    assert "Did you mean command?" in shown.what


def test_an_unknown_key_cannot_drive_a_terminal() -> None:
    (found,) = parse_settings('"\\u001b]0;x" = 1', FILE).unknown_keys
    assert isinstance(found, UnknownKey)
    assert "\x1b" not in unknown_key(found)


def test_the_environment_comes_before_the_file() -> None:
    found = parse_settings("graph_url = 'https://a.example.com/'", FILE)
    assert found.graph_url == "https://a.example.com"
    changed = with_environment(found, {"IGAUTH_GRAPH_URL": "http://127.0.0.1:8000/", "IGAUTH_DIALOG_URL": ""})
    assert (changed.graph_url, changed.dialog_url) == ("http://127.0.0.1:8000", Settings().dialog_url)
    with pytest.raises(SettingsError) as caught:
        with_environment(found, {"IGAUTH_DIALOG_URL": "http://x.example.com"})
    assert (caught.value.problem, caught.value.key) == (Problem.ADDRESS_INSECURE, "IGAUTH_DIALOG_URL")


def test_the_reference_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.settings.reference_page"


def test_every_example_of_the_delivery_page_can_be_used() -> None:
    page = (PAGE.parent / "delivery.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(examples) >= 7
    for example in examples:
        settings = parse_settings(example, FILE)
        assert settings.deliver
        assert not settings.unknown_keys


def test_every_kind_has_a_type() -> None:
    """Python 3.11.2, which Debian 12 has, makes something else of an Enum's value that is an empty tuple."""
    assert all(kind.value for kind in Kind)
