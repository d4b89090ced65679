"""The login screen: every login method at once, the link in every form, what happens as it happens."""

import asyncio
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.notifications import SeverityLevel
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from tui.credentials.inspection import is_clean
from tui.facebook import login_events
from tui.facebook.errors import FacebookError
from tui.facebook.login_methods import LoginOffer, suggest
from tui.facebook.models import DeviceCode
from tui.facebook.pasted import AnswerRefused
from tui.facebook.remedies import refusal_of
from tui.redact import Secret
from tui.screens.looks import style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import Copy, Copyable, GoTo, Link, TokensStored
from tui.services.duplicates import same_value
from tui.services.login_targets import LoginTarget
from tui.services.timer_advice import first_token_lacks_timer
from tui.session import Session
from tui.terminal.capabilities import detect_all
from tui.tokens.states import is_unusable
from tui.tokens.token import state
from tui.widgets.bindings import bindings_of
from tui.widgets.credential_field import CredentialField
from tui.wording import login as words
from tui.wording.automation import first_token_advice
from tui.wording.names import name_complaint
from tui.wording.surfaces import Screen as Surface
from tui.wording.surfaces import sentences
from tui.wording.text import Action, Do
from tui.wording.token_details import saved_text

if TYPE_CHECKING:
    from tui.services.logins import Attempt, AuthType

_SHOWN_LINES = 5


