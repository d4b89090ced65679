"""The options of a profile's logins on the Credentials screen: folded, judged where they stand, saved, undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.widgets import Static

from tests.screens.credentials_form import focus, on_credentials
from tests.screens.driving import Person, opened
from tui.facebook.dialog import RedirectFault
from tui.sandbox import RunningSandbox
from tui.services.login_options import LoginOption, OptionFault, OptionFlaw
from tui.settings import Profile
from tui.widgets.login_option_fields import LoginOptionFields, OptionField
from tui.wording.login_options import option_flaw, option_label
from tui.wording.profiles import option_flaws

REDIRECT = "http://localhost:9000/"


@asynccontextmanager
async def on_form(facebook: RunningSandbox) -> AsyncIterator[Person]:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        yield person


def options(person: Person) -> LoginOptionFields:
    return person.screen.query_one(LoginOptionFields)


def option(person: Person, name: LoginOption) -> OptionField:
    return person.screen.query_one(f"#{name}", OptionField)


def profile(person: Person) -> Profile:
    found = person.app.session.profile
    assert found is not None
    return found


async def unfold(person: Person, name: LoginOption) -> None:
    await person.press("f12")
    option(person, name).focus_input()
    await person.pilot.pause()


def shown_flaws(person: Person, name: LoginOption) -> str:
    return str(option(person, name).query_one(".flaws", Static).content)


async def test_the_options_are_folded_until_a_key_opens_them(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        assert options(person).is_folded
        assert option_label(LoginOption.CONFIG_ID) not in person.flat
        await person.press("f12")
        await person.wait_for(option_label(LoginOption.CONFIG_ID))
        assert option(person, LoginOption.CONFIG_ID).has_focus_within
        await person.press("escape", "m")
        assert options(person).is_folded


async def test_the_first_option_is_in_sight_on_a_small_screen(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials", size=(40, 15)) as person:
        await on_credentials(person)
        await person.press("f12")
        first = option(person, LoginOption.CONFIG_ID)
        await person.wait_for(lambda: first.has_focus_within)
        await person.wait_for(
            lambda: first.region.height and person.screen.query_one("#form").region.contains_region(first.region)
        )


async def test_a_saved_option_is_shown_again_and_unfolded(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.REDIRECT_URI)
        await person.paste(REDIRECT)
        await person.press("f4")
        await person.wait_for(lambda: profile(person).redirect_uri == REDIRECT)
        await person.wait_for(lambda: not person.screen.query_one("#form").unsaved)  # type: ignore[attr-defined]
        assert not options(person).is_folded
        await person.press("f12")
        assert not options(person).is_folded, "a text that is set stays in sight"
        option(person, LoginOption.REDIRECT_URI).focus_input()
        await person.press("ctrl+u", "backspace", "f4")
        await person.wait_for(lambda: profile(person).redirect_uri == "")


async def test_all_four_are_saved_as_typed(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.SCOPES)
        await person.paste("instagram_basic, pages_show_list")
        await person.press("enter")
        await person.paste(REDIRECT)
        await person.press("enter")
        await person.paste("v25.0")
        await person.press("f4")
        await person.wait_for(lambda: profile(person).api_version == "v25.0")
        assert profile(person).scopes == ("instagram_basic", "pages_show_list")
        assert profile(person).redirect_uri == REDIRECT


async def test_a_flaw_stands_at_its_field_and_is_not_saved(facebook: RunningSandbox) -> None:
    flaw = OptionFlaw(LoginOption.REDIRECT_URI, RedirectFault.LOOPBACK_NUMBER)
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.REDIRECT_URI)
        await person.paste("http://127.0.0.1:9000/")
        await person.wait_for(lambda: option_flaw(flaw) in shown_flaws(person, LoginOption.REDIRECT_URI))
        await focus(person, "app_id")
        await person.press("f4", "f4")
        await person.wait_for(" ".join(option_flaws([flaw]).split()))
        assert option(person, LoginOption.REDIRECT_URI).has_focus_within
        assert profile(person).redirect_uri == ""


async def test_another_field_can_make_an_option_right(facebook: RunningSandbox) -> None:
    unused = option_flaw(OptionFlaw(LoginOption.SCOPES, OptionFault.SCOPES_UNUSED))
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.CONFIG_ID)
        await person.paste("9876543210987654")
        await person.press("enter")
        await person.paste("pages_show_list")
        await person.wait_for(lambda: unused in shown_flaws(person, LoginOption.SCOPES))
        option(person, LoginOption.CONFIG_ID).focus_input()
        await person.press("f9")
        await person.wait_for(lambda: shown_flaws(person, LoginOption.SCOPES) == "")


async def test_f9_undoes_a_paste_into_an_option(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.SCOPES)
        await person.paste("instagram_basic")
        await person.paste(",pages_show_list")
        await person.press("f9")
        assert option(person, LoginOption.SCOPES).value == "instagram_basic"
        await person.press("f9")
        assert option(person, LoginOption.SCOPES).value == ""


async def test_a_typed_option_is_not_lost_without_a_yes(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.API_VERSION)
        await person.type("v2")
        await person.press("escape", "escape")
        await person.wait_for(lambda: person.app.screen is not person.app.screen_stack[0])
        await person.press("y")
        await person.wait_for(lambda: option(person, LoginOption.API_VERSION).value == "")
        assert options(person).is_folded


async def test_one_key_fixes_the_flaws_of_an_option(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.SCOPES)
        await person.paste("Instagram_Basic, Pages_Show_List")
        await person.wait_for("f2 fixes")
        await person.press("f2")
        assert option(person, LoginOption.SCOPES).value == "instagram_basic, pages_show_list"
        await person.wait_for(lambda: shown_flaws(person, LoginOption.SCOPES) == "")
        await person.press("f9")
        assert option(person, LoginOption.SCOPES).value == "Instagram_Basic, Pages_Show_List"


async def test_verify_asks_by_the_version_that_was_typed(facebook: RunningSandbox) -> None:
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.API_VERSION)
        await person.type("v25.0")
        before = len(facebook.calls())
        await person.press("f5")
        await person.wait_for(lambda: len(facebook.calls()) > before)
        assert {call.version for call in facebook.calls()[before:]} == {"v25.0"}
        assert profile(person).api_version == ""


async def test_a_flawed_version_is_not_used_to_verify(facebook: RunningSandbox) -> None:
    flaw = OptionFlaw(LoginOption.API_VERSION, OptionFault.NOT_A_VERSION)
    async with on_form(facebook) as person:
        await unfold(person, LoginOption.API_VERSION)
        await person.type("new")
        before = len(facebook.calls())
        await person.press("f5")
        await person.wait_for(" ".join(option_flaws([flaw]).split()))
        assert len(facebook.calls()) == before
