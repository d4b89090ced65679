"""The guide in plain mode: steps by their numbers, ticks, notes, checks, values to copy."""

import asyncio
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName
from tui.guide.content import Step
from tui.guide.progress import count, next_open, open_steps
from tui.plain.login import log_in
from tui.plain.talk import Act, Action, Menu
from tui.plain.values import ask_value, print_value
from tui.wording import guide as words
from tui.wording.app import NO_PROFILE
from tui.wording.evidence import RESULTS, check_name, evidence_text
from tui.wording.surfaces import PlainMenu, sentences
from tui.wording.text import Text
from tui.wording.times import ago

if TYPE_CHECKING:
    from tui.plain.conversation import Conversation
    from tui.services.guidance import GuideService, GuideState


_SURFACE = PlainMenu()


class GuideTalk:
    """Lists the steps, and opens one at a time."""

    def __init__(self, session: "Conversation") -> None:
        self._session = session
        self._talk = session.talk
        self._step: Step | None = None

    @property
    def _service(self) -> "GuideService":
        return self._session.services.guide

    async def _state(self) -> "GuideState":
        return await asyncio.to_thread(self._service.state, self._session.profile_name)

    async def run(self) -> None:
        """Stay until the person goes back."""
        actions = (
            Action("n", "next", "open the next open step", self._next),
            Action("f", "open", "list only the steps still open", self._list_open),
            Action("/", "search", "find steps by words", self._search),
            Action("V", "verify", "run all checks", self._verify_all),
            Action("a", "address", "check the address of the page that Matillion opened", self._address),
            Action("X", "reset", "untick every step (asks first)", self._reset),
        )
        await self._talk.run(Menu("Guide", self._list, actions, self._pick, "P1, P2, 1 to 12, M1, A1 ...: open it"))

    # --- lists -------------------------------------------------------------------------------------------------

    async def _list(self) -> None:
        state = await self._state()
        self._talk.say(f"{self._service.guide.title}. {words.summary(count(self._service.guide, state.statuses))}")
        self._list_steps(tuple(self._service.guide.walk()), state)

    async def _list_open(self) -> None:
        state = await self._state()
        self._list_steps(open_steps(self._service.guide, state.statuses), state)

    async def _search(self) -> None:
        query = await self._talk.ask("Words to look for")
        self._list_steps(self._service.guide.search(query), await self._state())

    def _list_steps(self, steps: tuple[Step, ...], state: "GuideState") -> None:
        lines = [f"{step.id}. {step.title}: {state.statuses[step.id]}" for step in steps]
        self._talk.say("\n".join(lines) or "No step.")

    def _pick(self, answer: str) -> Act | None:
        step = next((step for step in self._service.guide.walk() if step.id.casefold() == answer.casefold()), None)
        return None if step is None else lambda: self._open(step)

    # --- one step ----------------------------------------------------------------------------------------------

    async def _next(self) -> None:
        if (step := await self._find_next()) is not None:
            await self._open(step)

    async def _find_next(self) -> Step | None:
        state = await self._state()
        step = next_open(self._service.guide, state.statuses, self._step.id if self._step else "")
        if step is None:
            self._say(words.ALL_DONE)
        return step

    async def _open(self, step: Step) -> None:
        self._step = step
        actions = (
            Action("x", "tick", "tick or untick this step", self._tick),
            Action("n", "note", "write a note; on 4 the Display name, on M4 the entry name", self._note),
            Action("v", "verify", "run the checks of this step", self._verify),
            Action("c", "copy", "print a value or link of this step alone on its line", self._copy),
            Action("g", "go", "go on to the next open step", self._go_on),
            Action("l", "login", "log in to Facebook for a token", lambda: log_in(self._session)),
        )
        await self._talk.run(Menu("Step", self._describe, actions))

    async def _go_on(self) -> None:
        if (step := await self._find_next()) is not None:
            self._step = step
            await self._describe()

    @property
    def _open_step(self) -> Step:
        assert self._step is not None  # a step menu is open
        return self._step

    async def _describe(self) -> None:
        step, state, now = self._open_step, await self._state(), self._session.now
        view = words.StepView(
            _SURFACE,
            self._session.profile_name,
            lambda at: ago(now - at),
            lambda _copy: "(c prints it)",
            shows_unchecked=True,
        )
        blocks = view.blocks(step, state.progress.mark(step.id), state.evidence)
        title = f"Step {step.id}, {step.title}: {state.statuses[step.id]}."
        self._talk.say("\n".join([title, *(block.line for block in blocks)]))

    def _say(self, text: Text) -> None:
        self._talk.say(sentences(text, _SURFACE))

    async def _tick(self) -> None:
        state = await asyncio.to_thread(self._service.tick, await self._state(), self._open_step.id)
        self._talk.say(f"{self._open_step.id} is {state.statuses[self._open_step.id]} now.")

    async def _note(self) -> None:
        step, profile = self._open_step, self._session.profile_name
        if step.id in words.NAME_QUESTIONS:
            question, value = words.NAME_QUESTIONS[step.id]
            name = await self._talk.ask(question)
            await asyncio.to_thread(self._service.note_name, profile, value, name.strip())
        else:
            text = await self._talk.ask(f"Note on {step.id} (-: remove it)")
            text = "" if text.strip() == "-" else text
            await asyncio.to_thread(self._service.note, await self._state(), step.id, text)
        self._talk.say("Saved.")

    async def _copy(self) -> None:
        step, name, service = self._open_step, self._session.profile_name, self._service
        labels = [
            f"{words.VALUE_NAMES[copy.value]}, for {words.step_text(copy.target, _SURFACE)}" for copy in step.copies
        ]
        labels += [f"link {step.link}"] if step.link else []
        if not labels:
            self._talk.say("This step has nothing to copy.")
            return
        place = await self._talk.choose("Print which", labels)
        if place == len(step.copies):
            await print_value(self._session, "link", lambda: step.link)
            return
        value = step.copies[place].value
        await print_value(self._session, words.VALUE_NAMES[value], lambda: service.value(name, value))

    # --- evidence ----------------------------------------------------------------------------------------------

    async def _verify(self) -> None:
        if not self._open_step.relevant_checks:
            self._say(words.NOT_CHECKABLE)
            return
        await self._check(self._open_step.relevant_checks)

    async def _verify_all(self) -> None:
        names = dict.fromkeys(name for step in self._service.guide.walk() for name in step.relevant_checks)
        await self._check(tuple(names))

    async def _check(self, names: tuple[CheckName, ...]) -> None:
        if self._session.profile is None:
            self._say(NO_PROFILE)
            return
        self._talk.say(f"Running {len(names)} check{'s' if len(names) != 1 else ''} ...")
        before = await self._state()
        shown = dict(before.evidence)

        def found(state: "GuideState") -> None:
            for name in names:
                evidence = state.evidence.get(name)
                if evidence is not None and evidence is not shown.get(name):
                    shown[name] = evidence
                    text = evidence_text(evidence, _SURFACE, state.profile)
                    self._talk.say(f"{check_name(name)}: {RESULTS[evidence.result]}. {text}")

        await self._service.check(before, names, found)

    async def _address(self) -> None:
        from tui.matillion.differences import compare
        from tui.wording.matillion import ADDRESS_HELP, comparison, requested

        profile = self._session.profile
        if profile is None:
            self._say(NO_PROFILE)
            return
        self._talk.say(ADDRESS_HELP)
        text = await ask_value(self._talk, "dialog_url")
        address = await asyncio.to_thread(self._service.save_address, profile.name, text)
        # without carets: they mean nothing to a screen reader
        compared = compare(address, profile.app_id, profile.callback_url)
        lines = [line for one in compared for line in comparison(one)]
        self._talk.say("\n".join([*lines, *requested(address)]))

    async def _reset(self) -> None:
        if await self._talk.is_sure(f"{words.RESET_QUESTION} {words.RESET_EXPLANATION}"):
            await asyncio.to_thread(self._service.reset, await self._state())
            self._talk.say("No step is ticked now.")
