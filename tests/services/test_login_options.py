"""The options of a profile's logins: read as one text each, judged before they are saved, all at once."""

import pytest

from tui.facebook.dialog import RedirectFault
from tui.facebook.permissions import scope_flaws
from tui.services.login_options import (
    LoginOption,
    OptionFault,
    OptionFlaw,
    Options,
    fix_options,
    option_flaws,
    option_texts,
    with_options,
)
from tui.settings import Profile, Settings
from tui.settings.schema import DEFAULT_SCOPES
from tui.wording.login_options import option_default, option_flaw, option_help, option_title

APP_ID = "1234567890123456"
CALLBACK = "https://matillion.example.com/oauth/callback"
PROFILE = Profile("acme", APP_ID, CALLBACK)
CONFIG_ID, SCOPES, REDIRECT, VERSION = LoginOption
MATILLIONS = RedirectFault.MATILLION_CALLBACK


def _flaws(options: Options, before: Profile = PROFILE) -> tuple[OptionFlaw, ...]:
    return option_flaws(before, with_options(before, options), Settings())


@pytest.mark.parametrize(
    "options",
    [
        {CONFIG_ID: "9876543210987654"},
        {SCOPES: "instagram_basic,pages_show_list"},
        {REDIRECT: "http://localhost:9000/"},
        {REDIRECT: "https://www.facebook.com/connect/login_success.html"},
        {VERSION: "v25.0"},
        dict.fromkeys(LoginOption, ""),
    ],
)
def test_what_works_has_no_flaw(options: Options) -> None:
    assert _flaws(options) == ()


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        (CONFIG_ID, "98765 43210", OptionFault.UNUSUAL_CHARACTERS),
        (CONFIG_ID, APP_ID, OptionFault.IS_APP_ID),
        (REDIRECT, " http://localhost:9000/", OptionFault.UNUSUAL_CHARACTERS),
        (REDIRECT, "http://localhost:9000/\u200b", OptionFault.UNUSUAL_CHARACTERS),
        (REDIRECT, "http://localhost:9000/?code=AQD&state=x#_=_", OptionFault.WITH_CODE),
        (REDIRECT, CALLBACK, MATILLIONS),
        (REDIRECT, "http://127.0.0.1:9000/", RedirectFault.LOOPBACK_NUMBER),
        (REDIRECT, "https://example.com/", RedirectFault.OTHER_SERVER),
        (REDIRECT, "http://localhost:port/", RedirectFault.OTHER_SERVER),
        (VERSION, "26.0", OptionFault.NOT_A_VERSION),
        (VERSION, "v26.0 ", OptionFault.NOT_A_VERSION),
    ],
)
def test_what_cannot_work_is_named(option: LoginOption, text: str, reason: OptionFault | RedirectFault) -> None:
    assert _flaws({option: text}) == (OptionFlaw(option, reason),)
    assert option_flaw(OptionFlaw(option, reason))


def test_every_flawed_option_is_named_at_once() -> None:
    flaws = _flaws({CONFIG_ID: "9 8", SCOPES: "pages_show_list", REDIRECT: "x", VERSION: "new"})
    assert [flaw.option for flaw in flaws] == list(LoginOption)


def test_each_scope_that_facebook_refuses_is_named() -> None:
    flaws = _flaws({SCOPES: "instagram_business_basic, Pages_Show_List, instagram_basic"})
    assert flaws == tuple(
        OptionFlaw(SCOPES, flaw) for flaw in scope_flaws(("instagram_business_basic", "Pages_Show_List"))
    )
    assert len(set(map(option_flaw, flaws))) == 2


def test_scopes_beside_a_configuration_are_refused() -> None:
    unused = (OptionFlaw(SCOPES, OptionFault.SCOPES_UNUSED),)
    assert _flaws({SCOPES: "pages_show_list", CONFIG_ID: "9876543210987654"}) == unused
    configured = with_options(PROFILE, {CONFIG_ID: "9876543210987654"})
    assert _flaws({SCOPES: "pages_show_list"}, configured) == unused
    assert _flaws({SCOPES: "pages_show_list", CONFIG_ID: ""}, configured) == ()


def test_what_does_not_change_is_not_judged() -> None:
    before = Profile("acme", APP_ID, redirect_uri="https://example.com/")
    after = Profile("acme", APP_ID, CALLBACK, redirect_uri="https://example.com/", api_version="v25.0")
    assert option_flaws(before, after, Settings()) == ()


@pytest.mark.parametrize(
    ("option", "text", "fixed"),
    [
        (CONFIG_ID, " 9876 543210987654\u200b", "9876543210987654"),
        (CONFIG_ID, APP_ID, None),
        (CONFIG_ID, "98765é", None),
        (SCOPES, "Instagram_Basic, instagram_business_basic,pages_show_list", "instagram_basic, pages_show_list"),
        (REDIRECT, "http://127.0.0.1:9000/", "http://localhost:9000/"),
        (REDIRECT, " http://[::1]:9000/", "http://localhost:9000/"),
        (REDIRECT, "http://localhost:9000/?code=AQD&state=x#_=_", "http://localhost:9000/"),
        (REDIRECT, "https://example.com/", None),
        (REDIRECT, "https://127.0.0.1:9000/", None),
        (REDIRECT, CALLBACK, None),
        (VERSION, "26.0", "v26.0"),
        (VERSION, " V26.0", "v26.0"),
        (VERSION, "new", None),
    ],
)
def test_what_plainly_was_meant_is_proposed(option: LoginOption, text: str, fixed: str | None) -> None:
    options = fix_options({option: text}, _flaws)
    after = None if options is None else with_options(PROFILE, options)
    assert after == (None if fixed is None else with_options(PROFILE, {option: fixed}))


def test_one_flaw_that_cannot_be_fixed_leaves_all_as_they_are() -> None:
    assert fix_options({VERSION: "26.0", REDIRECT: "https://example.com/"}, _flaws) is None
    assert fix_options({VERSION: "v26.0"}, _flaws) == {VERSION: "v26.0"}


@pytest.mark.parametrize("text", ["b,a,b", " b , a ", "b a", "b\na,"])
def test_scopes_are_separated_by_commas_and_blanks(text: str) -> None:
    assert with_options(PROFILE, {SCOPES: text}).scopes == ("b", "a")


def test_an_empty_option_is_the_default() -> None:
    set_all = with_options(PROFILE, dict(zip(LoginOption, ("1", "a", "http://localhost:1/", "v25.0"), strict=True)))
    assert option_texts(set_all) == {CONFIG_ID: "1", SCOPES: "a", REDIRECT: "http://localhost:1/", VERSION: "v25.0"}
    assert with_options(set_all, dict.fromkeys(LoginOption, "")) == PROFILE
    assert PROFILE.scopes == DEFAULT_SCOPES
    assert set(option_texts(PROFILE).values()) == {""}


@pytest.mark.parametrize("option", LoginOption)
def test_every_option_has_its_words(option: LoginOption) -> None:
    assert option_title(option)
    assert option_help(option)
    assert "{" not in option_default(option, Settings())
