"""The Textual app: the three screens as modes, global keys, the tick of every second, themes, the crash handler."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from tui.actions import bound_keymap
from tui.screens.failing import ShowsFailures
from tui.screens.looks import DEFAULT_THEME, FIRST_SHEETS, SHEETS, apply_theme, own_names
from tui.screens.main_screen import MainScreen
from tui.screens.messages import (
    BoardChanged,
    ChooseProfile,
    Copy,
    Copyable,
    EstimatesChanged,
    GoTo,
    Mode,
    ProfileChanged,
    TokensStored,
    WorkChanged,
    WorkOnTokens,
)
from tui.services import Services
from tui.services.board import worse_rows
from tui.services.token_work import BusyChanged, Event, Kind, WorkEnded
from tui.session import Session
from tui.terminal import alt_keys
from tui.terminal.endings import handle_exception, install, stop_workers
from tui.terminal.input_events import TerminalAnswered
from tui.terminal.key_order import KeysInOrder
from tui.terminal.key_parser import KeyParser
from tui.terminal.kinds import MANNERS
from tui.terminal.textual_internals import QuickApp, change_keys, switch_mouse, write_raw
from tui.widgets.bindings import bindings_of_app
from tui.widgets.own_ground import OwnGround
from tui.widgets.toasts import shortened
from tui.wording import app as words
from tui.wording.surfaces import Screen as Surface
from tui.wording.surfaces import sentences

if TYPE_CHECKING:
    from tui.services.login_targets import LoginTarget
    from tui.terminal.app_clipboard import TerminalClipboard
    from tui.terminal.clipboard import Left
    from tui.terminal.queries import TerminalQueries

_LOOK_AT_OTHERS = 3.0
"""Seconds between two looks at what other processes have stored."""

_STORING = frozenset({"refresh", "inspect", "login", "save", "deliver"})
"""Groups of workers that may be about to store something."""

_TOGETHER = 0.3
"""Seconds in which results that come in one after the other are gathered before the board is made again."""

_NOTICE_SIGNS = {"information": "", "warning": "! ", "error": "× "}


class IgauthApp(ShowsFailures, KeysInOrder, QuickApp):
    """Owns the session that all screens share, and does what they ask for by message."""

    TITLE = "igauth"
    CSS_PATH: ClassVar[str | None] = None
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of_app(),
        Binding("ctrl+c", "ctrl_c", show=False, system=True),
    ]
    UNSEEN = frozenset({"others"})  # which looks every few seconds
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    KEY_PARSER = KeyParser

    def __init__(self, services: Services, *, sandbox: bool = False, start: str = "") -> None:
        session = Session(services, is_sandbox=sandbox)
        if session.keymap:
            from tui.screens.keymap import usable_keys

            session.keymap = usable_keys(session.keymap)
        start = start or ("tokens" if session.board.rows else "guide")
        # the first screen's style sheets go in with the shared one: Textual then parses once instead of eight times
        super().__init__(
            css_path=[*FIRST_SHEETS[start]],
            ansi_color=True if "NO_COLOR" in os.environ else None,  # then no color is sent, not even gray
        )
        self.session = session
        change_keys(self, bound_keymap(session.keymap))
        session.token_work.listener = self._work_event
        self.add_line_filter(OwnGround(self))
        if session.capabilities.ascii_only:
            from tui.widgets.ascii_lines import AsciiLines

            self.add_line_filter(AsciiLines())
        for mode, make_screen in (("guide", self._guide), ("credentials", self._credentials), ("tokens", self._tokens)):
            self.add_mode(mode, make_screen)
        self.start_in(start)
        self._missing_theme = apply_theme(self, services.settings.theme, session.capabilities)
        self._gave_up_waiting = False
        self._looks_at_others = asyncio.Lock()
        self._ticked_at = 0.0
        self._reload_timer: Timer | None = None
        self.animation_level = "none"
        self.left: Left | None = None
        """What was done about a secret that was in the clipboard at the end; None where there was none."""

    def _guide(self) -> Screen[None]:
        from tui.screens.guide import GuideScreen  # only the first screen is imported before the first paint

        return GuideScreen(self.session)

    def _credentials(self) -> Screen[None]:
        from tui.screens.credentials import CredentialsScreen

        return CredentialsScreen(self.session)

    def _tokens(self) -> Screen[None]:
        from tui.screens.tokens import TokensScreen

        return TokensScreen(self.session)

    @property
    def has_pointers(self) -> bool:
        """Whether the terminal changes the pointer's shape."""
        return MANNERS[self.session.capabilities.kind].has_pointers

    # --- start -------------------------------------------------------------------------------------------------

    def on_load(self) -> None:
        """Style the app before its first screen is made: what a screen draws inherits from it."""
        self.stylesheet.apply(self)

    def on_mount(self) -> None:
        """Start the tick of every second; everything slow comes after the first paint."""
        install(self, finish=self.finish_work)
        self.app_suspend_signal.subscribe(self, self._leave_terminal, immediate=True)
        self._tick_every_second()
        self.call_after_refresh(self._after_first_paint)

    def on_ready(self) -> None:
        """Draw the first screen now that painting is let go."""
        if isinstance(self.screen, MainScreen):
            self.screen.draw_held_back()

    def get_css_variables(self) -> dict[str, str]:
        """Add the names that our style sheets use."""
        variables = super().get_css_variables()
        return {**variables, **own_names(variables)}

    def _after_first_paint(self) -> None:
        if self.is_web:
            switch_mouse(self, True)  # its driver takes the mouse though `mouse = false`
        if not gc.isenabled():
            gc.freeze()  # what stands now stays: later collections need not look at it
            gc.enable()
        self.stylesheet.read_all(SHEETS)  # not when a screen is opened
        self.stylesheet.parse()
        if self._missing_theme:
            self.notify(words.missing_theme(self._missing_theme, DEFAULT_THEME), severity="warning", markup=False)
        self._finish_start()
        if not (self.is_headless or self.is_web):
            self.app_resume_signal.subscribe(self, lambda _: self._take_alt_keys(), immediate=True)
            self.terminal_queries.ask(partial(write_raw, self), self.session.capabilities)
        self.set_interval(self.session.services.settings.inspect_interval_minutes * 60, self._keep_fresh)
        self.set_interval(_LOOK_AT_OTHERS, self._look_at_others)

    @work(group="others", exit_on_error=False)
    async def _look_at_others(self) -> None:
        """Show what a timer, a command or another igauth has stored meanwhile."""
        if self._looks_at_others.locked():  # a look that is cut off would lose what it saw
            return
        async with self._looks_at_others:
            await self._look_at_settings()
            if await asyncio.to_thread(self.session.services.changed_by_others):
                self.reload_board()

    async def _look_at_settings(self) -> None:
        """Use what was written into `config.toml` meanwhile; say what is wrong in it."""
        from tui.screens.start_up import notify_settings
        from tui.settings import SettingsError

        services = self.session.services
        try:
            is_changed = await asyncio.to_thread(services.settings_store.reload)
        except SettingsError as error:
            self.show_failure(error, "settings")
            return
        if is_changed:
            default = services.default_profile
            if self.session.profile is None and default is not None:
                self.session.profile_name = default.name
            notify_settings(self, self.session)
            self._send(ProfileChanged)
            self.reload_board()

    @work(group="start", exit_on_error=False)
    async def _finish_start(self) -> None:
        from tui.screens.start_up import notify_settings, offer_keys_that_arrive, open_vault, remind

        try:
            notify_settings(self, self.session)
            await open_vault(self, self.session)
        except Exception as error:  # tokens are shown and asked about all the same
            self.show_failure(error, "start")
        self.run_worker(remind(self, self.session), group="remind", exit_on_error=False)
        keys = offer_keys_that_arrive(self, self.session, self.terminal_queries)
        self.run_worker(keys, group="keys", exit_on_error=False)
        self.reload_board()
        self._keep_fresh()

    # --- the tick of every second ------------------------------------------------------------------------------

    def _tick_every_second(self) -> None:
        now = self.session.clock.now()
        self.set_timer(1.001 - now % 1, self._tick_every_second, name="every second")
        jumped_back, self._ticked_at = now < self._ticked_at, now
        changes_at = self.session.board.changes_at
        if jumped_back or (changes_at is not None and now >= changes_at):
            self.reload_board()  # what ended while the clock was ahead is valid again
        screen = self.screen_stack[-1] if self.screen_stack else None  # the last second may find all screens gone
        if isinstance(screen, MainScreen) and screen.is_mounted:
            screen.tick(now)

    # --- state -------------------------------------------------------------------------------------------------

    @on(EstimatesChanged)
    @on(TokensStored)
    @work(group="board", exclusive=True, exit_on_error=False)
    async def reload_board(self) -> None:
        """Make the board again and send it to the screens."""
        before = await self.session.reload()
        if worse := worse_rows(before, self.session.board):
            from tui.screens.outcomes import notify_worse

            notify_worse(self, worse, rings=self.session.services.settings.bell)
        self._send(BoardChanged)

    @on(TokensStored)
    @work(group="deliver", exit_on_error=False)
    async def _deliver(self) -> None:
        """Deliver new tokens, and say what came of it."""
        if tried := await self.session.deliver():
            from tui.screens.outcomes import notify_deliveries

            notify_deliveries(self, tried, self.surface)
            self.reload_board()

    def _send(self, message: Callable[[], Message]) -> None:
        for screen in self.screen_stack:
            screen.post_message(message())

    @property
    def surface(self) -> Surface:
        """The surface that texts are shown on."""
        screen = self.screen
        if isinstance(screen, MainScreen):
            return screen.surface
        return self.session.surface(in_form=isinstance(self.focused, Input))

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show in a notice why work came to nothing; what was stopped says so itself when it ends."""
        if isinstance(error, asyncio.CancelledError) and work in list(Kind):
            return
        text = sentences(self.session.explained(error), self.surface)
        self.notify(text, severity="error", markup=False, timeout=12)

    @on(ChooseProfile)
    def _choose_profile(self, request: ChooseProfile) -> None:
        self.session.profile_name = request.name
        self._send(ProfileChanged)

    # --- work on tokens ----------------------------------------------------------------------------------------

    @on(WorkOnTokens)
    def _work_on_tokens(self, request: WorkOnTokens) -> None:
        work = self.session.token_work
        ways = {Kind.REFRESH: work.refresh, Kind.INSPECT: work.inspect, Kind.READ: work.test_read}
        self.run_worker(ways[request.kind](request.names), group=request.kind, exit_on_error=False)

    def _keep_fresh(self) -> None:
        work = self.session.token_work.keep_fresh(lambda: [row.token for row in self.session.board.rows])
        self.run_worker(work, group="inspect", exit_on_error=False)

    def _work_event(self, event: Event) -> None:
        match event:
            case BusyChanged(names, progress):
                if progress is not None or not names:
                    self.session.progress = progress
                self._send(lambda: WorkChanged(names))
                if progress is not None and progress.done and self._reload_timer is None:
                    self._reload_timer = self.set_timer(_TOGETHER, self._reload_after_work)
            case _:
                from tui.screens.outcomes import notify_outcome

                self._reload_after_work()
                if isinstance(event, WorkEnded) and event.kind is Kind.REFRESH:
                    self._deliver()
                notify_outcome(self, event, self.surface, self.session)

    def _reload_after_work(self) -> None:
        if self._reload_timer is not None:
            self._reload_timer.stop()
            self._reload_timer = None
        self.reload_board()

    # --- moving ------------------------------------------------------------------------------------------------

    def action_show_guide(self) -> None:
        """Go to the guide."""
        self._leave_for("guide")

    def action_show_credentials(self) -> None:
        """Go to the credentials."""
        self._leave_for("credentials")

    def action_show_tokens(self) -> None:
        """Go to the tokens."""
        self._leave_for("tokens")

    def _leave_for(self, mode: Mode) -> None:
        self.clear_notifications()  # they were about what one leaves
        self.go(mode)

    @on(GoTo)
    def _go_to(self, request: GoTo) -> None:
        if request.profile:
            self.session.profile_name = request.profile
        self.go(request.mode)
        if request.item:
            self.call_after_refresh(self._show_item, request.item)

    def _show_item(self, item: str) -> None:
        if isinstance(self.screen, MainScreen):
            self.screen.show_item(item)

    def go(self, mode: Mode) -> None:
        """Go to a screen and close whatever is open above it."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if self.current_mode != mode:
            self.switch_mode(mode)
        self.call_after_refresh(self._send, BoardChanged)

    @work(group="log in", exclusive=True, exit_on_error=False)
    async def action_log_in(self) -> None:
        """Open the login screen for the selected token, else for the current profile's."""
        from tui.screens.log_in import choose_target
        from tui.services.login_targets import NotByLogin, target_of
        from tui.wording.login import not_by_login

        row = self.screen.selected_row if isinstance(self.screen, MainScreen) else None
        if not self._can_log_in():
            return
        try:
            target = target_of(row.token) if row is not None else await choose_target(self, self.session)
        except NotByLogin as error:
            self.notify(sentences(not_by_login(error), self.surface), severity="warning", markup=False)
        else:
            self._open_login(target)

    @work(group="log in", exclusive=True, exit_on_error=False)
    async def action_log_in_new(self) -> None:
        """Ask for the name of a new token, and open the login screen for it."""
        from tui.screens.log_in import name_new_target

        row = self.screen.selected_row if isinstance(self.screen, MainScreen) else None
        if self._can_log_in():
            profile = row.token.profile if row is not None else ""
            self._open_login(await name_new_target(self, self.session, profile))

    def _can_log_in(self) -> bool:
        if self.session.profile is None:
            self.notify(sentences(words.NO_PROFILE, self.session.surface("credentials")), severity="warning")
            self.go("credentials")
        return self.session.profile is not None

    def _open_login(self, target: "LoginTarget | None") -> None:
        from tui.screens.login import LoginScreen

        if target is not None and not isinstance(self.screen, LoginScreen):
            self.session.profile_name = target.profile
            self.push_screen(LoginScreen(self.session, target))

    def action_help(self) -> None:
        """Show keys and help."""
        from tui.screens.help import HelpScreen

        scope = self.screen.SCOPE if isinstance(self.screen, MainScreen) else "everywhere"
        self.push_screen(HelpScreen(scope, self.session.keymap))

    def action_ctrl_c(self) -> None:
        """Say how to quit: ctrl+c is also how people copy."""
        self.notify(words.how_to_quit(self.surface), timeout=4)

    async def action_quit(self) -> None:
        """Quit at once; ask only where typed text would be lost."""
        if not getattr(self.screen, "unsaved", False):
            self.exit(0)
            return
        from tui.screens.questions import Confirm

        self.push_screen(Confirm(*words.QUIT_UNSAVED), lambda is_sure: self.exit(0) if is_sure else None)

    # --- copying -----------------------------------------------------------------------------------------------

    @cached_property
    def terminal_queries(self) -> "TerminalQueries":
        """What the terminal says of itself."""
        from tui.terminal.queries import TerminalQueries

        return TerminalQueries()

    @on(TerminalAnswered)
    def _keep_answer(self, event: TerminalAnswered) -> None:
        self.terminal_queries.take(event.answer)
        if self.session.capabilities.multiplexer == "none" and alt_keys.may_send_letters(event.answer):
            self.undoing = alt_keys.AS_BEFORE
            self._take_alt_keys()

    @cached_property
    def clipboard_service(self) -> "TerminalClipboard":
        """Copies to the person's clipboard; made by the first copy."""
        from tui.terminal.app_clipboard import TerminalClipboard

        return TerminalClipboard(os.environ, queries=self.terminal_queries)

    def watch_app_focus(self, focus: bool) -> None:
        """Clear the clipboard once more where the terminal may have obeyed only while it was in use."""
        if focus and "clipboard_service" in self.__dict__:
            self.clipboard_service.clear_with_focus(self)

    @on(Copy)
    @work(group="copy", exit_on_error=False)
    async def _copy(self, request: Copy) -> None:
        from tui.screens.showing import copy_value
        from tui.terminal.clipboard import OnQuit

        clipboard, settings = self.clipboard_service, self.session.services.settings
        clipboard.clear_after, clipboard.on_quit = settings.clipboard_clear_seconds, OnQuit(settings.clear_on_quit)
        await copy_value(self, clipboard, self.session, request.value)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy text selected with the mouse in the same ways as every other value."""
        self.post_message(Copy(Copyable.known("selected text", text)))

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

        A warning or an error begins with a sign, so that color does not carry it alone.
        """
        sign = _NOTICE_SIGNS[severity]
        title, message = (f"{sign}{title}", message) if title else ("", f"{sign}{message}")
        super().notify(
            shortened(message, self.size.width), title=title, severity=severity, timeout=timeout, markup=markup
        )

    def paste_was_cut(self) -> None:
        """Say that the end of a paste never came."""
        self.notify(words.PASTE_CUT, severity="warning", timeout=8)

    def paste_without_field(self) -> None:
        """Say that a paste needs a field."""
        self.notify(words.PASTE_WITHOUT_FIELD, severity="warning", timeout=5)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Say how to paste to a person who tried it with the mouse, which reports its clicks instead."""
        is_field = isinstance(self.get_widget_at(*event.screen_offset)[0], Input)
        if is_field and event.button in words.PASTING_BUTTONS:
            self.notify(words.mouse_paste(event.button, in_browser=self.is_web), timeout=8)

    # --- palette and endings -----------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action, profile, step and token by name; no screenshot, it could hold a secret."""
        from tui.screens.palette import commands

        return commands(self, self.session, screen)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def watch_theme(self, theme: str) -> None:
        """Remember a theme chosen in the palette."""
        if self.is_running and theme != (self.session.services.settings.theme or DEFAULT_THEME):
            remember = partial(self.session.services.settings_store.set_preference, "theme", theme)
            self.run_worker(remember, thread=True, exit_on_error=False)

    def report_failure(self, error: Exception) -> None:
        """End, and say why: a fault of igauth's own with a report without secrets."""
        handle_exception(self, error, self._last_words)

    def _last_words(self, error: BaseException) -> str:
        from tui.terminal.crash import message, write_report
        from tui.wording.failures import failure_text
        from tui.wording.surfaces import CommandLine

        if text := failure_text(error):
            return f"igauth has closed. {sentences(text, CommandLine())}"
        return message(error, write_report(error, self.session.services.report_folder))

    async def on_unmount(self) -> None:
        """Close connections and the store, once what was under way is done."""
        await self.finish_work()
        self._leave_terminal()

    def _take_alt_keys(self) -> None:
        if self.undoing:
            write_raw(self, alt_keys.ESCAPES)

    def _leave_terminal(self, _app: object = None) -> None:
        """Leave alt keys as they were, and an empty screen where the terminal may have no other one to go back to."""
        write_raw(self, self.undoing)
        if self.session.capabilities.may_lack_second_screen:
            write_raw(self, "\x1b[0m\x1b[H\x1b[2J")

    async def finish_work(self) -> None:
        """Let what Facebook was asked for come in and be stored; then close everything."""
        if not self._gave_up_waiting:
            self._gave_up_waiting = True
            await stop_workers(self, _STORING)
        await self._leave_clipboard()
        await self.session.services.close()

    async def _leave_clipboard(self) -> None:
        """See that a copied secret is cleared in its time though igauth ends before."""
        if self.is_headless or "clipboard_service" not in self.__dict__:  # nothing was copied, or there is no terminal
            return
        self.left = await self.clipboard_service.leave(self) or self.left

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG, with every secret masked again first."""
        from tui.widgets.credential_field import CredentialField

        for field in self.screen.query(CredentialField):
            field.reveal(False)
        return super().export_screenshot(title=title, simplify=simplify)


def run_app(services: Services, *, sandbox: bool = False, start: str = "") -> int:
    """Open the full-screen program and return its exit status. `start` names the first screen."""
    gc.disable()  # until the first paint: nothing that is made on the way there is garbage
    app = IgauthApp(services, sandbox=sandbox, start=start)
    app.run(mouse=services.settings.mouse and not app.session.capabilities.may_be_screen)
    if app.left is not None and sys.stderr.isatty():
        from shutil import get_terminal_size

        from tui.terminal.plain_view import wrapped
        from tui.wording.copying import left_text

        print(*wrapped(f"igauth: {left_text(app.left)}", get_terminal_size().columns), sep="\n", file=sys.stderr)
    return app.return_code or 0
