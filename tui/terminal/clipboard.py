"""Copies to the clipboard, with how certain that is, and clears a secret from it.

Which way reaches which clipboard is measured in terminal.md section 1. A copy never raises.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from tui.redact import Secret
from tui.terminal.capabilities import Capabilities, LocalTool
from tui.terminal.children import Runner
from tui.terminal.routes import Route, Way, longest_through, plan_copy

Write = Callable[[str], None]

_OUTWARD: Mapping[Way, Sequence[str]] = {Way.TMUX_BUFFER: ("-w",), Way.TMUX_KEPT: ()}
"""The option by which tmux hands its buffer on to its terminal."""


class Outcome(StrEnum):
    """How certain a copy is."""

    COPIED = "copied"
    """It was read back."""
    SENT = "sent"
    """The terminal may have ignored it."""
    CANNOT = "cannot"


class Problem(StrEnum):
    """Why nothing could be copied."""

    EMPTY = "empty"
    WRITE_FAILED = "write_failed"
    TOO_LONG = "too_long"
    NO_CLIPBOARD = "no_clipboard"
    NO_ANSWER = "no_answer"
    """No clipboard tool answered."""
    SUSPENDED = "suspended"
    """The screen is not igauth's at the moment."""
    SILENT = "silent"
    """The terminal answered no question: it may paint what it does not take."""
    RECORDED = "recorded"
    """The session is recorded, and the copy would be in the recording; a second one is made."""
    UNPROVEN = "unproven"
    """The terminal around tmux or mosh may paint the copy; a second one is made."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a copy. `routes` are the ways it took: `clear_if_ours` takes them again."""

    outcome: Outcome
    routes: tuple[Route, ...] = ()
    terminal: Capabilities | None = None
    problem: Problem | None = None
    length: int = 0
    """Characters that were to be copied."""
    longest: int = 0
    """Bytes that the terminal's clipboard takes, where the text is too long."""
    clears_in: float = 0.0
    """Seconds after which the clipboard is cleared; 0: never."""
    is_held_back: bool = False
    """Whether it was kept from a terminal that may paint it; a second copy goes there too."""

    @property
    def is_blind(self) -> bool:
        """Whether it cannot be known what became of it: a terminal does not say."""
        return any(route.needs_line or route.way is Way.TMUX_BUFFER for route in self.routes)

    @property
    def is_in_tmux_alone(self) -> bool:
        """Whether it is in a buffer of tmux, and went to no clipboard."""
        return any(route.way is Way.TMUX_KEPT for route in self.routes)

    @property
    def waits_for_second(self) -> bool:
        """Whether copying the same value once more goes further."""
        return self.is_held_back or self.problem in {Problem.RECORDED, Problem.UNPROVEN}


class OnQuit(StrEnum):
    """When a secret is cleared that is in the clipboard at the end; the values of `clear_on_quit`."""

    LATER = "later"
    NOW = "now"
    NEVER = "never"


class Leaving(StrEnum):
    """What becomes of a secret in the clipboard when igauth ends."""

    LATER = "later"
    """It is cleared in its time."""
    ATTACHED = "attached"
    """The same, as long as tmux is attached to a terminal."""
    LOGGED_IN = "logged_in"
    """The same, as long as the terminal's line lasts."""
    TMUX_LATER = "tmux_later"
    """tmux alone has it, and forgets it in its time."""
    CLEARED = "cleared"
    TMUX_CLEARED = "tmux_cleared"
    """tmux alone had it, and has forgotten it."""
    ASKED = "asked"
    """The terminal was asked to clear it."""
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Left:
    """What was done about a secret in the clipboard at the end, and the seconds until it is cleared."""

    leaving: Leaving
    seconds: float = 0.0


def failed(problem: Problem, terminal: Capabilities | None = None, length: int = 0, longest: int = 0) -> Copied:
    """Return the result of a copy that went nowhere."""
    return Copied(Outcome.CANNOT, (), terminal, problem, length, longest)


