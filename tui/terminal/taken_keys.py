"""Keys that never reach igauth here: tmux, byobu, Emacs or a browser takes them first.

What tmux takes is asked; what the others take was seen, key by key, in their versions of Debian 12.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui.terminal.children import Runner
from tui.terminal.in_browser import is_in_browser


class Taker(StrEnum):
    """What takes keys."""

    TMUX = "tmux"
    BYOBU = "byobu"
    VTERM = "vterm"
    ANSI_TERM = "ansi_term"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Taken:
    """The keys that one of them takes, by their names in `tui.actions`."""

    taker: Taker
    keys: frozenset[str]


_FUNCTION_KEYS = frozenset(f"f{number}" for number in range(1, 13))

KEYS: Mapping[Taker, frozenset[str]] = {
    Taker.BYOBU: _FUNCTION_KEYS - {"f10", "f11"},
    # Emacs waits after escape for the next key, and passes both on as alt with that key
    Taker.VTERM: frozenset(f"ctrl+{letter}" for letter in "cghuxy") | {"escape", "alt+o", "alt+x", "alt+y"},
    Taker.ANSI_TERM: _FUNCTION_KEYS | {"escape", "ctrl+c", "ctrl+x"},
    # Cockpit's terminal leaves some function keys to the browser as well, f5 for instance, which ends the program
    Taker.BROWSER: frozenset(["f1", "f3", "f5", "f6", "f7", "f10", "f11", "f12", "ctrl+n", "ctrl+t", "ctrl+w"]),
}
"""What each takes as it is installed; tmux as it is installed takes only its prefix, which igauth does not use."""

_ASK_TMUX = ("tmux", "show-options", "-gv", "prefix", ";", "list-keys", "-T", "root")
_BOUND = re.compile(r"^bind-key\s+(?:-\w\s+)*-T root\s+(\S+)", re.MULTILINE)
_TMUX_NAMES = {
    "Escape": "escape", "Enter": "enter", "Space": "space", "Tab": "tab", "BTab": "shift+tab", "BSpace": "backspace",
    "PPage": "pageup", "PageUp": "pageup", "NPage": "pagedown", "PageDown": "pagedown", "DC": "delete",
    "?": "question_mark", ":": "colon", "/": "slash", "*": "asterisk", ".": "full_stop",
}  # fmt: skip
_MODIFIERS = {"C": "ctrl", "M": "alt", "S": "shift"}
_BRIDGE = "cockpit-bridge"


def taken_keys(environ: Mapping[str, str], runner: Runner, programs: Collection[str]) -> tuple[Taken, ...]:
    """Return which keys are taken by what; asks tmux, which blocks for some milliseconds.

    `programs` are the ones above igauth.
    """
    emacs = environ.get("INSIDE_EMACS", "")
    in_byobu = bool(environ.get("BYOBU_BACKEND"))
    found = [
        Taken(taker, KEYS[taker])
        for taker, is_here in (
            (Taker.VTERM, "vterm" in emacs),
            (Taker.ANSI_TERM, "term:" in emacs or environ.get("TERM", "").startswith("eterm")),
            (Taker.BROWSER, is_in_browser(environ) or _BRIDGE in programs),
        )
        if is_here
    ]
    asked = runner(_ASK_TMUX, None) if environ.get("TMUX") else None
    if asked is not None and asked.code == 0:
        found.append(Taken(Taker.BYOBU if in_byobu else Taker.TMUX, keys_of_tmux(asked.text)))
    elif in_byobu:
        found.append(Taken(Taker.BYOBU, KEYS[Taker.BYOBU]))
    return tuple(found)


def keys_of_tmux(answer: str) -> frozenset[str]:
    """Return the keys in tmux's answer: its prefix in the first line, then what works without it; not the mouse's."""
    prefix, _, listed = answer.partition("\n")
    return frozenset(key for name in (prefix, *_BOUND.findall(listed)) if (key := _key_of_tmux(name)))


def _key_of_tmux(name: str) -> str:
    """Return the key that tmux calls `C-M-F5`; empty for one that igauth never has."""
    *modifiers, key = re.split(r"(?<=[CMS])-", name.strip('"\\'))
    if not key or any(modifier not in _MODIFIERS for modifier in modifiers):
        return ""
    if len(key) == 1 and key.isalnum():
        shift = ["S"] if key.isupper() and modifiers else []
        modifiers, key = [*modifiers, *shift], key.lower() if modifiers else key
    elif re.fullmatch(r"F\d+", key):
        key = key.lower()
    else:
        key = _TMUX_NAMES.get(key.strip("\\"), "")
    return "+".join([*sorted(_MODIFIERS[modifier] for modifier in modifiers), key]) if key else ""
