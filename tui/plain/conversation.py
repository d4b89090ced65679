"""What every plain screen works with: the session, and a way to ask and say."""

import asyncio
import os
from shutil import get_terminal_size

from tui.plain.line import Line
from tui.plain.talk import Talk
from tui.plain.unlocking import TerminalWait
from tui.services import Services
from tui.services.duplicates import same_value
from tui.services.timer_advice import first_token_lacks_timer
from tui.session import Session
from tui.settings import Problem, Profile, SettingsError
from tui.terminal.qr import QrCode, Undrawn, draw_qr, sgr_lines
from tui.tokens.token import Token
from tui.wording.terminal import no_qr_code

_PROMPT_ROWS = 2
"""Rows of the prompt below what is shown."""


class Conversation(Session):
    """A session whose person answers prompts."""

    def __init__(self, services: Services, line: Line) -> None:
        super().__init__(services)
        self.talk = Talk(line, self.explained)
        services.wait_for_unlock = TerminalWait(self.talk.say, every=15)
        self._has_named_store = False

    @property
    def now(self) -> float:
        """Unix seconds, UTC."""
        return self.clock.now()

    @property
    def required_profile(self) -> Profile:
        """The current profile. Raises SettingsError where there is none."""
        if self.profile is None:
            raise SettingsError(Problem.NO_PROFILE)
        return self.profile

    async def name_secret_store(self) -> None:
        """Before the first secret is written: choose its store, and say which one and why not a better one.

        Where the keyring is locked or silent the person chooses. Raises Back and Quit.
        """
        if self._has_named_store:
            return
        from tui.vault.errors import StoreUndecided
        from tui.wording.vault import store_line, undecided_text, vault_error

        while self.services.secrets.choice is None:
            try:
                await self.find_secret_store()
            except StoreUndecided as error:
                self.talk.say(vault_error(error).what)
                again, database = undecided_text("again"), undecided_text("database")
                if await self.talk.choose(undecided_text("question"), {again: False, database: True}):
                    await self.store_secrets_in("database")
        self._has_named_store = True
        self.talk.say(store_line(await self.find_secret_store()))

    async def say_saved(self, token: Token) -> None:
        """Say what a token just saved is, and with the first one that nothing extends it where that is so."""
        from tui.wording.automation import first_token_advice
        from tui.wording.token_details import saved_text

        others = await asyncio.to_thread(same_value, self.services, token)
        self.talk.say(saved_text(token, self.now, self.window_of(token.profile), others))
        if await asyncio.to_thread(first_token_lacks_timer, self.services, token):
            self.talk.say(first_token_advice())


class PlainScreen:
    """A screen of plain mode: what it works with."""

    def __init__(self, session: Conversation) -> None:
        self._session = session
        self._talk = session.talk
        self._services = session.services

    async def _open_in_browser(self, link: str) -> None:
        """Open a link in a browser on this machine, or print it."""
        import webbrowser

        from tui.terminal.capabilities import detect_all
        from tui.wording.app import OPENED
        from tui.wording.plain import NO_BROWSER

        has_browser = (await asyncio.to_thread(detect_all, os.environ)).browser is not None
        if has_browser and await asyncio.to_thread(webbrowser.open, link):
            self._talk.say(OPENED)
        else:
            self._talk.say(NO_BROWSER)
            self._talk.show(link)

    async def _draw_qr(self, link: str) -> None:
        """Draw a link as a QR code, or say why not."""
        code = self._qr(link)
        if isinstance(code, QrCode):
            self._talk.paint(sgr_lines(code, self._session.capabilities))
        else:
            self._talk.say(no_qr_code(code))

    def _qr(self, link: str) -> QrCode | Undrawn:
        room = get_terminal_size()
        return draw_qr(link, room.columns, room.lines - _PROMPT_ROWS, self._session.capabilities)

    async def _deliver(self) -> None:
        """Deliver new tokens, and say what came of it."""
        if tried := await self._session.deliver():
            from tui.wording.delivery import delivery_text  # few homes have a destination

            for delivery in tried:
                self._talk.say(delivery_text(delivery))
