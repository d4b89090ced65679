"""The guide in plain mode: steps by their numbers, ticks, notes, checks, values to copy."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName
from tui.guide.content import Copy, Step
from tui.guide.progress import GuideState
from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.talk import Act, Action, Menu
from tui.plain.values import ask_value, print_value
from tui.wording import guide as words
from tui.wording.evidence import RESULTS, check_name, evidence_text
from tui.wording.surfaces import PlainMenu
from tui.wording.times import ago

if TYPE_CHECKING:
    from tui.services.address_changes import Change


_NONE = "-"
"""What is entered for no text."""


class GuideTalk(PlainScreen):
    """Lists the steps, and opens one at a time."""

    def __init__(self, session: Conversation) -> None:
        super().__init__(session)
        self._service = session.services.guide
        self._guide = self._service.guide
        self._opened = ""
        """The id of the step that is or was open."""
        self._taken_over: list[tuple[str, Change]] = []
        """The changes by the address check that can be undone, each with the profile that it changed."""
        self._address_check = Action(
            "a", "address", "check the address of the page that Matillion opened", self._check_address
        )
        self._undo_change = Action("u", "undo", "undo what the address check changed in the profile", self._undo)

    async def _state(self) -> GuideState:
        return await asyncio.to_thread(self._service.state, self._session.profile_name)

    async def run(self) -> None:
        """Stay until the person goes back."""
        actions = (
            Action(">", "next", "open the next open step", self._next),
            Action("f", "unfinished", "list only the steps still open", self._list_open),
            Action("/", "search", "find steps by words", self._search),
            Action("V", "verify", "run all checks", self._verify_all),
            self._address_check,
            Action("o", "open", "open the guide's page in a browser on this machine", self._open_guide),
            self._undo_change,
            Action("X", "reset", "untick every step (asks first)", self._reset),
        )
        await self._talk.run(Menu("Guide", self._list, actions, self._steps, "P1, P2, 1 to 12, M1, A1 ...: open it"))

    # --- lists -------------------------------------------------------------------------------------------------

    async def _list(self) -> None:
        state = await self._state()
        self._talk.say(f"{self._guide.title}. {words.summary(state.counts)}")
        self._list_steps(tuple(self._guide.walk()), state)

    async def _list_open(self) -> None:
        state = await self._state()
        self._list_steps(state.open_steps, state)

    async def _search(self) -> None:
        query = await self._talk.ask("Words to look for")
        self._list_steps(self._guide.search(query), await self._state())

    def _list_steps(self, steps: tuple[Step, ...], state: GuideState) -> None:
        lines = [f"{step.id}. {step.title}: {state.statuses[step.id]}" for step in steps]
        self._talk.say("\n".join(lines) or "No step.")

    def _steps(self) -> dict[str, Act]:
        return {key: partial(self._open, step) for step in self._guide.walk() for key in (step.id, step.id.lower())}

    # --- one step ----------------------------------------------------------------------------------------------

    @property
    def _step(self) -> Step:
        return self._guide.step(self._opened)

    async def _next(self) -> None:
        if (step := await self._find_next()) is not None:
            await self._open(step)

    async def _find_next(self) -> Step | None:
        step = (await self._state()).next_open(self._opened)
        if step is None:
            self._talk.say(words.ALL_DONE)
        return step

    async def _open(self, step: Step) -> None:
        self._opened = step.id
        actions = (
            Action("x", "tick", "tick or untick this step", self._tick),
            Action("n", "note", "write a note; on 4 also the Display name, on M4 the entry name", self._note),
            Action("v", "verify", "run the checks of this step", self._verify),
            self._address_check,
            self._undo_change,
            Action("c", "copy", "print a value or link of this step alone on its line", self._copy),
            Action("o", "open", "open the link of this step in a browser on this machine", self._open_link),
            Action("g", "qr", "draw the link of this step as a QR code", self._draw_link),
            Action(">", "next", "go on to the next open step", self._go_on),
        )
        await self._talk.run(Menu("Step", self._describe, actions))

    async def _go_on(self) -> None:
        if (step := await self._find_next()) is not None:
            self._opened = step.id
            await self._describe()

    async def _describe(self) -> None:
        step, state, now = self._step, await self._state(), self._session.now
        printable = await asyncio.to_thread(self._printable, step)
        view = words.StepView(
            self._talk.surface,
            self._session.profile_name,
            lambda at: ago(now - at),
            lambda copy: words.plain_value_status(copy, is_known=copy in printable),
            shows_unchecked=True,
        )
        blocks = view.blocks(step, state.mark(step.id), state.evidence)
        title = f"Step {step.id}, {step.title}: {state.statuses[step.id]}."
        self._talk.say("\n".join([title, *(block.line for block in blocks)]))

    def _printable(self, step: Step) -> list[Copy]:
        """Return the values of a step that can be printed; a secret is not read for that."""
        profile, value = self._session.profile_name, self._service.value
        return [copy for copy in step.copies if copy.value == "app_secret" or value(profile, copy.value)]

    async def _tick(self) -> None:
        state = await asyncio.to_thread(self._service.tick, await self._state(), self._opened)
        self._talk.say(f"{self._opened} is {state.statuses[self._opened]} now.")

    async def _note(self) -> None:
        state, step, profile = await self._state(), self._opened, self._session.profile_name
        question, value = words.NAME_QUESTIONS.get(step, ("", None))
        name = ""
        if value is not None:
            known = await asyncio.to_thread(self._service.value, profile, value)
            name = await self._ask_text(question, str(known or ""))
        note = await self._ask_text(f"Note on {step}", state.mark(step).note)
        if value is not None:
            await asyncio.to_thread(self._service.note_name, profile, value, name)
        await asyncio.to_thread(self._service.note, await self._state(), step, note)
        self._talk.say("Saved.")

    async def _ask_text(self, question: str, known: str) -> str:
        """Ask for a text that need not be; enter keeps the known one."""
        if known:
            question = f"{question} ({_NONE}: none)"
        typed = await self._talk.ask(question, default=known or _NONE, default_name=known or "none")
        return "" if typed.strip() == _NONE else typed.strip()

    async def _copy(self) -> None:
        step, profile = self._step, self._session.profile_name
        choices = {
            f"{words.VALUE_NAMES[copy.value]}, for {words.step_text(copy.target, self._talk.surface)}": copy.value
            for copy in await asyncio.to_thread(self._printable, step)
        }
        link = {f"link {step.link}": None} if step.link else {}
        if not choices and not link:
            self._talk.say("This step has nothing to copy now.")
        elif value := await self._talk.choose("Print which", {**choices, **link}):
            await print_value(
                self._talk, words.VALUE_NAMES[value], await asyncio.to_thread(self._service.value, profile, value)
            )
        else:
            await print_value(self._talk, "link", step.link)

    async def _open_link(self) -> None:
        await self._open_in_browser(self._step.link or self._guide.link)

    async def _draw_link(self) -> None:
        await self._draw_qr(self._step.link or self._guide.link)

    async def _open_guide(self) -> None:
        await self._open_in_browser(self._guide.link)

    # --- evidence ----------------------------------------------------------------------------------------------

    async def _verify(self) -> None:
        if not self._step.relevant_checks:
            self._talk.say(words.NOT_CHECKABLE)
            return
        await self._check(dict.fromkeys(self._step.relevant_checks, self._talk.surface))

    async def _verify_all(self) -> None:
        surfaces: dict[CheckName, PlainMenu] = {}
        for step in self._guide.walk():
            for name in step.relevant_checks:
                surfaces.setdefault(name, PlainMenu(first=step.id))
        await self._check(surfaces)

    async def _check(self, surfaces: Mapping[CheckName, PlainMenu]) -> None:
        """Run checks, and say what each found where its step is reached in this way."""
        profile = self._session.required_profile.name
        self._talk.say(f"Running {len(surfaces)} check{'s' if len(surfaces) != 1 else ''} ...")
        before = await self._state()
        shown = dict(before.evidence)

        def found(state: GuideState) -> None:
            for name, surface in surfaces.items():
                evidence = state.evidence.get(name)
                if evidence is not None and evidence is not shown.get(name):
                    shown[name] = evidence
                    text = evidence_text(evidence, surface, profile)
                    self._talk.say(f"{check_name(name)}: {RESULTS[evidence.result]}. {text}")

        await self._service.check(before, tuple(surfaces), found)

    async def _check_address(self) -> None:
        from tui.matillion.differences import compare
        from tui.services.address_changes import offered_changes
        from tui.wording.matillion import ADDRESS_HELP, change_question, comparison, offered_change, requested

        profile = self._session.required_profile
        self._talk.say(ADDRESS_HELP)
        text = await ask_value(self._talk, "dialog_url")
        address = await asyncio.to_thread(self._service.save_address, profile.name, text)
        # without carets: they mean nothing to a screen reader
        compared = compare(address, profile.app_id, profile.callback_url)
        lines = [line for one in compared for line in comparison(one)]
        self._talk.say("\n".join([*lines, *requested(address)]))
        for change in offered_changes(profile, address):
            self._talk.say("\n".join(offered_change(change)))
            if await self._talk.is_sure(change_question(change)):
                await self._take_over(profile.name, change)

    async def _take_over(self, profile: str, change: "Change") -> None:
        from tui.wording.matillion import change_saved

        await asyncio.to_thread(self._service.change_profile, profile, change)
        self._taken_over.append((profile, change))
        self._talk.say(change_saved(change, "u"))

    async def _undo(self) -> None:
        from tui.wording.matillion import change_undone

        if not self._taken_over:
            self._talk.say("There is nothing to undo.")
            return
        profile, change = self._taken_over[-1]
        await asyncio.to_thread(self._service.change_profile, profile, change.undone)
        self._taken_over.pop()
        self._talk.say(change_undone(change.undone, "u" if self._taken_over else ""))

    async def _reset(self) -> None:
        if await self._talk.is_sure(f"{words.RESET_QUESTION} {words.RESET_EXPLANATION}"):
            await asyncio.to_thread(self._service.reset, await self._state())
            self._talk.say("No step is ticked now.")
