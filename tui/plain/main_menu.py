"""The main menu of plain mode, and what can be asked for everywhere in it."""

import contextlib
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.line import Line, Quit
from tui.plain.mode import unlimited
from tui.plain.talk import Action, Menu
from tui.terminal.plain_text import is_utf8
from tui.wording.plain import CHOICES, GOODBYE, WELCOME
from tui.wording.status_line import status_paragraph

if TYPE_CHECKING:
    from tui.services import Services


class MainMenu(PlainScreen):
    """Leads to the plain screens."""

    async def run(self) -> None:
        """Talk until the person quits."""
        self._talk.say(WELCOME)
        for key in self._services.settings.unknown_keys:
            from tui.wording.settings import unknown_key

            self._talk.say(f"Notice: {unknown_key(key)}")
        if ignored := self._services.settings.ignored:
            from tui.wording.settings import ignored_keys
            from tui.wording.surfaces import CommandLine, sentences

            self._talk.say(f"Notice: {sentences(ignored_keys(ignored), CommandLine())}")
        actions = (
            Action("1", "guide", "the guide, step by step", self._guide),
            Action("2", "credentials", "App ID, App Secret, callback URL, client token", self._credentials),
            Action("3", "tokens", "every token and when it expires", self._tokens),
            Action("l", "login", "log in to Facebook for the profile's token", self._log_in),
            Action("L", "new-token", "log in to Facebook for a new token", self._log_in_new),
            Action("M", "matillion", "where Matillion ETL is: its entry and runs can be checked then", self._matillion),
            Action("status", "status", "profile, version, where secrets are kept, the next expiry", self._status),
        )
        # elsewhere the numbers are steps, fields and tokens
        self._talk.everywhere = [replace(one, key=one.word) if one.key.isdecimal() else one for one in actions]
        with contextlib.suppress(Quit):
            await self._talk.run(Menu("igauth", self._describe, actions))
        self._talk.say(GOODBYE)

    async def _describe(self) -> None:
        self._talk.say(CHOICES)
        await self._status()

    async def _guide(self) -> None:
        from tui.plain.guide import GuideTalk

        await GuideTalk(self._session).run()

    async def _credentials(self) -> None:
        from tui.plain.credentials import CredentialsTalk

        await CredentialsTalk(self._session).run()

    async def _tokens(self) -> None:
        from tui.plain.tokens import TokensTalk

        await TokensTalk(self._session).run()

    async def _log_in(self) -> None:
        from tui.plain.login import log_in

        await log_in(self._session)

    async def _log_in_new(self) -> None:
        from tui.plain.login import log_in_new

        await log_in_new(self._session)

    async def _matillion(self) -> None:
        from tui.plain.matillion import MatillionTalk

        await MatillionTalk(self._session).run()

    async def _status(self) -> None:
        session = self._session
        await session.reload()
        session.secret_store = self._services.secrets.choice
        self._talk.say(status_paragraph(session.status(), session.now))
        for notice in self._services.notices:
            from tui.wording.vault import notice_text

            self._talk.say(notice_text(notice))


async def talk_plainly(services: "Services") -> int:
    """Run plain mode on this terminal and return its exit status."""
    line = Line(sys.stdin.fileno(), sys.stdout, is_ascii=not is_utf8(os.environ))
    with unlimited(sys.stdin.fileno()):
        await MainMenu(Conversation(services, line)).run()
    return 0
