"""Logging in, in plain mode: the link, every login method at once, what happens as it happens."""

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING

from tui.facebook.login_events import AnswerTaken, Declined, DeviceFailed, LoginEvent, ScopesDoubted
from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.line import LONGEST_WORD
from tui.plain.talk import Action as Choice
from tui.plain.talk import Back
from tui.plain.values import ask_value
from tui.redact import Secret
from tui.services.login_targets import LoginTarget, new_target, target_of, targets_of
from tui.terminal.qr import TooSmall
from tui.terminal.ssh_hint import ssh_hint
from tui.wording import login as words
from tui.wording.login import app_mode_text, event_lines, handover_text, page_words, redirect_lines, refusal_text
from tui.wording.plain import NO_CODE
from tui.wording.surfaces import PlainMenu
from tui.wording.text import Action, Do
from tui.wording.times import span

if TYPE_CHECKING:
    from tui.facebook.login_methods import LoginOffer
    from tui.services.logins import Attempt, AuthType
    from tui.tokens.token import Token

_AT_PROMPT = PlainMenu(first="b")
"""What a choice of a menu takes while the login asks: leaving it first."""

_ANSWER_HELP = "Paste the address the browser ended at, also when its page does not load. Or one of these:"
_END_HELP = "b  cancel this login\nq  quit igauth"


async def log_in(session: Conversation, token: "Token | None" = None) -> None:
    """Open the login for this token, else for the current profile's, which is asked for where that is not clear."""
    if token is not None:
        target = target_of(token)
    else:
        profile, tokens = session.required_profile.name, session.services.tokens()
        targets = targets_of(tokens, profile)
        target = targets[0]
        if len(targets) > 1:
            choices = {words.target_choice(one): one for one in targets}
            target = await session.talk.choose(words.WHICH_TOKEN.rstrip("?"), choices)
    await _open(session, target)


async def log_in_new(session: Conversation, other_profile: str = "") -> None:
    """Open the login for a new token of the current profile; `other_profile` may be meant as well."""
    profile = session.required_profile.name
    if other_profile not in ("", profile):
        choices = {one: one for one in (other_profile, profile)}  # first the one where the person is
        profile = await session.talk.choose(words.WHICH_PROFILE.rstrip("?"), choices)
    await _open(session, new_target(session.services.tokens(), profile))


async def _open(session: Conversation, target: LoginTarget) -> None:
    if not target.renews:
        taken = {token.name for token in session.services.tokens()}
        name = await session.talk.ask_name(words.new_name_question(target.profile), taken, target.token)
        target = LoginTarget(target.profile, name)
    await LoginTalk(session, target).run()