class LoginScreen(MainScreen):
    """Holds one attempt at a time; leaving it closes the attempt."""

    SCOPE = "login"
    CSS_PATH = [str(style_sheet("login.tcss")), str(style_sheet("credential_field.tcss"))]  # noqa: RUF012
    BINDINGS = bindings_of("login")
    AUTO_FOCUS = ""

    def __init__(self, session: Session, target: LoginTarget) -> None:
        super().__init__(session)
        self._target = target
        self._attempt: Attempt | None = None
        self._happened: list[Callable[[Surface], str]] = []
        self._has_browser = False
        self._ends_in = ""
        """What the last line is, where the next one of that kind replaces it."""
        self._flawed_token = ""
        self._over = False
        self._has_failed = False
        """Whether the attempt came to nothing: nothing can answer it any more."""

    def compose_body(self) -> Iterable[Widget]:
        """Link and login methods, the two fields, what happened so far."""
        with VerticalScroll(id="login", can_focus=False):
            yield Static(self._target_line(), id="heading", markup=False)
            yield Static("", id="first", markup=False)
            yield Static("", id="link", markup=False)
            yield Static("", id="link-keys", markup=False)
            yield CredentialField(
                "pasted_redirect",
                label=words.ANSWER_LABEL,
                short_label=words.ANSWER_SHORT,
                id="answer",
                fix_key=self.session.surface(in_form=True).key("fix_flaw"),
            )
            yield Static("", id="happened", markup=False)
            yield Static("", id="others", markup=False)
            yield CredentialField(
                "token",
                label=words.TOKEN_LABEL,
                short_label=words.TOKEN_SHORT,
                optional=True,
                id="token",
                fix_key=self.session.surface(in_form=True).key("fix_flaw"),
            )

    def _target_line(self) -> str:
        return words.target_line(self._target, self.session.services.settings.profile(self._target.profile))

    def on_mount(self) -> None:
        """Open an attempt."""
        self.query_one("#answer", CredentialField).focus_input()
        self._open()

    async def on_unmount(self) -> None:
        """Leave no port and no poll behind."""
        self._over = True
        if self._attempt is not None:
            await self._attempt.login.close()

    # --- the attempt -------------------------------------------------------------------------------------------

    @work(group="login", exclusive=True, exit_on_error=False)
    async def _open(self, auth_type: "AuthType | None" = None) -> None:
        if self._attempt is not None:
            await self._attempt.login.close()
        self._attempt, self._has_failed = None, False
        self._happened, self._ends_in = [], ""
        self._show_happened()
        self._has_browser = (await asyncio.to_thread(detect_all, os.environ)).browser is not None
        logins = await asyncio.to_thread(lambda: self.session.services.logins)
        name = self._target.token
        self._attempt = await logins.open(
            self._target.profile, name, self._on_login_event, words.page_words, auth_type=auth_type
        )
        self._show_methods()
        await self._finish(self._attempt)

    async def _finish(self, attempt: "Attempt") -> None:
        from tui.facebook.login import LoginOver

        try:
            token = await attempt.finish()
        except LoginOver as error:
            if not (self._over or error.reason == "canceled"):
                raise
            return
        self.post_message(TokensStored())
        now, window = self.session.clock.now(), self.session.window_of(token.profile)
        text = saved_text(token, now, window, await asyncio.to_thread(same_value, self.session.services, token))
        self._say(lambda surface: f"{sentences(text, surface)} {words.to_continue(surface)}")
        is_usable = not is_unusable(state(token, now, window))
        severity: SeverityLevel = "information" if is_usable else "warning"
        self.notify(sentences(text, self.surface), severity=severity, timeout=8, markup=False)
        if await asyncio.to_thread(first_token_lacks_timer, self.session.services, token):
            self.notify(sentences(first_token_advice(), self.surface), timeout=12, markup=False)
        if is_usable and not attempt.login.missing:
            self.app.post_message(GoTo("tokens", token.name))  # which closes this screen

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show why the login came to nothing, and that a new one can be opened: a code works once."""
        if work == "login":
            self._has_failed = True
            self.query_one("#heading", Static).update(words.NOT_OPENED)
            self.tick(self.session.clock.now())
        text = self.session.explained(error, retry=self._again)
        self._say(lambda surface: sentences(text, surface))
        if not isinstance(error, FacebookError) or refusal_of(error):  # a new login does not help
            return
        if text.next is None or text.next.do not in (Do.LOG_IN, Do.NEW_LOGIN):
            self._say(lambda surface: surface.step(self._again))

    @property
    def _again(self) -> Action:
        return Action(Do.NEW_LOGIN, self._target.profile, self._target.token)

    def _on_login_event(self, event: login_events.LoginEvent) -> None:
        if isinstance(event, DeviceCode | login_events.DeviceFailed):
            self._show_methods()
        if isinstance(event, DeviceCode):
            return  # shown beside the other login methods
        kind = "count" if isinstance(event, login_events.ForeignRequest) else ""
        self._say(lambda surface: "\n".join(words.event_lines(event, surface, self._again)), kind)

    def _say(self, text: Callable[[Surface], str], kind: str = "") -> None:
        """Add a line; one of a `kind` replaces the last one of it: a growing count, the newest refusal."""
        if not self.is_mounted:
            return
        if kind and kind == self._ends_in:
            self._happened.pop()
        self._ends_in = kind
        self._happened.append(text)
        self._show_happened()
        self.call_after_refresh(self.query_one("#happened", Static).scroll_visible, animate=False)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _show_happened(self) -> None:
        """Show the last lines of what happened, with the keys that work where the focus is now."""
        happened, surface = self.query_one("#happened", Static), self.surface
        lines = "\n".join(text(surface) for text in self._happened).split("\n")
        happened.display = bool(self._happened)
        happened.update("\n".join(lines[-_SHOWN_LINES:]))

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show_methods(self) -> None:
        attempt = self._attempt
        if attempt is None or not self.is_mounted:
            return
        from tui.terminal.ssh_hint import ssh_hint

        offer = attempt.offer
        url = offer.request.url
        room = max(20, self.size.width - 4)
        shown = url if len(url) <= room else url[: room - 1] + "…"
        style = Style(link=url) if self.session.capabilities.takes_osc else Style()
        self.query_one("#link", Static).update(Content.styled(shown, style))
        suggestion = suggest(
            os.environ,
            has_browser=self._has_browser,
            has_listener=offer.port is not None,
            has_device=attempt.login.has_device,
            on_page=self.app.is_web,
        )
        self.query_one("#first", Static).update(words.suggestion_text(suggestion))
        form = self.session.surface(in_form=True)
        self.query_one("#link-keys", Static).update(words.link_keys(form, self._has_browser or self.app.is_web))
        lines = words.redirect_lines(offer, ssh_hint(os.environ, offer.forwards))
        if attempt.login.device is not None:
            lines.insert(0, words.device_line(attempt.login.device))
        self.query_one("#others", Static).update("\n".join(lines))
        self.tick(self.session.clock.now())

    def tick(self, now: float) -> None:
        """Count down to the attempt's deadline."""
        super().tick(now)
        attempt = self._attempt
        if attempt is not None:
            at = attempt.offer.deadline if self._has_failed else now
            text = words.heading(self._target_line(), attempt.offer, at, is_narrow=self.has_class("-narrow"))
            heading = self.query_one("#heading", Static)
            before = str(heading.content)
            if before != text:  # another second needs no new layout, another wording does
                heading.update(text, layout=len(before) != len(text))

    def on_resize(self) -> None:
        """Word the heading for the room there is now."""
        self.call_after_refresh(lambda: self.tick(self.session.clock.now()))

    # --- the answers -------------------------------------------------------------------------------------------

    @on(CredentialField.Changed)
    def _changed(self, event: CredentialField.Changed) -> None:
        """Withdraw what was said about a token once it is another one."""
        if self._ends_in == "token" and event.control.field == "token" and event.control.value != self._flawed_token:
            self._happened.pop()
            self._ends_in = ""
            self._show_happened()
        self.keys_changed()

    @on(CredentialField.Submitted)
    def _answered(self, event: CredentialField.Submitted) -> None:
        field, attempt = event.control, self._attempt
        if attempt is None or (field.field == "token" and not self._may_be_used(field)):
            return
        try:
            if field.field == "token":
                attempt.login.use_token(Secret(field.value))
            else:
                attempt.login.paste(field.value)
        except AnswerRefused as refused:
            reason = refused  # the name in the except clause ends with it
            self._say(lambda surface: words.refused_answer(reason, surface), "refusal")
        else:
            field.set_value("")

    def _may_be_used(self, field: CredentialField) -> bool:
        """Tell whether a token was given that has no flaw, or whose flaws were named at the enter before."""
        if not is_clean(field.flaws) and self._flawed_token != field.value:
            self._flawed_token = field.value
            flaws = field.flaws
            self._say(lambda surface: words.flawed_token(flaws, surface), "token")
            return False
        return bool(field.value)

    def on_paste(self, event: events.Paste) -> None:
        """A paste with no field in focus is the answer."""
        event.stop()
        field = self.query_one("#answer", CredentialField)
        field.set_value(event.text)
        field.focus_input()

    # --- keys --------------------------------------------------------------------------------------------------

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return the link, the code, the text for a colleague, the ssh line."""
        attempt, link = self._attempt, self.link_in_focus()
        if attempt is None or link is None:
            return ()
        from tui.terminal.ssh_hint import ssh_hint

        offer, device = attempt.offer, attempt.login.device
        found = [link.copyable]
        if device is not None:
            found.append(Copyable.known("device code", device.user_code))
        found.append(_hand_over(offer))
        if offer.forwards:
            found.append(Copyable.known("ssh -L line", ssh_hint(os.environ, offer.forwards).command))
        if offer.port is not None:
            found.append(Copyable.known("short local link", offer.short_link))
        return tuple(found)

    def link_in_focus(self) -> Link | None:
        """Return the login link; the shorter one is for a device, with its code to compare, or the short local link."""
        if self._attempt is None:
            return None
        offer, device, surface = self._attempt.offer, self._attempt.login.device, self.lasting_surface
        shorter = (offer.short_link, words.short_link_caption(surface)) if offer.port is not None else ()
        if device is not None:
            shorter = (device.link, words.device_caption(device, surface))
        return Link(offer.request.url, "login link", *shorter)

    def offers(self, action: str) -> bool:
        """Everything but opening this screen, and verifying: a login proves itself; fixing where there is a flaw."""
        if action in ("fix_flaw", "fix_flaws"):
            return any(flaw.fixable for field in self._fields() for flaw in field.flaws)
        return action not in ("verify", "log_in", "log_in_new")

    def action_ask_again(self) -> None:
        """Open a new attempt that requests declined permissions again."""
        self._open("rerequest")

    def action_hand_over(self) -> None:
        """Copy the text for a colleague who has the browser."""
        if self._attempt is not None:
            self.post_message(Copy(_hand_over(self._attempt.offer)))

    @work(group="hand over", exit_on_error=False)
    async def action_write_hand_over(self) -> None:
        """Write the text for a colleague to a file of this account."""
        from tui.services.logins import write_hand_over

        attempt = self._attempt
        if attempt is None:
            return
        path = await self.ask(words.HAND_OVER_QUESTION, words.hand_over_file(attempt.offer))
        if path:
            written = await asyncio.to_thread(write_hand_over, path, words.handover_text(attempt.offer))
            self.notify(words.written(written), markup=False)

    @work(group="name", exit_on_error=False)
    async def action_token_name(self) -> None:
        """Choose another name for the token."""
        profile, tokens = self._target.profile, [row.token for row in self.session.board.rows]
        taken = {token.name for token in tokens if token.profile != profile}
        name = await self.ask(words.NAME_QUESTION, self._target.token, lambda text: name_complaint(text, taken))
        if name not in ("", self._target.token):
            renews = any(token.name == name for token in tokens)
            self._target = LoginTarget(profile, name, renews)
            self._open()

    @work(group="mode", exclusive=True, exit_on_error=False)
    async def action_app_mode(self) -> None:
        """Switch between an app in development mode and a live one: the redirect differs."""
        services = self.session.services
        is_development = await asyncio.to_thread(services.profile_store.switch_mode, self._target.profile)
        self.notify(words.app_mode_text(is_development), timeout=6)
        self._open()

    def action_fix_flaw(self) -> None:
        """Fix the first flaw."""
        any(field.fix_first() for field in self._fields())

    def action_fix_flaws(self) -> None:
        """Fix every flaw of the current field."""
        any(field.fix_all() for field in self._fields())

    def _fields(self) -> list[CredentialField]:
        """Return both fields, that with the focus first: an empty one has a flaw, but none that can be fixed."""
        return sorted(self.query(CredentialField), key=lambda field: not field.has_focus_within)

    def action_reveal(self) -> None:
        """Reveal or mask the token that was typed."""
        field = self.query_one("#token", CredentialField)
        field.reveal(not field.revealed)

    def action_leave(self) -> None:
        """Leave the field; a second time the login, which closes the attempt."""
        if self.focused is not None:
            self.set_focus(None)
            self.notify(words.shortcuts_active(self.lasting_surface), timeout=3)
            return
        self.app.clear_notifications()  # they were about this login
        self.dismiss()


def _hand_over(offer: LoginOffer) -> Copyable:
    return Copyable.known(words.HAND_OVER_LABEL, words.handover_text(offer))
