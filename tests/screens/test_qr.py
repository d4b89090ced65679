"""The QR screen as a terminal gets it: black and white, whatever the theme, and nothing where that cannot be."""

import re

import pytest

from tests.screens.driving import Person, opened
from tests.screens.test_login import logging_in, own_port
from tests.terminal.scanning import decoded, modules_of, painted_on
from tests.terminals.emulator import Emulator
from tui.sandbox import RunningSandbox
from tui.screens.qr import QrScreen
from tui.terminal.qr import NoColors, TooSmall
from tui.widgets.tight_painting import Pen, _cells
from tui.wording.terminal import no_qr_code

__all__ = ["own_port"]


async def open_qr(person: Person, key: str) -> None:
    await person.press(key)
    await person.wait_for(lambda: isinstance(person.screen, QrScreen))
    await person.rest()


def scanned(person: Person) -> str:
    """Return what a camera reads from the terminal."""
    size = person.app.size
    emulator = Emulator(size.width, size.height)
    pen = Pen(person.app.console)
    for row, strip in enumerate(person.screen._compositor.render_strips()):
        pen.write(0, row, _cells(strip))
    emulator.feed(pen.text(is_marked=False))
    return decoded(modules_of(painted_on(emulator.cells)))


@pytest.mark.parametrize("term", ["xterm", "xterm-256color"])
@pytest.mark.parametrize("theme", ["", "igauth-light", "ansi-light", "nord"])
async def test_the_code_is_black_and_white_in_every_theme(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, term: str, theme: str
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("COLORTERM")
    async with opened(facebook, start="guide") as person:
        await person.wait_for("Open Manage OAuth")
        if theme:
            person.app.theme = theme
            await person.pilot.pause()
        await open_qr(person, "g")
        link = scanned(person)
        assert link.startswith("https://")
        assert link.removeprefix("https://")[:20] in person.text


async def test_at_80x24_the_code_for_a_device_can_be_scanned(facebook: RunningSandbox) -> None:
    async with logging_in(facebook, size=(80, 24)) as person:
        await person.wait_for("and enter the code")
        await open_qr(person, "ctrl+g")
        shown = re.search(r"compare (\w+)", person.flat)
        assert shown is not None
        assert f"user_code={shown[1]}" in scanned(person)


@pytest.mark.parametrize("size", [(120, 40), (150, 90)])
async def test_the_whole_link_can_be_scanned_where_it_fits(facebook: RunningSandbox, size: tuple[int, int]) -> None:
    async with logging_in(facebook, size=size) as person:
        await open_qr(person, "ctrl+g")
        assert "/dialog/oauth?" in scanned(person)


async def test_without_colors_the_screen_says_what_a_code_needs(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(facebook, start="guide") as person:
        await person.wait_for("Open Manage OAuth")
        await open_qr(person, "g")
        assert no_qr_code(NoColors(is_asked_for=True)) in person.flat


async def test_the_code_takes_every_row_of_a_low_window(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(80, 17)) as person:
        await open_qr(person, "g")
        assert scanned(person).startswith("https://")
        assert not person.screen.query_one("#qr-caption").display


async def test_a_terminal_of_few_rows_says_what_a_code_needs(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(80, 16)) as person:
        await open_qr(person, "g")
        assert no_qr_code(TooSmall(33, 17)) in person.flat