def copy(
    text: Secret | str, write: Write, capabilities: Capabilities, runner: Runner, *, is_second: bool = False
) -> Copied:
    """Send `text` to the person's clipboard by every way that fits. Never raises.

    `write` takes what is to be written to the terminal, raw, in one piece. `is_second`: a person who knows that the
    terminal may paint or record the value has asked once more. Blocks while tools run: at most a few seconds, so call
    it off the event loop.
    """
    value = text.reveal() if isinstance(text, Secret) else text
    if not value:
        return failed(Problem.EMPTY)
    everything = plan_copy(value, capabilities)
    routes = everything if is_second or isinstance(text, str) else plan_copy(value, capabilities, holds_back=True)
    try:
        taken = tuple(_take(routes, value, write, runner))
    except Exception:  # a copy that fails must never take the program with it
        return failed(Problem.WRITE_FAILED, capabilities)
    if not taken:
        return _not_taken(value, routes, everything, capabilities)
    if taken[0].tool is not None:
        return Copied(Outcome.COPIED, taken, capabilities)
    return Copied(Outcome.SENT, taken, capabilities, is_held_back=routes != everything)


def _not_taken(value: str, routes: Sequence[Route], everything: Sequence[Route], seen: Capabilities) -> Copied:
    if len(routes) < len(everything):
        return failed(Problem.RECORDED if seen.recorder else Problem.UNPROVEN, seen)
    if routes:
        return failed(Problem.NO_ANSWER, seen)
    if longest := max((longest_through(route, seen) for route in plan_copy("x", seen)), default=0):
        return failed(Problem.TOO_LONG, seen, len(value), longest)
    return failed(Problem.SILENT if seen.is_silent else Problem.NO_CLIPBOARD, seen)


def clear_if_ours(text: Secret, copied: Copied, write: Write, runner: Runner, *, outward: bool = True) -> None:
    """Clear `text` from wherever `copied` put it, unless something else is there by now. Never raises.

    A local tool and tmux are read and compared first. A terminal behind OSC 52 cannot be read: it is emptied
    unless tmux knows of a later copy. `outward=False` removes it from tmux's buffers only (a later copy has
    already replaced the clipboard).
    """
    with suppress(Exception):  # as with copy
        _clear(text.reveal(), copied, write, runner, outward)


def _take(routes: Iterable[Route], value: str, write: Write, runner: Runner) -> Iterator[Route]:
    """Take the routes, and yield those that worked; the first that is known to have arrived is the last."""
    for route in routes:
        if route.tool is not None:
            if runner(route.tool.fill, _coded(value)).code == 0 and _holds(route.tool, value, runner):
                yield route
                return
        elif route.needs_line:
            write(route.sequence(value))
            yield route
        elif runner(["tmux", "load-buffer", *_OUTWARD[route.way], "-"], _coded(value)).code == 0:
            yield route


def _coded(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _holds(tool: LocalTool, value: str, runner: Runner) -> bool:
    read, wanted = runner(tool.read, None), _coded(value)
    return read.code == 0 and read.output in {wanted, wanted + b"\n", wanted + b"\r\n"}


def _clear(value: str, copied: Copied, write: Write, runner: Runner, outward: bool) -> None:
    tool = next((route.tool for route in copied.routes if route.tool), None)
    if tool is not None:
        if outward and _holds(tool, value, runner):
            runner(tool.empty or tool.fill, None if tool.empty else b"")
        return
    ways = {route.way for route in copied.routes}
    if (not ways.isdisjoint(_OUTWARD) and not _drop_tmux_buffers(value, runner)) or not outward:
        return
    if Way.TMUX_BUFFER in ways:  # a blank where the secret was: tmux 3.3a sends nothing at all for an empty text
        runner(["tmux", "load-buffer", "-w", "-b", "igauth-cleared", "-"], b" ")
        runner(["tmux", "delete-buffer", "-b", "igauth-cleared"], None)
    for route in copied.routes:
        write(route.sequence(""))


def _drop_tmux_buffers(value: str, runner: Runner) -> bool:
    """Delete each tmux buffer that holds exactly `value`; return whether the newest one did."""
    wanted = _coded(value)
    listed = runner(["tmux", "list-buffers", "-F", "#{buffer_name} #{buffer_size}"], None)
    newest_was_ours = False
    for place, line in enumerate(listed.text.splitlines()):
        name, _, size = line.rpartition(" ")
        if size == str(len(wanted)) and runner(["tmux", "show-buffer", "-b", name], None).output == wanted:
            runner(["tmux", "delete-buffer", "-b", name], None)
            newest_was_ours = newest_was_ours or place == 0
    return newest_was_ours
