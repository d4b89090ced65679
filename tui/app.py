"""The Textual app: the three screens as modes, global keys, the second hand, themes, the crash handler."""

import gc
import os
import sys
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import Input

from tui.harmless import harmless
from tui.screens.looks import DEFAULT_THEME, TERMINAL_THEME, own_names, own_themes, style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import BoardChanged, Copyable, ProfileChanged
from tui.screens.token_work import TokenWork
from tui.services import Services
from tui.services.board import Board, make_board, name_for_login
from tui.settings import META_GRAPH_URL, Profile
from tui.terminal.capabilities import detect
from tui.terminal.endings import GRACE, install
from tui.widgets.bindings import bindings_of_app
from tui.widgets.glyphs import ASCII, UNICODE
from tui.widgets.status_line import Status
from tui.widgets.toasts import shortened
from tui.widgets.token_table import EstimateRow

if TYPE_CHECKING:  # what the first paint does not need
    from tui.services.automation import Automation
    from tui.terminal.app_clipboard import TerminalClipboard
    from tui.vault.backends import BackendChoice

_FIRST_SHEETS = {
    "guide": ("shared", "guide", "option_list"),
    "credentials": ("shared", "credentials", "credential_field"),
    "tokens": ("shared", "tokens"),
}
"""What a start on this screen reads before the first paint, and no more."""

_SHEETS = ("shared", "option_list", "dialogs", "tokens", "guide", "credentials", "credential_field", "login")

_LOOK_AT_OTHERS = 3.0
"""Seconds between two looks at what other processes have stored."""

_STORING = frozenset({"refresh", "inspect", "login", "save"})
"""Groups of workers that may be about to store something."""


def _guide() -> Screen[None]:
    from tui.screens.guide import GuideScreen  # only the first screen is imported before the first paint

    return GuideScreen()


def _credentials() -> Screen[None]:
    from tui.screens.credentials import CredentialsScreen

    return CredentialsScreen()


def _tokens() -> Screen[None]:
    from tui.screens.tokens import TokensScreen

    return TokensScreen()


