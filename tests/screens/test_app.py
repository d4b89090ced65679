"""What all screens share: help, palette, key bar, keys that can be changed, themes, every size, quitting."""

import asyncio
import re
from functools import partial
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.command import CommandList
from textual.widgets import Input

from tests.screens.driving import Person, opened
from tui.actions import ACTIONS, Action, shown_key
from tui.sandbox import RunningSandbox
from tui.screens.keymap import keymap_problems
from tui.screens.login import LoginScreen
from tui.screens.palette import commands
from tui.settings import SettingsStore
from tui.widgets.credential_field import CredentialField
from tui.widgets.key_bar import KeyBar
from tui.wording import app as words
from tui.wording.settings import keymap_problem
from tui.wording.surfaces import Screen, sentences

MODES = ("guide", "credentials", "tokens")
SIZES = {(40, 15): {"-narrow", "-low"}, (80, 24): {"-normal", "-mid"}, (160, 48): {"-vast", "-high"}}
LETTERS = set("abhijmsqz\\")


def set_preference(own_home: Path, name: str, value: str) -> None:
    from tui.settings import find_home

    SettingsStore(find_home({"IGAUTH_HOME": str(own_home)}), {}).set_preference(name, value)


async def test_help_lists_every_action_with_its_key(facebook: RunningSandbox) -> None:
    async with opened(facebook, size=(120, 140)) as person:
        await person.press("question_mark")
        await person.wait_for("Keys and help")
        for action in ACTIONS:
            line = [line for line in person.lines if action.help[:40] in line]
            assert line, f"help does not tell of {action.id}"
            assert any(shown_key(action.all_keys.split(",")[0]) in found for found in line)
        for heading, meaning in words.COLUMNS:
            assert any(line.split()[1] == heading for line in person.lines if meaning in line)
        await person.press("escape")
        await person.wait_for("user_due")


@pytest.mark.parametrize("mode", MODES)
async def test_the_palette_offers_every_action_of_the_screen(facebook: RunningSandbox, mode: str) -> None:
    async with opened(facebook, start=mode) as person:
        titles = {command.title for command in commands(person.app, person.app.session, person.screen)}
        for action in ACTIONS:
            works = action.scope in ("everywhere", mode) and action.id != "command_palette"
            assert (action.help.split(" (")[0] in titles) >= works, action.id
        assert {"Profile acme", "Token user_due", "Change theme"} <= titles
        assert any(title.startswith("Step 10:") for title in titles)


async def test_the_palette_finds_a_token_and_its_cursor_is_still(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await person.press("ctrl+p")
        await person.type("token user_long")
        await person.wait_for("Go to this token")
        assert not person.screen.query_one(Input).cursor_blink
        await person.press("enter")
        await person.wait_for(lambda: person.app.current_mode == "tokens")
        await person.wait_for(lambda: person.selected == "user_long")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("theme", "Change theme"), ("user_due", "Token user_due"), ("veri", "Verify"), ("plain", "Show the value alone")],
)
async def test_the_palette_ranks_whole_words_above_letters(facebook: RunningSandbox, typed: str, first: str) -> None:
    async with opened(facebook, start="guide") as person:
        await person.press("ctrl+p")
        await person.type(typed)
        palette = person.screen
        await person.wait_for(lambda: palette.query_one(CommandList).option_count)
        await person.wait_for(
            lambda: str(palette.query_one(CommandList).get_option_at_index(0).prompt).startswith(first)
        )


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_key_that_arrives(action: Action) -> None:
    assert action.all_keys, f"{action.id} has no key"
    for key in action.all_keys.split(","):
        if key.startswith("ctrl+"):
            assert key.removeprefix("ctrl+") not in LETTERS


def test_no_key_means_two_actions_at_once() -> None:
    for scope in ("guide", "credentials", "tokens", "login"):
        taken: dict[str, str] = {}
        for action in (action for action in ACTIONS if action.scope in ("everywhere", scope)):
            for key in action.all_keys.split(","):
                assert taken.setdefault(key, action.id) == action.id, f"{key} on {scope}"


def test_no_form_key_is_taken_by_the_text_field_itself() -> None:
    from textual.widgets import Input

    inputs = {
        key
        for binding in Input.BINDINGS
        for key in (binding.key if isinstance(binding, Binding) else binding[0]).split(",")
    }
    for action in (action for action in ACTIONS if action.form_keys):
        assert not inputs & set(action.form_keys.split(",")), action.id


