"""What else a profile says about its logins, at plain prompts: shown, judged, saved, set back to its default."""

from pathlib import Path

import pytest

from tests.plain.speaking import Speaker
from tui.facebook.dialog import RedirectFault
from tui.services import open_services
from tui.services.login_options import LoginOption, OptionFault, OptionFlaw
from tui.settings import Profile
from tui.settings.schema import DEFAULT_SCOPES
from tui.wording.flaws import FIX_QUESTION
from tui.wording.login_options import (
    DEFAULT_ANSWER,
    option_flaw,
    option_help,
    option_line,
    option_preview,
    option_question,
)

MENU = "More settings (? lists choices): "
CONFIG_ID, SCOPES, REDIRECT_URI, API_VERSION = LoginOption


def _profile(home: Path) -> Profile:
    profile = open_services({"IGAUTH_HOME": str(home)}, "command").settings.profile("acme")
    assert profile is not None
    return profile


def _open(speaker: Speaker) -> str:
    speaker.hear("igauth (? lists choices): ")
    speaker.say("credentials", "Credentials (? lists choices): ")
    return speaker.say("m", MENU)


def test_each_is_shown_saved_and_shown_again(environ: dict[str, str], own_home: Path) -> None:
    with Speaker(environ) as speaker:
        shown = _open(speaker)
        settings = open_services({"IGAUTH_HOME": str(own_home)}, "command").settings
        for option in LoginOption:
            assert option_line(option, _profile(own_home), settings) in shown
        speaker.say("2", option_question(SCOPES))
        assert "2. Scopes: pages_show_list" in speaker.say("pages_show_list", MENU)
        speaker.say("3", option_question(REDIRECT_URI))
        speaker.say("http://localhost:9000/", MENU)
        assert (_profile(own_home).scopes, _profile(own_home).redirect_uri) == (
            ("pages_show_list",),
            "http://localhost:9000/",
        )
        speaker.say("2", option_question(SCOPES))
        speaker.say(DEFAULT_ANSWER, MENU)
        assert _profile(own_home).scopes == DEFAULT_SCOPES


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        (REDIRECT_URI, "https://example.com/", RedirectFault.OTHER_SERVER),
        (API_VERSION, "new", OptionFault.NOT_A_VERSION),
        (CONFIG_ID, "98é76", OptionFault.UNUSUAL_CHARACTERS),
    ],
)
def test_a_flaw_is_said_and_asked_again(
    environ: dict[str, str], own_home: Path, option: LoginOption, text: str, reason: OptionFault | RedirectFault
) -> None:
    before = _profile(own_home)
    with Speaker(environ) as speaker:
        _open(speaker)
        speaker.say(str(list(LoginOption).index(option) + 1), option_question(option))
        assert option_flaw(OptionFlaw(option, reason)) in speaker.say(text, option_question(option))
        assert option_help(option) in speaker.say("?", option_question(option))
        speaker.say("b", MENU)
    assert _profile(own_home) == before


def test_what_can_be_fixed_is_asked_about(environ: dict[str, str], own_home: Path) -> None:
    with Speaker(environ) as speaker:
        _open(speaker)
        speaker.say("4", option_question(API_VERSION))
        assert option_preview(API_VERSION, "v25.0") in speaker.say("25.0", FIX_QUESTION)
        speaker.say("n", option_question(API_VERSION))
        speaker.say("25.0", FIX_QUESTION)
        speaker.say("", MENU)
    assert _profile(own_home).api_version == "v25.0"
