"""A conversation in plain words: one question at a time, `?` lists the choices, `q` quits, an empty line repeats."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tui.plain.line import Echo, Gone, Line
from tui.redact import Secret, redact
from tui.wording.failures import failure_sentences
from tui.wording.surfaces import PlainMenu

Act = Callable[[], Awaitable[object]]
Pick = Callable[[str], Act | None]
"""Takes a number or name and returns what to do with that thing, None where there is no such thing."""

LEAVE = object()
"""What an action returns to leave its menu."""


class Quit(Exception):
    """The person is done."""


class Back(Exception):
    """The person does not want to answer this question."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do in a menu: the key it has in the full-screen view too, a word for it, and what it does."""

    key: str
    word: str
    help: str
    act: Act


@dataclass(frozen=True, slots=True)
class Menu:
    """A screen: `describe` prints it, `pick` takes the number or name of a thing on its list."""

    title: str
    describe: Act
    actions: Sequence[Action]
    pick: Pick | None = None
    things: str = ""


class Talk:
    """Asks and says. Whatever is said passes the filter for secrets, except by `show`."""

    def __init__(self, line: Line, everywhere: Callable[[], Sequence[Action]] = tuple) -> None:
        self._line = line
        self._everywhere = everywhere

    def say(self, text: str) -> None:
        """Write text; secrets in it are hidden."""
        self._line.write(redact(text))

    def show(self, value: Secret | str) -> None:
        """Write a value alone on its line, as it is: only where the person asked for it."""
        self._line.write(value.reveal() if isinstance(value, Secret) else value)

    # --- questions ---------------------------------------------------------------------------------------------

    async def ask(self, question: str, *, help: str = "", echo: Echo = "all", is_whole: bool = False) -> str:
        """Return an answer that is not empty. Raises Back and Quit."""
        hint = ", not shown while you type" if echo == "none" else ""
        while True:
            text = await self._read(f"{question}{hint} (b: back): ", echo=echo, is_whole=is_whole)
            match text.strip():
                case "":
                    continue
                case "b":
                    raise Back
                case "q":
                    raise Quit
                case "?":
                    self.say(help or "Type the answer and press enter. b: back without an answer. q: quit igauth.")
                case _:
                    return text

    async def secret(self, question: str, *, help: str = "") -> str:
        """Return a value that is not echoed, whole however long, and say how much arrived."""
        text = await self.ask(question, help=help, echo="none", is_whole=True)
        self.say(f"{len(text)} characters arrived.")
        return text

    async def is_sure(self, question: str) -> bool:
        """Ask for a yes or a no. Raises Quit."""
        while True:
            answer = (await self._read(f"{question} (yes or no): ")).strip().casefold()
            if answer in ("y", "yes"):
                return True
            if answer in ("n", "no", "b"):
                return False
            if answer == "q":
                raise Quit
            if answer:
                self.say("Type yes or no, and press enter. q quits igauth.")

    async def choose(self, question: str, choices: Sequence[str]) -> int:
        """Return the place in `choices` of the one that was chosen by number. Raises Back and Quit."""
        listed = "\n".join(f"{number}. {choice}" for number, choice in enumerate(choices, 1))
        self.say(listed)
        while True:
            answer = (await self.ask(f"{question}, 1 to {len(choices)}", help=listed)).strip()
            if answer.isdecimal() and 1 <= int(answer) <= len(choices):
                return int(answer) - 1
            self.say(f"There is no {answer}.\n{listed}")

    async def _read(self, prompt: str, *, echo: Echo = "all", is_whole: bool = False) -> str:
        try:
            return await self._line.read(prompt, echo=echo, is_whole=is_whole)
        except Gone:
            raise Quit from None

    # --- menus -------------------------------------------------------------------------------------------------

    async def run(self, menu: Menu) -> None:
        """Stay in a menu until the person goes back. Raises Quit."""
        await self._try(menu.describe)
        while True:
            answer = (await self._read(f"{menu.title} (? lists choices): ")).strip()
            if answer == "b":
                return
            if answer == "q":
                raise Quit
            if answer == "?":
                self.say(self._choices(menu))
                continue
            act = menu.describe if not answer else self._act(menu, answer)
            if act is None:
                self.say(f"There is no choice {answer} here. ? lists the choices.")
            elif await self._try(act) is LEAVE:
                return

    async def _try(self, act: Act) -> object:
        try:
            return await act()
        except Back:
            self.say("Back; nothing was changed.")
        except Exception as error:
            words = failure_sentences(error, PlainMenu())
            if words is None:
                raise
            self.say(words)
        return None

    def _choices(self, menu: Menu) -> str:
        lines = [f"{menu.things}"] if menu.things else []
        lines += [f"{action.key}  {action.word}: {action.help}" for action in (*menu.actions, *self._everywhere())]
        lines += ["b  back", "q  quit igauth", "empty line: repeat this screen"]
        return "\n".join(lines)

    def _act(self, menu: Menu, answer: str) -> Act | None:
        actions = (*menu.actions, *self._everywhere())
        exact = next((action for action in actions if answer in (action.key, action.word)), None)
        if exact is not None:
            return exact.act
        if menu.pick is not None and (picked := menu.pick(answer)) is not None:
            return picked
        begun = [action for action in actions if len(answer) > 1 and action.word.startswith(answer.casefold())]
        return begun[0].act if len(begun) == 1 else None
