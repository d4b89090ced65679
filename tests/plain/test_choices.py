"""Everything that plain mode advises to enter can be entered right there."""

import re
from collections.abc import Mapping

import pytest

from tests.commands.running import Person, inside
from tests.plain.speaking import Speaker
from tui.actions import ACTIONS, shown_key

MENU = "(? lists choices): "


GUIDE, STEP, CREDENTIALS, TOKENS, TOKEN = "Guide", "Step", "Credentials", "Tokens", "Token user_long"
LOGIN, FLAW, MAIN = "Address the browser ended at, or ? for more (b: back): ", "What now?", "igauth"

CHOICES: Mapping[str, tuple[str, str]] = {
    "show_guide": (MAIN, "1"),
    "show_credentials": (MAIN, "2"),
    "show_tokens": (MAIN, "3"),
    "step_note": (STEP, "n"),
    "filter_open": (GUIDE, "f"),
    "reset_progress": (GUIDE, "X"),
    "check_address": (STEP, "a"),
    "matillion": (STEP, "M"),
    "new_profile": (CREDENTIALS, "n"),
    "rename_profile": (CREDENTIALS, "e"),
    "duplicate_profile": (CREDENTIALS, "d"),
    "delete_profile": (CREDENTIALS, "x"),
    "restore_secret": (CREDENTIALS, "u"),
    "ask_again": (LOGIN, "a"),
    "hand_over": (LOGIN, "h"),
    "write_hand_over": (LOGIN, "w"),
    "token_name": (LOGIN, "n"),
    "app_mode": (LOGIN, "m"),
    "refresh_selected": (TOKEN, "r"),
    "refresh_all": (TOKENS, "R"),
    "inspect": (TOKEN, "i"),
    "test_read": (TOKEN, "t"),
    "filter_state": (TOKENS, "f"),
    "group_profiles": (TOKENS, "G"),
    "log_in": (MAIN, "l"),
    "log_in_new": (MAIN, "L"),
    "verify": (STEP, "v"),
    "more_settings": (CREDENTIALS, "m"),
    "verify_everything": (CREDENTIALS, "V"),
    "copy_value": (STEP, "c"),
    "open_link": (LOGIN, "o"),
    "qr_code": (LOGIN, "g"),
    "search": (GUIDE, "/"),
    "help": (MAIN, "?"),
    "quit": (MAIN, "q"),
}
"""In which menu of plain mode an action is chosen with the letter that it has on the screens."""

OTHER_CHOICES: Mapping[str, tuple[str, str, str]] = {
    "next_step": (STEP, ">", "enter repeats the screen"),
    "tick": (STEP, "x", "a blank alone is an empty line"),
    "next_profile": (CREDENTIALS, "/", "f10 cannot be typed at a prompt"),
    "forget_token": (TOKEN, "x", "del cannot be typed; x deletes a profile"),
    "fix_one": (FLAW, "A number", "f2 cannot be typed"),
    "fix_all": (FLAW, "f", "f3 cannot be typed"),
    "fix_flaw": (FLAW, "A number", "f2 cannot be typed"),
    "fix_flaws": (FLAW, "f", "f3 cannot be typed"),
    "leave": (GUIDE, "b", "esc cannot be typed"),
}
"""Actions with another letter, and why."""

ABSENT: Mapping[str, str] = {
    "page_down": "the terminal scrolls",
    "page_up": "the terminal scrolls",
    "toggle_sketch": "each sketch is said in words",
    "save": "each value is saved when it is given",
    "undo_paste": "a value with a flaw is not saved: a pastes it again",
    "choose_copy": "c asks what to print",
    "plain_view": "c prints a value alone on its line",
    "reveal": "c prints a secret after a yes",
    "command_palette": "? lists every choice, and each can be entered by its word",
}
"""Actions without a choice, and why."""


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


CHOSEN: Mapping[str, tuple[str, str]] = {
    **CHOICES,
    **{action: (menu, choice) for action, (menu, choice, _) in OTHER_CHOICES.items()},
}


def test_each_action_has_a_choice_or_a_reason_why_not() -> None:
    assert sorted([*CHOICES, *OTHER_CHOICES, *ABSENT]) == sorted(action.id for action in ACTIONS)


def test_each_choice_is_listed(listed: dict[str, set[str]]) -> None:
    assert not [action for action, (menu, choice) in CHOSEN.items() if choice not in listed[menu]]


def test_a_letter_means_what_it_means_on_the_screen(listed: dict[str, set[str]]) -> None:
    letters = {action.id: [shown_key(key) for key in action.all_keys.split(",")] for action in ACTIONS}
    assert not [action for action, (_, choice) in CHOICES.items() if choice not in letters[action]]
    scopes = {GUIDE: "guide", STEP: "guide", CREDENTIALS: "credentials", TOKENS: "tokens", TOKEN: "tokens"}
    scopes |= {MAIN: "everywhere", LOGIN: "login"}
    for action in ACTIONS:
        choice = CHOSEN.get(action.id, ("", ""))[1]
        menus = [menu for menu, scope in scopes.items() if action.scope in ("everywhere", scope)]
        assert not [menu for menu in menus if action.keys in listed[menu] - {choice}], action.id


@pytest.fixture
def listed(environ: dict[str, str], person: Person) -> dict[str, set[str]]:
    """What `?` lists in each menu and at two prompts."""
    person.import_tokens("user_long")
    found: dict[str, set[str]] = {}
    ways = {GUIDE: ["1"], STEP: ["1", "8"], CREDENTIALS: ["2"], TOKENS: ["3"], TOKEN: ["3", "1"]}
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        for menu, way in {MAIN: [], **ways, LOGIN: ["L", "another"], FLAW: ["2", "1", "12 "]}.items():
            for answer in (*way, "?"):
                before = len(speaker.heard)
                _enter(speaker, answer)
            said = speaker.heard[before:].decode()
            found[menu] = set(re.findall(r"(?:^|\. |\()([^\s.:]+(?: number)?)(?=:|  | lists)", said, re.MULTILINE))
            while not speaker.heard.decode().endswith(f"igauth {MENU}"):
                _enter(speaker, "b")
        assert speaker.quit() == 0
    return found


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
        for typed, name in (("Client Two", "client-two"), ("", "acme")):
            speaker.say("L", "Name of the new token (profile acme), enter: acme")
            if typed:
                assert "client-two." in speaker.say(typed, "(profile acme), enter: client-two")
            assert f"New token {name} (profile acme" in speaker.say("", "Address the browser ended at")
            speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0
