"""The main job as a film: a flaw found and mended, the app proven, a login, a token counted down and extended."""

import os
from pathlib import Path

import httpx

from tests.animated_svg import Frame, animated
from tests.clocks import FrozenClock
from tests.screens.driving import NOON, Person, environment, opened, without_chance
from tui.sandbox import RunningSandbox, start_sandbox
from tui.settings import META_DIALOG_URL
from tui.widgets.token_table import TokenTable

_LOOKING, _READING = 2.0, 3.6


class Film:
    """Takes a picture when asked to."""

    def __init__(self, person: Person, clock: FrozenClock) -> None:
        self.person, self.clock = person, clock
        self.frames: list[Frame] = []

    async def shoot(self, caption: str, seconds: float = _READING) -> None:
        """Keep what the screen shows as soon as it has come to rest."""
        await self.person.rest()
        svg = self.person.app.export_screenshot(title=caption)
        self.frames.append(Frame(without_chance(svg, self.person.sandbox.port), seconds))


async def film(home: Path) -> str:
    """Return the film as an animated SVG. `os.environ` already stands still."""
    with start_sandbox(start_at=float(NOON), frozen=True) as sandbox:
        os.environ.update(environment(home, sandbox.graph_url) | {"IGAUTH_DIALOG_URL": META_DIALOG_URL})
        clock = FrozenClock(NOON)
        async with opened(sandbox, tokens=(), start="guide", clock=clock, is_seeded=False) as person:
            taken = Film(person, clock)
            await _credentials(taken, sandbox)
            await _login(taken, sandbox)
            await _token(taken)
            return animated(taken.frames)


async def _credentials(film: Film, sandbox: RunningSandbox) -> None:
    person = film.person
    await person.wait_for(lambda: "secrets: " in person.lines[-2] and "Facebook app linked" in person.text)
    await film.shoot("igauth: the guide, step by step")
    await person.go("2", "credentials")
    await person.wait_for(lambda: person.app.focused is not None)
    await person.type("acme")
    await person.press("enter")
    await person.paste(sandbox.app_id)
    await person.press("tab")
    await film.shoot("2: name the profile, paste App ID and App Secret", _LOOKING)
    await person.paste(sandbox.app_secret + " ")
    await person.wait_for("SPACE U+0020 after character 32")
    await film.shoot("a flaw is marked at its position and named")
    await person.press("f2")
    await person.wait_for(lambda: "SPACE U+0020" not in person.text)
    await film.shoot("f2 fixes it", _LOOKING)
    await person.press("f4")
    await person.wait_for("Saved acme")
    await person.press("f5")
    await person.wait_for("Facebook knows this app")
    await film.shoot("f4 saves, f5 verifies with Facebook")


async def _login(film: Film, sandbox: RunningSandbox) -> None:
    person = film.person
    await person.press("escape", "l")
    await person.wait_for("copies this link")
    await film.shoot("l logs in: every login method is open")
    url = person.screen._attempt.offer.request.url  # type: ignore[attr-defined]
    async with httpx.AsyncClient(trust_env=False) as browser:
        there = url.replace(META_DIALOG_URL, sandbox.dialog_url)
        reply = await browser.get(f"{there}&as=dana&decision=allow")
    await person.paste(reply.headers["location"])
    await person.pilot.pause()
    await film.shoot("paste the address at which the browser ended", _LOOKING)
    await person.press("enter")
    await person.wait_for(lambda: person.app.current_mode == "tokens" and person.screen.query(TokenTable))
    await person.wait_for("acme, a user token of")


async def _token(film: Film) -> None:
    person, clock = film.person, film.clock
    await person.wait_for(lambda: not person.app.session.token_work.busy)
    person.app.clear_notifications()
    await person.pilot.pause()
    for second in range(4):
        clock.at = NOON + second
        person.screen.tick(clock.now())  # type: ignore[attr-defined]
        await person.pilot.pause()
        await film.shoot("3: the next token to expire, counting down", 1.0)
    await film.shoot("3: the next token to expire, counting down", _LOOKING)
