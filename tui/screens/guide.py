"""The Guide screen: the guide's own steps on the left, the step in front on the right."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.guide.checks import CheckName
from tui.guide.content import Copy, CopyValue, Step
from tui.guide.progress import count, next_open, open_steps
from tui.redact import Secret
from tui.screens.guide_words import LABELS, NAMES, progress_text, welcome_text
from tui.screens.looks import style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import BoardChanged, Copyable, ProfileChanged
from tui.services.board import Board
from tui.services.guidance import GuideDesk, GuideState
from tui.services.token_work import Kind, Progress
from tui.session import Session
from tui.widgets.bindings import bindings_of
from tui.widgets.status_line import StatusLine
from tui.widgets.step_pane import StepPane
from tui.widgets.token_table import TokenTable, entries_of


class StepList(OptionList):
    """The steps; the keys that page are the page's own, since the list is short and the page is not."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let `pageup` and `pagedown` through to the screen."""
        return action not in ("page_up", "page_down")


class GuideScreen(MainScreen):
    """Shows how each step stands; ticks by hand, evidence by `v` and `V`."""

    SCOPE = "guide"
    CSS_PATH = [str(style_sheet("guide.tcss")), str(style_sheet("option_list.tcss"))]  # noqa: RUF012 - Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("guide")]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: GuideState | None = None
        self._shown: tuple[Step, ...] = ()
        self._only_open = False
        self._search = ""
        self._wanted = ""
        self._turn = asyncio.Lock()

    def compose_body(self) -> Iterable[Widget]:
        """Steps left, page right."""
        yield Static(welcome_text(self.app.size), id="welcome", markup=False)
        with Horizontal(id="guide"):
            yield StepList(id="steps", compact=True)
            yield StepPane(id="beside-steps")
            table = TokenTable(self.session.expected_scopes, glyphs=self.session.glyphs, id="beside")
            table.can_focus = False
            yield table

    def on_mount(self) -> None:
        """Show the steps at once; how they stand follows."""
        self._shown = tuple(self._desk.guide.walk())
        self._load()
        self._show_beside(self.session.board)
        self.query_one(OptionList).focus()
        self.app.theme_changed_signal.subscribe(self, lambda _: self.call_after_refresh(self._show_page))

    @property
    def _desk(self) -> GuideDesk:
        return self.session.services.guide_desk

    @property
    def _profile(self) -> str:
        return self.session.profile_name

    # --- state -------------------------------------------------------------------------------------------------

    @on(ProfileChanged)
    def _profile_changed(self) -> None:
        self._load()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show what changed meanwhile. Textual calls the frame's own handler too."""
        if self._state is not None:
            self._load()

    @work(group="guide", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        async with self._turn:
            self._show(await asyncio.to_thread(self._desk.state, self._profile))

    def _show(self, state: GuideState) -> None:
        first = self._state is None
        self._state = state
        guide = self._desk.guide
        steps = guide.search(self._search) if self._search else tuple(guide.walk())
        if self._only_open:
            wanted = {step.id for step in open_steps(guide, state.stand)}
            steps = tuple(step for step in steps if step.id in wanted)
        selected = self._wanted or (self._current.id if self._current is not None else "")
        if first and not selected:
            start = next_open(guide, state.stand)
            selected = start.id if start else ""
        self._wanted = ""
        self._shown = steps
        options = self.query_one(OptionList)
        with self.app.batch_update():
            options.clear_options()
            options.add_options([Option(self._line(step, state), id=step.id) for step in steps])
            place = next((index for index, step in enumerate(steps) if step.id == selected), 0)
            if steps:
                options.highlighted = place
        self._show_page()
        self._tell_progress(state)

    def _tell_progress(self, state: GuideState) -> None:
        """First words where nothing is done yet; then how far one is."""
        counts = count(self._desk.guide, state.stand)
        is_first = counts.open == counts.total
        self.set_class(is_first, "-first")
        words = welcome_text(self.size)
        if not is_first:
            upcoming = next_open(self._desk.guide, state.stand)
            words = progress_text(counts, upcoming, self.size.width - 2, self.session.glyphs)
        welcome = self.query_one("#welcome", Static)
        if str(welcome.content) != words:
            welcome.update(words)

    def _line(self, step: Step, state: GuideState) -> Content:
        glyph = self.session.glyphs.steps[state.stand[step.id]]
        indent = "  " if step.parent else ""
        title = step.title if self.has_class("-wide") or self.has_class("-vast") else step.short or step.title
        return Content(f"{indent}{glyph} {step.id:>2} {title}")

    @property
    def _current(self) -> Step | None:
        options = self.query(OptionList)
        place = options.first().highlighted if options else None
        return self._shown[place] if place is not None and place < len(self._shown) else None

    def _show_page(self) -> None:
        step, state = self._current, self._state
        pane = self.query_one(StepPane)
        if step is None or state is None:
            pane.show("Nothing fits. escape shows all steps." if state is not None else "")
            return
        pane.show(
            pane.drawer(self.session.glyphs).draw(
                step,
                state.progress.mark(step.id),
                state.evidence,
                self._known,
                self.session.clock.now(),
                self._desk.guide.notes if step is self._desk.guide.steps[0] else (),
            )
        )

    @on(StepPane.WidthChanged)
    def _page_changed_its_width(self) -> None:
        self._show_page()

    def on_resize(self) -> None:
        """Wrap the page anew, and name the steps as long as there is room for."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        if self._state is not None:
            self._show(self._state)

    def action_page_down(self) -> None:
        """Scroll the page of the step, not the list."""
        self.query_one(StepPane).scroll_pages(1)

    def action_page_up(self) -> None:
        """Scroll the page of the step back."""
        self.query_one(StepPane).scroll_pages(-1)

    def offers(self, action: str) -> bool:
        """Copying is offered where there is a step: it has values, a link of its own, or the guide's."""
        return action != "copy_value" or self._current is not None

    def _known(self, copy: Copy) -> str:
        is_name = copy.value in ("app_name", "entry_name")
        if self.session.profile is None and not is_name and copy.value != "dialog_address":
            return "(no profile yet: enter it on Credentials, 2)"
        if copy.value == "app_secret":
            return "(masked; c copies it)"
        if copy.value == "dialog_address":
            return "(a checks it)"
        value = self._desk.value(self._profile, copy.value)
        if not value:
            return "(n notes it)" if is_name else "(not known yet)"
        return f"{value}   (c copies it)"

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._show_page()
        self.query_one(StepPane).go_to_top()
        self.keys_changed()

    @on(BoardChanged)
    def _board_changed(self, event: BoardChanged) -> None:
        self._show_beside(event.board)

    def _show_beside(self, board: Board) -> None:
        entries = entries_of(board, self.estimate_rows())
        self.query_one("#beside", TokenTable).show(entries, self.session.clock.now())

    def tick(self, now: float) -> None:
        """Count down the tokens beside the guide, where there is room for them."""
        super().tick(now)
        beside = self.query_one("#beside", TokenTable)
        if beside.display and beside.size.width:
            beside.tick(now)

    # --- what is in focus --------------------------------------------------------------------------------------

    def value_in_focus(self) -> Copyable | None:
        """Return the value the step needs, else its link."""
        choices = self.copy_choices()
        return choices[0] if choices else None

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return every value the step carries, and its link."""
        step = self._current
        if step is None:
            return ()
        desk, profile = self._desk, self._profile
        found = [
            Copyable(LABELS[copy.value], _fetcher(partial(desk.value, profile, copy.value), LABELS[copy.value]))
            for copy in step.copies
            if copy.value != "dialog_address" and desk.value(profile, copy.value) is not None
        ]
        found.append(Copyable.known(self.link_name(), self.link_in_focus(), is_link=True))
        return tuple(found)

    def link_in_focus(self) -> str:
        """Return the step's link, else the guide's."""
        step = self._current
        return (step.link if step is not None else "") or self._desk.guide.link

    def link_name(self) -> str:
        """Return whose link it is: the step's or the guide's."""
        step = self._current
        return f"link of step {step.id}" if step is not None and step.link else "link of the guide"

    # --- keys --------------------------------------------------------------------------------------------------

    def show_item(self, step_id: str) -> None:
        """Select a step."""
        self._only_open, self._search = False, ""
        self._wanted = step_id
        self._load()

    @on(OptionList.OptionSelected)
    def action_next_step(self) -> None:
        """Go on to the next open step."""
        if self._state is None:
            return
        step = next_open(self._desk.guide, self._state.stand, self._current.id if self._current else "")
        if step is None:
            self.notify("Every step is done. 3 shows how long your tokens live.", timeout=4)
        else:
            self.show_item(step.id)

    def action_tick(self) -> None:
        """Tick or untick the step in front."""
        step, state = self._current, self._state
        if step is not None and state is not None:
            self._change(lambda latest: self._desk.tick(latest, step.id))

    @work(group="guide changes", exclusive=False, exit_on_error=False)
    async def _change(self, change: Callable[[GuideState], GuideState]) -> None:
        async with self._turn:  # one after the other, each on what the one before left: no tick is lost to a quick key
            if self._state is not None:
                self._show(await asyncio.to_thread(change, self._state))
        self.show_status()

    def action_step_note(self) -> None:
        """Write a note; on the steps that name them, the display name or the entry's name too."""
        from tui.screens.ask_text import AskText

        step, state = self._current, self._state
        if step is None or state is None:
            return
        note = state.progress.mark(step.id).note
        name = NAMES.get(step.id)
        if name is not None:
            self._ask_name(step, note, *name)
            return

        def noted(text: str | None) -> None:
            if text is not None:
                self._change(lambda latest: self._desk.note(latest, step.id, text))

        self.app.push_screen(AskText(f"Note on {step.id}", value=note), noted)

    def _ask_name(self, step: Step, note: str, question: str, value: CopyValue) -> None:
        from tui.screens.ask_text import AskNameAndNote

        desk, profile = self._desk, self._profile

        def answered(typed: tuple[str, str] | None) -> None:
            if typed is None:
                return

            def change(latest: GuideState) -> GuideState:
                desk.note_name(profile, value, typed[0].strip())
                desk.note(latest, step.id, typed[1])
                return desk.state(profile)

            self._change(change)

        known = desk.value(profile, value)
        self.app.push_screen(AskNameAndNote(question, known if isinstance(known, str) else "", note), answered)

    def action_reset_progress(self) -> None:
        """Ask, then untick every step."""
        from tui.screens.confirm import Confirm

        if self._state is None:
            return

        def answered(is_sure: bool | None) -> None:
            if is_sure:
                self._change(self._desk.reset)

        text = "Your ticks go; notes stay, and what was proven stays proven."
        self.app.push_screen(Confirm("Untick every step?", text, "untick"), answered)

    def action_check_address(self) -> None:
        """Ask for the address of the page Matillion opened, and compare it."""
        from tui.screens.address import AddressScreen

        def closed(_: bool | None) -> None:
            self.action_verify_everything()

        self.app.push_screen(AddressScreen(self.session, self._profile), closed)

    def action_matillion(self) -> None:
        """Ask where Matillion ETL is."""
        from tui.screens.matillion import MatillionScreen

        if self.session.profile is None:
            self.notify("There is no profile yet. 2 takes App ID and App Secret.", timeout=4)
            return

        def closed(_: bool | None) -> None:
            self._load()

        self.app.push_screen(MatillionScreen(self.session, self._profile), closed)

    def action_verify(self) -> None:
        """Look at the evidence of the step in front."""
        step = self._current
        if step is None or not step.relevant_checks:
            self.notify("Nothing can prove this step. space ticks it.", timeout=4)
            return
        self._check(step.relevant_checks)

    def action_verify_everything(self) -> None:
        """Look at all evidence."""
        names = dict.fromkeys(name for step in self._desk.guide.walk() for name in step.relevant_checks)
        self._check(tuple(names))

    @work(group="checks", exclusive=True, exit_on_error=False)
    async def _check(self, names: tuple[CheckName, ...]) -> None:
        if self._state is None:
            return
        if self.session.profile is None:
            self.notify("There is no profile to look at yet. 2 takes App ID and App Secret.", timeout=5)
            return
        self.show_progress(Progress(Kind.CHECK, len(names)))
        try:
            self._found(await self._desk.check(self._state, names, self._found))
        finally:
            self.show_progress(None)

    def _found(self, found: GuideState) -> None:
        latest = self._state
        if latest is not None and latest.profile == found.profile:
            self._show(self._desk.with_evidence(latest, found))

    def action_filter_open(self) -> None:
        """Show open steps only, or all."""
        self._only_open = not self._only_open
        if self._state is not None:
            self._show(self._state)

    def action_search(self) -> None:
        """Open the search line."""
        self.open_search("search the guide, escape to leave", before=self.query_one(StatusLine))

    def action_leave(self) -> None:
        """Leave the search and the filter."""
        self.close_search()
        self._search, self._only_open = "", False
        if self._state is not None:
            self._show(self._state)
        self.query_one(OptionList).focus()

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._search = event.value
        if self._state is not None:
            self._show(self._state)

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.query_one(OptionList).focus()


def _fetcher(value: Callable[[], Secret | str | None], label: str) -> Callable[[], Secret | str]:
    def fetch() -> Secret | str:
        found = value()
        if found is None:
            raise LookupError(f"The {label} is not known yet. Enter it on Credentials (2).")
        return found

    return fetch
