"""The guide, plainly: steps by their own numbers, ticks, notes, evidence, values to copy."""

import asyncio
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName
from tui.guide.content import Step
from tui.guide.progress import count, next_open, open_steps
from tui.guide.render import summary
from tui.plain.login import log_in
from tui.plain.steps import step_lines
from tui.plain.talk import Act, Action, Menu
from tui.plain.values import ask_value, print_value

if TYPE_CHECKING:
    from tui.plain.conversation import Conversation
    from tui.services.guidance import GuideDesk, GuideState


class GuideTalk:
    """Lists the steps, and holds the one in front."""

    def __init__(self, session: "Conversation") -> None:
        self._session = session
        self._talk = session.talk
        self._step: Step | None = None

    @property
    def _desk(self) -> "GuideDesk":
        return self._session.services.guide_desk

    async def _state(self) -> "GuideState":
        return await asyncio.to_thread(self._desk.state, self._session.profile_name)

    async def run(self) -> None:
        """Stay until the person goes back."""
        actions = (
            Action("n", "next", "open the next open step", self._next),
            Action("f", "open", "list only the steps still open", self._list_open),
            Action("/", "search", "find steps by words", self._search),
            Action("V", "verify", "look at all evidence", self._verify_all),
            Action("a", "address", "check the address of the page Matillion opened", self._address),
            Action("X", "reset", "untick every step (asks first)", self._reset),
        )
        await self._talk.run(Menu("Guide", self._list, actions, self._pick, "P1, P2, 1 to 12, M1, A1 ...: open it"))

    # --- lists -------------------------------------------------------------------------------------------------

    async def _list(self) -> None:
        state = await self._state()
        self._talk.say(f"{self._desk.guide.title}. {summary(count(self._desk.guide, state.stand))}")
        self._tell(tuple(self._desk.guide.walk()), state)

    async def _list_open(self) -> None:
        state = await self._state()
        self._tell(open_steps(self._desk.guide, state.stand), state)

    async def _search(self) -> None:
        words = await self._talk.ask("Words to look for")
        self._tell(self._desk.guide.search(words), await self._state())

    def _tell(self, steps: tuple[Step, ...], state: "GuideState") -> None:
        lines = [f"{step.id}. {step.title}: {state.stand[step.id]}" for step in steps]
        self._talk.say("\n".join(lines) or "No step.")

    def _pick(self, answer: str) -> Act | None:
        step = next((step for step in self._desk.guide.walk() if step.id.casefold() == answer.casefold()), None)
        return None if step is None else lambda: self._open(step)

    # --- one step ----------------------------------------------------------------------------------------------

    async def _next(self) -> None:
        state = await self._state()
        step = next_open(self._desk.guide, state.stand, self._step.id if self._step else "")
        if step is None:
            self._talk.say("Every step is done. 3 in the main menu shows how long your tokens live.")
        else:
            await self._open(step)

    async def _open(self, step: Step) -> None:
        self._step = step
        actions = (
            Action("x", "tick", "tick or untick this step by hand", self._tick),
            Action("n", "note", "write a note; on 4 the display name, on M4 the entry's name", self._note),
            Action("v", "verify", "look at the evidence of this step", self._verify),
            Action("c", "copy", "print a value or link of this step alone on its line", self._copy),
            Action("g", "go", "go on to the next open step", self._go_on),
            Action("l", "login", "log in to Facebook for a token", lambda: log_in(self._session)),
        )
        await self._talk.run(Menu("Step", self._describe, actions))

    async def _go_on(self) -> None:
        state = await self._state()
        step = next_open(self._desk.guide, state.stand, self._front.id)
        if step is None:
            self._talk.say("Every step is done.")
            return
        self._step = step
        await self._describe()

    @property
    def _front(self) -> Step:
        assert self._step is not None  # a step menu is open
        return self._step

    async def _describe(self) -> None:
        self._talk.say("\n".join(step_lines(self._front, await self._state(), self._session.now)))

    async def _tick(self) -> None:
        state = await asyncio.to_thread(self._desk.tick, await self._state(), self._front.id)
        self._talk.say(f"{self._front.id} is {state.stand[self._front.id]} now.")

    async def _note(self) -> None:
        profile, step = self._session.profile, self._front
        if step.id == "4" and profile is not None:
            name = await self._talk.ask("Display name chosen in step 4")
            await asyncio.to_thread(self._desk.note_display_name, profile.name, name.strip())
        elif step.id == "M4" and profile is not None:
            name = await self._talk.ask("Name of the OAuth entry")
            await asyncio.to_thread(self._desk.note_entry_name, profile.name, name.strip())
        else:
            text = await self._talk.ask(f"Note on {step.id}, a dash removes it")
            text = "" if text.strip() == "-" else text
            await asyncio.to_thread(self._desk.note, await self._state(), step.id, text)
        self._talk.say("Noted.")

    async def _copy(self) -> None:
        step, name, desk = self._front, self._session.profile_name, self._desk
        choices = [(copy.value, f"{copy.value.replace('_', ' ')}, to {copy.target}") for copy in step.copies]
        labels = [label for _, label in choices] + ([f"link {step.link}"] if step.link else [])
        if not labels:
            self._talk.say("There is nothing to copy on this step.")
            return
        place = await self._talk.choose("Print which", labels)
        if place == len(choices):
            await print_value(self._session, "link", lambda: step.link)
            return
        value = choices[place][0]
        await print_value(self._session, value.replace("_", " "), lambda: desk.value(name, value))

    # --- evidence ----------------------------------------------------------------------------------------------

    async def _verify(self) -> None:
        if not self._front.relevant_checks:
            self._talk.say("Nothing can prove this step. x ticks it.")
            return
        await self._check(self._front.relevant_checks)

    async def _verify_all(self) -> None:
        names = dict.fromkeys(name for step in self._desk.guide.walk() for name in step.relevant_checks)
        await self._check(tuple(names))

    async def _check(self, names: tuple[CheckName, ...]) -> None:
        from tui.guide.checks import CHECKS

        if self._session.profile is None:
            self._talk.say("There is no profile to look at yet. 2 in the main menu takes App ID and App Secret.")
            return
        self._talk.say(f"Looking at {len(names)} proof{'s' if len(names) != 1 else ''} ...")
        told: set[CheckName] = set()
        before = await self._state()

        def found(state: "GuideState") -> None:
            for name in names:
                evidence = state.evidence.get(name)
                if evidence is not None and name not in told and evidence is not before.evidence.get(name):
                    told.add(name)
                    self._talk.say(f"{CHECKS[name]}: {evidence.result}. {evidence.seen}")

        await self._desk.check(before, names, found)

    async def _address(self) -> None:
        from tui.matillion.differences import differences  # in words: a caret says nothing to a screen reader

        profile = self._session.profile
        if profile is None:
            self._talk.say("There is no profile yet. 2 in the main menu takes App ID and App Secret.")
            return
        self._talk.say(
            "In Matillion: Manage OAuth, Configure OAuth, Authorization link. A Facebook page opens. Copy the whole"
            " address from its address bar, before you click anything on that page."
        )
        text = await ask_value(self._talk, "dialog_url")
        address = await asyncio.to_thread(self._desk.keep_address, profile.name, text)
        compared = (
            ("App ID", profile.app_id, address.client_id),
            ("Callback URL", profile.callback_url, address.redirect_uri),
        )
        for label, ours, theirs in compared:
            if ours == theirs:
                self._talk.say(f"{label}: the same, byte for byte.")
            elif not ours:
                self._talk.say(f"{label}: Matillion sends {theirs}; this profile has none yet.")
            else:
                self._talk.say(
                    "\n".join([f"{label} differs.", *(one.sentence for one in differences(label, ours, theirs))])
                )
        self._talk.say(f"Matillion asks for: {', '.join(address.scopes) or address.config_id or 'nothing'}.")

    async def _reset(self) -> None:
        if await self._talk.is_sure("Untick every step? Notes stay, and what was proven stays proven."):
            await asyncio.to_thread(self._desk.reset, await self._state())
            self._talk.say("Every step is unticked.")
