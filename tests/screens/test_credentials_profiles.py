"""The Credentials screen makes, saves, renames, copies and deletes profiles."""

import asyncio
import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from textual.widgets import Input, Static

from tests.screens.credentials_form import WRONG, field, focus, on_credentials
from tests.screens.driving import Person, opened
from tui.facebook.models import AppInfo
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services
from tui.services.profiles import ProfileStore
from tui.settings import Profile
from tui.widgets.credential_field import CredentialField
from tui.wording.names import SECRET_IN_A_NAME, not_a_name
from tui.wording.profiles import LEAVE_UNSAVED
from tui.wording.text import Do


async def test_an_empty_secret_keeps_what_is_stored(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "callback_url")
        await person.press("end", "ctrl+u")
        await person.paste("https://etl.example.com/oauth/callback")
        await person.press("f4")
        await person.wait_for("Saved acme.")
        profile = person.services.settings.profile("acme")
        assert profile is not None
        assert profile.callback_url == "https://etl.example.com/oauth/callback"
        assert person.services.profile_store.app_secret("acme") == Secret(facebook.app_secret)


async def paste_app(person: Person) -> None:
    """Paste App ID and App Secret into their fields, beginning in the first."""
    await person.paste(person.sandbox.app_id)
    await focus(person, "app_secret")
    await person.paste(person.sandbox.app_secret)


