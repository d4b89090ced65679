"""The Credentials screen asks Facebook, copies values, and stays usable meanwhile."""

from tests.screens.credentials_form import WRONG, field, focus, on_credentials
from tests.screens.driving import Person, opened
from tui.facebook.remedies import RemedyCode
from tui.sandbox import RunningSandbox
from tui.wording.facebook import remedy_words


async def test_a_wrong_secret_is_explained(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("f5")
        await person.wait_for("Error validating client secret")
        assert remedy_words(RemedyCode("wrong-secret")).what in person.flat
        assert "Facebook knows this app" not in person.flat
        assert "Check App ID and App Secret here." in person.flat
        assert "press f7" not in person.flat


async def test_without_a_network_the_outcome_is_a_warning(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        facebook.stop()
        await person.press("f5")
        await person.wait_for("refused the connection")
        outcome = person.screen.query_one("#outcome")
        assert outcome.has_class("-warning")
        assert not outcome.has_class("-error")


async def test_verifying_proves_the_step_of_the_guide(facebook: RunningSandbox) -> None:
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


async def test_a_copied_secret_is_the_stored_one(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("escape", "C")
        await person.wait_for("Copy what?")
        await person.press("2")
        await person.wait_for(lambda: person.copied)
        assert person.copied == [facebook.app_secret]
        assert facebook.app_secret not in person.text


async def test_the_copy_notice_names_the_key_that_works_here(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "callback_url")
        await person.press("ctrl+y")
        await person.wait_for(lambda: "^l shows the value." in person.notices)
        await person.press("escape", "c")
        await person.wait_for(lambda: " p shows the value." in person.notices)


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
