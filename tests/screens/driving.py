"""A person at the keyboard of the real app, which talks to the real sandbox over HTTP."""

import base64
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from unittest.mock import patch

from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from tests.clocks import FrozenClock
from tui.app import IgauthApp
from tui.clock import Clock
from tui.commands.demo import PROFILE
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services, open_services
from tui.services.board import Row
from tui.settings import MatillionTarget, Profile
from tui.tokens.token import Token

DEADLINE = 30.0
"""Seconds; a wait ends as soon as it can, this is for machines that have much else to do."""
NOON = 1_790_942_400
"""2026-10-02 12:00:00 UTC, where a test needs a time that stands still."""

_OSC52 = re.compile(r"\x1b\]52;([a-z0-9]*);([^\x07\x1b]*)(?:\x07|\x1b\\)")


class Person:
    """Presses keys, pastes, and reads what the screen shows."""

    def __init__(self, app: IgauthApp, pilot: Pilot[int], sandbox: RunningSandbox, messages: list[Message]) -> None:
        self.app = app
        self.pilot = pilot
        self.sandbox = sandbox
        self.messages = messages
        self.written: list[str] = []

    @property
    def services(self) -> Services:
        """What the app itself uses."""
        return self.app.session.services

    @property
    def screen(self) -> Screen[object]:
        """The current screen."""
        return self.app.screen

    # --- doing -------------------------------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until they were handled."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text as a person would, letter by letter."""
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def paste(self, text: str) -> None:
        """Paste as a terminal with bracketed paste does."""
        target = self.app.focused or self.screen
        target.post_message(events.Paste(text))
        await self.pilot.pause()

    async def go(self, key: str, mode: str) -> None:
        """Go to another of the three screens."""
        await self.press(key)
        await self.wait_for(lambda: self.app.current_mode == mode and self.screen.is_current)

    async def wait_for(self, condition: str | Callable[[], object], deadline: float = DEADLINE) -> None:
        """Wait until a text stands on the screen, or a condition holds; never for a time."""
        holds = (lambda: condition in self.flat) if isinstance(condition, str) else condition
        end = time.monotonic() + deadline
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {condition!r}; the screen:\n{self.text}\n{self.notices}")
            await self.pilot.pause(0.01)

    async def rest(self) -> None:
        """Wait until nothing is under way and the screen has stayed as it is for three looks."""
        await self.wait_for(lambda: not self.app.session.token_work.busy)
        await self.wait_for(self._has_started)
        await self.wait_for(lambda: self.app._reload_timer is None)
        seen: list[str] = []
        for _ in range(1000):
            await self.pilot.pause(0.02)
            seen = [*seen[-2:], self.text]
            if len(seen) == 3 and len(set(seen)) == 1:
                return
        raise AssertionError(f"the screen does not come to rest:\n{self.text}")

    def _has_started(self) -> bool:
        return all(worker.is_finished for worker in self.app.workers if worker.group in ("start", "board"))

    # --- seeing ------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, row by row."""
        strips = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def flat(self) -> str:
        """The screen as one line: wrapped sentences can be found in it."""
        return " ".join(self.text.split())

    @property
    def notices(self) -> str:
        """Every toast that is up."""
        return "\n".join(f"{notice.title} {notice.message}" for notice in self.app._notifications)

    @property
    def copied(self) -> list[str]:
        """Each text that was sent to the terminal's clipboard (OSC 52), byte for byte."""
        found = _OSC52.findall("".join(self.written))
        return [base64.b64decode(coded).decode() for _, coded in found]

    @property
    def names(self) -> list[str]:
        """The tokens in the order in which the Tokens screen shows them."""
        return [entry.token.name for entry in self.table._entries if isinstance(entry, Row)]

    @property
    def table(self):  # type: ignore[no-untyped-def]
        """The list of tokens."""
        from tui.widgets.token_table import TokenTable

        return self.screen.query_one(TokenTable)

    @property
    def selected(self) -> str:
        """The token under the cursor."""
        entry = self.table.selected
        return entry.token.name if isinstance(entry, Row) else ""

    def row(self, name: str) -> str:
        """The line of one token in the table; a long name may be cut there."""
        top, left = self.table.region.y, self.table.region.bottom
        found = [line for line in self.lines[top:left] if f" {name[:13]}" in line]
        assert found, f"no row of {name} on\n{self.text}"
        return found[0]

    def stored(self, name: str) -> Token:
        """A token as the vault has it."""
        return self.services.vault.tokens.token(name)


