"""The main menu of plain mode, and what can be asked for everywhere in it."""

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from tui.plain.conversation import Conversation
from tui.plain.line import Line
from tui.plain.talk import Action, Menu, Quit
from tui.terminal.plain_text import is_utf8
from tui.wording.plain import CHOICES, GOODBYE, WELCOME
from tui.wording.status_line import status_paragraph

if TYPE_CHECKING:
    from tui.services import Services


class MainMenu:
    """Leads to the plain screens."""

    def __init__(self, services: "Services", line: Line) -> None:
        self._conversation = Conversation(services, line, self._everywhere)

    def _everywhere(self) -> tuple[Action, ...]:
        return (Action("s", "status", "profile, version, where secrets are kept, the next expiry", self._status),)

    async def run(self) -> None:
        """Talk until the person quits."""
        talk = self._conversation.talk
        talk.say(WELCOME)
        for key in self._conversation.services.settings.unknown_keys:
            from tui.wording.settings import unknown_key

            talk.say(f"Notice: {unknown_key(key)}")
        actions = (
            Action("1", "guide", "the guide, step by step", self._guide),
            Action("2", "credentials", "App ID, App Secret, callback URL, client token", self._credentials),
            Action("3", "tokens", "every token and when it expires", self._tokens),
            Action("l", "login", "log in to Facebook for a token", self._log_in),
        )
        with contextlib.suppress(Quit):
            await talk.run(Menu("igauth", self._describe, actions))
        talk.say(GOODBYE)

    async def _describe(self) -> None:
        self._conversation.talk.say(CHOICES)
        await self._status()

    async def _guide(self) -> None:
        from tui.plain.guide import GuideTalk

        await GuideTalk(self._conversation).run()

    async def _credentials(self) -> None:
        from tui.plain.credentials import CredentialsTalk

        await CredentialsTalk(self._conversation).run()

    async def _tokens(self) -> None:
        from tui.plain.tokens import TokensTalk

        await TokensTalk(self._conversation).run()

    async def _log_in(self) -> None:
        from tui.plain.login import log_in

        await log_in(self._conversation)

    async def _status(self) -> None:
        conversation = self._conversation
        await conversation.reload()
        conversation.secret_store = conversation.services.secrets.choice
        conversation.talk.say(status_paragraph(conversation.status(), conversation.now))
        for notice in conversation.services.notices:
            from tui.wording.surfaces import PlainMenu, sentences
            from tui.wording.vault import notice_text

            conversation.talk.say(sentences(notice_text(notice), PlainMenu()))


async def talk_plainly(services: "Services") -> int:
    """Run plain mode on this terminal and return its exit status."""
    line = Line(sys.stdin.fileno(), sys.stdout, is_ascii=not is_utf8(os.environ))
    with line.taken():
        await MainMenu(services, line).run()
    return 0
