"""The Matillion settings: opened at their top, and a password is tested before it is saved."""

from textual.containers import VerticalScroll
from textual.widgets import Input

from tests.screens.driving import Person, opened
from tui.sandbox import RunningSandbox
from tui.screens.matillion import MatillionScreen
from tui.wording.matillion import NOT_SAVED_YET


async def open_form(person: Person) -> None:
    await person.press("M")
    await person.wait_for(lambda: isinstance(person.app.screen, MatillionScreen))


async def test_the_form_opens_at_its_top(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(80, 24)) as person:
        await open_form(person)
        await person.wait_for("Matillion ETL of profile acme")
        assert person.app.screen.query_one(VerticalScroll).scroll_y == 0
        assert person.app.focused is person.app.screen.query_one("#base_url", Input)


async def test_a_refused_password_is_saved_only_at_the_second_enter(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(100, 50)) as person:
        await open_form(person)
        screen, service = person.app.screen, person.services.matillion
        screen.query_one("#user", Input).value = "other"
        screen.query_one("#password", Input).value = "wrong"
        await person.press("enter")
        await person.wait_for(NOT_SAVED_YET.strip())
        assert service.target("acme").user == facebook.world.matillion_user
        await person.press("enter")
        await person.wait_for("Saved. ")
        assert service.target("acme").user == "other"
