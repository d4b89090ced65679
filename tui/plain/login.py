"""Logging in, in plain mode: the link, every login method at once, what happens as it happens."""

import asyncio
import os
from typing import TYPE_CHECKING

from tui.facebook.login_events import Declined, DeviceFailed, LoginEvent
from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.line import LONGEST_WORD
from tui.plain.talk import Back
from tui.plain.values import ask_value
from tui.redact import Secret
from tui.wording.login import app_mode_text, event_lines, handover_text, page_words, redirect_lines, refusal_text
from tui.wording.surfaces import PlainMenu
from tui.wording.text import Action, Do
from tui.wording.times import span

if TYPE_CHECKING:
    from tui.services.logins import Attempt, AuthType

_AT_PROMPT = PlainMenu(first="b")
"""What a choice of a menu takes while the login asks: leaving it first."""

_HELP = (
    "Paste the address the browser ended at, also when its page does not load. Or a word:\n"
    "link: print the link again\n"
    "hand over: print a text for a colleague who has the browser, without any secret\n"
    "token: use a token you already have, at a hidden prompt\n"
    "a, again: open a new login that requests declined permissions again\n"
    "m, mode: set whether the app is in development mode or live\n"
    "b: cancel this login. q: quit igauth."
)


async def log_in(session: Conversation, token_name: str = "", profile_name: str = "") -> None:
    """Open the login, for a token that exists or a new one."""
    await LoginTalk(session, profile_name or session.required_profile.name, token_name).run()


class LoginTalk(PlainScreen):
    """Holds one attempt at a time; leaving it closes the attempt."""

    def __init__(self, session: Conversation, profile_name: str, token_name: str) -> None:
        super().__init__(session)
        self._profile_name = profile_name
        self._token_name = token_name
        self._auth_type: AuthType | None = None
        self._wants_another = False

    async def run(self) -> None:
        """Log in, or leave it. Raises what the services raise, Back and Quit."""
        if not self._token_name:
            names = [token.name for token in self._services.tokens() if token.profile == self._profile_name]
            known = f" ({', '.join(names)}: renews it)" if names else ""
            answer = await self._talk.ask(f"Name of the token, such as {self._profile_name}{known}")
            self._token_name = answer.strip()
        await self._session.name_secret_store()
        self._wants_another = True
        while self._wants_another:
            self._wants_another = False
            await self._attempt()

    async def _attempt(self) -> None:
        attempt = await self._services.logins.open(
            self._profile_name, self._token_name, self._on_event, page_words, auth_type=self._auth_type
        )
        finishing = asyncio.create_task(attempt.finish())
        try:
            self._introduce(attempt)
            await self._answers(attempt, finishing)
            if finishing.done():
                await self._session.say_saved(finishing.result())
                await self._deliver()
        finally:
            await attempt.login.close()
            await asyncio.gather(finishing, return_exceptions=True)  # reported already, or canceled

    def _introduce(self, attempt: "Attempt") -> None:
        from tui.terminal.ssh_hint import ssh_hint

        offer = attempt.offer
        self._talk.say(
            f"Attempt {offer.request.short_code} for {offer.profile}, to be saved as {offer.token_name};"
            f" {span(offer.deadline - self._session.now)} left."
            " Open this link in a browser where you are logged in to Facebook:"
        )
        self._talk.show(offer.request.url)
        for line in redirect_lines(offer, ssh_hint(os.environ, offer.port or 0)):
            self._talk.show(line.strip())

    # --- answers -----------------------------------------------------------------------------------------------

    async def _answers(self, attempt: "Attempt", finishing: "asyncio.Task[object]") -> None:
        """Ask until a login method brought a token, or failed, or the person leaves."""
        while not finishing.done():
            asking = asyncio.create_task(
                self._talk.ask("Address the browser ended at, or ? for more", help=_HELP, echo="words", is_whole=True)
            )
            try:
                await asyncio.wait({asking, finishing}, return_when=asyncio.FIRST_COMPLETED)
                if not asking.done():
                    return
                if await self._is_answer(attempt, asking.result()):
                    await asyncio.wait({finishing})
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
            if self._wants_another:
                return

    async def _is_answer(self, attempt: "Attempt", text: str) -> bool:
        """Do what was entered; tell whether Facebook is asked for the token now."""
        from tui.facebook.pasted import AnswerRefused

        try:
            match text.strip().casefold():
                case "link":
                    self._talk.show(attempt.offer.request.url)
                case "hand over" | "handover" | "h":
                    self._talk.show(handover_text(attempt.offer))
                case "a" | "again":
                    self._auth_type, self._wants_another = "rerequest", True
                case "m" | "mode":
                    await self._switch_mode()
                case "token":
                    attempt.login.use_token(Secret(await ask_value(self._talk, "token")))
                    return True
                case _:
                    if len(text) > LONGEST_WORD:
                        self._talk.say(f"{len(text)} characters arrived.")
                    attempt.login.paste(text)
                    return True
        except AnswerRefused as refused:
            self._talk.say(f"Refused: {refusal_text(refused, _AT_PROMPT)}")
        except Back:
            pass  # the login goes on
        return False

    async def _switch_mode(self) -> None:
        in_development = await asyncio.to_thread(self._services.profile_store.switch_mode, self._profile_name)
        self._talk.say(app_mode_text(in_development))
        self._wants_another = True

    # --- what happens ------------------------------------------------------------------------------------------

    def _on_event(self, event: LoginEvent) -> None:
        surface = _AT_PROMPT if isinstance(event, Declined | DeviceFailed) else PlainMenu()
        for line in event_lines(event, surface, Action(Do.LOG_IN, self._profile_name, self._token_name)):
            self._talk.say(line)
