"""A slow line between the terminal and the app, whose time passes only when a test says so."""

from collections.abc import Iterable

from textual.message import Message

from tests.screens.driving import Person
from tui.terminal.key_parser import KeyParser


class SlowLine:
    """What the terminal sends to the app."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._now = 100.0
        person.app.input_clock = lambda: self._now
        self._parser = KeyParser(clock=lambda: self._now)

    async def send(self, *pieces: str, gap: float) -> None:
        """Have pieces arrive with `gap` seconds after each."""
        for piece in pieces:
            await self._post(self._parser.feed(piece))
            end = self._now + gap
            while self._now < end:
                self._now = min(end, self._now + 0.1)
                await self._post(self._parser.tick())

    async def _post(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._person.app.post_message(message.set_sender(self._person.app))
            await self._person.pilot.pause()
