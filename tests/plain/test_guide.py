"""The guide in plain mode: notes beside names, and the address check, which asks before it changes the profile."""

import os
from urllib.parse import urlencode

import pytest

from tests.commands.running import Person
from tests.plain.speaking import Speaker
from tui.matillion.address import DialogAddress
from tui.services import open_services
from tui.services.address_changes import Change, offered_changes
from tui.settings import Profile
from tui.wording.guide import NAME_QUESTIONS
from tui.wording.matillion import change_question, change_saved, change_undone, offered_change

MENU = "(? lists choices): "
STEP, GUIDE = f"Step {MENU}", f"Guide {MENU}"
SENT = "https://matillion.acme.example/sent"
SCOPES = ("instagram_basic", "pages_show_list")


def profile() -> Profile:
    """Return what is stored."""
    found = open_services(os.environ, "tui").settings.profile("acme")
    assert found is not None
    return found


def address(person: Person) -> str:
    """Return the address of a login page that Matillion opened with other values than the profile has."""
    query = {"client_id": person.sandbox.app_id, "redirect_uri": SENT, "scope": ",".join(SCOPES), "state": "x"}
    return f"{person.sandbox.dialog_url}/v26.0/dialog/oauth?{urlencode(query)}"


def offered() -> tuple[Change, ...]:
    """Return what the address check offers to change."""
    return offered_changes(profile(), DialogAddress("", SENT, SCOPES, "v26.0", "", 0))


@pytest.mark.parametrize(("way", "here"), [([], GUIDE), (["A3"], STEP)])
def test_the_address_check_asks_and_is_undone(
    environ: dict[str, str], person: Person, way: list[str], here: str
) -> None:
    before, (callback, scopes) = profile(), offered()
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("1", GUIDE)
        for answer in way:
            speaker.say(answer, here)
        assert "nothing to undo" in speaker.say("u", here)
        speaker.say("a", "Login address")
        said = speaker.say(address(person), change_question(callback))
        assert all(line in said.splitlines() for line in offered_change(callback))
        said = speaker.say("", change_question(scopes))
        assert all(line in said.splitlines() for line in offered_change(scopes))
        assert profile() == before
        assert change_saved(scopes, "u") in speaker.say("yes", here)
        assert (profile().callback_url, profile().scopes) == (before.callback_url, SCOPES)
        assert change_undone(scopes.undone) in speaker.say("u", here)
        assert profile() == before
        speaker.say("a", "Login address")
        speaker.say(address(person), change_question(callback))
        speaker.say("yes", change_question(scopes))
        assert profile().callback_url == SENT
        speaker.say("yes", here)
        assert change_undone(scopes.undone, "u") in speaker.say("u", here)
        assert change_undone(callback.undone) in speaker.say("u", here)
        assert profile() == before
        assert "nothing to undo" in speaker.say("u", here)
        assert speaker.quit() == 0


@pytest.mark.parametrize("step", ["4", "M4"])
def test_a_step_with_a_name_has_a_note_too(environ: dict[str, str], step: str) -> None:
    question, value = NAME_QUESTIONS[step]
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("1", GUIDE)
        speaker.say(step, STEP)
        speaker.say("n", f"{question}, enter: none")
        speaker.say("Acme", f"Note on {step}, enter: none")
        assert "nothing was changed" in speaker.say("b", STEP)
        speaker.say("n", f"{question}, enter: none")
        speaker.say("Acme", f"Note on {step}, enter: none")
        speaker.say("asked Kim", STEP)
        speaker.say("n", f"{question} (-: none), enter: Acme")
        speaker.say("", f"Note on {step} (-: none), enter: asked Kim")
        assert "Saved." in speaker.say("-", STEP)
        assert "Noted: " not in speaker.say("", STEP)
        assert speaker.quit() == 0
    assert (profile().app_name if value == "app_name" else profile().matillion.oauth_entry) == "Acme"
