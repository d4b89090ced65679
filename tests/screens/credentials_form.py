"""How the tests of the Credentials screen use its fields."""

from textual.widgets import Input

from tests.screens.driving import Person
from tui.widgets.credential_field import CredentialField

WRONG = "0123456789abcdef0123456789abcdef"


def field(person: Person, name: str) -> CredentialField:
    return person.screen.query_one(f"#{name}", CredentialField)


async def focus(person: Person, name: str) -> None:
    field(person, name).focus_input()
    await person.pilot.pause()


async def on_credentials(person: Person) -> None:
    await person.wait_for(lambda: isinstance(person.app.focused, Input))
