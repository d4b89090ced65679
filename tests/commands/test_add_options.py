"""`igauth add` with what else a profile says about its logins: judged whole, saved whole, or not at all."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.commands.running import Person, inside, outside
from tui.facebook.dialog import RedirectFault
from tui.services import open_services
from tui.services.login_options import LoginOption, OptionFault, OptionFlaw
from tui.settings import Profile
from tui.settings.schema import DEFAULT_SCOPES
from tui.wording.login_options import option_flaw, option_line, option_title

GIVEN = ("--scope", "instagram_basic,pages_show_list", "--scope", "business_management")
REDIRECT = "http://localhost:9000/"


def _profile(home: Path) -> Profile:
    profile = open_services({"IGAUTH_HOME": str(home)}, "command").settings.profile("acme")
    assert profile is not None
    return profile


def test_options_are_saved_and_said(person: Person, own_home: Path) -> None:
    done = inside("add", "acme", *GIVEN, "--redirect", REDIRECT, "--api-version", "v25.0")
    assert done.status == 0, done.err
    profile = _profile(own_home)
    assert profile.scopes == ("instagram_basic", "pages_show_list", "business_management")
    assert (profile.redirect_uri, profile.api_version) == (REDIRECT, "v25.0")
    settings = open_services({"IGAUTH_HOME": str(own_home)}, "command").settings
    for option in (LoginOption.SCOPES, LoginOption.REDIRECT_URI, LoginOption.API_VERSION):
        assert option_line(option, profile, settings) in done.err


def test_a_configuration_is_saved_with_the_check(person: Person, own_home: Path) -> None:
    assert inside("add", "acme", "--config-id", "9876543210987654", "--verify").status == 0
    assert _profile(own_home).config_id == "9876543210987654"


def test_the_check_asks_by_the_new_version(person: Person) -> None:
    before = len(person.sandbox.calls())
    assert inside("add", "acme", "--api-version", "v25.0", "--verify").status == 0
    assert {call.version for call in person.sandbox.calls()[before:]} == {"v25.0"}


def test_an_empty_option_removes_it(person: Person, own_home: Path) -> None:
    assert inside("add", "acme", *GIVEN, "--redirect", REDIRECT).status == 0
    assert _profile(own_home).redirect_uri == REDIRECT
    assert inside("add", "acme", "--scope", "", "--redirect", "").status == 0
    assert (_profile(own_home).scopes, _profile(own_home).redirect_uri) == (DEFAULT_SCOPES, "")


def test_all_faults_are_named_and_nothing_is_saved(person: Person, own_home: Path) -> None:
    before = (own_home / "config.toml").read_bytes()
    done = inside("add", "acme", "--callback", "http://x y", "--redirect", "http://127.0.0.1:1/", "--api-version", "26")
    assert (done.status, done.out) == (1, "")
    for flaw in (
        OptionFlaw(LoginOption.REDIRECT_URI, RedirectFault.LOOPBACK_NUMBER),
        OptionFlaw(LoginOption.API_VERSION, OptionFault.NOT_A_VERSION),
    ):
        assert f"{option_title(flaw.option)}: error: {option_flaw(flaw)}" in done.err
    assert "Callback URL: error:" in done.err
    assert (own_home / "config.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("option", "value"), [("--config-id", "1"), ("--scope", "a"), ("--redirect", ""), ("--api-version", "v25.0")]
)
def test_a_client_token_takes_none_of_them(person: Person, option: str, value: str) -> None:
    done = inside("add", "acme", "--client-token", option, value, stdin=person.sandbox.world.client_token)
    assert (done.status, done.out) == (64, "")
    assert option in done.err
    assert "--app-id" not in done.err


def test_the_options_are_in_the_link_of_the_login(person: Person) -> None:
    assert inside("add", "acme", *GIVEN, "--redirect", REDIRECT, "--api-version", "v25.0").status == 0
    link = outside("login", "--paste").out.splitlines()[0]
    asked = parse_qs(urlsplit(link).query)
    assert asked["redirect_uri"] == [REDIRECT]
    assert asked["scope"] == ["instagram_basic,pages_show_list,business_management"]
    assert urlsplit(link).path.startswith("/v25.0/")
