"""A paste that a terminal sends as keys reaches no shortcut and no field but the one in focus."""

import pytest
from textual import events
from textual.geometry import Offset
from textual.widgets import Input

from tests.screens.credentials_form import WRONG, field, focus, on_credentials
from tests.screens.driving import Person, opened
from tests.screens.slow_line import SlowLine
from tests.screens.test_login import logging_in
from tui.sandbox import RunningSandbox
from tui.screens.login import LoginScreen
from tui.screens.questions import Confirm
from tui.terminal.input_pieces import PASTE_BEGINS, PASTE_ENDS
from tui.widgets.credential_field import CredentialField
from tui.wording.app import PASTE_WITHOUT_FIELD, mouse_paste

TOKEN = "EAABwzLixnjYBO0123456789/abcdef3C2VqRy:?"
MODES = ("guide", "credentials", "tokens")


def pieces(text: str, size: int) -> list[str]:
    return [text[begin : begin + size] for begin in range(0, len(text), size)]


def shown_values(person: Person) -> list[str]:
    return [entry.value for entry in person.screen.query(Input)]


async def say_nothing_moved(person: Person, mode: str) -> None:
    await person.wait_for(lambda: PASTE_WITHOUT_FIELD in person.notices)
    assert person.notices.count(PASTE_WITHOUT_FIELD) == 1
    assert person.app.current_mode == mode
    assert len(person.app.screen_stack) == 1
    assert not isinstance(person.app.focused, Input)


@pytest.mark.parametrize("size", [1, 5, len(TOKEN)])
@pytest.mark.parametrize("mode", MODES)
async def test_a_paste_outside_a_field_is_no_shortcut(facebook: RunningSandbox, mode: str, size: int) -> None:
    async with opened(facebook, start=mode) as person:
        await person.rest()
        if mode == "credentials":
            await on_credentials(person)
        await person.press("escape")
        await person.wait_for(lambda: not isinstance(person.app.focused, Input))
        before = shown_values(person)
        await SlowLine(person).send(*pieces(f"{TOKEN}\r", size), gap=0.01 if size == 1 else 0.6)
        await say_nothing_moved(person, mode)
        assert shown_values(person) == before


async def test_a_paste_confirms_nothing(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.rest()
        await person.press("delete")
        await person.wait_for(lambda: isinstance(person.screen, Confirm))
        names = [token.name for token in person.services.tokens()]
        await SlowLine(person).send("yes, my token\r", gap=1.5)
        await person.wait_for(lambda: PASTE_WITHOUT_FIELD in person.notices)
        assert isinstance(person.screen, Confirm)
        assert [token.name for token in person.services.tokens()] == names


async def test_a_paste_outside_a_field_does_not_leave_a_login(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        await person.press("escape")
        await person.wait_for(lambda: not isinstance(person.app.focused, Input))
        await SlowLine(person).send(TOKEN, gap=1.5)
        await person.wait_for(lambda: PASTE_WITHOUT_FIELD in person.notices)
        assert isinstance(person.screen, LoginScreen)
        assert all(entry.value == "" for entry in person.screen.query(CredentialField))


@pytest.mark.parametrize("size", [1, 5, len(WRONG)])
async def test_a_paste_as_keys_is_typed_into_the_field(facebook: RunningSandbox, size: int) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "client_token")
        await SlowLine(person).send(*pieces(WRONG, size), gap=0.01)
        await person.wait_for(lambda: field(person, "client_token").value == WRONG)
        assert PASTE_WITHOUT_FIELD not in person.notices


async def test_lines_pasted_as_keys_fill_no_other_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="credentials") as person:
        await on_credentials(person)
        line = SlowLine(person)
        await line.send(f"acme\r{WRONG}\r104482915371923", gap=0.3)
        await line.send("x", gap=0.3)
        await person.wait_for(lambda: "acmex" in shown_values(person))
        assert [value for value in shown_values(person) if value not in ("acmex", "")] == []


async def test_a_tab_and_a_paste_in_one_read_fill_the_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("escape")
        await SlowLine(person).send(f"\t{WRONG}", gap=0.3)
        await person.wait_for(lambda: WRONG in shown_values(person))


async def test_keys_that_a_person_types_still_work(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.rest()
        line = SlowLine(person)
        await line.send("1", gap=0.2)
        await person.wait_for(lambda: person.app.current_mode == "guide")
        await line.send("2", gap=0.2)
        await on_credentials(person)
        await line.send("\x1b", gap=0.2)
        await person.wait_for(lambda: not isinstance(person.app.focused, Input))
        await line.send("3", gap=0.2)
        await person.wait_for(lambda: person.app.current_mode == "tokens")
        assert PASTE_WITHOUT_FIELD not in person.notices


@pytest.mark.parametrize("mode", ["guide", "tokens"])
async def test_a_marked_paste_without_a_field_is_answered(facebook: RunningSandbox, mode: str) -> None:
    async with opened(facebook, start=mode) as person:
        await person.rest()
        await SlowLine(person).send(f"{PASTE_BEGINS}{TOKEN}{PASTE_ENDS}", gap=0.1)
        await say_nothing_moved(person, mode)


@pytest.mark.parametrize("button", [2, 3])
async def test_a_click_that_would_paste_says_how_to_paste(facebook: RunningSandbox, button: int) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        place = field(person, "app_id").query_one(Input).region.offset + Offset(1, 0)
        for kind in (events.MouseDown, events.MouseUp):
            person.app.post_message(
                kind(None, place.x, place.y, 0, 0, button, False, False, False, screen_x=place.x, screen_y=place.y)
            )
        await person.wait_for(lambda: mouse_paste(button, in_browser=False) in person.notices)
