"""Keys and pastes that arrive together take effect one after the other."""

from textual import events

from tests.screens.credentials_form import field, on_credentials
from tests.screens.driving import opened
from tui.sandbox import RunningSandbox
from tui.wording.app import COPY_WHAT

VALUES = ("104482915371923", "0123456789abcdef0123456789abcdef")


async def test_a_paste_behind_a_tab_lands_in_the_next_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        field(person, "app_id").focus_input()
        await person.pilot.pause()
        field(person, "app_id").set_value("")
        for event in (events.Paste(VALUES[0]), events.Key("tab", None), events.Paste(VALUES[1])):
            person.app.post_message(event)
        await person.wait_for(lambda: field(person, "app_secret").value == VALUES[1])
        assert field(person, "app_id").value == VALUES[0]


async def test_a_paste_behind_enter_lands_in_the_next_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        await person.type("acme")
        for event in (events.Key("enter", "\r"), events.Paste(VALUES[0])):
            person.app.post_message(event)
        await person.wait_for(lambda: field(person, "app_id").value == VALUES[0])


async def test_a_letter_behind_escape_is_a_key(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        field(person, "app_id").focus_input()
        await person.pilot.pause()
        credential = field(person, "app_id")
        before = credential.value
        for event in (events.Key("escape", None), events.Key("1", "1")):
            person.app.post_message(event)
        await person.wait_for(lambda: person.app.current_mode == "guide")
        assert credential.value == before


async def test_a_key_behind_one_that_closes_a_dialog_is_not_lost(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_long",)) as person:
        for _ in range(3):
            await person.press("C")
            await person.wait_for(COPY_WHAT)
            for key in ("2", "1"):
                person.app.post_message(events.Key(key, key))
            await person.wait_for(lambda: person.app.current_mode == "guide")
            await person.press("3")
            await person.wait_for(lambda: person.app.current_mode == "tokens")


async def test_pastes_with_enter_between_fill_one_field_each(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        for event in (
            *(events.Key(letter, letter) for letter in "acme"),
            events.Key("enter", "\r"),
            events.Paste(VALUES[0]),
            events.Key("enter", "\r"),
            events.Paste(VALUES[1]),
        ):
            person.app.post_message(event)
        await person.wait_for(lambda: field(person, "app_secret").value == VALUES[1])
        assert field(person, "app_id").value == VALUES[0]
