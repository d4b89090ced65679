"""Words for what a terminal can do: the lines of `igauth doctor`, and why a QR code is not drawn."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, assert_never

from tui.actions import ACTIONS, first_key, key_for, offered_keymap, shown_key
from tui.harmless import harmless
from tui.terminal.capabilities import Capabilities, TmuxSettings
from tui.terminal.kinds import MANNERS
from tui.terminal.qr import NoColors, TooSmall, Undrawn
from tui.terminal.routes import LONGEST_IN_MOSH
from tui.terminal.taken_keys import Taken
from tui.wording.texts import phrase, text_of

_LACKS = ("dumb", "ascii", "no_clipboard", "tmux_alone", "tmux_silent", "tmux_in_another", "recorder")
"""Findings that are warnings."""


class Finding(NamedTuple):
    """One line of the doctor's report; `cure` is empty where nothing is to be done."""

    level: Literal["ok", "warning"]
    code: str
    text: str
    cure: str = ""


def findings(capabilities: Capabilities, plain_key: str) -> tuple[Finding, ...]:
    """Return what this terminal can and cannot do; `plain_key` is the key that shows a value plain."""
    codes = (
        "dumb" if capabilities.dumb else "terminal",
        "ascii" if capabilities.ascii_only else "utf8",
        "no_color" if capabilities.no_color else "color",
        _clipboard(capabilities),
        *(["recorder"] if capabilities.recorder else []),
        "browser" if capabilities.browser else "no_browser",
    )
    facts = {**_facts(capabilities), "plain_key": plain_key}
    texts = [(code, text_of("terminal", code, facts, "finding")) for code in codes]
    return tuple(Finding("warning" if code in _LACKS else "ok", code, text.what, text.hint) for code, text in texts)


def no_qr_code(reason: Undrawn) -> str:
    """Return why a QR code is not drawn, and what to do instead."""
    match reason:
        case NoColors(is_asked_for=True):
            return "A QR code needs black and white, and NO_COLOR is set. Start igauth without it, or copy the link."
        case NoColors():
            return "A QR code needs black and white, and this terminal has no colors. Copy the link instead."
        case TooSmall(rows=0):
            return "Too long for a QR code. Copy the link instead."
        case TooSmall(columns=columns, rows=rows):
            return f"Too small for a QR code: it needs {columns} columns and {rows} rows. Copy the link instead."
        case _:
            assert_never(reason)


def taken_keys_finding(taken: Taken, keymap: Mapping[str, str]) -> Finding | None:
    """Return which of igauth's keys something takes, and which others do the same; None where it takes none of them."""
    offered = offered_keymap(keymap, taken.keys)
    used: set[str] = set()
    others = []
    for action in ACTIONS:
        used |= taken.keys.intersection(keymap.get(action.id, action.all_keys).split(","))
        key = first_key(action, True, offered)
        if key in taken.keys:
            key = key_for("command_palette", True, offered)  # which finds the action by its name
        if key and key != first_key(action, True, keymap):
            others.append(f"{shown_key(key)} ({action.form_label or action.label})")
    if not others:
        return None
    keys = ", ".join(sorted(map(shown_key, used), key=lambda key: (len(key), key)))
    takes = phrase("terminal", "takes", taken.taker).format(keys=keys)
    facts = {"taken": takes, "others": ", ".join(dict.fromkeys(others))}
    text = text_of("terminal", "keys_taken", facts, "finding")
    return Finding("warning", "keys_taken", text.what, text.hint)


def _clipboard(seen: Capabilities) -> str:
    if seen.tools:
        return "own_clipboard"
    if seen.multiplexer != "tmux":
        if not MANNERS[seen.kind].takes_copies:
            return "no_clipboard"
        return "mosh" if seen.is_mosh else "osc"
    if seen.tmux is None:
        return "tmux_silent"
    if seen.tmux.sends_clipboard is False or not MANNERS[seen.kind].takes_copies:
        return "tmux_alone"
    if seen.tmux.inside_another:
        return "tmux_in_another"
    return "tmux_passes" if seen.tmux.passes_through else "tmux_buffer"


def _facts(seen: Capabilities) -> dict[str, str]:
    term, tmux = harmless(seen.term, 60), seen.tmux or TmuxSettings()
    is_inside, is_around = seen.multiplexer != "none", seen.around != "none"
    clipboard = f"set-clipboard {tmux.set_clipboard or 'not known'}"
    return {
        "term": term or "(not set)",
        "bare_term": term,
        "line": "over SSH" if seen.ssh else "on this machine",
        "inside": f", in {seen.multiplexer}" if is_inside else "",
        "around": f", {seen.around} around it on your own machine" if is_around else "",
        "tool": seen.tools[0].name if seen.tools else "",
        "through": f"through {seen.multiplexer} " if is_inside else "",
        "tmux": f"{clipboard}, allow-passthrough {tmux.allow_passthrough or 'off'}",
        "recorder": seen.recorder,
        "limit": f"{LONGEST_IN_MOSH:,}",
        "browser": harmless(seen.browser or "", 60),
        "no_display": "this is an SSH connection" if seen.ssh else "no display",
    }