async def test_a_first_profile_is_made_in_an_empty_home(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        assert "New profile." in person.text
        name = person.screen.query_one("#profile-name", Input)
        assert (person.app.focused, name.value) == (name, "")
        await person.type("Client Two")
        await person.press("enter")
        await person.wait_for("client-two")
        assert person.app.focused is name
        name.value = "acme"
        await person.press("enter")
        assert person.app.focused is field(person, "app_id").query_one(Input)
        await paste_app(person)
        await focus(person, "callback_url")
        await person.paste(facebook.redirect_uri)
        await person.press("f4")
        await person.wait_for("Saved acme.")
        await person.press("f5")
        await person.wait_for("Facebook knows this app as “Acme Insights”")
        assert [profile.name for profile in person.services.settings.profiles] == ["acme"]
        config = person.services.home.config_file.read_text()
        assert facebook.app_id in config
        assert facebook.app_secret not in config


def another(services: Services) -> None:
    services.profile_store.save(Profile("second", "104482915371923"), Secret(WRONG), verified=True)


async def test_profiles_are_shown_renamed_copied_and_deleted(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_due",), start="credentials", prepare=another) as person:
        await on_credentials(person)
        await person.wait_for("Profile acme (1 of 2")
        await person.press("f10")
        await person.wait_for("Profile second (2 of 2")
        assert field(person, "app_id").value == "104482915371923"
        await person.press("ctrl+r")
        await person.wait_for("Rename this profile")
        await person.press("ctrl+u")
        await person.type("third")
        await person.press("enter")
        await person.wait_for("Profile third (2 of 2")
        assert person.services.profile_store.app_secret("third") == Secret(WRONG)
        await person.press("escape", "d")
        await person.wait_for("name of the copy")
        await person.type("2")
        await person.press("enter")
        await person.wait_for("Profile third2 (3 of 3")
        assert person.services.profile_store.app_secret("third2") == Secret(WRONG)
        await person.press("f10")
        await person.wait_for("Profile acme (1 of 3")
        await person.press("escape", "x")
        await person.wait_for("Delete profile acme?")
        assert "user_due" in person.flat
        await person.press("escape")
        await person.wait_for("Profile acme")
        assert person.services.settings.profile("acme") is not None
        await person.press("x")
        await person.wait_for("Delete profile acme?")
        await person.press("y")
        await person.wait_for(lambda: person.services.settings.profile("acme") is None)
        await person.wait_for(lambda: person.services.tokens() == ())


async def test_a_name_that_exists_is_refused(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials", prepare=another) as person:
        await on_credentials(person)
        await person.press("ctrl+r")
        await person.wait_for("Rename this profile")
        await person.press("ctrl+u")
        await person.type("second")
        await person.press("enter")
        await person.wait_for("second is taken.")
        assert {profile.name for profile in person.services.settings.profiles} == {"acme", "second"}


def name_entry(person: Person) -> Input:
    return person.screen.query_one("#profile-name", Input)


async def new_profile(person: Person) -> None:
    await on_credentials(person)
    await person.press("ctrl+n")
    await person.wait_for("New profile.")
    await person.wait_for(lambda: person.app.focused is name_entry(person))


async def test_a_second_profile_needs_a_name_first(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        assert name_entry(person).value == ""
        await focus(person, "app_id")
        await person.paste("104482915371923")
        await focus(person, "app_secret")
        await person.paste(WRONG)
        await focus(person, "callback_url")
        await person.paste(facebook.redirect_uri)
        await person.press("f4")
        await person.wait_for("Not saved: give the profile a name first")
        await person.type("other")
        await person.press("f4")
        await person.wait_for("Saved other.")
        assert {profile.name for profile in person.services.settings.profiles} == {"acme", "other"}


async def test_a_new_profile_never_replaces_another_one(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        before = person.services.settings.profile("acme")
        await person.type("acme")
        await focus(person, "app_id")
        await person.paste("104482915371923")
        await focus(person, "app_secret")
        await person.paste(WRONG)
        for _ in range(3):
            await person.press("f4")
            await person.wait_for("acme exists. Choose another name")
        assert person.services.settings.profile("acme") == before
        assert person.services.profile_store.app_secret("acme") == Secret(facebook.app_secret)
        assert field(person, "app_secret").value == WRONG
        assert person.app.focused is name_entry(person)
        await person.press("f10")
        await person.wait_for("Discard what you typed?")
        await person.press("y")
        await person.wait_for("Profile acme: App Secret stored")
        assert field(person, "app_id").value == facebook.app_id


async def test_enter_goes_on_to_the_next_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        await person.type("third")
        await person.press("enter")
        await person.paste("1044829 15371923")
        await person.press("enter")
        assert field(person, "app_id").has_focus_within, "a flawed value stays in focus"
        await person.press("f3", "enter")
        assert field(person, "app_secret").has_focus_within
        await person.paste(WRONG)
        await person.press("enter")
        assert field(person, "callback_url").has_focus_within


async def test_a_paste_without_a_field_goes_into_the_first_empty_one(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("escape")
        assert person.app.focused is None
        await person.paste(WRONG)
        assert field(person, "app_secret").value == WRONG
        assert field(person, "app_secret").has_focus_within


async def test_a_name_that_is_none_is_fixed_by_its_key(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        await person.type("Client Two")
        await focus(person, "app_id")
        await person.paste("104482915371923")
        await person.press("f4")
        await person.wait_for(not_a_name("Client Two")[:40])
        assert "again saves it" not in person.flat
        assert person.app.focused is name_entry(person)
        await person.press("f2")
        assert name_entry(person).value == "client-two"
        await person.press("f4", "f4")
        await person.wait_for("Saved client-two.")


async def test_a_secret_as_a_name_is_masked_and_not_proposed(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        await person.paste(WRONG)
        assert WRONG not in person.flat
        await person.press("enter")
        await person.wait_for(SECRET_IN_A_NAME[:40])
        assert WRONG[:6] not in person.flat
        await person.press("f2")
        assert name_entry(person).value == WRONG


async def test_verifying_a_new_profile_uses_no_other_secret(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        await person.type("acme")
        await focus(person, "app_id")
        await person.paste(facebook.app_id)
        await person.press("f5")
        await person.wait_for("Nothing to verify yet")
        assert facebook.calls() == []


async def test_a_new_profile_asks_before_typed_text_is_lost(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("ctrl+n")
        await person.wait_for("Discard what you typed?")
        await person.press("n")
        await person.wait_for("Profile acme")
        assert field(person, "app_secret").value == WRONG


async def test_a_profile_with_unsaved_text_is_not_renamed(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("ctrl+r")
        await person.wait_for(lambda: "Save this profile first" in person.notices)
        assert [profile.name for profile in person.services.settings.profiles] == ["acme"]


async def test_unsaved_text_is_kept_and_quitting_asks(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("f8")
        await person.wait_for(lambda: person.app.current_mode == "tokens")
        await person.press("2")
        await person.wait_for(lambda: person.app.current_mode == "credentials")
        assert field(person, "app_secret").value == WRONG
        await person.press("escape", "q")
        await person.wait_for("Quit without saving?")
        await person.press("n")
        await person.wait_for("App Secret")
        assert person.app.is_running
        await person.press("q")
        await person.wait_for("Quit without saving?")
        await person.press("y")
        await person.wait_for(lambda: person.app._exit)


async def test_a_failed_save_keeps_what_was_typed(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(Path("config.toml")))

    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        monkeypatch.setattr("tui.settings.SettingsStore.save_profile", refused)
        await person.paste(WRONG)
        await person.press("f4")
        await person.wait_for("Not saved: ")
        assert field(person, "app_secret").value == WRONG


async def test_a_paste_during_loading_is_kept(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    read = threading.Event()

    def slowly(services: Services) -> None:
        app_secret = services.profile_store.app_secret

        def later(name: str) -> Secret | None:
            read.wait(10)
            return app_secret(name)

        monkeypatch.setattr(services.profile_store, "app_secret", later)

    async with opened(facebook, start="credentials", prepare=slowly) as person:
        field = person.screen.query_one("#app_secret", CredentialField)
        field.focus_input()
        await person.paste("pasted early ")
        read.set()
        await person.wait_for("App Secret stored")
        assert field.value == "pasted early "
        assert person.screen.query_one("#app_id", CredentialField).value == facebook.app_id


async def test_saving_what_was_verified_leads_to_the_login(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        await person.type("acme")
        await person.press("enter")
        await paste_app(person)
        await person.press("f5")
        await person.wait_for("Facebook knows this app as")
        await person.press("f4")
        await person.wait_for("Saved acme.")
        await person.wait_for(Do.LOG_IN_FIRST.phrase)


async def test_escape_twice_drops_what_was_typed(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        before = field(person, "app_id").value
        await person.paste("123")
        assert field(person, "app_id").value != before
        await person.press("escape", "escape")
        await person.wait_for(LEAVE_UNSAVED[0])
        await person.press("y")
        await person.wait_for(lambda: field(person, "app_id").value == before)


async def test_a_result_goes_with_what_it_was_about(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        outcome = person.screen.query_one("#outcome", Static)
        await person.type("Client Two")
        await person.press("enter")
        await person.wait_for("client-two")
        person.screen.query_one("#profile-name", Input).value = "acme"
        await person.wait_for(lambda: not outcome.content)
        field(person, "app_id").set_value(facebook.app_id)
        field(person, "app_secret").set_value(WRONG)
        await person.press("f5")
        await person.wait_for(lambda: outcome.has_class("-error"))
        field(person, "app_secret").query_one(Input).value = ""
        await person.wait_for(lambda: not outcome.content)


async def test_an_answer_about_other_values_is_not_shown(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        field(person, "app_id").set_value(facebook.app_id)
        field(person, "app_secret").set_value(facebook.app_secret)
        held = asyncio.Event()
        verify = person.services.profile_store.verify

        async def slow(_: ProfileStore, *arguments: Any) -> AppInfo:
            info = await verify(*arguments)
            field(person, "app_id").query_one(Input).value = "104482915371923"
            held.set()
            return info

        with patch.object(ProfileStore, "verify", slow):
            await person.press("f5")
            await person.wait_for(held.is_set)
            await person.wait_for(lambda: not person.screen.query_one("#outcome", Static).content)
        assert "Facebook knows this app" not in person.text


async def test_nothing_verified_leads_to_no_login(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        await person.type("acme")
        await person.press("f4")
        await person.wait_for("Not saved yet")
        await person.press("f4")
        await person.wait_for("Saved acme.")
        await person.wait_for(Do.VERIFY_PROFILE.phrase)
        assert Do.LOG_IN_FIRST.phrase not in person.flat
