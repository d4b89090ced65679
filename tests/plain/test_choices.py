"""Everything that plain mode advises to enter can be entered right there."""

import os
import re

import pytest

from tests.commands.running import Person, inside
from tests.plain.speaking import Speaker

MENU = "(? lists choices): "


@pytest.fixture
def environ(person: Person) -> dict[str, str]:
    """Where the person's home and sandbox are."""
    return {name: value for name, value in os.environ.items() if name.startswith("IGAUTH_")}


def advised(said: str) -> set[str]:
    """Return every choice in `enter 2, then v.`, as it was written."""
    return set(re.findall(r": enter ([\w-]+(?:, then [\w-]+)*)\.", said))


def make_choice(speaker: Speaker, choice: str, here: str) -> None:
    """Enter a choice, and go back to the menu or prompt `here`."""
    before = len(speaker.heard)
    for part in choice.split(", then "):
        _enter(speaker, part)
    assert b"There is no choice" not in speaker.heard[before:], choice
    while not speaker.heard.decode().endswith(here):
        _enter(speaker, "b")


def _enter(speaker: Speaker, text: str) -> None:
    """Enter a text and wait for the next question."""
    before = len(speaker.heard) + len(text) + 2
    speaker.terminal.send(f"{text}\n")
    speaker.terminal.wait_for(lambda: len(speaker.heard) > before and speaker.heard.endswith(b"): "))


@pytest.mark.parametrize("menu", ["Guide", "Step", "Tokens", "Token user_long"])
def test_every_advised_choice_can_be_made_there(environ: dict[str, str], person: Person, menu: str) -> None:
    person.add("acme", secret="0" * 32)
    assert inside("import", "user_long", "--profile", "acme", stdin=person.value("user_long")).status == 0
    here = f"{menu} {MENU}"
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        for way in {"Guide": ["1"], "Step": ["1", "8"], "Tokens": ["3"]}.get(menu, ["3", "user_long"]):
            speaker.say(way, MENU)
        said = "".join(speaker.say(answer, here) for answer in ("", "V" if menu in ("Guide", "Tokens") else "v"))
        choices = advised(said)
        assert choices
        for choice in choices:
            make_choice(speaker, choice, here)
        assert speaker.quit() == 0


def test_advice_on_a_refused_answer_can_be_followed_at_the_login(environ: dict[str, str], person: Person) -> None:
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("l", "Name of the new token")
        speaker.say("mine", "Address the browser ended at")
        refused = speaker.say(person.sandbox.app_secret, "Address the browser ended at")
        assert advised(refused) == {"b, then credentials"}
        speaker.say("b", f"igauth {MENU}")
        speaker.say("credentials", f"Credentials {MENU}")
        assert speaker.quit() == 0


def test_the_login_page_is_checked_in_its_step_and_is_no_copy(environ: dict[str, str]) -> None:
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("1", f"Guide {MENU}")
        step = speaker.say("A3", f"Step {MENU}")
        assert "(a checks it)" in step
        assert "c prints it" not in step
        assert "nothing to copy" in speaker.say("c", MENU)
        assert "Login address" in speaker.say("a", "(b: back): ")
        assert speaker.quit() == 0


def test_a_wrong_app_secret_is_not_blamed_on_the_token(environ: dict[str, str], person: Person) -> None:
    person.add("acme", secret="0" * 32)
    assert inside("import", "user_long", "--profile", "acme", stdin=person.value("user_long")).status == 0
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("1", f"Token user_long {MENU}")
        facts = speaker.say("i", f"Token user_long {MENU}")
        assert "App Secret again" in facts
        assert "Paste the token" not in facts
        assert speaker.quit() == 0


def test_a_name_is_checked_and_enter_takes_the_offered_one(environ: dict[str, str]) -> None:
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        for typed, name in (("client-two", "client-two"), ("", "acme")):
            speaker.say("L", "Name of the new token, enter: acme")
            assert "client-two." in speaker.say("Client Two", "Name of the new token")
            assert f"New token {name} (profile acme" in speaker.say(typed, "Address the browser ended at")
            speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0
