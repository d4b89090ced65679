"""What can be seen of the terminal from here: SSH, tmux, screen, colors, locale, clipboard tools, browser.

All of it is read from the environment and from tmux's own answers; nothing is written to the terminal.
The nestings and what they mean are measured in terminal.md sections 1 and 4.
"""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tui.harmless import harmless
from tui.terminal.children import Runner, run_child
from tui.terminal.in_browser import is_in_browser
from tui.terminal.plain_text import is_utf8

Multiplexer = Literal["none", "tmux", "screen"]
Around = Literal["none", "tmux", "screen", "tmux or screen"]
Which = Callable[[str], str | None]

_WITHOUT_OSC = frozenset({"", "dumb", "linux", "vt52", "vt100", "vt102", "vt220", "ansi", "cons25", "unknown", "sun"})
"""Terminals that have no clipboard, and some of which would paint the sequence as text."""

_BROWSERS = ("xdg-open", "sensible-browser", "firefox", "chromium", "google-chrome", "wslview")


@dataclass(frozen=True, slots=True)
class LocalTool:
    """A clipboard program of this machine: how to fill, read and empty the clipboard with it."""

    fill: tuple[str, ...]
    read: tuple[str, ...]
    empty: tuple[str, ...] = ()
    """Command that empties it; nothing: `fill` is given nothing."""

    @property
    def name(self) -> str:
        """The program's name."""
        return self.fill[0]


