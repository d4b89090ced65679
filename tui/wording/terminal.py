"""Words for what a terminal can do: the lines of `igauth doctor`, and why a QR code is not drawn."""

from typing import Literal, NamedTuple

from tui.harmless import harmless
from tui.terminal.capabilities import Capabilities
from tui.terminal.qr import TooSmall


class Finding(NamedTuple):
    """One line of the doctor's report; `cure` is empty where nothing is to be done."""

    level: Literal["ok", "warning"]
    text: str
    cure: str = ""


def findings(capabilities: Capabilities, plain_key: str) -> tuple[Finding, ...]:
    """Return what this terminal can and cannot do; `plain_key` is the key that shows a value plain."""
    return (
        _terminal(capabilities),
        _locale(capabilities),
        Finding("ok", "color: off (NO_COLOR is set)" if capabilities.no_color else "color: on"),
        _clipboard(capabilities, plain_key),
        _browser(capabilities),
    )


def qr_too_small(needed: TooSmall) -> str:
    """Return why a QR code is not drawn."""
    if not needed.rows:
        return "Too long for a QR code. Copy the link instead."
    return f"Too small for a QR code: it needs {needed.columns} columns and {needed.rows} rows. Copy the link instead."


def _terminal(seen: Capabilities) -> Finding:
    line = "over SSH" if seen.ssh else "on this machine"
    inside = f", in {seen.multiplexer}" if seen.multiplexer != "none" else ""
    around = f", {seen.around} around it on your own machine" if seen.around != "none" else ""
    text = f"terminal: TERM={harmless(seen.term, 60) or '(not set)'}, {line}{inside}{around}"
    if seen.dumb:
        return Finding("warning", text, "use `igauth --plain`; it needs no cursor movement")
    return Finding("ok", text)


def _locale(seen: Capabilities) -> Finding:
    if not seen.ascii_only:
        return Finding("ok", "locale: UTF-8")
    cure = "set LANG to a UTF-8 locale, for example `export LANG=C.UTF-8`"
    return Finding("warning", "locale: not UTF-8, plain ASCII glyphs are drawn", cure)


def _clipboard(seen: Capabilities, plain_key: str) -> Finding:
    if seen.tools:
        return Finding("ok", f"clipboard: this machine's own, by {seen.tools[0].name}, read back after every copy")
    if seen.multiplexer == "tmux":
        return _clipboard_in_tmux(seen)
    if not seen.takes_osc:
        cure = f"in the full-screen view {plain_key} shows a value alone, to select by hand"
        return Finding("warning", f"clipboard: none that TERM={harmless(seen.term, 60)} could reach", cure)
    way = f"through {seen.multiplexer} " if seen.multiplexer != "none" else ""
    return Finding("ok", f"clipboard: OSC 52 {way}to your terminal, which may ignore it")


def _clipboard_in_tmux(seen: Capabilities) -> Finding:
    if seen.tmux is None:
        cure = "check that `tmux show -s set-clipboard` works here"
        return Finding("warning", "clipboard: in tmux, but tmux does not answer", cure)
    passes = seen.tmux.allow_passthrough or "off"
    state = f"set-clipboard {seen.tmux.set_clipboard or 'unknown'}, allow-passthrough {passes}"
    if seen.tmux.inside_another:
        cure = "in the outer tmux: `set -s set-clipboard on`"
        return Finding("warning", f"clipboard: tmux inside another tmux or screen ({state})", cure)
    if seen.tmux.passes_through:
        return Finding("ok", f"clipboard: through tmux to your terminal ({state})")
    cure = "if pastes arrive on the middle button only: `tmux set -g allow-passthrough on`"
    return Finding("ok", f"clipboard: through tmux's buffer to your terminal ({state})", cure)


def _browser(seen: Capabilities) -> Finding:
    if seen.browser:
        return Finding("ok", f"browser: {harmless(seen.browser, 60)} can be opened here")
    why = "this is an SSH connection" if seen.ssh else "no display"
    return Finding("ok", f"browser: none here ({why}); the login screen gives the link in other forms")