@pytest.mark.parametrize("mode", MODES)
async def test_the_key_bar_shows_only_keys_that_work(facebook: RunningSandbox, mode: str) -> None:
    async with opened(facebook, start=mode, size=(160, 30)) as person:
        await person.wait_for(lambda: person.screen.query(KeyBar))
        bound = person.screen.active_bindings
        for action, key in person.screen.query_one(KeyBar)._shown():
            keys = [name for name in action.all_keys.split(",") if shown_key(name) == key]
            assert keys, (action.id, key)
            assert keys[0] in bound, f"{key} ({action.id}) is shown and bound to nothing"


async def test_without_tokens_the_key_bar_offers_no_token_keys(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=()) as person:
        await person.wait_for("No token yet.")
        assert "r refresh" not in person.lines[-1]
        assert "l log in" in person.lines[-1]


async def test_q_quits_at_once_with_status_0(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("q")
        await person.wait_for(lambda: person.app._exit)
        assert person.app.return_value == 0


async def test_ctrl_c_says_how_to_quit_and_quits_nothing(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("ctrl+c")
        await person.wait_for(lambda: "q quits" in person.notices)
        assert person.app.is_running


async def test_an_unknown_theme_is_reported_and_replaced(facebook: RunningSandbox, own_home: Path) -> None:
    set_preference(own_home, "theme", "no-such-theme")
    async with opened(facebook) as person:
        await person.wait_for(lambda: "There is no theme no-such-theme" in person.notices)
        assert person.app.theme == "igauth-dark"


async def test_a_changed_key_works_and_the_old_one_does_not(facebook: RunningSandbox, own_home: Path) -> None:
    config(own_home, '[keys]\nfilter_state = "w"\n')
    async with opened(facebook) as person:
        await person.wait_for(lambda: person.app._keymap)
        await person.press("f")
        assert len(person.names) == 3
        await person.press("w")
        assert person.names == ["user_due"]


async def test_the_default_stays_where_the_changed_key_is_impossible(facebook: RunningSandbox, own_home: Path) -> None:
    config(own_home, '[keys]\nfilter_state = "f99"\nlog_in = "f98, f11"\nquit = " , "\n')
    async with opened(facebook, size=(160, 40)) as person:
        await person.wait_for(lambda: person.app._keymap)
        assert "f11 log in" in person.lines[-1]
        assert "q quit" in person.lines[-1]
        assert len(person.names) == 3
        await person.press("f")
        assert person.names == ["user_due"]
        assert Screen(person.app.session.keymap).key("filter_state") == "f"


async def test_a_clash_and_an_unknown_action_are_named_at_start(facebook: RunningSandbox, own_home: Path) -> None:
    config(own_home, '[keys]\nfilter_state = "r"\nnonsense = "w"\n')
    async with opened(facebook) as person:
        words = [keymap_problem(problem) for problem in keymap_problems({"filter_state": "r", "nonsense": "w"})]
        await person.wait_for(lambda: all(text in person.notices for text in words))


def config(own_home: Path, text: str) -> None:
    from tui.settings import find_home

    home = find_home({"IGAUTH_HOME": str(own_home)})
    home.config_folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    home.config_file.write_text(text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_opens_at_every_size(facebook: RunningSandbox, size: tuple[int, int]) -> None:
    async with opened(facebook, size=size) as person:
        for key, mode in (("f6", "guide"), ("f7", "credentials"), ("f8", "tokens")):
            await person.press(key)
            await person.wait_for(partial(is_shown, person, mode, size[1]))
            assert SIZES[size] <= person.screen.classes
            assert all(len(line) <= size[0] for line in person.lines)
        await person.wait_for("user_due")
        assert re.search(r" 9d 0[34]:\d\d:\d\d\b", person.row("user_due")), "no seconds at this size"


async def test_resizing_keeps_the_selection_and_what_was_typed(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("down")
        assert person.selected == "user_long"
        await resize_through(person)
        assert person.selected == "user_long"
        await person.press("f7")
        await person.wait_for(lambda: person.app.focused is not None and person.app.current_mode == "credentials")
        await person.paste("abc ")
        await resize_through(person)
        assert person.screen.query_one("#app_secret", CredentialField).value == "abc "


def is_shown(person: Person, mode: str, height: int) -> bool:
    return person.app.current_mode == mode and len(person.lines) == height


def has_size(person: Person, size: tuple[int, int]) -> bool:
    return person.screen.size == size


async def resize_through(person: Person) -> None:
    for size in ((40, 15), (160, 48), (20, 5), (80, 24)):
        await person.pilot.resize_terminal(*size)
        await person.wait_for(partial(has_size, person, size))


async def test_without_color_and_utf8_sign_and_word_are_ascii(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "C")
    async with opened(facebook) as person:
        assert person.row("user_due").strip().startswith("+ due")
        assert person.row("user_expired").strip().startswith("x expired")
        assert not strange(person.text)
        await person.press("f7")
        await person.wait_for("[2 Credentials]")
        await person.wait_for(lambda: person.app.focused is not None)
        await person.paste("abc ")
        await person.wait_for("SPACE U+0020")
        assert not strange(person.text)
        await person.press("f6")
        await person.wait_for("[1 Guide]")
        await person.wait_for("Open Manage OAuth")
        assert not strange("\n".join(line[:33] for line in person.lines))


BORDERS = set("─│▁▂▃▄▅▆▇█▔▕▏…")
"""Drawn by Textual itself: borders, scroll bars, and the cut of a line too long, which say nothing."""


def strange(text: str) -> set[str]:
    """Every sign of ours that is not ASCII."""
    return {sign for sign in text if not sign.isascii()} - BORDERS


async def test_no_secret_reaches_the_screen_s_export(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        for key in ("1", "2", "f8", "i"):
            await person.press(key)
            await asyncio.sleep(0)
            picture = person.app.export_screenshot()
            assert facebook.app_secret not in picture
            assert facebook.world.token("user_due").value not in picture


USUAL_KEYS = {shown_key(key) for action in ACTIONS for key in action.all_keys.split(",")} - {"a", "space", "n"}
REMAPPED = {action.id: f"f{place}" for place, action in enumerate(ACTIONS, 100)}


@pytest.mark.parametrize("in_form", [False, True])
def test_texts_name_changed_keys(in_form: bool) -> None:
    surface = Screen(REMAPPED, in_form)
    texts = [
        words.how_to_quit(surface),
        words.nothing_to_reveal(surface),
        words.no_browser("https://example.test/", surface, can_copy=True),
        words.terminal_help(surface).split("ESCDELAY")[0],
        sentences(words.NO_PROFILE, surface),
    ]
    for text in texts:
        assert re.search(r"\bf1\d\d\b", text), text
        named = {word.strip(".,;:") for word in text.split()}
        assert not named & USUAL_KEYS, text


async def test_changed_keys_are_shown_everywhere(facebook: RunningSandbox, own_home: Path) -> None:
    config(own_home, '[keys]\nlog_in = "f11"\nshow_guide = "f9"\nquit = "f12"\n')
    async with opened(facebook, size=(160, 40)) as person:
        await person.wait_for(lambda: person.app._keymap)
        assert "f9 Guide" in person.lines[0]
        assert "f11 log in" in person.lines[-1]
        await person.press("ctrl+c")
        await person.wait_for(lambda: "f12 quits" in person.notices)


async def test_a_changed_key_works_in_a_field(facebook: RunningSandbox, own_home: Path) -> None:
    config(own_home, '[keys]\nlog_in = "f11"\nfilter_open = "f12"\n')
    async with opened(facebook, tokens=("user_long",)) as person:
        await person.press("2")
        await person.wait_for(lambda: isinstance(person.app.focused, Input))
        await person.press("f11")
        await person.wait_for(lambda: isinstance(person.screen, LoginScreen))


async def test_without_a_profile_a_login_leads_to_its_entry(facebook: RunningSandbox) -> None:
    async with opened(facebook, is_seeded=False, start="tokens") as person:
        await person.press("l")
        await person.wait_for(lambda: person.app.current_mode == "credentials")
        await person.wait_for(lambda: sentences(words.NO_PROFILE, Screen(scope="credentials")) in person.notices)
        assert "press 2" not in person.notices
