"""Terminals that are known by name, by their answers or by what started igauth, and what each does with OSC 52.

Seen in the versions that docs/facts/surroundings.md names. A terminal that is not known is Kind.UNKNOWN: most
swallow what they do not take, some paint it.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """A terminal program."""

    UNKNOWN = "unknown"
    DUMB = "dumb"
    LINUX = "linux"
    EMACS = "emacs"
    SHELLINABOX = "shellinabox"
    PUTTY = "putty"
    VTE = "vte"
    """GNOME's terminal library, in versions that are known to take no copies."""
    KONSOLE = "konsole"
    """KDE's terminal, in versions that are known to take no copies."""
    MOSH = "mosh"
    FOOT = "foot"
    WEB = "web"
    """xterm.js: Cockpit, JupyterLab, VS Code and others."""
    KITTY = "kitty"
    ALACRITTY = "alacritty"


class Manners(NamedTuple):
    """What a terminal does with OSC sequences."""

    swallows: bool = True
    """Whether it paints nothing of an OSC sequence that it does not take."""
    takes_copies: bool = True
    """Whether OSC 52 can fill its clipboard at all."""
    needs_focus: bool = False
    """Whether OSC 52 counts only while its window has the focus, an empty one too."""
    is_ready: bool = False
    """Whether it takes copies as it is shipped, without anything being set up."""
    has_pointers: bool = False
    """Whether OSC 22 changes the mouse pointer's shape."""


_PAINTS = Manners(swallows=False, takes_copies=False)

MANNERS: Mapping[Kind, Manners] = {
    Kind.UNKNOWN: Manners(needs_focus=True),  # as far as one can know
    Kind.DUMB: _PAINTS,
    Kind.LINUX: _PAINTS,
    Kind.EMACS: _PAINTS,
    Kind.SHELLINABOX: _PAINTS,
    Kind.PUTTY: Manners(takes_copies=False),
    Kind.VTE: Manners(takes_copies=False),
    Kind.KONSOLE: Manners(takes_copies=False),
    Kind.MOSH: Manners(needs_focus=True),  # it swallows itself; what it draws on cannot be asked
    Kind.FOOT: Manners(needs_focus=True, is_ready=True, has_pointers=True),
    Kind.WEB: Manners(needs_focus=True),
    Kind.KITTY: Manners(is_ready=True, has_pointers=True),
    Kind.ALACRITTY: Manners(is_ready=True),
}

_DUMB = frozenset({"", "dumb", "vt52", "vt100", "vt102", "vt220", "ansi", "cons25", "unknown", "sun"})
_BY_TERM = {
    "linux": Kind.LINUX,
    "eterm": Kind.EMACS,
    "putty": Kind.PUTTY,
    "foot": Kind.FOOT,
    "xterm-kitty": Kind.KITTY,
    "alacritty": Kind.ALACRITTY,
}
"""By how TERM begins."""

_BY_PROGRAM = {"shellinaboxd": Kind.SHELLINABOX, "mosh-server": Kind.MOSH}

_BY_SECONDARY = {"0;136;0": Kind.PUTTY, "0;276;0": Kind.WEB, "1;10;0": Kind.MOSH}
"""By the whole answer to DA2."""

_BY_VERSION = {"foot": Kind.FOOT, "kitty": Kind.KITTY, "xterm.js": Kind.WEB}
"""By how the answer to XTVERSION begins, in lower case."""

_NEWEST_VTE = 7099
"""The newest that is known to take no copies: 0.70."""
_NEWEST_KONSOLE = 22

RECORDERS = ("asciinema", "script", "ttyrec", "termrec")
"""Programs that write down all that goes to the terminal."""


class Answers(NamedTuple):
    """What a terminal said of itself: the answers to DA1, DA2 and XTVERSION without their frames; empty: none."""

    primary: str = ""
    secondary: str = ""
    version: str = ""

    @property
    def any(self) -> bool:
        """Whether it answered at all."""
        return any(self)


NO_ANSWERS = Answers()


def kind_of(term: str, programs: Collection[str] = (), answers: Answers = NO_ANSWERS, emacs: str = "") -> Kind:
    """Return which terminal it is. `programs` are the ones above igauth, `emacs` the value of INSIDE_EMACS."""
    if emacs:
        return Kind.EMACS
    for program, kind in _BY_PROGRAM.items():
        if program in programs:
            return kind
    if term in _DUMB:
        return Kind.DUMB
    for begin, kind in _BY_TERM.items():
        if term.startswith(begin):
            return kind
    for begin, kind in _BY_VERSION.items():
        if answers.version.lower().startswith(begin):
            return kind
    if _is_old(answers.secondary.split(";"), "65", _NEWEST_VTE):
        return Kind.VTE
    if _is_old(answers.version.lower().replace(".", " ").split(" "), "konsole", _NEWEST_KONSOLE):
        return Kind.KONSOLE
    return _BY_SECONDARY.get(answers.secondary, Kind.UNKNOWN)


def _is_old(parts: Sequence[str], name: str, newest: int) -> bool:
    """Tell whether an answer is that of `name`, and its version, which comes next, at most `newest`."""
    return parts[0] == name and len(parts) > 1 and parts[1].isdecimal() and int(parts[1][:9]) <= newest


def recorder_of(environ: Mapping[str, str], programs: Collection[str] = ()) -> str:
    """Return the program that records this session, empty where none is known to."""
    if environ.get("ASCIINEMA_REC") or environ.get("ASCIINEMA_SESSION"):
        return "asciinema"
    return next((name for name in RECORDERS if name in programs), "")
