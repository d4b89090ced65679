"""The Credentials screen: what was pasted stays as pasted, each flaw is drawn at its cell, Facebook proves the rest."""

import threading
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from tests.screens.driving import Person, opened
from tui.facebook.remedies import RemedyCode
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services
from tui.settings import Profile
from tui.widgets.credential_field import CredentialField
from tui.wording.remedies import remedy_words

WRONG = "0123456789abcdef0123456789abcdef"


def field(person: Person, name: str) -> CredentialField:
    return person.screen.query_one(f"#{name}", CredentialField)


async def focus(person: Person, name: str) -> None:
    field(person, name).focus_input()
    await person.pilot.pause()


async def on_credentials(person: Person) -> None:
    await person.wait_for(lambda: isinstance(person.app.focused, Input))


def flawed_line(person: Person) -> tuple[str, str]:
    """The masked line and the line of carets under it."""
    place = next(place for place, line in enumerate(person.lines) if "•••" in line)
    return person.lines[place], person.lines[place + 1]


TAILS = [
    (" ", "SPACE U+0020 after character 32", "␣"),
    ("\n", "LINE FEED U+000A after character 32", "⏎"),
    ("\u00a0", "NO-BREAK SPACE U+00A0 after character 32", "▯"),
    ("\u200b", "ZERO WIDTH SPACE U+200B after character 32", "▯"),
]


