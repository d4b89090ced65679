"""What the main screens share: the bar on top, the status line, the key bar, and the tick of every second."""

import asyncio
import os
from collections.abc import Callable, Iterable
from typing import ClassVar, Self

from textual import events, on, work
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.widget import Widget
from textual.widgets import Input

from tui.actions import Scope, bound_keymap
from tui.screens.failing import ShowsFailures
from tui.screens.messages import BoardChanged, Copy, Copyable, Link, ProfileChanged, WorkChanged
from tui.services.board import Row
from tui.services.token_work import Progress
from tui.session import Session
from tui.terminal.capabilities import detect_all
from tui.terminal.textual_internals import PaintedScreen, change_keys, paints_tightly
from tui.widgets.key_bar import KeyBar
from tui.widgets.status_line import StatusLine
from tui.widgets.tight_painting import TightCompositor
from tui.widgets.toasts import keep_newest_in_sight
from tui.widgets.token_table import EstimateRow
from tui.widgets.top_bar import TopBar
from tui.wording import app as words
from tui.wording.surfaces import Screen as Surface
from tui.wording.surfaces import sentences

WIDTHS = [(0, "-narrow"), (60, "-normal"), (120, "-wide"), (160, "-vast")]
HEIGHTS = [(0, "-low"), (20, "-mid"), (36, "-high")]
"""From how many columns, and from how many rows, a screen has which class; smallest first."""


def classes_of(size: Size) -> str:
    """Return the classes that a screen of this size has."""
    return " ".join(
        next(name for least, name in reversed(steps) if cells >= least)
        for steps, cells in ((WIDTHS, size.width), (HEIGHTS, size.height))
    )


