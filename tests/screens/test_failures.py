"""A database that is locked, or full, is explained on every screen that stores something."""

from collections.abc import Callable

import pytest
from textual.widgets import Input

from tests.screens.credentials_form import on_credentials
from tests.screens.driving import Person, opened
from tui.sandbox import RunningSandbox
from tui.screens.dialog import Dialog
from tui.screens.matillion import MatillionScreen
from tui.services import Services
from tui.vault.errors import Locked
from tui.wording.vault import vault_error

ERROR = Locked()
WORDS = vault_error(ERROR).what


def _locked(*_: object, **__: object) -> object:
    raise ERROR


def _seen(person: Person) -> bool:
    return WORDS in f"{person.flat}\n{person.notices}"


_STORING: tuple[tuple[str, Callable[[Services], tuple[object, str]], tuple[str, ...]], ...] = (
    ("guide", lambda services: (services.guide, "tick"), ("space",)),
    ("guide", lambda services: (services.guide, "note"), ("n", "enter")),
    ("guide", lambda services: (services.guide, "reset"), ("X", "y")),
    ("guide", lambda services: (services.guide, "save_address"), ("a", "x", "enter")),
    ("guide", lambda services: (services.matillion, "save"), ("M", "enter")),
    ("credentials", lambda services: (services.profile_store, "rename"), ("e", "x", "enter")),
    ("credentials", lambda services: (services.profile_store, "duplicate"), ("d", "x", "enter")),
    ("credentials", lambda services: (services.profile_store, "restore_secret"), ("u",)),
    ("credentials", lambda services: (services.profile_store, "remove"), ("x", "y")),
    ("credentials", lambda services: (services.profile_store, "confirm_secret"), ("v",)),
    ("tokens", lambda services: (services.token_store, "delete"), ("delete", "y")),
    ("tokens", lambda services: (services.token_store, "versions"), ("i",)),
)


@pytest.mark.parametrize(("screen", "store", "keys"), _STORING)
async def test_a_locked_database_is_explained(
    facebook: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
    screen: str,
    store: Callable[[Services], tuple[object, str]],
    keys: tuple[str, ...],
) -> None:
    async with opened(facebook, tokens=("user_long",), start=screen) as person:
        await person.rest()
        if screen == "credentials":
            await on_credentials(person)
            await person.press("escape")
        monkeypatch.setattr(*store(person.services), _locked)
        for key in keys:
            await person.press(key)
            if isinstance(person.screen, Dialog):
                await person.wait_for(lambda: person.screen.is_current)
        await person.wait_for(lambda: _seen(person))
        assert person.app.is_running


async def test_a_long_outcome_of_the_settings_is_in_sight(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await person.rest()
        await person.press("M")
        await person.wait_for(lambda: isinstance(person.screen, MatillionScreen))
        assert isinstance(person.screen, MatillionScreen)
        person.screen.show_outcome("one\ntwo\nthree\nthe last line")
        await person.wait_for("the last line", deadline=5)


async def test_nothing_is_said_to_be_unsaved_once_it_is_saved(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await person.rest()
        monkeypatch.setattr(person.services.matillion, "test", _locked)
        await person.press("M")
        await person.wait_for(lambda: isinstance(person.app.focused, Input))
        await person.press("enter")
        await person.wait_for(lambda: _seen(person))
        assert "Saved. " in person.flat
        assert "Not saved" not in person.flat
