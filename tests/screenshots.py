"""`python -m tests.screenshots`: the key moments as SVGs in screenshots/, the same bytes each time.

The app is the real one, against a sandbox whose time stands; nothing in a picture depends on the machine or the day.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tests.screens.driving import (
    NOON,
    Person,
    environment,
    opened,
    standing_clock,
    standing_login,
    without_chance,
)
from tui.sandbox import start_sandbox
from tui.services import Services
from tui.settings import META_DIALOG_URL, SettingsStore, find_home
from tui.wording.app import BACK

FOLDER = Path(__file__).parents[1] / "screenshots"
TOKENS = ("user_due", "user_long", "page_never", "system_user", "user_missing_scope", "user_expired", "user_checkpoint")
CAST = "cast"
NORMAL, WIDE, NARROW = (80, 24), (160, 48), (40, 15)

_SURROUNDINGS = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_LEFT_OUT = (
    "TMUX", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "LC_ALL",
    "LC_CTYPE", "BROWSER",
)  # fmt: skip

Act = Callable[[Person], Awaitable[None]]


@dataclass(frozen=True)
class Moment:
    """One picture: which screen, what is done there, how large, in which theme."""

    name: str
    start: str
    act: Act
    size: tuple[int, int] = NORMAL
    theme: str = "igauth-dark"
    tokens: tuple[str, ...] = TOKENS


async def nothing(person: Person) -> None:
    """Look."""
    await person.wait_for(lambda: "not checked" not in person.lines[-2])


async def proven_guide(person: Person) -> None:
    """Look at all evidence, with the cursor on step 10."""
    await person.press("V")
    await person.wait_for(lambda: person.services.vault.notes.evidence("acme"))
    await person.wait_for(lambda: person.app.session.progress is None)
    person.screen.show_item("10")  # type: ignore[attr-defined]
    await person.wait_for("Step 10")


async def flaw(person: Person) -> None:
    """Paste the secret with a trailing space."""
    await person.wait_for(lambda: person.app.focused is not None)
    await person.paste(person.sandbox.app_secret + " ")
    await person.wait_for("SPACE U+0020 after character 32")


async def proof(person: Person) -> None:
    """Verify what is stored."""
    await person.wait_for(lambda: person.app.focused is not None)
    await person.press("f5")
    await person.wait_for("Facebook knows this app")


async def refreshed(person: Person) -> None:
    """Refresh the selected token."""
    await person.press("r")
    await person.wait_for("Extended by")
    await person.wait_for(lambda: not person.table._busy)


async def details(person: Person) -> None:
    """Inspect."""
    await person.press("i")
    await person.wait_for("data access")


async def help_screen(person: Person) -> None:
    """Ask for help."""
    await person.press("question_mark")
    await person.wait_for("Keys and help")


async def login(person: Person) -> None:
    """Open every login method."""
    await person.press("l")
    await person.wait_for(lambda: "On any device" in person.text)


async def qr(person: Person) -> None:
    """Show the login's link as QR; a live app's, so that no port of this machine is in it."""
    person.services.profile_store.switch_mode("acme")
    await login(person)
    await person.press("ctrl+g")
    await person.wait_for(BACK)


async def palette(person: Person) -> None:
    """Look for a token by name."""
    await person.press("ctrl+p")
    await person.type("token user_l")
    await person.wait_for("Go to this token (valid)")


MOMENTS = (
    Moment("guide", "guide", proven_guide),
    Moment("guide-wide", "guide", proven_guide, WIDE),
    Moment("guide-light", "guide", proven_guide, theme="igauth-light"),
    Moment("credentials-flaw", "credentials", flaw),
    Moment("credentials-flaw-light", "credentials", flaw, theme="igauth-light"),
    Moment("credentials-proven", "credentials", proof),
    Moment("tokens", "tokens", nothing),
    Moment("tokens-wide", "tokens", nothing, WIDE),
    Moment("tokens-light", "tokens", nothing, theme="igauth-light"),
    Moment("tokens-narrow", "tokens", nothing, NARROW),
    Moment("refresh", "tokens", refreshed),
    Moment("details", "tokens", details, (100, 36)),
    Moment("help", "tokens", help_screen, (100, 36)),
    Moment("login", "tokens", login),
    Moment("login-light", "tokens", login, theme="igauth-light"),
    Moment("qr", "tokens", qr, (110, 60)),
    Moment("palette", "tokens", palette),
)


async def picture(moment: Moment, home: Path) -> str:
    """Return one moment as SVG. `os.environ` already stands as `surroundings` makes it."""
    with start_sandbox(start_at=float(NOON), frozen=True) as sandbox:
        environ = environment(home, sandbox.graph_url) | {"IGAUTH_DIALOG_URL": META_DIALOG_URL}
        os.environ.update(environ)
        SettingsStore(find_home(environ), environ).set_preference("theme", moment.theme)

        def authorized(services: Services) -> None:
            service = services.guide
            service.tick(service.state("acme"), "12")

        async with opened(
            sandbox,
            tokens=moment.tokens,
            start=moment.start,
            size=moment.size,
            clock=standing_clock(),
            prepare=authorized,
        ) as person:
            await person.wait_for(lambda: "secrets: " in person.lines[-2] or moment.size == NARROW)
            await moment.act(person)
            await person.rest()
            svg = person.app.export_screenshot(title="igauth")
    return without_chance(svg, sandbox.port)


@contextmanager
def surroundings() -> Iterator[None]:
    """Hold still what the app sees of the terminal and the machine; put it back afterwards."""
    before = dict(os.environ)
    for name in [
        *_LEFT_OUT,
        *(name for name in before if name.startswith("IGAUTH_") or name.lower().endswith("proxy")),
    ]:
        os.environ.pop(name, None)
    os.environ.update(_SURROUNDINGS)
    try:
        with patch("tui.app._LOOK_AT_OTHERS", 3600.0):  # a look in the middle of a film would show another moment
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def draw(moment: Moment) -> str:
    """Return one moment as SVG."""
    with surroundings(), standing_login(), tempfile.TemporaryDirectory(prefix="igauth-shot-") as home:
        return asyncio.run(picture(moment, Path(home)))


def draw_cast() -> str:
    """Return the main job as one animated SVG."""
    from tests.cast import film

    with surroundings(), standing_login(), tempfile.TemporaryDirectory(prefix="igauth-cast-") as home:
        return asyncio.run(film(Path(home)))


def main(names: list[str]) -> int:
    """Write all pictures and the cast, or those named."""
    FOLDER.mkdir(exist_ok=True)
    for moment in MOMENTS:
        if not names or moment.name in names:
            (FOLDER / f"{moment.name}.svg").write_text(draw(moment))
    if not names or CAST in names:
        (FOLDER / f"{CAST}.svg").write_text(draw_cast())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
