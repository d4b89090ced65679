"""Copies to the clipboard, with how certain that is, and clears a secret from it.

Which way reaches which clipboard is measured in terminal.md section 1. A copy never raises.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from tui.redact import Secret
from tui.terminal.capabilities import Capabilities, LocalTool
from tui.terminal.children import Runner
from tui.terminal.routes import Route, Way, plan_copy

Write = Callable[[str], None]


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


def failed(problem: Problem, terminal: Capabilities | None = None, length: int = 0, longest: int = 0) -> Copied:
    """Return the result of a copy that went nowhere."""
    return Copied(Outcome.CANNOT, (), terminal, problem, length, longest)


def copy(text: Secret | str, write: Write, capabilities: Capabilities, runner: Runner) -> Copied:
    """Send `text` to the person's clipboard by every way that fits. Never raises.

    `write` takes what is to be written to the terminal, raw, in one piece. Blocks while tools run: at most a few
    seconds, so call it off the event loop.
    """
    value = text.reveal() if isinstance(text, Secret) else text
    if not value:
        return failed(Problem.EMPTY)
    routes = plan_copy(value, capabilities)
    if not routes:
        longest = max((route.longest for route in plan_copy("x", capabilities)), default=0)
        return failed(Problem.TOO_LONG if longest else Problem.NO_CLIPBOARD, capabilities, len(value), longest)
    try:
        taken = tuple(_take(routes, value, write, runner))
    except Exception:  # a copy that fails must never take the program with it
        return failed(Problem.WRITE_FAILED, capabilities)
    if not taken:
        return failed(Problem.NO_ANSWER, capabilities)
    return Copied(Outcome.SENT if taken[0].tool is None else Outcome.COPIED, taken, capabilities)


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
        elif route.way is not Way.TMUX_BUFFER:
            write(route.sequence(value))
            yield route
        elif runner(["tmux", "load-buffer", "-w", "-"], _coded(value)).code == 0:
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
    in_tmux = any(route.way is Way.TMUX_BUFFER for route in copied.routes)
    if (in_tmux and not _drop_tmux_buffers(value, runner)) or not outward:
        return
    if in_tmux:  # a blank where the secret was: tmux 3.3a sends nothing at all for an empty text
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
