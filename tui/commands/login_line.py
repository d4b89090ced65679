"""The login on a plain line: what is printed while it goes on, and what is read from stdin."""

import asyncio
import os
import sys
from contextlib import aclosing
from shutil import get_terminal_size
from typing import TextIO

import click

from tui.commands.failure import words_of
from tui.commands.pipe import put, say
from tui.commands.tokens import say_saved
from tui.commands.typed import typed_texts
from tui.facebook.dialog import RedirectRefused
from tui.facebook.errors import FacebookError
from tui.facebook.login import LoginOver
from tui.facebook.login_events import LoginEvent
from tui.facebook.login_methods import LoginMethod
from tui.facebook.pasted import AnswerRefused
from tui.process import Refused
from tui.services import Services
from tui.services.logins import Attempt, LoginMethodUnavailable, write_hand_over
from tui.terminal.qr import TooSmall, draw_qr
from tui.terminal.ssh_hint import ssh_hint
from tui.tokens.adoption import AdoptionRefused
from tui.wording.login import event_lines, handover_text, page_words, redirect_lines, refusal_text
from tui.wording.surfaces import CommandLine
from tui.wording.terminal import qr_too_small
from tui.wording.text import Action, Do
from tui.wording.times import stamp


class LoginLine:
    """One login. `qr`: draw the link too; `hand_over`: a new file for the text for a colleague."""

    def __init__(self, services: Services, profile: str, token_name: str, *, qr: bool, hand_over: str | None) -> None:
        self._services = services
        self._again = Action(Do.LOG_IN, profile, token_name)
        self._qr = qr
        self._hand_over = hand_over

    async def run(self, methods: tuple[LoginMethod, ...], stdin: TextIO | None) -> int:
        """Open the login methods, introduce them, and store the token; return the exit status. Raises Refused."""
        if self._hand_over is not None and (reason := _why_not_writable(self._hand_over)):
            raise self._not_written(reason)
        profile, name = self._again.profile, self._again.token
        try:
            attempt = await self._services.logins.open(profile, name, self._on_event, page_words, methods=methods)
        except (LoginMethodUnavailable, RedirectRefused) as error:
            raise click.UsageError(words_of(error, retry=self._again) or "") from None
        reading = asyncio.create_task(_read(attempt, stdin)) if LoginMethod.PASTE in methods else None
        try:
            self._introduce(attempt, methods)
            self._write_hand_over(attempt)
            token = await attempt.finish()
        except (FacebookError, LoginOver, AdoptionRefused) as error:
            say(f"igauth: {words_of(error, retry=self._again)}")
            return 1
        finally:
            if reading is not None:
                reading.cancel()
            await attempt.login.close()
            self._say_that_the_link_expired()
        say_saved(self._services, token)
        return 0

    def _say_that_the_link_expired(self) -> None:
        if self._hand_over is not None and os.path.isfile(os.path.expanduser(self._hand_over)):
            say(f"The link in {self._hand_over} has expired: this login is over. You can delete the file.")

    def _introduce(self, attempt: Attempt, methods: tuple[LoginMethod, ...]) -> None:
        offer = attempt.offer
        if methods == (LoginMethod.DEVICE,):
            say("Requesting a device code from Facebook ...")
            return
        say(f"Open this link in a browser where you are logged in to Facebook (attempt {offer.request.short_code}):")
        put(offer.request.url)
        sys.stdout.flush()
        for line in redirect_lines(offer, ssh_hint(os.environ, offer.port or 0)):
            say(line)
        if LoginMethod.PASTE in methods:
            say("Or paste the address the browser ends at (also when its page does not load), then press enter:")
        say(f"The link is valid until {stamp(int(offer.deadline))}; ctrl+c cancels and leaves no port open.")
        if self._qr:
            room = get_terminal_size((80, 100))
            code = draw_qr(offer.request.url, room.columns, max(room.lines, 100), inverted=True)
            say(qr_too_small(code) if isinstance(code, TooSmall) else "\n".join(code.lines))

    def _write_hand_over(self, attempt: Attempt) -> None:
        """Write the text for a colleague where it is wanted. Raises Refused."""
        if self._hand_over is not None:
            try:
                path = write_hand_over(self._hand_over, handover_text(attempt.offer))
            except OSError as error:
                raise self._not_written(error.strerror or type(error).__name__) from None
            say(f"Wrote the text for a colleague to {path}; it contains no secret.")

    def _not_written(self, reason: str) -> Refused:
        return Refused(f"{self._hand_over} was not written: {reason}. Name a new file, then log in again.")

    def _on_event(self, event: LoginEvent) -> None:
        for line in event_lines(event, CommandLine(), self._again):
            say(line)


def _why_not_writable(name: str) -> str:
    """Return why no new file of that name can be written; empty where one can."""
    file = os.path.abspath(os.path.expanduser(name))
    if os.path.lexists(file):
        return "it exists already"
    folder = os.path.dirname(file)
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"{folder} cannot be written"


async def _read(attempt: Attempt, stdin: TextIO | None) -> None:
    """Try every text that stdin brings; a refused one is explained and the attempt goes on."""
    async with aclosing(typed_texts(stdin)) as texts:
        async for text in texts:
            try:
                attempt.login.paste(text)
            except AnswerRefused as refused:
                say(f"igauth: {refusal_text(refused, CommandLine())}")
                continue
            return
    attempt.login.input_ended()