class MainScreen(ShowsFailures, PaintedScreen[None]):
    """The frame of Guide, Credentials, Tokens and the login, and what works on all of them."""

    SCOPE: ClassVar[Scope]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, session: Session) -> None:
        # styled once, for the size it has
        super().__init__(TightCompositor() if paints_tightly(os.environ) else None, classes_of(self.app.size))
        self.session = session
        change_keys(self, bound_keymap(session.keymap))
        self._was_shown = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Skip styling when the screen is first shown: it was styled a moment ago."""
        if not self._was_shown:
            self._was_shown = True
            event.refresh_styles = False

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint regions that changed; without one the whole screen, whatever the terminal is believed to show."""
        if repaint and not regions:
            self.forget_painted()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def compose(self) -> ComposeResult:
        """Lay out the frame around the screen's own body."""
        yield TopBar(self.SCOPE, self.session.keymap)
        yield from self.compose_body()
        yield StatusLine()
        yield KeyBar(self.SCOPE, self.session.keymap)

    def on_mount(self) -> None:
        """Show the status on the first frame already; have toasts leave the frame alone."""
        self.show_status()
        keep_newest_in_sight(self)

    def compose_body(self) -> Iterable[Widget]:
        """Return what stands between the bars."""
        return ()

    def tick(self, now: float) -> None:
        """Follow the time, once a second while shown. `now` is unix seconds, UTC."""
        self.query_one(StatusLine).tick(now)

    @on(BoardChanged)
    @on(WorkChanged)
    @on(ProfileChanged)
    def show_status(self) -> None:
        """Bring the status line up to date."""
        progress = self.session.progress
        work = ""
        if progress is not None:
            from tui.wording.token_work import progress_text

            work = progress_text(progress, self.key_of("leave"))
        self.query_one(StatusLine).show(self.session.status(work), self.session.clock.now())

    def show_progress(self, progress: Progress | None) -> None:
        """Show on the status line what is being done; None: nothing any more."""
        self.session.progress = progress
        for screen in {self, *self.app.screen_stack}:  # the person may be on another one meanwhile
            if isinstance(screen, MainScreen):
                screen.show_status()

    def show_item(self, item: str) -> None:
        """Select one token or step, where a screen has any."""

    def estimate_rows(self) -> tuple[EstimateRow, ...]:
        """Return a row for each Matillion entry whose authorization was recorded."""
        if not self.session.estimates:
            return ()
        from tui.wording.matillion import estimate_line

        return tuple(EstimateRow(profile, estimate_line(found)) for profile, found in self.session.estimates)

    @property
    def selected_row(self) -> Row | None:
        """The token under the cursor, where a screen has one."""
        return None

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return all that `C` offers here."""
        return ()

    def value_in_focus(self) -> Copyable | None:
        """Return the value that `c` and `p` mean here: the first that can be copied."""
        return next(iter(self.copy_choices()), None)

    def link_in_focus(self) -> Link | None:
        """Return the link that `o` opens here."""
        return None

    def action_verify(self) -> None:
        """Verify what is shown; each screen knows how."""
        self.notify(words.NOTHING_TO_VERIFY, timeout=3)

    def action_verify_everything(self) -> None:
        """Verify all there is on this screen."""
        self.action_verify()

    def action_reveal(self) -> None:
        """Reveal or mask a secret."""
        self.notify(words.nothing_to_reveal(self.surface), timeout=3)

    def action_search(self) -> None:
        """Search this screen."""
        self.notify(words.NOTHING_TO_SEARCH, timeout=3)

    def action_leave(self) -> None:
        """Leave the field."""
        self.set_focus(None)

    async def ask(self, question: str, value: str, complaint: Callable[[str], str] = lambda _text: "") -> str:
        """Ask for a line of text and return it without blanks around it; empty where there is no answer.

        `complaint` tells what is wrong with a text, empty where nothing is.
        """
        from tui.screens.questions import AskText

        typed = await self.app.push_screen_wait(AskText(question, value, complaint=complaint))
        return typed[0].strip() if typed else ""

    async def confirm(self, question: str, text: str, verb: str) -> bool:
        """Ask before something is lost, and return whether it was confirmed."""
        from tui.screens.questions import Confirm

        is_sure = await self.app.push_screen_wait(Confirm(question, text, verb))
        return is_sure is True

    # --- carrying a value out ----------------------------------------------------------------------------------

    def _in_focus(self) -> Copyable | None:
        value = self.value_in_focus()
        if value is None:
            self.notify(words.NO_VALUE, severity="warning", timeout=3)
        return value

    def action_copy_value(self) -> None:
        """Copy the value in focus."""
        value = self._in_focus()
        if value is not None:
            self.post_message(Copy(value))

    @work(group="choose", exit_on_error=False)
    async def action_choose_copy(self) -> None:
        """Choose what to copy."""
        from tui.screens.questions import Choose

        if choices := self.copy_choices():
            question = Choose(words.COPY_WHAT, tuple(choice.label for choice in choices))
            index = await self.app.push_screen_wait(question)
            if index is not None:
                self.post_message(Copy(choices[index]))
        else:
            self._in_focus()

    @work(group="plain", exit_on_error=False)
    async def action_plain_view(self) -> None:
        """Show the value in focus alone, outside the full-screen view."""
        from tui.screens.showing import show_plain

        value = self._in_focus()
        if value is not None:
            await show_plain(self.app, value)

    def _link(self) -> Link | None:
        link = self.link_in_focus()
        if link is None:
            self.notify(words.NO_LINK, severity="warning", timeout=3)
        return link

    def action_qr_code(self) -> None:
        """Show the link in focus as a QR code."""
        from tui.screens.qr import QrScreen

        if (link := self._link()) is not None:
            self.app.push_screen(QrScreen(self.session, link))

    @work(group="open", exit_on_error=False)
    async def action_open_link(self) -> None:
        """Open the link in focus in a browser here, where there is one."""
        link, value = self._link(), self.value_in_focus()
        if link is None:
            return
        if self.app.is_web:
            self.app.open_url(link.url)  # in the browser that shows this page
            self.notify(words.OPENED_ON_PAGE, timeout=5)
            return
        import webbrowser

        capabilities = await asyncio.to_thread(detect_all, os.environ)
        has_opened = await asyncio.to_thread(webbrowser.open, link.url) if capabilities.browser else False
        if has_opened:
            self.notify(words.OPENED, timeout=3)
            return
        can_copy = value is not None and value.is_link
        self.notify(words.no_browser(link.url, self.surface, can_copy=can_copy), timeout=8, markup=False)

    @property
    def surface(self) -> Surface:
        """The surface that texts are shown on: letters are typed in a text field, and are no keys there."""
        return self.session.surface(self.SCOPE, in_form=isinstance(self.focused, Input))

    @property
    def lasting_surface(self) -> Surface:
        """The surface of texts that stay when the focus moves: they name the keys that work outside fields."""
        return self.session.surface(self.SCOPE)

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show in a notice why work came to nothing."""
        text = sentences(self.session.explained(error), self.surface)
        self.notify(text, severity="error", markup=False, timeout=12)

    def key_of(self, action: str) -> str:
        """Return the key of an action that works where the person is."""
        return self.surface.key(action)

    def offers(self, action: str) -> bool:
        """Tell whether the key bar should show an action: whether it has something to do here and now."""
        return True

    def keys_changed(self) -> None:
        """Draw the key bar with the keys that work now."""
        self.query_one(KeyBar).refresh()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        """Show the keys that work in a text field while one has the focus, else the single letters."""
        self.keys_changed()


class ListScreen(MainScreen):
    """A main screen with a list that a search narrows."""

    LIST: ClassVar[type[Widget]]
    SEARCHED: ClassVar[str]
    """What is searched, in a word or two."""
    SEARCH_ABOVE: ClassVar[type[Widget]]
    """What the search line stands above."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.search = ""
        self._search_line: Input | None = None
        """Made the first time, because most people never ask for it."""

    def show_list(self) -> None:
        """Show what fits the search."""
        raise NotImplementedError

    @property
    def is_searching(self) -> bool:
        """Whether the search line is open."""
        return self._search_line is not None and self._search_line.display

    def action_search(self) -> None:
        """Open the search line."""
        if self._search_line is None:
            prompt = words.search_prompt(self.SEARCHED, self.lasting_surface)
            self._search_line = Input(placeholder=prompt, id="search", compact=True)
            self._search_line.cursor_blink = False
            self.mount(self._search_line, before=self.query_one(self.SEARCH_ABOVE))
        self._search_line.display = True
        self._search_line.focus()

    def show_all(self) -> None:
        """Put the search line away, and show the whole list."""
        if self._search_line is not None:
            self._search_line.display = False
            self._search_line.value = ""
        self.search = ""
        self.show_list()
        self.query_one(self.LIST).focus()

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self.search = event.value.strip().casefold()
        self.show_list()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.query_one(self.LIST).focus()
