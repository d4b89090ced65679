"""What a press of the copy key leads to on the screen."""

from pathlib import Path

import pytest

from tests.screens.driving import opened
from tui.sandbox import RunningSandbox
from tui.settings import SettingsStore, find_home
from tui.terminal.clipboard import OnQuit


async def test_what_is_chosen_for_the_end_is_used(facebook: RunningSandbox, own_home: Path) -> None:
    SettingsStore(find_home({"IGAUTH_HOME": str(own_home)}), {}).set_preference("clear_on_quit", "now")
    async with opened(facebook) as person:
        assert person.app.clipboard_service.on_quit is OnQuit.NOW


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