def environment(home: Path, url: str) -> dict[str, str]:
    """What a person's shell would say."""
    return {"IGAUTH_HOME": str(home), "IGAUTH_GRAPH_URL": url, "IGAUTH_DIALOG_URL": url}


def seed(services: Services, sandbox: RunningSandbox, tokens: Iterable[str], *, profile: str = PROFILE) -> None:
    """Store the sandbox's app and some of its tokens, as a person would have."""
    world = sandbox.world
    entry = next(iter(world.spec.matillion.oauth), "")
    facts = Profile(
        profile,
        world.app_id,
        world.redirect_uri,
        app_name=world.app_name,
        matillion=MatillionTarget(sandbox.matillion_url, world.matillion_user, entry),
    )
    services.profile_store.save(facts, Secret(world.app_secret), Secret(world.client_token), verified=True)
    services.vault.profile_secrets.set("matillion_password", profile, Secret(world.matillion_password))
    for name in tokens:
        add(services, sandbox, name, profile=profile)


def add(services: Services, sandbox: RunningSandbox, name: str, *, profile: str = PROFILE, called: str = "") -> None:
    """Store one of the sandbox's tokens, never asked about yet."""
    now = int(services.clock.now())
    value = Secret(sandbox.world.token(name).value)
    version = services.vault.tokens.add_issued(called or name, profile, value, at=now, origin="import")
    token = Token(
        called or name, profile, sandbox.world.app_id, obtained_at=now, origin="import", fingerprint=value.fingerprint()
    )
    services.vault.tokens.add_token(token, version)


Opened = Callable[..., "AsyncIterator[Person]"]


@asynccontextmanager
async def opened(
    sandbox: RunningSandbox,
    *,
    tokens: Iterable[str] = ("user_long", "user_due", "user_expired"),
    start: str = "tokens",
    size: tuple[int, int] = (80, 24),
    clock: Clock | None = None,
    prepare: Callable[[Services], Awaitable[None] | None] | None = None,
    asked: bool = True,
    environ: Mapping[str, str] | None = None,
    is_seeded: bool = True,
) -> AsyncIterator[Person]:
    """Open the app on a seeded home; with `asked` Facebook was asked about every token before.

    `prepare` may change the services before the app opens.
    """
    services = open_services(environ or os.environ, "tui", throw_away=True)
    services.clock = clock or services.clock
    if is_seeded:
        seed(services, sandbox, tokens)
    if asked:
        for token in services.tokens():
            await services.keeper.inspect(token.name)
    if prepare is not None and (waiting := prepare(services)) is not None:
        await waiting
    app = IgauthApp(services, sandbox=True, start=start)
    messages: list[Message] = []
    async with app.run_test(size=size, notifications=True, message_hook=messages.append) as pilot:
        person = Person(app, pilot, sandbox, messages)
        driver = app._driver
        assert isinstance(driver, HeadlessDriver)
        driver.write = person.written.append  # type: ignore[assignment,method-assign]
        await pilot.pause()
        yield person


@contextmanager
def standing_login() -> Iterator[None]:
    """What a login screen shows of chance and of this machine, held still: state, attempt's code, user, host name."""
    with (
        patch("tui.facebook.dialog.secrets.token_urlsafe", lambda size: "s" * size),
        patch("tui.terminal.ssh_hint.socket.gethostname", lambda: "etl-server"),
        patch.dict(os.environ, {"USER": "dana"}),
    ):
        yield


_PORT = re.compile(r"(localhost(?::|%3A)|-L(?: |&#160;))87\d\d")


def without_chance(svg: str, port: int) -> str:
    """A picture without what differs from run to run: Textual's numbers, the sandbox's port, the listener's."""
    svg = re.sub(r"terminal-\d+-", "terminal-", svg)
    svg = re.sub(rf"(:|%3A|-L(?: |&#160;)){port}\b", r"\g<1>PORT_", svg)
    return _PORT.sub(r"\g<1>8765", svg)


def standing_clock() -> FrozenClock:
    """A clock at noon."""
    return FrozenClock(NOON)
