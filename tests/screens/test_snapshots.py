"""How each screen looks at each size, dark, and without color in ASCII; time and server stand still.

`pytest tests/screens/test_snapshots.py --snapshot-update` accepts a changed look, after it was looked at.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]

from tests.screens.driving import Person, opened, standing_clock, standing_login, without_chance
from tui.sandbox import RunningSandbox

SIZES = [(80, 24), (40, 15), (160, 48)]
TOKENS = ("user_due", "user_long", "page_never", "system_user", "user_expired")


async def show_screen(person: Person) -> None:
    await person.wait_for(lambda: person.app.session.secret_store is not None)


async def show_login(person: Person) -> None:
    await person.press("l")
    await person.wait_for("On any device")


async def show_help(person: Person) -> None:
    await person.press("f1")
    await person.wait_for("Keys and help")


async def show_palette(person: Person) -> None:
    await person.press("ctrl+p")
    await person.type("token user_l")
    await person.wait_for("Go to this token (valid)")


SHOWN: dict[str, tuple[str, Callable[[Person], Awaitable[None]]]] = {
    "guide": ("guide", show_screen),
    "credentials": ("credentials", show_screen),
    "tokens": ("tokens", show_screen),
    "login": ("tokens", show_login),
    "help": ("tokens", show_help),
    "palette": ("tokens", show_palette),
}


async def look(facebook: RunningSandbox, screen: str, snapshot: Any) -> None:
    """Compare one screen at all sizes; the terminal is made larger and smaller, as a person would."""
    start, show = SHOWN[screen]
    with standing_login():
        await look_at_sizes(facebook, start, show, snapshot)


async def look_at_sizes(
    facebook: RunningSandbox, start: str, show: Callable[[Person], Awaitable[None]], snapshot: Any
) -> None:
    """Open the app and compare what it shows at each size."""
    async with opened(facebook, tokens=TOKENS, start=start, clock=standing_clock()) as person:
        await show_screen(person)
        await show(person)
        for width, height in SIZES:
            await person.pilot.resize_terminal(width, height)
            await person.rest()
            svg = without_chance(person.app.export_screenshot(title="igauth"), facebook.port)
            assert svg == snapshot(extension_class=SVGImageExtension, name=f"{width}x{height}")


@pytest.mark.parametrize("screen", SHOWN)
async def test_a_screen_looks_as_it_did(snapshot: Any, frozen_facebook: RunningSandbox, screen: str) -> None:
    await look(frozen_facebook, screen, snapshot)


@pytest.mark.parametrize("screen", SHOWN)
async def test_a_screen_without_color_in_ascii_looks_as_it_did(
    snapshot: Any, frozen_facebook: RunningSandbox, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "C")
    await look(frozen_facebook, screen, snapshot)
