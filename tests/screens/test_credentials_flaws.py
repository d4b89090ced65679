"""The Credentials screen shows flaws, fixes them on request and sends or saves none unasked."""

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.screens.credentials_form import WRONG, field, focus, on_credentials
from tests.screens.driving import Person, opened
from tui.redact import Secret
from tui.sandbox import RunningSandbox


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


@pytest.mark.parametrize(("tail", "words", "mark"), TAILS)
async def test_a_flaw_is_shown_at_its_cell_and_blocks_verifying(
    facebook: RunningSandbox, tail: str, words: str, mark: str
) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(facebook.app_secret + tail)
        await person.wait_for(words)
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


@pytest.mark.parametrize("typed", [" ", "\u200b", "\n", '"', "\u0301"])
async def test_a_flawed_value_is_saved_unchanged_at_the_second_press(facebook: RunningSandbox, typed: str) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        text = WRONG + typed
        await person.paste(text)
        await person.press("f4")
        await person.wait_for("Not saved yet. App Secret:")
        assert person.services.profile_store.app_secret("acme") == Secret(facebook.app_secret)
        await person.press("f4")
        await person.wait_for("Saved acme.")
        assert person.services.profile_store.app_secret("acme") == Secret(text)
        assert person.services.vault.profile_secrets.get("app_secret_before", "acme") == Secret(facebook.app_secret)


async def test_a_change_after_the_first_press_asks_again(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG + " ")
        await person.press("f4")
        await person.wait_for("Not saved yet.")
        await person.paste("\u200b")
        await person.press("f4")
        await person.wait_for("Not saved yet.")
        assert person.services.profile_store.app_secret("acme") == Secret(facebook.app_secret)


async def test_a_masked_value_is_shown_only_until_the_screen_is_left(
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


async def test_undo_restores_what_was_pasted(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(f'"{WRONG}" ')
        await person.press("f3")
        assert field(person, "app_secret").value == WRONG
        await person.press("f9")
        assert field(person, "app_secret").value == f'"{WRONG}" '


async def test_an_app_id_in_the_secret_field_is_not_sent(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(facebook.app_id)
        await person.wait_for("App ID")
        assert {flaw.kind for flaw in field(person, "app_secret").flaws}
        await person.press("f5")
        await person.wait_for("Not sent to Facebook")
        assert facebook.calls() == []


@pytest.mark.parametrize("typed", ["bad name!", "10448291537 1923x", WRONG])
async def test_an_impossible_app_id_is_never_saved(facebook: RunningSandbox, typed: str) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        await person.press("ctrl+u")
        await person.paste(typed)
        for _ in range(3):
            await person.press("f4")
            await person.wait_for("Not saved. App ID:")
        profile = person.services.settings.profile("acme")
        assert profile is not None
        assert profile.app_id == facebook.app_id


async def test_an_app_id_of_odd_length_is_saved_at_the_second_press(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        await person.press("ctrl+u")
        await person.paste("1044829")
        await person.press("f4")
        await person.wait_for("f4 again saves it as it is")
        assert "fixes" not in str(person.screen.query_one("#outcome", Static).content)
        await person.press("f4")
        await person.wait_for("Saved acme.")


@pytest.mark.parametrize("name", ["app_id", "callback_url"])
async def test_a_secret_in_another_field_is_masked_and_copied_as_one(facebook: RunningSandbox, name: str) -> None:
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


async def test_a_changed_key_is_the_one_that_is_shown_and_works(facebook: RunningSandbox, own_home: Path) -> None:
    own_home.mkdir(exist_ok=True)
    (own_home / "config.toml").write_text('[keys]\nmend_one = "f12"\n')
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG + " ")
        await person.wait_for("[f12 fixes]")
        await person.press("f12")
        assert field(person, "app_secret").value == WRONG


async def test_equal_flaws_are_one_line_and_fixed_together(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(" ".join(WRONG[at : at + 8] for at in range(0, 32, 8)))
        await person.wait_for("space inside, SPACE U+0020 after character 8 and in 2 more places")
        await person.press("f2")
        assert field(person, "app_secret").value == WRONG
