"""The Matillion settings in plain mode: each value saved when given, the password tested before."""

import os

from tests.commands.running import Person, inside
from tests.plain.speaking import Speaker
from tui.services import open_services
from tui.settings import MatillionTarget
from tui.wording.matillion import FORM_ABOUT, SAVE_REFUSED

MENU = "(? lists choices): "
HERE = f"Matillion {MENU}"


def target() -> MatillionTarget:
    """Return what is stored."""
    profile = open_services(os.environ, "tui").settings.profile("acme")
    assert profile is not None
    return profile.matillion


def test_settings_are_entered_and_the_connection_tested(environ: dict[str, str], person: Person) -> None:
    world = person.sandbox.world
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        assert FORM_ABOUT[:60] in speaker.say("M", "Address, ")
        assert "https://" in speaker.say("matillion.example.com", "Address, ")
        speaker.say(f"{person.sandbox.matillion_url}/", HERE)
        assert target().base_url == person.sandbox.matillion_url
        speaker.say("2", "User, ")
        speaker.say(world.matillion_user, HERE)
        speaker.say("8", "Password, not shown")
        assert "Matillion answers." in speaker.say(world.matillion_password, HERE)
        speaker.say("3", "OAuth entry, ")
        speaker.say("nothing", HERE)
        assert "nothing is not one of them" in speaker.say("v", HERE)
        speaker.say("3", "(-: none), enter: nothing")
        speaker.say("-", HERE)
        shown = speaker.say("", HERE)
        assert "3. OAuth entry: none" in shown
        assert "8. Password: stored, not shown" in shown
        assert speaker.quit() == 0
        assert world.matillion_password.encode() not in speaker.heard
    assert (target().user, target().oauth_entry) == (world.matillion_user, "")
    assert inside("matillion").status == 0


def test_a_refused_password_is_saved_only_after_a_yes(environ: dict[str, str], person: Person) -> None:
    world, address = person.sandbox.world, person.sandbox.matillion_url
    words = ("matillion", "--instance", address, "--user", world.matillion_user, "--ask-password")
    assert inside(*words, stdin=f"{world.matillion_password}\n").status == 0
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("M", HERE)
        speaker.say("8", "Password, not shown")
        speaker.say("wrong", SAVE_REFUSED)
        speaker.say("", HERE)
        assert "Matillion answers." in speaker.say("v", HERE)
        speaker.say("8", "Password, not shown")
        speaker.say("wrong", SAVE_REFUSED)
        speaker.say("yes", HERE)
        assert "Matillion answers." not in speaker.say("v", HERE)
        assert speaker.quit() == 0


def test_without_a_profile_it_says_what_to_do(environ: dict[str, str], person: Person) -> None:
    (profile,) = open_services(os.environ, "tui").settings.profiles
    open_services(os.environ, "tui").profile_store.remove(profile.name)
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        assert "credentials" in speaker.say("M", f"igauth {MENU}")
        assert speaker.quit() == 0
