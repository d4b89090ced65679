"""What people need while they type has a key there that nothing around igauth takes."""

import pytest
from textual.widgets import Input

from tests.screens.credentials_form import WRONG, field, focus, on_credentials
from tests.screens.driving import Person, opened
from tests.screens.test_login import logging_in
from tui.sandbox import RunningSandbox
from tui.screens.help import HelpScreen
from tui.screens.palette import Palette
from tui.widgets.key_bar import KeyBar


def bar(person: Person) -> str:
    return person.screen.query_one(KeyBar).render().plain


@pytest.mark.parametrize(("key", "mode"), [("alt+1", "guide"), ("alt+3", "tokens")])
async def test_alt_with_a_digit_leads_out_of_a_field(facebook: RunningSandbox, key: str, mode: str) -> None:
    async with opened(facebook, start="credentials") as person:
        await on_credentials(person)
        await person.go(key, mode)


async def test_alt_v_verifies_from_within_a_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.paste(WRONG)
        await person.press("alt+v")
        await person.wait_for("Error validating client secret")


@pytest.mark.parametrize(("key", "opens"), [("alt+question_mark", HelpScreen), ("alt+colon", Palette)])
async def test_help_and_palette_open_from_a_field(facebook: RunningSandbox, key: str, opens: type) -> None:
    async with opened(facebook, start="credentials") as person:
        await on_credentials(person)
        await person.press(key)
        await person.wait_for(lambda: isinstance(person.screen, opens))


async def test_alt_k_and_alt_s_fix_and_save_in_a_field(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        before = field(person, "app_id").value
        await person.press("end", "space")
        assert field(person, "app_id").value == f"{before} "
        await person.press("alt+k")
        assert field(person, "app_id").value == before
        await focus(person, "app_secret")
        await person.paste(WRONG)
        await person.press("alt+s")
        await person.wait_for(lambda: not person.screen.unsaved)  # type: ignore[attr-defined]


async def test_letters_fix_and_save_outside_fields(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "app_id")
        before = field(person, "app_id").value
        await person.press("end", "space", "escape", "k")
        assert field(person, "app_id").value == before
        await focus(person, "app_secret")
        await person.paste(WRONG)
        await person.press("escape", "s")
        await person.wait_for(lambda: not person.screen.unsaved)  # type: ignore[attr-defined]


async def search(person: Person) -> None:
    await person.press("slash")
    await person.wait_for(lambda: isinstance(person.app.focused, Input))


@pytest.mark.parametrize("start", ["guide", "credentials", "tokens"])
async def test_the_bar_of_each_field_names_the_palette(facebook: RunningSandbox, start: str) -> None:
    async with opened(facebook, start=start) as person:
        await (on_credentials if start == "credentials" else search)(person)
        await person.wait_for(lambda: "^p more" in bar(person))
        assert "^p more" in person.lines[-1]


async def test_the_bar_of_a_login_s_field_names_the_palette(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        assert "^p more" in person.lines[-1]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("INSIDE_EMACS", "vterm", ("alt+c copy", "alt+. leave", "f5 verify")),
        ("INSIDE_EMACS", "28.2,term:0.96", ("alt+v verify", "alt+? help", "alt+. leave")),
        ("BYOBU_BACKEND", "screen", ("alt+v verify", "alt+? help", "esc leave")),
    ],
)
async def test_the_bar_names_keys_that_arrive(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: tuple[str, ...]
) -> None:
    monkeypatch.setenv(name, value)
    async with opened(facebook, start="credentials", size=(120, 30)) as person:
        await on_credentials(person)
        await person.wait_for(lambda: all(key in bar(person) for key in shown))
        await person.press("alt+full_stop")
        await person.wait_for(lambda: person.app.focused is None)


async def test_a_dialog_and_the_palette_are_left_by_another_key(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="credentials") as person:
        await on_credentials(person)
        for opens in ("ctrl+p", "f1"):
            shown = person.screen
            await person.press(opens)
            await person.wait_for(lambda shown=shown: person.screen is not shown)  # type: ignore[misc]
            await person.press("alt+full_stop")
            await person.wait_for(lambda shown=shown: person.screen is shown)  # type: ignore[misc]
