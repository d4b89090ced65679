"""Delivery in the full-screen view: after a refresh, with a notice, and shown on the row until it works."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.screens.driving import Person, opened
from tui.sandbox import RunningSandbox
from tui.screens.messages import TokensStored
from tui.settings.schema import Destination


def deliver_to(person: Person, *command: str) -> None:
    """Set the one destination, named `store`."""
    store = person.services.settings_store
    store.settings = replace(store.settings, deliver=(Destination("store", ("user_due",), command=command),))


async def test_a_refresh_delivers_and_says_so(facebook: RunningSandbox, tmp_path: Path) -> None:
    async with opened(facebook, tokens=("user_due",), size=(100, 60)) as person:
        before = person.services.token_store.value("user_due")
        deliver_to(person, "sh", "-c", f"cat > {tmp_path}/got")
        await person.press("r")
        await person.wait_for(lambda: "Delivered user_due to store." in person.notices)
        value = person.services.token_store.value("user_due")
        assert value != before
        assert (tmp_path / "got").read_text() == value.reveal()
        await person.press("i")
        await person.wait_for("store, ")


async def test_what_is_not_delivered_is_on_the_row(facebook: RunningSandbox, tmp_path: Path) -> None:
    async with opened(facebook, tokens=("user_due",)) as person:
        deliver_to(person, "test", "-e", str(tmp_path / "open"))
        await person.press("r")
        await person.wait_for(lambda: "user_due was not delivered to store" in person.notices)
        await person.wait_for(lambda: person.row("user_due").strip().startswith("● valid !"))
        await person.wait_for("igauth deliver user_due")
        (tmp_path / "open").touch()
        await person.press("r")
        await person.wait_for(lambda: "Delivered user_due to store." in person.notices)
        await person.wait_for(lambda: "valid !" not in person.row("user_due"))


async def test_a_token_that_was_stored_is_delivered(facebook: RunningSandbox, tmp_path: Path) -> None:
    async with opened(facebook, tokens=("user_due",)) as person:
        deliver_to(person, "sh", "-c", f"cat > {tmp_path}/got")
        person.app.post_message(TokensStored())  # as a login does
        await person.wait_for(lambda: "Delivered user_due to store." in person.notices)
        assert (tmp_path / "got").read_text() == person.services.token_store.value("user_due").reveal()


async def test_a_destination_written_meanwhile_is_used(
    facebook: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._LOOK_AT_OTHERS", 0.05)
    async with opened(facebook, tokens=("user_due",)) as person:
        config = person.services.home.config_file
        rule = f"\n[[deliver]]\ntokens = ['user_due']\nfile = '{tmp_path}/got'\n"
        config.write_text(config.read_text() + rule)
        await person.wait_for(lambda: person.services.settings.deliver)
        await person.press("r")
        await person.wait_for(lambda: (tmp_path / "got").exists())


async def test_a_broken_configuration_is_named_and_not_used(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._LOOK_AT_OTHERS", 0.05)
    async with opened(facebook, tokens=("user_due",)) as person:
        config = person.services.home.config_file
        before, text = person.services.settings, config.read_text()
        config.write_text("window_days = -1\n" + text)
        await person.wait_for(lambda: "window_days" in person.notices)
        assert person.services.settings == before
        config.write_text("window_days = 3\n" + text)
        await person.wait_for(lambda: person.services.settings.window_days == 3)
