"""The login screen: every door open at once, the link in every form, what happens as it happens."""

import asyncio
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from tui.credentials import inspect, is_clean
from tui.facebook import login_events as told
from tui.facebook.errors import FacebookError
from tui.facebook.login_words import FOREIGN_ENDING, event_lines
from tui.facebook.pasted import AnswerRefused
from tui.redact import Secret
from tui.screens.ask_text import AskText
from tui.screens.login_words import device_caption, device_link, first_text, keys_text, left_text, others_text
from tui.screens.looks import style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import Copy, Copyable, GoTo, TokensStored
from tui.session import Session
from tui.widgets.bindings import bindings_of
from tui.widgets.credential_field import CredentialField

if TYPE_CHECKING:
    from tui.services.logins import Attempt, AuthType

_SHOWN_LINES = 5
_NARROW = 60


class LoginScreen(MainScreen):
    """Holds one attempt at a time; leaving it closes every door."""

    SCOPE = "login"
    CSS_PATH = [str(style_sheet("login.tcss")), str(style_sheet("credential_field.tcss"))]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("login")]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, token_name: str) -> None:
        super().__init__(session)
        self._profile = session.profile_name
        self._wanted_name = token_name
        self._attempt: Attempt | None = None
        self._lines: list[str] = []
        self._device: told.DeviceCodeShown | None = None
        self._can_use_device = True
        self._flawed_token = ""
        self._over = False

    def compose_body(self) -> Iterable[Widget]:
        """Link and doors, the two fields, what happened so far."""
        with VerticalScroll(id="login", can_focus=False):
            yield Static(f"Opening the doors {self.session.glyphs.ellipsis}", id="heading", markup=False)
            yield Static("", id="first", markup=False)
            yield Static("", id="link", markup=False)
            yield Static("", id="link-keys", markup=False)
            yield CredentialField(
                "pasted_redirect",
                label="Paste the address the browser ended at, then enter",
                short_label="Address the browser ended at, enter",
                id="answer",
            )
            yield Static("", id="happened", markup=False)
            yield Static("", id="others", markup=False)
            yield CredentialField(
                "token",
                label="Or a token you have already, then enter",
                short_label="Or a token you have, enter",
                secret=True,
                optional=True,
                id="token",
            )

    def on_mount(self) -> None:
        """Open the doors."""
        self.show_status()
        self.query_one("#answer", CredentialField).focus_input()
        self._open()

    async def on_unmount(self) -> None:
        """Leave no port and no poll behind."""
        self._over = True
        if self._attempt is not None:
            await self._attempt.abandon()

    # --- the attempt -------------------------------------------------------------------------------------------

    @work(group="login", exclusive=True, exit_on_error=False)
    async def _open(self, auth_type: "AuthType | None" = None) -> None:
        if self._attempt is not None:
            await self._attempt.abandon()
        self._lines, self._device, self._can_use_device = [], None, True
        self.query_one("#happened", Static).display = False
        desk = await asyncio.to_thread(lambda: self.session.services.login_desk)
        try:
            self._attempt = await desk.open(self._profile, self._wanted_name, self._heard, auth_type=auth_type)
        except Exception as error:  # MissingCredentials, RedirectRefused, NameTaken: each says what to do
            from tui.wording.surfaces import sentences
            from tui.wording.token_errors import error_text

            self._attempt = None
            self._say(sentences(error_text(error), self.session.surface))
            self.query_one("#heading", Static).update("No login can be opened.")
            return
        self._show_doors()
        await self._finish(self._attempt)

    async def _finish(self, attempt: "Attempt") -> None:
        from tui.facebook.login import LoginOver
        from tui.tokens.errors import AdoptionRefused
        from tui.wording.surfaces import sentences
        from tui.wording.token_errors import adoption_refused

        try:
            token = await attempt.finish()
        except LoginOver as over:
            if not self._over and over.reason == "deadline":
                self._say(over.message + " a opens a new one.")
            return
        except FacebookError as error:
            from tui.facebook.remedies import remedy_of

            remedy = remedy_of(error)
            self._say(f"{error.message}\n{remedy.what} {remedy.next}\na opens a new login.")
            return
        except AdoptionRefused as refused:
            self._say(sentences(adoption_refused(refused), self.session.surface))
            return
        self.post_message(TokensStored())
        self._say(f"Stored as {token.name}. escape goes on.")
        self.notify(f"Logged in: {token.name}", timeout=5, markup=False)
        if self._lacks_nothing():
            self.app.post_message(GoTo("tokens", token.name))  # which closes this screen

    def _lacks_nothing(self) -> bool:
        return not any(line.startswith("Not granted") for line in self._lines)

    def _heard(self, event: told.LoginEvent) -> None:
        if isinstance(event, told.DeviceCodeShown):
            self._device = event
            self._show_doors()
        elif isinstance(event, told.DoorFailed):
            self._device, self._can_use_device = None, False
            self._show_doors()
        for line in event_lines(event, again="a asks again."):
            self._say(line)

    def _say(self, text: str) -> None:
        if not self.is_mounted:
            return
        if _is_count(text) and self._lines and _is_count(self._lines[-1]):
            self._lines.pop()  # one figure that grows, not a line a request
        self._lines.append(text)
        happened = self.query_one("#happened", Static)
        happened.display = True
        happened.update("\n".join(self._lines[-_SHOWN_LINES:]))
        self.call_after_refresh(happened.scroll_visible, animate=False)

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show_doors(self) -> None:
        attempt = self._attempt
        if attempt is None or not self.is_mounted:
            return
        url = attempt.request.url
        room = max(20, self.size.width - 4)
        shown = url if len(url) <= room else url[: room - 1] + self.session.glyphs.ellipsis
        self.query_one("#link", Static).update(Content.styled(shown, Style(link=url)))
        has_browser = self.session.capabilities.browser is not None
        self.query_one("#first", Static).update(
            first_text(attempt, os.environ, has_browser, can_use_device=attempt.has_device and self._can_use_device)
        )
        self.query_one("#link-keys", Static).update(keys_text(has_browser))
        self.query_one("#others", Static).update(others_text(attempt, self._device, os.environ))
        self.tick(self.session.clock.now())

    def tick(self, now: float) -> None:
        """Count down to the attempt's deadline."""
        super().tick(now)
        attempt = self._attempt
        if attempt is not None:
            left = left_text(attempt.login.deadline - now)
            name, code = attempt.token_name, attempt.request.short_code
            is_narrow = self.size.width < _NARROW
            text = f"{name}: {code}, {left}."
            if not is_narrow:
                text = f"Log in for {self._profile}, stored as {name}. Attempt {code}, {left}."
            heading = self.query_one("#heading", Static)
            before = str(heading.content)
            if before != text:  # a second less takes no other room, another wording does
                heading.update(text, layout=len(before) != len(text))

    def on_resize(self) -> None:
        """Word the heading for the room there is now."""
        self.call_after_refresh(lambda: self.tick(self.session.clock.now()))

    # --- the doors ---------------------------------------------------------------------------------------------

    @on(CredentialField.Submitted, "#answer")
    def _answered(self, event: CredentialField.Submitted) -> None:
        if self._attempt is None:
            return
        try:
            self._attempt.login.paste(event.control.value)
        except AnswerRefused as refused:
            self._say(f"Refused: {refused.message}")
            return
        event.control.set_value("")

    @on(CredentialField.Submitted, "#token")
    def _token_given(self, event: CredentialField.Submitted) -> None:
        text = event.control.value
        if self._attempt is None or not text:
            return
        flaws = [flaw for flaw in inspect("token", text) if flaw.severity != "note"]
        if not is_clean(tuple(flaws)) and self._flawed_token != text:
            self._flawed_token = text
            self._say(
                "Not taken yet: " + "; ".join(flaw.message for flaw in flaws) + ". f3 mends, enter again takes it."
            )
            return
        try:
            self._attempt.login.use_token(Secret(text))
        except AnswerRefused as refused:
            self._say(refused.message)
            return
        event.control.set_value("")

    def on_paste(self, event: events.Paste) -> None:
        """A paste with no field in focus is the answer."""
        event.stop()
        field = self.query_one("#answer", CredentialField)
        field.set_value(event.text)
        field.focus_input()

    # --- keys --------------------------------------------------------------------------------------------------

    def value_in_focus(self) -> Copyable | None:
        """Return the link."""
        choices = self.copy_choices()
        return choices[0] if choices else None

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return the link, the code, the text for a colleague, the ssh line."""
        attempt = self._attempt
        if attempt is None:
            return ()
        from tui.terminal.ssh_hint import ssh_hint

        found = [Copyable.known("login link", attempt.request.url, is_link=True)]
        if self._device is not None:
            found.append(Copyable.known("device code", self._device.user_code))
        found.append(Copyable.known("text for a colleague who has the browser (no secret)", attempt.hand_over()))
        if attempt.port is not None:
            found.append(Copyable.known("ssh -L line", ssh_hint(os.environ, attempt.port).command))
            found.append(Copyable.known("short local link", attempt.short_link))
        return tuple(found)

    def link_in_focus(self) -> str:
        """Return the login link."""
        return self._attempt.request.url if self._attempt is not None else ""

    def smaller_link(self) -> tuple[str, str]:
        """Return the link for a device with its code to compare: short enough for a QR code where the other is not."""
        if self._device is None:
            return "", ""
        return device_link(self._device), device_caption(self._device)

    def link_name(self) -> str:
        """Return what the link is."""
        return "login link"

    def offers(self, action: str) -> bool:
        """Everything but verifying: a login proves itself."""
        return action != "verify"

    def action_ask_again(self) -> None:
        """Open a new attempt that asks for declined permissions again."""
        self._open("rerequest")

    def action_hand_over(self) -> None:
        """Copy the text for a colleague who has the browser."""
        choice = next((choice for choice in self.copy_choices() if "colleague" in choice.label), None)
        if choice is not None:
            self.post_message(Copy(choice))

    def action_write_hand_over(self) -> None:
        """Write the text for a colleague to a file of this account."""
        attempt = self._attempt
        if attempt is None:
            return

        def chosen(path: str | None) -> None:
            if path:
                self._write(attempt, path)

        name = f"igauth-login-{attempt.request.short_code}.txt"
        self.app.push_screen(AskText("Write the text for a colleague to", value=name), chosen)

    @work(group="hand over", exit_on_error=False)
    async def _write(self, attempt: "Attempt", path: str) -> None:
        try:
            written = await asyncio.to_thread(attempt.write_hand_over, path)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.notify(f"Not written to {path}: {reason}.", severity="error", markup=False)
            return
        self.notify(f"Written to {written}, for you alone (0600); no secret in it.", markup=False)

    def action_token_name(self) -> None:
        """Choose another name for the token."""

        def named(name: str | None) -> None:
            if name:
                self._wanted_name = name.strip()
                self._open()

        self.app.push_screen(AskText("Name of the token", value=self._wanted_name), named)

    def action_app_mode(self) -> None:
        """Switch between an app in development mode and a live one: the redirect differs."""
        self._switch_mode()

    @work(group="mode", exclusive=True, exit_on_error=False)
    async def _switch_mode(self) -> None:
        services = self.session.services
        is_development = await asyncio.to_thread(services.profile_desk.switch_mode, self._profile)
        self.notify(
            "In development mode: Facebook sends the answer to localhost."
            if is_development
            else "Live app: Facebook sends the answer to its own page, which must be among the redirect URIs.",
            timeout=6,
        )
        self._open()

    def action_mend_flaw(self) -> None:
        """Mend the flaw in front."""
        any(field.mend_front() for field in self._fields())

    def action_mend_flaws(self) -> None:
        """Mend every flaw of the field in front."""
        any(field.mend_all() for field in self._fields())

    def _fields(self) -> list[CredentialField]:
        """Return both fields, that with the focus first: an empty one has a flaw, but none that can be mended."""
        return sorted(self.query(CredentialField), key=lambda field: not field.has_focus_within)

    def action_reveal(self) -> None:
        """Reveal or mask the token that was typed."""
        field = self.query_one("#token", CredentialField)
        field.reveal(not field.revealed)

    def action_leave(self) -> None:
        """Leave the field; a second time the login, which closes every door."""
        if self.focused is not None:
            self.set_focus(None)
            self.notify("Letters are keys now; escape again leaves the login.", timeout=3)
            return
        self.dismiss()


def _is_count(line: str) -> bool:
    """Tell whether a line is the figure of foreign requests."""
    return line.endswith(FOREIGN_ENDING)