class IgauthApp(App[int]):
    """Holds what all screens share: services, the board of tokens, the profile in front, the status line."""

    TITLE = "igauth"
    CSS_PATH: ClassVar[str | None] = None
    MODES = {"guide": _guide, "credentials": _credentials, "tokens": _tokens}  # noqa: RUF012 - Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of_app(),
        Binding("ctrl+c", "ctrl_c", show=False, system=True),
    ]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(self, services: Services, *, sandbox: bool = False, start: str = "") -> None:
        tokens = services.tokens()
        start = start or ("tokens" if tokens else "guide")
        # the first screen's style sheets go in with the shared one: Textual then parses once instead of eight times
        super().__init__(
            css_path=[style_sheet(f"{name}.tcss") for name in _FIRST_SHEETS[start]],
            ansi_color=True if "NO_COLOR" in os.environ else None,  # then no colour is sent, not even grey
        )
        self.services = services
        self.clock = services.clock
        self.is_sandbox = sandbox
        self.capabilities = detect(os.environ, _no_program)
        self.glyphs = ASCII if self.capabilities.ascii_only else UNICODE
        if self.capabilities.ascii_only:
            from tui.widgets.ascii_lines import AsciiLines

            self._filters.append(AsciiLines())
        self.board: Board = make_board(tokens, self.clock.now(), self.window_of)
        profile = services.default_profile
        self.profile_name = profile.name if profile else ""
        self._secrets: BackendChoice | None = None
        self._estimates: tuple[EstimateRow, ...] = ()
        self.automation: Automation | None = None
        self.token_work = TokenWork(self)
        self._screen_stacks = {start: []}  # the first screen is the app's first mode: no blank screen before it
        self._current_mode = start
        self._missing_theme = ""
        self._dress(services.settings.theme)
        self._gave_up_waiting = False
        self._ticked_at = 0.0
        self.animation_level = "none"
        self.clears_in: float | None = None
        """Seconds until a secret that is still in the clipboard is cleared; None where there is none."""

    @cached_property
    def clipboard_desk(self) -> "TerminalClipboard":
        """Copies to the person's clipboard."""
        from tui.terminal.app_clipboard import TerminalClipboard

        return TerminalClipboard(os.environ, clear_after=self.services.settings.clipboard_clear_seconds)

    # --- start -------------------------------------------------------------------------------------------------

    def on_load(self) -> None:
        """Style the app before its first screen is made: what a screen draws inherits from it."""
        self.stylesheet.apply(self)

    def on_mount(self) -> None:
        """Start the second hand; everything slow comes after the first paint."""
        install(self, finish=self.finish_work)
        self._second_hand()
        self.call_after_refresh(self._after_first_paint)

    def on_ready(self) -> None:
        """Draw the first screen now that painting is let go."""
        if isinstance(self.screen, MainScreen):
            self.screen.draw_held_back()

    def get_css_variables(self) -> dict[str, str]:
        """Add the names that our style sheets use."""
        variables = super().get_css_variables()
        return {**variables, **own_names(variables)}

    def _dress(self, theme: str) -> None:
        """Put the theme on before anything is parsed or painted with another."""
        for own in own_themes():
            self.register_theme(own)
        if theme and theme not in self.available_themes:
            self._missing_theme, theme = harmless(theme, 60), ""
        if self.no_color:
            theme = TERMINAL_THEME
        self.set_reactive(
            IgauthApp.theme, theme or (TERMINAL_THEME if self.capabilities.sixteen_colors else DEFAULT_THEME)
        )
        is_dark = self.current_theme.dark
        self.set_class(is_dark, "-dark-mode", update=False)
        self.set_class(not is_dark, "-light-mode", update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def _after_first_paint(self) -> None:
        if not gc.isenabled():
            gc.freeze()  # what stands now stays: later collections need not look at it
            gc.enable()
        self.stylesheet.read_all([style_sheet(f"{name}.tcss") for name in _SHEETS])  # not when a screen is opened
        self.stylesheet.parse()
        if self._missing_theme:
            self.notify(
                f"There is no theme {self._missing_theme}. Using {DEFAULT_THEME}.", severity="warning", markup=False
            )
        if self.services.settings.keymap:
            from tui.screens.keymap import apply_keymap

            apply_keymap(self, self.services.settings.keymap)
        for notice in self.services.settings.notices:
            self.notify(notice, severity="warning", markup=False, timeout=15)
        self._look_around()
        self.set_interval(self.services.settings.inspect_interval_minutes * 60, self.token_work.inspect_stale)
        self.set_interval(_LOOK_AT_OTHERS, self._look_at_others)

    @work(group="others", exclusive=True, exit_on_error=False)
    async def _look_at_others(self) -> None:
        """Show what a timer, a command or another igauth has stored meanwhile."""
        import asyncio

        if await asyncio.to_thread(self.services.vault.changed_by_others):
            self.reload_board()

    @work(group="start", exit_on_error=False)
    async def _look_around(self) -> None:
        from tui.screens.start_up import ask_passphrase, find_secrets, remind, tell_vault

        self._secrets = await find_secrets(self)
        if self._secrets.name == "sealed":
            await ask_passphrase(self)
        await tell_vault(self)
        self.run_worker(remind(self), group="remind", exit_on_error=False)
        self.reload_board()
        self.show_status()
        self.token_work.inspect_stale()

    # --- the second hand ---------------------------------------------------------------------------------------

    def _second_hand(self) -> None:
        now = self.clock.now()
        self.set_timer(1.001 - now % 1, self._second_hand, name="second hand")
        jumped_back, self._ticked_at = now < self._ticked_at, now
        if jumped_back or (self.board.changes_at is not None and now >= self.board.changes_at):
            self.reload_board()  # what ended while the clock was ahead lives again
        screen = self.screen_stack[-1] if self.screen_stack else None  # the last second may find all screens gone
        if isinstance(screen, MainScreen) and screen.is_mounted:
            screen.tick(now)

    # --- state -------------------------------------------------------------------------------------------------

    def window_of(self, profile_name: str) -> int:
        """Return the refresh window of a profile, in seconds."""
        return self.services.window_of(profile_name)

    def expected_scopes(self, profile_name: str) -> tuple[str, ...]:
        """Return the scopes a profile's tokens should have."""
        profile = self.services.profile(profile_name)
        return profile.scopes if profile is not None and not profile.config_id else ()

    def estimates(self) -> tuple[EstimateRow, ...]:
        """Return a row for each Matillion entry whose authorisation was recorded."""
        return self._estimates

    def _read_estimates(self) -> tuple[EstimateRow, ...]:
        if not any(profile.matillion for profile in self.services.profiles):
            return ()
        from tui.services.estimates import estimates
        from tui.wording.matillion import estimate_line

        now = self.clock.now()
        return tuple(
            EstimateRow(profile, self.glyphs.text(estimate_line(found, now)), found.reminder is not None)
            for profile, found in estimates(self.services)
        )

    @work(group="board", exclusive=True, exit_on_error=False)
    async def reload_board(self) -> None:
        """Read the tokens again and tell the screen in front."""
        import asyncio

        from tui.services.automation import read_automation

        tokens = await asyncio.to_thread(self.services.tokens)
        self._estimates = await asyncio.to_thread(self._read_estimates)
        self.automation = await asyncio.to_thread(read_automation, self.services.vault)
        before = self.board
        self.board = make_board(tokens, self.clock.now(), self.window_of)
        self.token_work.tell_worse(before, self.board)
        self._tell_board()

    def _tell_board(self) -> None:
        for screen in self.screen_stack:
            screen.post_message(BoardChanged(self.board))
        self.show_status()

    def status(self) -> Status:
        """Return what the status line says now."""
        profile = self.profile
        version = (profile.api_version if profile else "") or self.services.settings.api_version
        served = next((client.served.version for client in self.services.clients if client.served.version), "")
        if served and served != version:
            version = f"{version} (served {served})"
        host = "sandbox" if self.is_sandbox else ""
        if not host and self.services.settings.graph_url != META_GRAPH_URL:
            host = self.services.settings.graph_url.split("://", 1)[1]
        return Status(
            profile=self.profile_name,
            version=version,
            host=host,
            secrets=self._secrets.name if self._secrets else "",
            soonest=self.board.soonest,
            dead=len(self.board.dead),
            checked_at=self.board.checked_at,
            skew=self.clock.skew,
            work=self.token_work.progress_text,
        )

    def show_status(self) -> None:
        """Bring the status line of the screen in front up to date."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen) and screen.is_mounted:
                screen.show_status(self.status(), self.clock.now())

    def secrets_sentence(self) -> str:
        """Return where secrets are kept and why not in a better place."""
        choice = self._secrets
        return f"Secrets: {choice.name}. {choice.meaning} {choice.why_not_better}".strip() if choice is not None else ""

    @property
    def profile(self) -> Profile | None:
        """The profile in front."""
        return self.services.profile(self.profile_name)

    def choose_profile(self, name: str) -> None:
        """Put another profile in front on every screen."""
        self.profile_name = name
        for screen in self.screen_stack:
            screen.post_message(ProfileChanged(name))
        self.show_status()

    # --- moving ------------------------------------------------------------------------------------------------

    def action_show_guide(self) -> None:
        """Go to the guide."""
        self.go("guide")

    def action_show_credentials(self) -> None:
        """Go to the credentials."""
        self.go("credentials")

    def action_show_tokens(self) -> None:
        """Go to the tokens."""
        self.go("tokens")

    def go(self, mode: str) -> None:
        """Go to a screen, whatever is open over the one in front."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if self.current_mode != mode:
            self.switch_mode(mode)
        self.call_after_refresh(self._tell_board)

    def action_log_in(self) -> None:
        """Open the login screen for the profile in front."""
        from tui.screens.login import LoginScreen

        if self.profile is None:
            self.notify("There is no profile yet. Enter App ID and App Secret first (2).", severity="warning")
            self.go("credentials")
            return
        if not isinstance(self.screen, LoginScreen):
            row = self.screen.selected_row if isinstance(self.screen, MainScreen) else None
            self.push_screen(LoginScreen(self.profile_name, name_for_login(self.board, row, self.profile_name)))

    def action_help(self) -> None:
        """Show keys and help."""
        from tui.screens.help import HelpScreen

        scope = self.screen.SCOPE if isinstance(self.screen, MainScreen) else "everywhere"
        self.push_screen(HelpScreen(scope))

    def action_ctrl_c(self) -> None:
        """Say how to quit: ctrl+c is also how people copy."""
        in_field = isinstance(self.focused, Input)
        keys = "escape, then q quits; ^y copies the field." if in_field else "q quits; c copies the value in focus."
        self.notify(f"{keys} ^c leaves igauth open.", timeout=4)

    async def action_quit(self) -> None:
        """Quit at once; ask only where typed text would be lost."""
        unsaved = getattr(self.screen, "unsaved", False)
        if unsaved:
            from tui.screens.confirm import Confirm

            self.push_screen(
                Confirm("Quit without saving?", "What you typed on this screen has not been saved.", "quit"),
                lambda is_sure: self.exit(0) if is_sure else None,
            )
            return
        self.exit(0)

    # --- copying -----------------------------------------------------------------------------------------------

    @work(group="copy", exit_on_error=False)
    async def copy_out(self, value: Copyable) -> None:
        """Copy a value to the person's clipboard and say what became of it."""
        from tui.screens.showing import copy_value

        await copy_value(self, value)

    def note_copy(self, label: str, outcome: str) -> None:
        """Keep in the history that something was copied. Touches the disk: call it off the event loop."""
        from tui.tokens.history import HistoryEvent

        token = label.removeprefix("token ") if label.startswith("token ") else ""
        if token:
            event = HistoryEvent(int(self.clock.now()), "tui", "copy", token, result=outcome)
            self.services.vault.record(event)

    def copy_to_clipboard(self, text: str) -> None:
        """Send text selected with the mouse by the same ways as every other copy."""
        self.copy_out(Copyable.known("selected text", text))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notice above the status line, cut at a sane size; `timeout` is in seconds.

        A warning or an error begins with a sign, so that colour does not carry it alone.
        """
        sign = self.glyphs.notices[severity]
        title, message = (f"{sign}{title}", message) if title else ("", f"{sign}{message}")
        super().notify(shortened(message), title=title, severity=severity, timeout=timeout, markup=markup)

    # --- palette and endings -----------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action, profile, step and token by name; no screenshot, it could hold a secret."""
        from tui.screens.palette import commands

        return commands(self, screen)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def watch_theme(self, theme: str) -> None:
        """Remember a theme chosen in the palette."""
        if self.is_running and theme != (self.services.settings.theme or DEFAULT_THEME):
            self.run_worker(lambda: self._remember_theme(theme), thread=True, exit_on_error=False)

    def _remember_theme(self, theme: str) -> None:
        from tui.settings import save_preference

        save_preference(self.services.home, "theme", theme)

    def _handle_exception(self, error: Exception) -> None:
        from tui.terminal.crash import handle_exception  # Textual's own handler prints local variables

        handle_exception(self, error, self.services.report_folder)

    async def on_unmount(self) -> None:
        """Close connections and the store, once what was under way is done."""
        await self.finish_work()

    async def finish_work(self) -> None:
        """Let what Facebook was asked for come in and be stored, for GRACE seconds at most; then close everything."""
        import asyncio

        under_way = [worker for worker in self.workers if not worker.is_finished and worker.group in _STORING]
        if under_way and not self._gave_up_waiting:
            self._gave_up_waiting = True
            for worker in under_way:
                worker.cancel()  # the keeper stops at its next safe point: nothing issued is left unstored
            try:
                async with asyncio.timeout(GRACE):
                    await asyncio.gather(*(worker.wait() for worker in under_way), return_exceptions=True)
            except TimeoutError:
                pass  # abandoned: the old token is as it was
        await self._leave_clipboard()
        await self.services.close()

    async def _leave_clipboard(self) -> None:
        """See that a copied secret is cleared in its time though igauth ends before."""
        if self.is_headless or "clipboard_desk" not in self.__dict__:  # nothing was copied, or there is no terminal
            return
        import asyncio

        self.clears_in = await asyncio.to_thread(self.clipboard_desk.leave) or self.clears_in

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG, with every secret masked again first."""
        from tui.widgets.credential_field import CredentialField

        for field in self.screen.query(CredentialField):
            field.reveal(False)
        return super().export_screenshot(title=title, simplify=simplify)


def _no_program(_name: str) -> str | None:
    return None


def run_app(services: Services, *, sandbox: bool = False, start: str = "") -> int:
    """Open the full-screen program and return its exit status. `start` names the first screen."""
    gc.disable()  # until the first paint: nothing that is made on the way there is garbage
    app = IgauthApp(services, sandbox=sandbox, start=start)
    app.run(mouse=services.settings.mouse)
    if app.clears_in is not None and sys.stderr.isatty():
        print(f"igauth: the clipboard is cleared in {app.clears_in:.0f} s.", file=sys.stderr)
    return app.return_code or 0
