"""Copies to the clipboard, with how certain that is, and clears a secret from it.

Which way reaches which clipboard is measured in terminal.md section 1. A copy never raises.
"""

from collections.abc import Callable
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
    try:
        return _copy(value, write, capabilities, runner)
    except Exception:  # a copy that fails must never take the program with it
        return failed(Problem.WRITE_FAILED, capabilities)


def clear_if_ours(text: Secret, copied: Copied, write: Write, runner: Runner, *, outward: bool = True) -> bool:
    """Clear `text` from wherever `copied` put it, unless something else is there by now.

    A local tool and tmux are read and compared first. A terminal behind OSC 52 cannot be read: it is emptied
    unless tmux knows of a later copy. `outward=False` removes it from tmux's buffers only (a later copy has
    already replaced the clipboard). Returns whether anything was cleared; never raises.
    """
    if not copied.routes:
        return False
    value = text.reveal()
    try:
        return _clear(value, copied, write, runner, outward)
    except Exception:  # as with copy
        return False


def _copy(value: str, write: Write, seen: Capabilities, runner: Runner) -> Copied:
    routes = plan_copy(value, seen)
    if not routes:
        longest = max((route.longest for route in plan_copy("x", seen)), default=0)
        return failed(Problem.TOO_LONG if longest else Problem.NO_CLIPBOARD, seen, len(value), longest)
    taken: list[Route] = []
    for route in routes:
        if route.tool is not None:
            if _fill(route.tool, value, runner):
                return Copied(Outcome.COPIED, (route,), seen)
            continue
        if route.way is Way.TMUX_BUFFER:
            if runner(["tmux", "load-buffer", "-w", "-"], value.encode("utf-8", "surrogatepass")).code == 0:
                taken.append(route)
            continue
        write(route.sequence(value))
        taken.append(route)
    if not taken:
        return failed(Problem.NO_ANSWER, seen)
    return Copied(Outcome.SENT, tuple(taken), seen)


def _fill(tool: LocalTool, value: str, runner: Runner) -> bool:
    """Fill the clipboard and read it back: only then is a copy known to have arrived."""
    if runner(tool.fill, value.encode("utf-8", "surrogatepass")).code != 0:
        return False
    return _holds(tool, value, runner)


def _holds(tool: LocalTool, value: str, runner: Runner) -> bool:
    read = runner(tool.read, None)
    wanted = value.encode("utf-8", "surrogatepass")
    return read.code == 0 and read.output in {wanted, wanted + b"\n", wanted + b"\r\n"}


def _clear(value: str, copied: Copied, write: Write, runner: Runner, outward: bool) -> bool:
    tool = next((route.tool for route in copied.routes if route.tool), None)
    if tool is not None:
        return outward and _holds(tool, value, runner) and _empty(tool, runner)
    in_tmux = any(route.way is Way.TMUX_BUFFER for route in copied.routes)
    still_newest = _drop_tmux_buffers(value, runner) if in_tmux else True
    if not outward or not still_newest:
        return in_tmux and still_newest
    if in_tmux:
        _blank_through_tmux(runner)
    for route in copied.routes:
        if route.way is not Way.TMUX_BUFFER:
            write(route.sequence(""))
    return True


def _empty(tool: LocalTool, runner: Runner) -> bool:
    ran = runner(tool.empty, None) if tool.empty else runner(tool.fill, b"")
    return ran.code == 0


def _drop_tmux_buffers(value: str, runner: Runner) -> bool:
    """Delete each tmux buffer that holds exactly `value`; return whether the newest one did."""
    wanted = value.encode("utf-8", "surrogatepass")
    listed = runner(["tmux", "list-buffers", "-F", "#{buffer_name} #{buffer_size}"], None)
    newest_was_ours = False
    for place, line in enumerate(listed.text.splitlines()):
        name, _, size = line.rpartition(" ")
        if size != str(len(wanted)) or runner(["tmux", "show-buffer", "-b", name], None).output != wanted:
            continue
        runner(["tmux", "delete-buffer", "-b", name], None)
        newest_was_ours = newest_was_ours or place == 0
    return newest_was_ours


def _blank_through_tmux(runner: Runner) -> None:
    """Put a blank where the secret was: tmux 3.3a sends nothing at all for an empty text."""
    runner(["tmux", "load-buffer", "-w", "-b", "igauth-cleared", "-"], b" ")
    runner(["tmux", "delete-buffer", "-b", "igauth-cleared"], None)
