"""What can be seen of the terminal from here: SSH, tmux, screen, colors, locale, clipboard tools, browser.

All of it is read from the environment, from the programs above igauth and from tmux's own answers; nothing is written
to the terminal here. The nestings and what they mean are measured in terminal.md sections 1 and 4.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tui.harmless import harmless
from tui.terminal.ancestors import ancestors
from tui.terminal.children import Runner, run_child
from tui.terminal.in_browser import is_in_browser
from tui.terminal.kinds import MANNERS, NO_ANSWERS, Answers, Kind, kind_of, recorder_of
from tui.terminal.plain_text import is_utf8

Multiplexer = Literal["none", "tmux", "screen"]
Around = Literal["none", "tmux", "screen", "tmux or screen"]
Which = Callable[[str], str | None]

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
    """Whether tmux can reach its terminal's clipboard, by the line `Ms:` of `tmux info`; None where it does not say."""
    client_version: str = ""
    """What tmux's terminal answered to XTVERSION; empty where it did not answer."""
    programs: frozenset[str] = frozenset()
    """Names of the programs above tmux's client."""

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
    kind: Kind = Kind.UNKNOWN
    """The terminal that a multiplexer of this machine draws on, else the one that igauth draws on."""
    is_proven: bool = False
    """Whether that terminal is known to paint nothing of an OSC sequence."""
    is_silent: bool = False
    """Whether that terminal was asked what it is, and did not answer: it may paint any sequence."""
    is_mosh: bool = False
    """Whether all goes through mosh, which cuts a long copy and sends an equal one only once."""
    recorder: str = ""
    """The program that records what goes to the terminal."""

    @property
    def may_be_screen(self) -> bool:
        """Whether GNU screen may read our bytes first. While it passes on the mouse, it holds back a lone escape until
        the next key.
        """
        return self.multiplexer == "screen" or (self.multiplexer == "none" and "screen" in self.around)

    @property
    def may_lack_second_screen(self) -> bool:
        """Whether there may be no other screen to come back to: in GNU screen unless `altscreen` is on, in Emacs, on
        the Linux console.
        """
        return self.may_be_screen or not self.takes_osc

    @property
    def dumb(self) -> bool:
        """Whether the terminal cannot move its cursor."""
        return self.term in {"", "dumb"}

    @property
    def takes_osc(self) -> bool:
        """Whether the terminal can be expected to swallow an OSC sequence it does not know."""
        return MANNERS[self.kind].swallows


def detect(
    environ: Mapping[str, str],
    which: Which,
    tmux: TmuxSettings | None = None,
    platform: str = sys.platform,
    *,
    programs: frozenset[str] = frozenset(),
    answers: Answers | None = None,
) -> Capabilities:
    """Return what `environ` says of the terminal; it looks for programs by name with `which`, and into terminfo.

    `programs` are the ones above igauth, `answers` what the terminal said of itself; None: it was not asked.
    """
    term = environ.get("TERM", "")
    in_tmux, in_screen, on_page = bool(environ.get("TMUX")), bool(environ.get("STY")), is_in_browser(environ)
    if on_page:
        programs, kind = frozenset(), Kind.WEB  # those programs are the server's
    elif in_tmux:
        tmux_said = tmux or TmuxSettings()
        programs, answers = tmux_said.programs, Answers(version=tmux_said.client_version)
        kind = kind_of(tmux_said.client_term or "tmux", programs, answers)
    else:
        emacs = "" if in_screen else environ.get("INSIDE_EMACS", "")
        kind = kind_of(term.removeprefix("screen."), programs, answers or NO_ANSWERS, emacs)
    ssh = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    if in_tmux and tmux is not None and tmux.ssh is not None:
        ssh = tmux.ssh
    is_elsewhere = ssh or on_page  # the person is not at this machine
    return Capabilities(
        term=term,
        ssh=ssh,
        multiplexer=_multiplexer(term, in_tmux, in_screen),
        around="none" if in_tmux or in_screen else _around(term),
        tmux=tmux if in_tmux else None,
        ascii_only=not is_utf8(environ),
        no_color="NO_COLOR" in environ,
        sixteen_colors=_has_sixteen_colors(term, environ),
        browser=None if is_elsewhere else _browser(environ, which, platform),
        tools=() if is_elsewhere else _tools(environ, which, platform),
        kind=kind,
        is_proven=_is_proven(kind, answers),
        is_silent=not in_tmux and kind is Kind.UNKNOWN and answers is not None and not answers.any,
        is_mosh=kind is Kind.MOSH,
        recorder=recorder_of(environ, programs),
    )


def _is_proven(kind: Kind, answers: Answers | None) -> bool:
    if kind is Kind.UNKNOWN:
        return answers is not None and answers.any
    return kind is not Kind.MOSH and MANNERS[kind].swallows


def detect_all(
    environ: Mapping[str, str],
    which: Which = shutil.which,
    runner: Runner = run_child,
    answers: Answers | None = None,
) -> Capabilities:
    """Return what the terminal can do now; asks tmux, which blocks for some milliseconds: its options may change."""
    return detect(environ, which, ask_tmux(environ, runner), programs=ancestors(os.getpid()), answers=answers)


def ask_tmux(environ: Mapping[str, str], runner: Runner) -> TmuxSettings | None:
    """Ask the tmux around us for what decides about the clipboard; None outside tmux or when it does not answer."""

    def answer(*words: str) -> str | None:
        ran = runner(["tmux", *words], None)
        return ran.text.strip() if ran.code == 0 else None

    set_clipboard = answer("show-options", "-sv", "set-clipboard") if environ.get("TMUX") else None
    if set_clipboard is None:
        return None
    pane = ["-t", environ["TMUX_PANE"]] if environ.get("TMUX_PANE") else []
    words = "#{client_termname}\t#{client_tty}\t#{client_pid}\t#{client_termtype}"
    client = [*(answer("display-message", "-p", *pane, words) or "").split("\t"), "", "", ""]
    client_term, line, process, version = client[:4]
    connection = answer("show-environment", *pane, "SSH_CONNECTION")
    return TmuxSettings(
        set_clipboard,
        answer("show-options", "-Apv", *pane, "allow-passthrough") or "",
        harmless(client_term, 60),
        ssh=None if connection is None else connection.startswith("SSH_CONNECTION="),
        sends_clipboard=_can_send(answer("info") or "", line),
        client_version=harmless(version, 60),
        programs=ancestors(int(process)) if process.isdecimal() else frozenset(),
    )


def _can_send(info: str, line: str) -> bool | None:
    """Return what `tmux info` says of OSC 52 for the terminal at `line`; None where it says nothing."""
    _, here, rest = info.partition(f" for {line}, ")
    found = re.search(r"^ *[0-9]+: Ms: (\S+)", rest, re.MULTILINE) if line and here else None
    return found[1] != "[missing]" if found is not None else None


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


def _has_sixteen_colors(term: str, environ: Mapping[str, str]) -> bool:
    known = term.endswith(("256color", "kitty", "direct"))
    if known or environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return False
    from tui.terminal.terminfo import colors_of  # most names say it themselves

    return colors_of(term, environ) < 256


def _tools(environ: Mapping[str, str], which: Which, platform: str) -> tuple[LocalTool, ...]:
    return tuple(tool for needed, tool in _TOOLS if (environ.get(needed) or platform == needed) and which(tool.name))


def _browser(environ: Mapping[str, str], which: Which, platform: str) -> str | None:
    if platform == "darwin":
        return "open"
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return None
    named = environ.get("BROWSER", "").split(":")[0]
    return next((name for name in ((named,) if named else ()) + _BROWSERS if which(name)), None)