class LoginTalk(PlainScreen):
    """Holds one attempt at a time; leaving it closes the attempt."""

    def __init__(self, session: Conversation, target: LoginTarget) -> None:
        super().__init__(session)
        self._target = target
        self._auth_type: AuthType | None = None
        self._wants_another = False
        self._taken = asyncio.Event()
        """Whether an answer was taken: nothing is asked any more."""

    async def run(self) -> None:
        """Log in, or leave it. Raises what the services raise, Back and Quit."""
        self._talk.say(self._target_line())
        await self._session.name_secret_store()
        self._wants_another = True
        while self._wants_another:
            self._wants_another = False
            await self._attempt()

    def _target_line(self) -> str:
        return words.target_line(self._target, self._services.settings.profile(self._target.profile))

    async def _attempt(self) -> None:
        attempt = await self._services.logins.open(
            self._target.profile, self._target.token, self._on_event, page_words, auth_type=self._auth_type
        )
        self._taken.clear()
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
        offer = attempt.offer
        self._talk.say(
            f"Attempt {offer.request.short_code}, {span(offer.deadline - self._session.now)} left."
            " Open this link in a browser where you are logged in to Facebook:"
        )
        self._talk.show(offer.request.url)
        for line in redirect_lines(offer, ssh_hint(os.environ, offer.forwards)):
            self._talk.show(line.strip())

    # --- answers -----------------------------------------------------------------------------------------------

    async def _answers(self, attempt: "Attempt", finishing: "asyncio.Task[object]") -> None:
        """Ask until a login method brought a token, or failed, or the person leaves."""
        choices = self._choices(attempt)
        lines = "\n".join([_ANSWER_HELP, *(choice.line for choice in choices), _END_HELP])
        while not (finishing.done() or self._wants_another):
            asking = asyncio.create_task(
                self._talk.ask("Address the browser ended at, or ? for more", help=lines, echo="words", is_whole=True)
            )
            taken = asyncio.create_task(self._taken.wait())
            try:
                await asyncio.wait({asking, finishing, taken}, return_when=asyncio.FIRST_COMPLETED)
                if taken.done() and not asking.done():
                    asking.cancel()
                    await asyncio.wait({finishing})
                elif asking.done() and await self._is_answer(attempt, choices, asking.result()):
                    await asyncio.wait({finishing})
            finally:
                asking.cancel()
                taken.cancel()
                await asyncio.gather(asking, taken, return_exceptions=True)
        if finishing.done():
            self._wants_another = False  # a token that arrived meanwhile needs no other login

    def _choices(self, attempt: "Attempt") -> list[Choice]:
        """Return what can be entered instead of an address. An act returns True where Facebook is asked then."""
        offer, link = attempt.offer, attempt.offer.request.url
        text = handover_text(offer)
        found = [
            Choice("c", "link", "print the link again", partial(self._show, link)),
            Choice("o", "open", "open the link in a browser on this machine", partial(self._open_in_browser, link)),
            Choice("g", "qr", "draw the link, or the code for a device, as a QR code", partial(self._draw, attempt)),
            Choice("h", "hand over", "print a text for a colleague who has the browser", partial(self._show, text)),
            Choice("w", "to a file", "write that text to a file; no secret is in it", partial(self._write, offer)),
        ]
        if attempt.login.has_device:
            found.append(Choice("code", "code", "print the code for another device", partial(self._say_code, attempt)))
        if offer.forwards:
            ssh = partial(self._show, ssh_hint(os.environ, offer.forwards).command)
            found.append(Choice("ssh", "ssh", "print the ssh line for the computer with the browser", ssh))
        if offer.port is not None:
            short = partial(self._show, offer.short_link)
            found.append(Choice("short", "short", "print the short link for that computer", short))
        return [
            *found,
            Choice("token", "token", "use a token you already have, at a hidden prompt", partial(self._use, attempt)),
            Choice("n", "name", "choose another name for the token", self._rename),
            Choice("a", "again", "open a new login that requests declined permissions again", self._ask_again),
            Choice("m", "mode", "set whether the app is in development mode or live", self._switch_mode),
        ]

    async def _is_answer(self, attempt: "Attempt", choices: list[Choice], text: str) -> bool:
        """Do what was entered; tell whether Facebook is asked for the token now."""
        from tui.facebook.pasted import AnswerRefused

        word = text.strip().casefold()
        choice = next((one for one in choices if word in (one.key, one.word)), None)
        try:
            if choice is not None:
                return await choice.act() is True
            if len(text) > LONGEST_WORD:
                self._talk.say(f"{len(text)} characters arrived.")
            attempt.login.paste(text)
            return True
        except AnswerRefused as refused:
            self._talk.say(f"Refused: {refusal_text(refused, _AT_PROMPT)}")
        except OSError as error:  # the file cannot be written
            self._talk.say_failure(error)
        except Back:
            pass  # the login goes on
        return False

    async def _show(self, text: str) -> None:
        self._talk.show(text)

    async def _draw(self, attempt: "Attempt") -> None:
        """Draw the link, or where that does not fit a shorter one, with what it is."""
        device, offer = attempt.login.device, attempt.offer
        link = offer.request.url
        if isinstance(self._qr(link), TooSmall):
            if device is not None:
                self._talk.say(words.device_line(device))
                link = device.link
            elif offer.port is not None:
                self._talk.say(words.SHORT_LINK_CODE)
                link = offer.short_link
        await self._draw_qr(link)

    async def _say_code(self, attempt: "Attempt") -> None:
        device = attempt.login.device
        self._talk.say(words.device_line(device) if device is not None else NO_CODE)

    async def _write(self, offer: "LoginOffer") -> None:
        from tui.services.logins import write_hand_over

        path = await self._talk.ask(words.HAND_OVER_QUESTION, default=words.hand_over_file(offer))
        self._talk.say(words.written(await asyncio.to_thread(write_hand_over, path.strip(), handover_text(offer))))

    async def _use(self, attempt: "Attempt") -> bool:
        attempt.login.use_token(Secret(await ask_value(self._talk, "token")))
        return True

    async def _rename(self) -> None:
        profile, tokens = self._target.profile, self._services.tokens()
        taken = {token.name for token in tokens if token.profile != profile}
        name = await self._talk.ask_name(words.NAME_QUESTION, taken, self._target.token)
        if name == self._target.token:
            return
        self._target = LoginTarget(profile, name, any(token.name == name for token in tokens))
        self._talk.say(self._target_line())
        self._wants_another = True

    async def _ask_again(self) -> None:
        self._auth_type, self._wants_another = "rerequest", True

    async def _switch_mode(self) -> None:
        in_development = await asyncio.to_thread(self._services.profile_store.switch_mode, self._target.profile)
        self._talk.say(app_mode_text(in_development))
        self._wants_another = True

    # --- what happens ------------------------------------------------------------------------------------------

    def _on_event(self, event: LoginEvent) -> None:
        surface = _AT_PROMPT if isinstance(event, Declined | DeviceFailed | ScopesDoubted) else PlainMenu()
        for line in event_lines(event, surface, Action(Do.LOG_IN, self._target.profile, self._target.token)):
            self._talk.say(line)
        if isinstance(event, AnswerTaken):
            self._taken.set()
