"""A conversation in plain words: one question at a time, `?` lists the choices, `q` quits, an empty line repeats."""

from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tui.plain.line import Echo, Line, Quit
from tui.plain.wrapping import wrapped
from tui.redact import Secret, redact
from tui.wording.names import meant_name, name_complaint
from tui.wording.surfaces import PlainMenu, sentences
from tui.wording.text import Text

T = TypeVar("T")
Act = Callable[[], Awaitable[object]]
Explain = Callable[[Exception, str], Text]
"""Returns the words for an error; the second argument is the endpoint that was asked, or empty."""
Things = Callable[[], Mapping[str, Act]]
"""Returns what opens or changes each thing on a list, by its number or name."""

ANYWHERE = PlainMenu()

LEAVE = object()
"""What an action returns to leave its menu."""


class Back(Exception):
    """The person does not want to answer this question."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do in a menu: the key it has in the full-screen view too, a word for it, and what it does."""

    key: str
    word: str
    help: str
    act: Act

    @property
    def line(self) -> str:
        """How it is listed."""
        name = self.word if self.key == self.word else f"{self.key}  {self.word}"
        return f"{name}: {self.help}"


@dataclass(frozen=True, slots=True)
class Menu:
    """A screen: `describe` prints it, `things` are on its list, and `help` says how they are chosen."""

    title: str
    describe: Act
    actions: Sequence[Action]
    things: Things = dict
    help: str = ""
    surface: PlainMenu = ANYWHERE


class Talk:
    """Asks and says. Whatever is said passes the filter for secrets, except by `show`."""

    def __init__(self, line: Line, explain: Explain) -> None:
        self._line, self._explain = line, explain
        self.everywhere: Sequence[Action] = ()
        """What can be chosen in every menu."""
        self.surface = ANYWHERE
        """Where the person is now."""

    def say(self, text: str | Text) -> None:
        """Write text; secrets in it are hidden."""
        self._line.write(wrapped(redact(text if isinstance(text, str) else sentences(text, self.surface))))

    def say_failure(self, error: Exception, where: str = "", subject: str = "") -> None:
        """Say what went wrong, with what; `where` is the endpoint that was asked."""
        self.say(f"{subject}{sentences(self._explain(error, where), self.surface)}")

    def show(self, value: Secret | str) -> None:
        """Write a value alone on its line, as it is: only where the person asked for it."""
        self._line.write(value.reveal() if isinstance(value, Secret) else value)

    def paint(self, lines: Sequence[str]) -> None:
        """Write lines that set their own colors."""
        self._line.paint(lines)

    # --- questions ---------------------------------------------------------------------------------------------

    async def ask(
        self,
        question: str,
        *,
        help: str = "",
        echo: Echo = "all",
        is_whole: bool = False,
        default: str = "",
        default_name: str = "",
    ) -> str:
        """Return an answer that is not empty; an empty line means `default`, shown by `default_name` where that is set.

        Raises Back and Quit.
        """
        offered = default_name or default
        hint = ", not shown while you type" if echo == "none" else f", enter: {offered}" if offered else ""
        while True:
            text = await self._read(f"{question}{hint} (b: back): ", echo=echo, is_whole=is_whole)
            match text.strip():
                case "":
                    if default:
                        return default
                case "b":
                    raise Back
                case "q":
                    raise Quit
                case "?":
                    self.say(help or "Type the answer and press enter. b: back without an answer. q: quit igauth.")
                case _:
                    return text

    async def ask_name(self, question: str, taken: Container[str], default: str = "") -> str:
        """Return a name that can be used and is not taken. Raises Back and Quit."""
        while complaint := name_complaint(name := (await self.ask(question, default=default)).strip(), taken):
            self.say(complaint)
            meant = meant_name(name)
            default = default if not meant or meant in taken else meant
        return name

    async def is_sure(self, question: str, *, default: bool = False) -> bool:
        """Ask for a yes or a no; an empty line means `default`. Raises Quit."""
        offered = "yes" if default else "no"
        while True:
            match (await self._read(f"{question} (yes or no, enter: {offered}): ")).strip().casefold():
                case "":
                    return default
                case "y" | "yes":
                    return True
                case "n" | "no" | "b":
                    return False
                case "q":
                    raise Quit
                case _:
                    self.say("Type yes or no, and press enter. q quits igauth.")

    async def choose(self, question: str, choices: Mapping[str, T]) -> T:
        """Return the value of the choice made by number or by words in it; an empty line means the first.

        The only one needs no question. Raises Back and Quit.
        """
        lines = {f"{number}. {choice}": value for number, (choice, value) in enumerate(choices.items(), 1)}
        if len(lines) == 1:
            return next(iter(lines.values()))
        listed = "\n".join(lines)
        self.say(listed)
        while True:
            answer = (await self.ask(f"{question}, 1 to {len(lines)}", help=listed, default="1")).strip()
            fitting = _fitting(answer.casefold(), lines)
            if len(fitting) == 1:
                return lines[fitting[0]]
            self.say("\n".join(fitting) if fitting else f"There is no {answer}.\n{listed}")

    async def _read(self, prompt: str, *, echo: Echo = "all", is_whole: bool = False) -> str:
        return await self._line.read(f"{wrapped(redact(prompt.rstrip()))} ", echo=echo, is_whole=is_whole)

    # --- menus -------------------------------------------------------------------------------------------------

    async def run(self, menu: Menu) -> None:
        """Stay in a menu until the person goes back. Raises Quit."""
        before, self.surface = self.surface, menu.surface
        try:
            await self.attempt(menu.describe)
            while await self._answered(menu, (await self._read(f"{menu.title} (? lists choices): ")).strip()):
                pass
        finally:
            self.surface = before

    async def _answered(self, menu: Menu, answer: str) -> bool:
        """Do what an answer says; return whether the person stays."""
        match answer:
            case "b":
                return False
            case "q":
                raise Quit
            case "?":
                self.say(self._choices(menu))
            case _ if act := self._act(menu, answer):
                return await self.attempt(act) is not LEAVE
            case _:
                self.say(f"There is no choice {answer} here. ? lists the choices.")
        return True

    async def attempt(self, act: Act) -> object:
        """Do something, and say why where it came to nothing. Raises Quit."""
        try:
            return await act()
        except Back:
            self.say("Back; nothing was changed.")
        except Quit:
            raise
        except Exception as error:
            self.say_failure(error)
        return None

    def _actions(self, menu: Menu) -> list[Action]:
        own = {action.word for action in menu.actions}
        return [*menu.actions, *(action for action in self.everywhere if action.word not in own)]

    def _choices(self, menu: Menu) -> str:
        lines = [menu.help] if menu.help else []
        lines += [action.line for action in self._actions(menu)]
        return "\n".join([*lines, "b  back", "q  quit igauth", "empty line: repeat this screen"])

    def _act(self, menu: Menu, answer: str) -> Act | None:
        if not answer:
            return menu.describe
        actions = self._actions(menu)
        exact = next((action.act for action in actions if answer in (action.key, action.word)), None)
        if act := exact or menu.things().get(answer):
            return act
        begun = [action for action in actions if len(answer) > 1 and action.word.startswith(answer.casefold())]
        return begun[0].act if len(begun) == 1 else None


def _fitting(answer: str, lines: Iterable[str]) -> list[str]:
    """Return the lines of a list that an answer can mean: by number, the whole text, or a part of it."""
    numbered = [(line, *line.casefold().split(". ", 1)) for line in lines]
    exact = [line for line, number, text in numbered if answer in (number, text)]
    return exact or [line for line, _, text in numbered if answer in text]
