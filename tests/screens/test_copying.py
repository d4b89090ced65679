"""What a press of the copy key leads to on the screen."""

from pathlib import Path

import pytest
from textual import events

from tests.screens.driving import opened
from tui.sandbox import RunningSandbox
from tui.settings import SettingsStore, find_home
from tui.terminal.clipboard import OnQuit


@pytest.fixture
def settings(own_home: Path) -> SettingsStore:
    return SettingsStore(find_home({"IGAUTH_HOME": str(own_home)}), {})


async def test_what_is_chosen_for_the_end_is_used(facebook: RunningSandbox, settings: SettingsStore) -> None:
    settings.set_preference("clear_on_quit", "now")
    async with opened(facebook) as person:
        await person.press("c")
        await person.wait_for(lambda: person.copied)
        assert person.app.clipboard_service.on_quit is OnQuit.NOW


async def test_the_clipboard_is_cleared_again_with_the_focus(
    facebook: RunningSandbox, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    settings.set_preference("clipboard_clear_seconds", 1)
    async with opened(facebook) as person:
        await person.press("c")
        await person.wait_for(lambda: len(person.copied) == 1)
        person.app.post_message(events.AppBlur())
        await person.wait_for(lambda: person.copied[1:] == [""])
        person.app.post_message(events.AppFocus())
        await person.wait_for(lambda: person.copied[1:] == ["", ""])


async def test_a_recorded_session_is_named_before_a_copy(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASCIINEMA_REC", "1")
    async with opened(facebook) as person:
        await person.press("c")
        await person.wait_for(lambda: "asciinema" in person.notices)
        assert person.copied == []
        await person.press("c")
        await person.wait_for(lambda: len(person.copied) == 1)
