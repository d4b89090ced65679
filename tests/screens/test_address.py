"""The address check changes a profile only at a key, and undoes it at another."""

from urllib.parse import urlencode

from tests.screens.driving import Person, opened
from tui.sandbox import RunningSandbox
from tui.screens.address import AddressScreen
from tui.settings import Profile

SENT = "https://matillion.acme.example/sent"
SCOPES = ("instagram_basic", "pages_show_list")


def address(sandbox: RunningSandbox) -> str:
    query = {"client_id": sandbox.world.app_id, "redirect_uri": SENT, "scope": ",".join(SCOPES), "state": "x"}
    return f"{sandbox.dialog_url}/v26.0/dialog/oauth?{urlencode(query)}"


def profile(person: Person) -> Profile:
    found = person.services.settings.profile("acme")
    assert found is not None
    return found


async def test_only_a_key_changes_the_profile_and_another_undoes_it(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(110, 50)) as person:
        before = profile(person)
        await person.press("a")
        await person.wait_for(lambda: isinstance(person.app.screen, AddressScreen))
        await person.paste(address(facebook))
        await person.press("enter")
        await person.wait_for("f4 uses Matillion's callback URL")
        assert SENT in person.flat
        assert before.callback_url in person.flat
        assert profile(person) == before
        await person.press("f4")
        await person.wait_for(lambda: profile(person).callback_url == SENT)
        await person.wait_for("f10 undoes it")
        await person.wait_for("f3 uses Matillion's permissions")  # what is left is still offered
        assert "f4 uses" not in person.flat
        await person.press("f3")
        await person.wait_for(lambda: profile(person).scopes == SCOPES)
        await person.press("f10")
        await person.wait_for(lambda: profile(person).scopes == before.scopes)
        assert profile(person).callback_url == SENT
        await person.press("f10")
        await person.wait_for(lambda: profile(person).callback_url == before.callback_url)
        await person.press("f10")  # there is nothing left to undo
        await person.pilot.pause()
        assert profile(person) == before
