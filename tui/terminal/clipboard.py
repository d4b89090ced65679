"""Copying that tells the truth: copied, sent, or cannot; and taking a secret back out of the clipboard.

Which way reaches which clipboard is measured in terminal.md section 1. A copy never raises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tui.redact import Secret
from tui.terminal.capabilities import Capabilities, LocalTool
from tui.terminal.children import Runner
from tui.terminal.routes import Route, Way, plan_copy

Outcome = Literal["copied", "sent", "cannot"]
Write = Callable[[str], None]

PLAIN_KEY = "p"
"""Shows the value plain, where the one who copies names no other key."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a copy: `copied` is known, `sent` may have been ignored, `cannot` went nowhere."""

    outcome: Outcome
    sentence: str
    routes: tuple[Route, ...] = ()
    """The ways that were taken; `clear_if_ours` goes them again."""


def copy(
    text: Secret | str, write: Write, capabilities: Capabilities, runner: Runner, *, plain_key: str = PLAIN_KEY
) -> Copied:
    """Send `text` to the person's clipboard by every way that fits, and say how certain that is. Never raises.

    `write` takes what is to be written to the terminal, raw, in one piece. Blocks while tools run: at most a few
    seconds, so call it off the event loop. `plain_key` is the key that shows the value plain where the person is.
    """
    value = text.reveal() if isinstance(text, Secret) else text
    if not value:
        return Copied("cannot", "There is nothing to copy.")
    try:
        return _copy(value, write, capabilities, runner, plain_key)
    except Exception as error:  # a copy that fails must never take the program with it
        return Copied("cannot", f"Not copied: the terminal could not be written to ({type(error).__name__}).")


def clear_if_ours(text: Secret, copied: Copied, write: Write, runner: Runner, *, outward: bool = True) -> bool:
    """Take `text` back out of wherever `copied` put it, unless something else stands there by now.

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


def _copy(value: str, write: Write, seen: Capabilities, runner: Runner, plain_key: str) -> Copied:
    routes = plan_copy(value, seen)
    if not routes:
        return Copied("cannot", _why_not(value, seen))
    taken: list[Route] = []
    for route in routes:
        if route.tool is not None:
            if _fill(route.tool, value, runner):
                sentence = f"Copied to this machine's clipboard ({route.tool.name})."
                return Copied("copied", sentence, (route,))
            continue
        if route.way is Way.TMUX_BUFFER:
            if runner(["tmux", "load-buffer", "-w", "-"], value.encode("utf-8", "surrogatepass")).code == 0:
                taken.append(route)
            continue
        write(route.sequence(value))
        taken.append(route)
    if not taken:
        return Copied("cannot", "Not copied: no clipboard tool answered.")
    sentence = f"{_sent(tuple(taken), seen)} {plain_key} shows it plain."
    return Copied("sent", sentence, tuple(taken))


def _fill(tool: LocalTool, value: str, runner: Runner) -> bool:
    """Fill the clipboard and read it back: only then is a copy known to have arrived."""
    if runner(tool.fill, value.encode("utf-8", "surrogatepass")).code != 0:
        return False
    return _holds(tool, value, runner)


def _holds(tool: LocalTool, value: str, runner: Runner) -> bool:
    read = runner(tool.read, None)
    wanted = value.encode("utf-8", "surrogatepass")
    return read.code == 0 and read.output in {wanted, wanted + b"\n", wanted + b"\r\n"}


def _why_not(value: str, seen: Capabilities) -> str:
    shorter = plan_copy("x", seen)
    if shorter:
        longest = max(route.longest for route in shorter)
        return f"Not copied: {len(value):,} characters are more than this terminal's clipboard takes ({longest:,})."
    name = seen.term if seen.term.isascii() and seen.term.isprintable() else "unknown"
    return f"Not copied: this terminal has no clipboard that can be reached from here (TERM={name or 'not set'})."


def _sent(routes: tuple[Route, ...], seen: Capabilities) -> str:
    ways = {route.way for route in routes}
    if Way.TMUX_BUFFER in ways and seen.tmux is not None and seen.tmux.sends_clipboard is False:
        return "In tmux's buffer (prefix ] pastes it); the terminal around tmux has no clipboard."
    if seen.tmux is not None and seen.tmux.inside_another:
        return "Sent through two multiplexers to your terminal, which often ignores that."
    if Way.TMUX in ways and Way.TMUX_BUFFER in ways:
        return "Sent through tmux to your terminal, which may ignore it; in tmux, prefix ] pastes it."
    if Way.TMUX_BUFFER in ways:
        middle = "it may ignore it, or paste it by the middle button only (shift+insert)"
        return f"Sent through tmux to your terminal: {middle}; in tmux, prefix ]."
    if Way.SCREEN in ways:
        return "Sent through screen to your terminal, which may ignore it."
    if seen.around != "none":
        return f"Sent to your terminal; the {seen.around} around it often ignores that."
    return "Sent to your terminal, which may ignore it."


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
