"""The full screen beside bare Textual apps: opening, keys, quiet, memory, bytes."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure, Series, percentile
from tests.bench.homes import environment, homes, igauth, python
from tests.bench.processes import cpu_seconds, peak_mib
from tests.bench.terminal import Condition, Terminal

DOWN, UP = b"\x1b[B", b"\x1b[A"
SMALL = "small live screen"
_LONGEST = 60
"""Letters that are typed into a field of one line."""

_AFTER = 3.0
"""Seconds after the first screen until what was put off until then is done."""


@dataclass(frozen=True)
class Program:
    """A program to be opened, and what stands on its first screen when that is ready."""

    name: str
    argv: Sequence[str]
    ready: str | Condition
    env: Mapping[str, str]
    rows: int = 24

    def open(self) -> Terminal:
        """Start it at 80 columns."""
        return Terminal(self.argv, self.env, rows=self.rows)


def floor(name: str, ready: str) -> Program:
    """Return one of the floors."""
    return Program(name, python("-m", f"tests.bench.floors.{name}"), ready, environment())


def tokens_screen(home: Path, tokens: int, *, rows: int = 24) -> Program:
    """Return igauth on a home; ready once the rows that fit are painted."""
    seen = min(tokens, 10 if rows == 24 else 40)
    return Program(f"{tokens} tokens", igauth(), lambda text: text.count("shop-") >= seen, environment(home), rows)


def opening(runs: int) -> list[Figure]:
    """Open each program in turns: time to the first screen, bytes and memory once it is settled."""
    ready: dict[str, list[float]] = defaultdict(list)
    memory: dict[str, list[float]] = defaultdict(list)
    written: dict[str, list[float]] = defaultdict(list)
    with homes(10, 1_000) as made:
        demo = Program("demo", igauth("demo"), "[1 Guide]", environment())
        programs = (
            floor("hello", "Pressed 0"),
            floor("small", "Fact 7"),
            tokens_screen(made[10], 10),
            tokens_screen(made[1_000], 1_000),
            demo,
        )
        for number in range(runs + 1):
            for program in programs:
                with program.open() as terminal:
                    at = terminal.wait(program.ready)
                    terminal.settle()
                    settled = terminal.bytes
                    terminal.follow(_AFTER)
                    if number:  # the first round warms the caches
                        ready[program.name].append((at - terminal.started) * 1000)
                        written[program.name].append(settled)
                        memory[program.name].append(peak_mib(terminal.pid))

    def over(
        part: str, what: str, unit: str, found: Mapping[str, list[float]], name: str, reach: float | None
    ) -> Figure:
        return Figure(part, what, unit, _series(found, name), reach, _series(found, "hello"))

    return [
        over("open", "first screen, 10 tokens", "ms", ready, "10 tokens", 1.3),
        over("open", "first screen, 1,000 tokens", "ms", ready, "1000 tokens", 1.5),
        over("open", "first screen, demo", "ms", ready, "demo", 2.0),
        over("open", "(a small live screen, for comparison)", "ms", ready, "small", None),
        over("memory", "peak memory, 10 tokens", "MiB", memory, "10 tokens", 1.4),
        over("memory", "peak memory, 1,000 tokens", "MiB", memory, "1000 tokens", 2.0),
        Figure("bytes", "first screen settled, 10 tokens", "bytes", _series(written, "10 tokens"), 15_000),
        Figure("bytes", "first screen settled, 1,000 tokens", "bytes", _series(written, "1000 tokens"), 15_000),
    ]


def _series(found: Mapping[str, list[float]], name: str) -> Series:
    return Series(name, tuple(found[name]))


class Hand:
    """A key that is pressed again and again in one terminal, each time until its effect is seen."""

    def __init__(self, terminal: Terminal, keys: Sequence[bytes], seen: Sequence[str]) -> None:
        self.terminal = terminal
        self.milliseconds: list[float] = []
        self.bytes: list[float] = []
        self._keys = keys
        self._seen = seen

    def press(self, number: int) -> None:
        """Press the key of that number."""
        key, seen = self._keys[number % len(self._keys)], self._seen[number % len(self._seen)]
        seen = seen.replace("{n}", str(number + 1)).replace("{typed}", "a" * (number + 1))
        seen = seen.replace("{hidden}", "•" * (number + 1))
        self.terminal.drain()
        before = self.terminal.bytes
        sent = time.perf_counter()
        self.terminal.send(key)
        self.milliseconds.append((self.terminal.wait(seen) - sent) * 1000)
        self.terminal.settle(quiet=0.06, limit=0.6)
        self.bytes.append(self.terminal.bytes - before)


def keys(presses: int) -> list[Figure]:
    """Press keys in all programs in turns: a cursor, a change of screens, typing in a field."""
    with ExitStack() as stack:
        made = stack.enter_context(homes(10, 1_000))

        def opened(program: Program) -> Terminal:
            terminal = stack.enter_context(program.open())
            terminal.wait(program.ready)
            terminal.follow(_AFTER)
            return terminal

        hands = {
            "label": Hand(opened(floor("hello", "Pressed 0")), [b"x"], ["Pressed {n} times"]),
            "input": Hand(opened(floor("field", "Type here")), [b"a"], ["{typed}"]),
            "screens": Hand(opened(floor("screens", "First screen")), [b"2", b"1"], ["Second screen", "First screen"]),
        }
        for size in (10, 1_000):
            program = tokens_screen(made[size], size)
            first, second = _first_two(opened(program))
            hands[f"cursor {size}"] = Hand(opened(program), [DOWN, UP], [f"{second}, a user", f"{first}, a user"])
            hands[f"change {size}"] = Hand(opened(program), [b"2", b"\x1b[19~"], ["App Secret", "time left"])
            form = opened(program)
            form.send(b"2")
            form.wait("App Secret")
            form.follow(1.0)
            hands[f"typing {size}"] = Hand(form, [b"a"], ["{hidden}"])
        for hand in (hands["change 10"], hands["change 1000"]):
            for number in (0, 1):  # the first time a screen is made, later it is there
                hand.press(number)
            hand.milliseconds.clear()
            hand.bytes.clear()
        for number in range(presses):
            for name, hand in hands.items():
                if number < _LONGEST or (name != "input" and "typing" not in name):
                    hand.press(number)
    return _key_figures(hands)


def _first_two(terminal: Terminal) -> tuple[str, str]:
    words = [word for word in terminal.text.split() if word.startswith("shop-") and len(word) == 10]
    return words[0], words[1]


def _key_figures(hands: Mapping[str, Hand]) -> list[Figure]:
    figures = []
    for what, key, floor_key in (("cursor", "cursor", "label"), ("screen change", "change", "screens"),
                                 ("typed key", "typing", "input")):  # fmt: skip
        below = hands[floor_key].milliseconds
        for size in (10, 1_000):
            mine = hands[f"{key} {size}"]
            name = f"{what}, {size:,} tokens"
            figures += [
                Figure("keys", name, "ms", Series(key, tuple(mine.milliseconds)), 2.0, Series(floor_key, tuple(below))),
                Figure(
                    "keys",
                    f"{name}, 95th percentile",
                    "ms",
                    Series(key, (percentile(mine.milliseconds, 0.95),)),
                    3.0,
                    Series(floor_key, (percentile(below, 0.95),)),
                ),
            ]
    typed = Series("typing", tuple(hands["typing 10"].bytes))
    return [*figures, Figure("bytes", "typed key in the App Secret", "bytes", typed, 400)]


def quiet(seconds: float, runs: int) -> list[Figure]:
    """Leave all programs alone for the same stretch of time: bytes they write, CPU they take."""
    bytes_a_second: dict[str, list[float]] = defaultdict(list)
    cpu_a_minute: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        made = stack.enter_context(homes(10, 60, 1_000))
        ten = tokens_screen(made[10], 10)
        programs = {
            "hello": floor("hello", "Pressed 0"),
            "small": floor("small", "Fact 7"),
            "10": ten,
            "50": tokens_screen(made[60], 60, rows=60),
            "1000": tokens_screen(made[1_000], 1_000),
            "form": ten,
        }
        terminals = {name: stack.enter_context(program.open()) for name, program in programs.items()}
        for name, terminal in terminals.items():
            terminal.wait(programs[name].ready)
        terminals["form"].send(b"2")
        terminals["form"].wait("App Secret")
        time.sleep(2 * _AFTER)
        for _ in range(runs):
            before = {}
            for name, terminal in terminals.items():
                terminal.drain()
                before[name] = (terminal.bytes, cpu_seconds(terminal.pid), time.perf_counter())
            time.sleep(seconds)
            for name, terminal in terminals.items():
                terminal.drain()
                written, spent, at = before[name]
                passed = time.perf_counter() - at
                bytes_a_second[name].append((terminal.bytes - written) / passed)
                cpu_a_minute[name].append((cpu_seconds(terminal.pid) - spent) / passed * 60)

    def figure(what: str, unit: str, found: Mapping[str, list[float]], name: str, reach: float | None) -> Figure:
        return Figure("quiet", what, unit, _series(found, name), reach)

    return [
        figure("10 tokens counting down", "bytes/s", bytes_a_second, "10", 400),
        figure("10 tokens counting down, CPU", "s/min", cpu_a_minute, "10", 0.5),
        figure("50 rows in sight (80x60)", "bytes/s", bytes_a_second, "50", 2_000),
        figure("1,000 tokens", "bytes/s", bytes_a_second, "1000", 400),
        figure("1,000 tokens, CPU", "s/min", cpu_a_minute, "1000", 0.5),
        figure("form with the focus in a field", "bytes/s", bytes_a_second, "form", 60),
        figure("(bare app, CPU, for comparison)", "s/min", cpu_a_minute, "hello", None),
        figure("(a small live screen, CPU, for comparison)", "s/min", cpu_a_minute, "small", None),
    ]