@pytest.mark.parametrize(("tail", "told", "mark"), TAILS)
async def test_a_secret_pasted_with_a_tail_is_flagged_at_its_cell_and_nothing_is_sent_until_it_is_mended(
    facebook: RunningSandbox, tail: str, told: str, mark: str
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(facebook.app_secret + tail)
        await person.wait_for(told)
        shown, carets = flawed_line(person)
        assert shown.strip(" ▌") == "•" * 32 + mark
        assert carets.index("^") == shown.index(mark)
        await person.press("f5")
        await person.wait_for("Not sent to Facebook")
        assert facebook.calls() == []
        await person.press("f2")
        assert field(person, "app_secret").value == facebook.app_secret
        await person.press("f5")
        await person.wait_for("Facebook knows this app as “Acme Insights”")
        assert facebook.calls()


async def test_a_wrong_secret_tells_what_happened_and_who_must_act(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("f5")
        await person.wait_for("Error validating client secret")
        assert remedy_words(RemedyCode("wrong-secret")).what in person.flat
        assert "Facebook knows this app" not in person.flat


async def test_without_a_network_nothing_is_called_wrong(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        facebook.stop()
        await person.press("f5")
        await person.wait_for("refused the connection")
        outcome = person.screen.query_one("#outcome")
        assert outcome.has_class("-warning")
        assert not outcome.has_class("-error")


@pytest.mark.parametrize("typed", [" ", "\u200b", "\n", '"', "\u0301"])
async def test_a_flawed_value_is_saved_at_the_second_press_byte_for_byte_as_it_was_typed(
    facebook: RunningSandbox, typed: str
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        text = WRONG + typed
        await person.paste(text)
        await person.press("f4")
        await person.wait_for("Not saved yet. App Secret:")
        assert person.services.profile_desk.app_secret("acme") == Secret(facebook.app_secret)
        await person.press("f4")
        await person.wait_for("Saved acme.")
        assert person.services.profile_desk.app_secret("acme") == Secret(text)
        assert person.services.profile_desk.secret_before("acme") == Secret(facebook.app_secret)


async def test_a_change_after_the_first_press_asks_again(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG + " ")
        await person.press("f4")
        await person.wait_for("Not saved yet.")
        await person.paste("\u200b")
        await person.press("f4")
        await person.wait_for("Not saved yet.")
        assert person.services.profile_desk.app_secret("acme") == Secret(facebook.app_secret)


async def test_a_clean_value_is_saved_at_once_and_an_empty_secret_keeps_what_is_stored(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "callback_url")
        await person.press("end", "ctrl+u")
        await person.paste("https://etl.example.com/oauth/callback")
        await person.press("f4")
        await person.wait_for("Saved acme.")
        profile = person.services.profile("acme")
        assert profile is not None
        assert profile.callback_url == "https://etl.example.com/oauth/callback"
        assert person.services.profile_desk.app_secret("acme") == Secret(facebook.app_secret)


async def test_a_masked_value_never_stands_on_the_screen_and_ctrl_t_shows_it_until_the_screen_is_left(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.wait_for("•" * 32)
        assert WRONG not in person.text
        assert facebook.app_secret not in person.text
        await person.press("ctrl+t")
        await person.wait_for(WRONG)
        await person.press("ctrl+t")
        await person.wait_for("•" * 32)
        await person.press("ctrl+t")
        await person.wait_for(WRONG)
        await person.press("f6")
        await person.wait_for(lambda: person.app.current_mode == "guide")
        await person.press("f7")
        await person.wait_for(lambda: person.app.current_mode == "credentials")
        await person.wait_for("•" * 32)
        assert WRONG not in person.text
        assert field(person, "app_secret").value == WRONG


async def test_undo_brings_back_what_was_pasted(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(f'"{WRONG}" ')
        await person.press("f3")
        assert field(person, "app_secret").value == WRONG
        await person.press("f9")
        assert field(person, "app_secret").value == f'"{WRONG}" '


async def test_id_and_secret_in_each_other_s_place_are_told(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(facebook.app_id)
        await person.wait_for("App ID")
        assert {flaw.kind for flaw in field(person, "app_secret").flaws}
        await person.press("f5")
        await person.wait_for("Not sent to Facebook")
        assert facebook.calls() == []


async def test_a_first_profile_is_made_on_an_empty_home(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        assert "New profile." in person.text
        assert person.app.focused is field(person, "app_id").query_one(Input)
        await person.paste(facebook.app_id)
        await focus(person, "app_secret")
        await person.paste(facebook.app_secret)
        await focus(person, "callback_url")
        await person.paste(facebook.redirect_uri)
        await person.press("f4")
        await person.wait_for("Saved acme.")
        await person.press("f5")
        await person.wait_for("Facebook knows this app as “Acme Insights”")
        assert [profile.name for profile in person.services.profiles] == ["acme"]
        config = person.services.home.config_file.read_text()
        assert facebook.app_id in config
        assert facebook.app_secret not in config


async def test_a_proof_on_credentials_proves_the_step_of_the_guide(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("f5")
        await person.wait_for("Facebook knows this app")
        await person.wait_for(
            lambda: (
                {"app_credentials"}
                <= {check for check, result, *_ in person.services.vault.notes.evidence("acme") if result == "proven"}
            )
        )


def another(services: Services) -> None:
    services.profile_desk.save(Profile("second", "104482915371923"), Secret(WRONG), verified=True)


async def test_several_profiles_are_shown_in_turn_renamed_copied_and_deleted(facebook: RunningSandbox) -> None:
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
        assert person.services.profile_desk.app_secret("third") == Secret(WRONG)
        await person.press("escape", "d")
        await person.wait_for("name of the copy")
        await person.type("2")
        await person.press("enter")
        await person.wait_for("Profile third2 (3 of 3")
        assert person.services.profile_desk.app_secret("third2") == Secret(WRONG)
        await person.press("f10")
        await person.wait_for("Profile acme (1 of 3")
        await person.press("escape", "x")
        await person.wait_for("Delete profile acme?")
        assert "user_due" in person.flat
        await person.press("escape")
        await person.wait_for("Profile acme")
        assert person.services.profile("acme") is not None
        await person.press("x")
        await person.wait_for("Delete profile acme?")
        await person.press("y")
        await person.wait_for(lambda: person.services.profile("acme") is None)
        await person.wait_for(lambda: person.services.tokens() == ())


async def test_a_name_that_is_taken_is_refused(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials", prepare=another) as person:
        await on_credentials(person)
        await person.press("ctrl+r")
        await person.wait_for("Rename this profile")
        await person.press("ctrl+u")
        await person.type("second")
        await person.press("enter")
        await person.wait_for("There is already a profile named second.")
        assert {profile.name for profile in person.services.profiles} == {"acme", "second"}


def name_entry(person: Person) -> Input:
    return person.screen.query_one("#profile-name", Input)


async def new_profile(person: Person) -> None:
    await on_credentials(person)
    await person.press("ctrl+n")
    await person.wait_for("New profile.")
    await person.wait_for(lambda: person.app.focused is name_entry(person))


async def test_a_new_profile_beside_others_begins_without_a_name_and_asks_for_it_first(
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
        assert {profile.name for profile in person.services.profiles} == {"acme", "other"}


async def test_a_new_profile_never_takes_the_place_of_another_one(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await new_profile(person)
        before = person.services.profile("acme")
        await person.type("acme")
        await focus(person, "app_id")
        await person.paste("104482915371923")
        await focus(person, "app_secret")
        await person.paste(WRONG)
        for _ in range(3):
            await person.press("f4")
            await person.wait_for("acme exists. Choose another name")
        assert person.services.profile("acme") == before
        assert person.services.profile_desk.app_secret("acme") == Secret(facebook.app_secret)
        assert field(person, "app_secret").value == WRONG
        assert person.app.focused is name_entry(person)
        await person.press("f10")
        await person.wait_for("Leave what you typed?")
        await person.press("y")
        await person.wait_for("Profile acme: App Secret stored")
        assert field(person, "app_id").value == facebook.app_id


async def test_verifying_a_new_profile_never_takes_the_secret_of_one_with_the_same_name(
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


async def test_starting_a_new_profile_asks_before_typed_text_goes(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("ctrl+n")
        await person.wait_for("Leave what you typed?")
        await person.press("n")
        await person.wait_for("Profile acme")
        assert field(person, "app_secret").value == WRONG


async def test_a_profile_is_not_renamed_under_typed_text_which_would_be_saved_under_the_old_name(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("ctrl+r")
        await person.wait_for(lambda: "Save this profile first" in person.notices)
        assert [profile.name for profile in person.services.profiles] == ["acme"]


@pytest.mark.parametrize("typed", ["bad name!", "10448291537 1923x", WRONG])
async def test_what_can_never_be_an_app_id_is_not_saved_however_often_it_is_tried(
    facebook: RunningSandbox, typed: str
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        await person.press("ctrl+u")
        await person.paste(typed)
        for _ in range(3):
            await person.press("f4")
            await person.wait_for("Not saved. App ID:")
        profile = person.services.profile("acme")
        assert profile is not None
        assert profile.app_id == facebook.app_id


async def test_an_app_id_of_an_odd_length_is_saved_at_the_second_press(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        await person.press("ctrl+u")
        await person.paste("1044829")
        await person.press("f4")
        await person.wait_for("f4 again saves it as it is")
        assert "mends" not in str(person.screen.query_one("#outcome", Static).content)
        await person.press("f4")
        await person.wait_for("Saved acme.")


async def test_unsaved_text_survives_a_look_at_another_screen_and_q_asks_before_it_goes(
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


async def test_a_copied_secret_is_the_stored_one_exactly(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("escape", "C")
        await person.wait_for("Copy what?")
        await person.press("2")
        await person.wait_for(lambda: person.copied)
        assert person.copied == [facebook.app_secret]
        assert facebook.app_secret not in person.text


async def test_the_notice_of_a_copy_names_the_key_that_works_where_the_person_is(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "callback_url")
        await person.press("ctrl+y")
        await person.wait_for(lambda: "^l shows it plain." in person.notices)
        await person.press("escape", "c")
        await person.wait_for(lambda: " p shows it plain." in person.notices)


@pytest.mark.parametrize("name", ["app_id", "callback_url"])
async def test_a_secret_in_a_field_for_none_is_masked_named_and_copied_as_a_secret(
    facebook: RunningSandbox, name: str
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, name)
        await person.press("ctrl+u")
        for text in (WRONG, f" {WRONG} ", "EAAB" + "x1Y" * 20):
            field(person, name).set_value("")
            await person.paste(text)
            assert not field(person, name).revealed
            await person.wait_for("•" * 32)
            assert text.strip() not in person.text
            choice = next(one for one in person.screen.copy_choices() if one.fetch() == Secret(text))  # type: ignore[attr-defined]
            assert isinstance(choice.fetch(), Secret)
        await person.press("ctrl+t")
        await person.wait_for(text)
        field(person, name).set_value(facebook.app_id)
        await person.wait_for(facebook.app_id)


async def test_a_disk_that_cannot_be_written_is_told_and_nothing_typed_is_lost(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(Path("config.toml")))

    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        monkeypatch.setattr("tui.settings.SettingsStore.save_profile", refused)
        await person.paste(WRONG)
        await person.press("f4")
        await person.wait_for("Not saved: ")
        assert field(person, "app_secret").value == WRONG


async def test_typing_goes_on_while_facebook_is_slow(facebook: RunningSandbox) -> None:
    facebook.fault("delay", seconds=30, times=1)
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("f5")
        await person.wait_for("Asking Facebook")
        await focus(person, "client_token")
        await person.type("abc")
        assert field(person, "client_token").value == "abc"
        assert is_asking(person), "the answer came first, so nothing is shown of typing meanwhile"


def is_asking(person: Person) -> bool:
    """Tell whether the question to Facebook is still under way."""
    return any(worker.group == "verify" and worker.is_running for worker in person.app.workers)


async def test_what_is_pasted_while_the_profile_is_still_being_read_stays(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()

    def slowly(services: Services) -> None:
        app_secret = services.profile_desk.app_secret

        def later(name: str) -> Secret | None:
            read.wait(10)
            return app_secret(name)

        monkeypatch.setattr(services.profile_desk, "app_secret", later)

    async with opened(facebook, start="credentials", prepare=slowly) as person:
        field = person.screen.query_one("#app_secret", CredentialField)
        field.focus_input()
        await person.paste("pasted early ")
        read.set()
        await person.wait_for("App Secret stored")
        assert field.value == "pasted early "
        assert person.screen.query_one("#app_id", CredentialField).value == facebook.app_id
