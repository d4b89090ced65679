"""The Guide screen: the steps of the guide on the left, the selected step on the right."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from textual import events, on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.guide.checks import CheckName
from tui.guide.content import Copy, Step
from tui.guide.progress import Counts, GuideState
from tui.screens.looks import style_sheet
from tui.screens.main_screen import ListScreen
from tui.screens.messages import BoardChanged, Copyable, EstimatesChanged, Link, ProfileChanged
from tui.services.first_profile import AUTHORIZED_STEPS
from tui.services.guidance import GuideService
from tui.services.token_work import Kind as WorkKind
from tui.services.token_work import Progress
from tui.session import Session
from tui.widgets.bindings import bindings_of
from tui.widgets.status_line import StatusLine
from tui.widgets.step_pane import StepPane
from tui.widgets.token_cells import fitted
from tui.widgets.token_table import TokenTable, entries_of
from tui.wording import guide as words
from tui.wording.app import NO_PROFILE
from tui.wording.surfaces import sentences
from tui.wording.text import Text
from tui.wording.times import ago


class StepList(OptionList):
    """The list of steps. The page keys scroll the page beside it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave `pageup` and `pagedown` to the screen."""
        return action not in ("page_up", "page_down")


class GuideScreen(ListScreen):
    """Shows the steps with their status; the person ticks them, checks add evidence."""

    SCOPE = "guide"
    LIST = StepList
    SEARCHED = "the guide"
    SEARCH_ABOVE = StatusLine
    CSS_PATH = [str(style_sheet("guide.tcss")), str(style_sheet("option_list.tcss"))]  # noqa: RUF012 - Textual's own type
    BINDINGS = bindings_of("guide")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: GuideState | None = None
        self._shown: tuple[Step, ...] = ()
        self._only_open = False
        self._wanted = ""
        self._turn = asyncio.Lock()

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the steps, the page and the tokens beside it."""
        yield Static(self._welcome(), id="welcome", markup=False)
        with Horizontal(id="guide"):
            yield StepList(id="steps", compact=True)
            yield StepPane(self.surface.key("page_down"), id="beside-steps")
            table = TokenTable(self.session.expected_scopes, id="beside")
            table.can_focus = False
            yield table

    def on_mount(self) -> None:
        """Show the steps at once; their status follows."""
        self._shown = tuple(self._service.guide.walk())
        self._load()
        self._show_beside()
        self.query_one(OptionList).focus()

    @property
    def _service(self) -> GuideService:
        return self.session.services.guide

    @property
    def _profile(self) -> str:
        return self.session.profile_name

    def _welcome(self) -> str:
        return words.welcome(self.lasting_surface, self.app.size.width, self.app.size.height)

    def _notify(self, text: Text) -> None:
        self.notify(sentences(text, self.surface), timeout=5)

    # --- state -------------------------------------------------------------------------------------------------

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show what changed meanwhile. Textual calls the frame's own handler too."""
        if self._state is not None:
            self._load()

    @on(ProfileChanged)
    @work(group="guide", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        async with self._turn:
            self._show(await asyncio.to_thread(self._service.state, self._profile))

    def _show(self, state: GuideState) -> None:
        first = self._state is None
        self._state = state
        guide = self._service.guide
        steps = guide.search(self.search) if self.search else tuple(guide.walk())
        if self._only_open:
            wanted = {step.id for step in state.open_steps}
            steps = tuple(step for step in steps if step.id in wanted)
        selected = self._wanted or (self._current.id if self._current is not None else "")
        if first and not selected:
            start = state.next_open()
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
        self._show_counts(state)

    def _show_counts(self, state: GuideState) -> None:
        """Show the welcome while nothing is done, then how many steps are."""
        counts = state.counts
        is_first = counts.open == counts.total
        self.set_class(is_first, "-first")
        text = self._welcome()
        if not is_first:
            text = self._progress_line(counts, state.next_open())
        welcome = self.query_one("#welcome", Static)
        if str(welcome.content) != text:
            welcome.update(text)

    def _progress_line(self, counts: Counts, upcoming: Step | None) -> str:
        bar = "━" * counts.done + "─" * (counts.total - counts.done)
        line = f"{bar} {words.summary(counts).removesuffix('.')}; {words.next_step(upcoming, self.lasting_surface)}"
        return fitted(line, max(10, self.size.width - 2)).rstrip()

    def _line(self, step: Step, state: GuideState) -> Content:
        glyph = words.GLYPHS[state.statuses[step.id]]
        indent = "  " if step.parent else ""
        return Content(f"{indent}{glyph} {step.id:>2} {step.short or step.title}")

    @property
    def _current(self) -> Step | None:
        options = self.query(OptionList)
        place = options.first().highlighted if options else None
        return self._shown[place] if place is not None and place < len(self._shown) else None

    def _show_page(self) -> None:
        step, state = self._current, self._state
        pane = self.query_one(StepPane)
        if step is None or state is None:
            hint = f"No steps match. {self.surface.key('leave')} shows all steps."
            pane.show("", [words.Block(words.Kind.WHERE, hint)] if state is not None else [])
            return
        now = self.session.clock.now()
        view = words.StepView(
            self.surface,
            self._profile,
            lambda at: ago(now - at),
            self._value_status,
            words.link_hint(self.surface),
            shows_unchecked=True,
        )
        blocks = list(view.blocks(step, state.mark(step.id), state.evidence))
        if step is self._service.guide.steps[0]:
            blocks.append(words.Block(words.Kind.ABOUT, "\n".join(self._service.guide.notes)))
        pane.show(f"{words.numbered(step)}  {step.title}", blocks)

    def on_resize(self) -> None:
        """Wrap the page again."""
        self.call_after_refresh(self.show_list)

    def show_list(self) -> None:
        """Show the steps as far as filter and search let them."""
        if self._state is not None:
            self._show(self._state)

    def action_page_down(self) -> None:
        """Scroll the page of the step, not the list."""
        self.query_one(StepPane).scroll_pages(1)

    def action_page_up(self) -> None:
        """Scroll the page of the step back."""
        self.query_one(StepPane).scroll_pages(-1)

    def offers(self, action: str) -> bool:
        """Offer copying where a step is selected: it has values, or a link."""
        return action != "copy_value" or self._current is not None

    def _value_status(self, copy: Copy) -> str:
        is_secret = copy.value in ("app_secret", "dialog_address")
        value = "" if is_secret else self._service.value(self._profile, copy.value)
        has_profile = self.session.profile is not None
        return words.value_status(copy, value if isinstance(value, str) else "", self.surface, has_profile=has_profile)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _name_other_keys(self) -> None:
        """Name the keys that work now: letters are typed in the search line."""
        if self._state is not None:
            self._show_page()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._show_page()
        self.query_one(StepPane).go_to_top()
        self.keys_changed()

    @on(BoardChanged)
    def _show_beside(self) -> None:
        entries = entries_of(self.session.board, self.estimate_rows())
        self.query_one("#beside", TokenTable).show(entries, self.session.clock.now())

    def tick(self, now: float) -> None:
        """Update the countdowns of the tokens beside the guide."""
        super().tick(now)
        beside = self.query_one("#beside", TokenTable)
        if beside.display and beside.size.width:
            beside.tick(now)

    # --- values and links --------------------------------------------------------------------------------------

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return every value of the step, and its link."""
        step = self._current
        if step is None:
            return ()
        service, profile = self._service, self._profile
        found = [
            Copyable(words.VALUE_NAMES[copy.value], partial(service.value, profile, copy.value))
            for copy in step.copies
            if copy.value != "dialog_address" and service.has_value(profile, copy.value)
        ]
        return (*found, self.link_in_focus().copyable)

    def link_in_focus(self) -> Link:
        """Return the step's link, else the guide's."""
        step = self._current
        if step is not None and step.link:
            return Link(step.link, f"link of step {step.id}")
        return Link(self._service.guide.link, "link of the guide")

    # --- keys --------------------------------------------------------------------------------------------------

    def show_item(self, step_id: str) -> None:
        """Select a step."""
        self._only_open, self.search = False, ""
        self._wanted = step_id
        self._load()

    @on(OptionList.OptionSelected)
    def action_next_step(self) -> None:
        """Go on to the next open step."""
        if self._state is None:
            return
        step = self._state.next_open(self._current.id if self._current else "")
        if step is None:
            self._notify(words.ALL_DONE)
        else:
            self.show_item(step.id)

    def action_tick(self) -> None:
        """Tick or untick the selected step."""
        step, state = self._current, self._state
        if step is not None and state is not None:
            then = EstimatesChanged() if step.id in AUTHORIZED_STEPS else None
            self._change(lambda latest: self._service.tick(latest, step.id), then)

    @work(group="guide changes", exclusive=False, exit_on_error=False)
    async def _change(self, change: Callable[[GuideState], GuideState], then: Message | None = None) -> None:
        async with self._turn:  # one at a time, each on the result of the one before: quick keys lose no tick
            if self._state is not None:
                self._show(await asyncio.to_thread(change, self._state))
        if then is not None:
            self.post_message(then)
        self.show_status()

    @work(group="dialog", exit_on_error=False)
    async def action_step_note(self) -> None:
        """Write a note; on some steps also the Display name or the entry's name."""
        from tui.screens.questions import AskText

        step, state, service, profile = self._current, self._state, self._service, self._profile
        if step is None or state is None:
            return
        question, name = words.NAME_QUESTIONS.get(step.id, (f"Note on {step.id}", None))
        known = [] if name is None else [str(service.value(profile, name) or "")]
        typed = await self.app.push_screen_wait(AskText(question, *known, state.mark(step.id).note))
        if typed is None:
            return

        def change(latest: GuideState) -> GuideState:
            if name is not None:
                service.note_name(profile, name, typed[0].strip())
            service.note(latest, step.id, typed[-1])
            return service.state(profile)

        self._change(change)

    @work(group="dialog", exit_on_error=False)
    async def action_reset_progress(self) -> None:
        """Ask, then untick every step."""
        if await self.confirm(words.RESET_QUESTION, words.RESET_EXPLANATION, "untick"):
            self._change(self._service.reset)

    @work(group="dialog", exit_on_error=False)
    async def action_check_address(self) -> None:
        """Check the address of the page Matillion opened."""
        from tui.screens.address import AddressScreen

        if self.session.profile is None:
            self._notify(NO_PROFILE)
            return
        await self.app.push_screen_wait(AddressScreen(self.session, self._profile))
        self.action_verify_everything()

    @work(group="dialog", exit_on_error=False)
    async def action_matillion(self) -> None:
        """Open the Matillion settings."""
        from tui.screens.matillion import MatillionScreen

        if self.session.profile is None:
            self._notify(NO_PROFILE)
            return
        await self.app.push_screen_wait(MatillionScreen(self.session, self._profile))
        self._load()

    def action_verify(self) -> None:
        """Run the checks of the selected step."""
        step = self._current
        if step is None or not step.relevant_checks:
            self._notify(words.NOT_CHECKABLE)
            return
        self._check(step.relevant_checks)

    def action_verify_everything(self) -> None:
        """Run all checks."""
        names = dict.fromkeys(name for step in self._service.guide.walk() for name in step.relevant_checks)
        self._check(tuple(names))

    @work(group="checks", exclusive=True, exit_on_error=False)
    async def _check(self, names: tuple[CheckName, ...]) -> None:
        if self._state is None:
            return
        if self.session.profile is None:
            self._notify(NO_PROFILE)
            return
        self.show_progress(Progress(WorkKind.CHECK, len(names)))
        try:
            await self._service.check(self._state, names, self._found)
        finally:
            self.show_progress(None)

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show why work came to nothing: on the page itself where there are no steps to show."""
        if self._state is None:
            block = words.Block(words.Kind.WARNING, sentences(self.session.explained(error), self.lasting_surface))
            self.query_one(StepPane).show("", [block])
        else:
            super().show_failure(error, work)

    def _found(self, found: GuideState) -> None:
        latest = self._state
        if latest is not None and latest.profile == found.profile:
            self._show(replace(latest, evidence=found.evidence))

    def action_toggle_sketch(self) -> None:
        """Show or hide the sketch of the page that the step is about."""
        self.query_one(StepPane).toggle_sketches()

    def action_filter_open(self) -> None:
        """Show open steps only, or all."""
        self._only_open = not self._only_open
        self.show_list()

    def action_leave(self) -> None:
        """Leave the search and the filter."""
        self._only_open = False
        self.show_all()