_TOOLS = (
    ("WAYLAND_DISPLAY", LocalTool(("wl-copy",), ("wl-paste", "--no-newline"), ("wl-copy", "--clear"))),
    ("DISPLAY", LocalTool(("xclip", "-selection", "clipboard"), ("xclip", "-selection", "clipboard", "-o"))),
    ("DISPLAY", LocalTool(("xsel", "-b", "-i"), ("xsel", "-b", "-o"), ("xsel", "-b", "-c"))),
    ("darwin", LocalTool(("pbcopy",), ("pbpaste",))),
    ("WSL_DISTRO_NAME", LocalTool(("clip.exe",), ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard"))),
)
"""Clipboard programs in the order in which they are tried, each after the variable or platform that it needs."""


@dataclass(frozen=True, slots=True)
class TmuxSettings:
    """What the tmux that draws us answered; an empty text where it did not answer."""

    set_clipboard: str = ""
    allow_passthrough: str = ""
    client_term: str = ""
    """TERM of the terminal that tmux itself draws on: `tmux-256color` there means a second tmux further out."""
    ssh: bool | None = None
    """Whether the client attached last came by SSH; our own environment is as old as the pane."""
    sends_clipboard: bool | None = None
    """Whether tmux believes that its terminal has a clipboard; None where it does not say."""

    @property
    def passes_through(self) -> bool:
        """Whether tmux hands a wrapped sequence on."""
        return self.allow_passthrough in {"on", "all"}

    @property
    def inside_another(self) -> bool:
        """Whether this tmux runs inside another tmux or screen."""
        return self.client_term.startswith(("tmux", "screen"))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The terminal as far as it can be known."""

    term: str
    ssh: bool
    multiplexer: Multiplexer
    """Who reads our bytes first."""
    around: Around
    """A multiplexer on the person's own machine, outside the SSH line; only TERM gives it away."""
    tmux: TmuxSettings | None
    """Present whenever a tmux of this machine can be asked, also where screen runs inside it."""
    ascii_only: bool
    """Whether glyphs have to be plain ASCII."""
    no_color: bool
    sixteen_colors: bool
    """Whether the terminal has its own sixteen colors and no more, as far as TERM and COLORTERM show."""
    browser: str | None
    tools: tuple[LocalTool, ...]

    @property
    def may_be_screen(self) -> bool:
        """Whether GNU screen may read our bytes first. While it passes on the mouse, it holds back a lone escape until
        the next key; and unless `altscreen` is on, it has no second screen to come back from.
        """
        return self.multiplexer == "screen" or (self.multiplexer == "none" and "screen" in self.around)

    @property
    def dumb(self) -> bool:
        """Whether the terminal cannot move its cursor."""
        return self.term in {"", "dumb"}

    @property
    def takes_osc(self) -> bool:
        """Whether the terminal can be expected to swallow an OSC sequence it does not know."""
        return self.term not in _WITHOUT_OSC


def detect(
    environ: Mapping[str, str], which: Which, tmux: TmuxSettings | None = None, platform: str = sys.platform
) -> Capabilities:
    """Return what `environ` says of the terminal; pure but for `which`, which looks for programs by name."""
    term = environ.get("TERM", "")
    in_tmux, in_screen = bool(environ.get("TMUX")), bool(environ.get("STY"))
    ssh = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    if in_tmux and tmux is not None and tmux.ssh is not None:
        ssh = tmux.ssh
    is_elsewhere = ssh or is_in_browser(environ)  # the person is not at this machine
    return Capabilities(
        term=term,
        ssh=ssh,
        multiplexer=_multiplexer(term, in_tmux, in_screen),
        around="none" if in_tmux or in_screen else _around(term),
        tmux=tmux if in_tmux else None,
        ascii_only=not is_utf8(environ),
        no_color="NO_COLOR" in environ,
        sixteen_colors=_has_sixteen_colors(term, environ.get("COLORTERM", "")),
        browser=None if is_elsewhere else _browser(environ, which, platform),
        tools=() if is_elsewhere else _tools(environ, which, platform),
    )


def detect_all(environ: Mapping[str, str], which: Which = shutil.which, runner: Runner = run_child) -> Capabilities:
    """Return what the terminal can do now; asks tmux, which blocks for some milliseconds: its options may change."""
    return detect(environ, which, ask_tmux(environ, runner))


def ask_tmux(environ: Mapping[str, str], runner: Runner) -> TmuxSettings | None:
    """Ask the tmux around us for what decides about the clipboard; None outside tmux or when it does not answer."""

    def answer(*words: str) -> str | None:
        ran = runner(["tmux", *words], None)
        return ran.text.strip() if ran.code == 0 else None

    set_clipboard = answer("show-options", "-sv", "set-clipboard") if environ.get("TMUX") else None
    if set_clipboard is None:
        return None
    pane = ["-t", environ["TMUX_PANE"]] if environ.get("TMUX_PANE") else []
    client = answer("display-message", "-p", *pane, "#{client_termname} #{client_termfeatures}") or ""
    client_term, _, features = client.partition(" ")
    connection = answer("show-environment", *pane, "SSH_CONNECTION")
    return TmuxSettings(
        set_clipboard,
        answer("show-options", "-Apv", *pane, "allow-passthrough") or "",
        harmless(client_term, 60),
        ssh=None if connection is None else connection.startswith("SSH_CONNECTION="),
        sends_clipboard="clipboard" in features.split(",") if features else None,
    )


def _multiplexer(term: str, in_tmux: bool, in_screen: bool) -> Multiplexer:
    if in_tmux and in_screen:
        # screen started inside tmux names itself after the terminal it found: screen.tmux-256color
        return "screen" if term.startswith("screen.") else "tmux"
    if in_tmux:
        return "tmux"
    return "screen" if in_screen else "none"


def _around(term: str) -> Around:
    if term.startswith("tmux"):
        return "tmux"
    if term.startswith("screen."):
        return "screen"
    return "tmux or screen" if term == "screen" or term.startswith("screen-") else "none"


def _has_sixteen_colors(term: str, colorterm: str) -> bool:
    if colorterm.strip().lower() in {"truecolor", "24bit"}:
        return False
    return not term.endswith(("256color", "kitty", "direct"))


def _tools(environ: Mapping[str, str], which: Which, platform: str) -> tuple[LocalTool, ...]:
    return tuple(tool for needed, tool in _TOOLS if (environ.get(needed) or platform == needed) and which(tool.name))


def _browser(environ: Mapping[str, str], which: Which, platform: str) -> str | None:
    if platform == "darwin":
        return "open"
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return None
    named = environ.get("BROWSER", "").split(":")[0]
    return next((name for name in ((named,) if named else ()) + _BROWSERS if which(name)), None)
