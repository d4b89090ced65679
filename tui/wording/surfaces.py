"""How a text is shown on each surface: with the bound key, with the command, or with the choice of a plain menu."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from tui.actions import ACTIONS, key_for
from tui.wording.text import Action, Do, Text, Who

_IN_MENU_OF_TOKEN = (Do.VERIFY, Do.REFRESH, Do.INSPECT, Do.FORGET_TOKEN, Do.SHOW_DETAILS, Do.TEST_READ)
"""What plain mode offers only in the menu of the token that it is about."""


class Surface(Protocol):
    """A place where texts are read."""

    def step(self, action: Action) -> str:
        """Return how an action is done here, as one sentence."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The full-screen view. `keymap` holds the keys changed in `config.toml`; letters are typed where `in_form`.

    `scope` is the screen or the dialog that is shown, `everywhere` where that does not matter. No key of an action
    works `in_dialog`: it has to be left first.
    """

    keymap: Mapping[str, str] = field(default_factory=dict)
    in_form: bool = False
    scope: str = "everywhere"
    in_dialog: bool = False

    def step(self, action: Action) -> str:
        """Return the phrase with the keys to press, as in `Log in again: press l.`; a command where there is no key."""
        do = action.do
        if not do.key:
            return CommandLine().step(action)
        if do.key == _opens(self.scope):  # a new login has a key of its own
            return self.step(replace(action, do=Do.NEW_LOGIN)) if do is Do.LOG_IN else f"{do.phrase} here."
        keys = ", then ".join(filter(None, self._keys(do.key)))
        return f"{do.phrase}: press {keys}." if keys else f"{do.phrase}."

    def _keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys to press one after the other, from here to where the action works."""
        if self.in_dialog:
            keys = replace(self, in_dialog=False)._keys(action_id)
            return (self.key("leave"), *keys) if any(keys) else ()
        scope = next(action.scope for action in ACTIONS if action.id == action_id)
        if "everywhere" not in (scope, self.scope) and scope != self.scope:
            return self.key(_opens(scope)), key_for(action_id, False, self.keymap)
        if key := self.key(action_id):
            return (key,)
        key = key_for(action_id, False, self.keymap)
        return (self.key("leave"), key) if key else ()

    def key(self, action_id: str) -> str:
        """Return the bound key of an action of `tui.actions`, as people write it; empty where there is none."""
        return key_for(action_id, self.in_form, self.keymap) if action_id else ""


_OPENED_BY = {"login": "log_in", "matillion": "matillion"}


def _opens(scope: str) -> str:
    """Return the action that opens a screen or a dialog."""
    return _OPENED_BY.get(scope, f"show_{scope}")


class CommandLine:
    """The commands, cron's mail and the journal."""

    def step(self, action: Action) -> str:
        """Return the phrase with the command, as in `Log in again: igauth login --profile acme --name x`."""
        kept: list[str] = []
        for word in action.do.command.split(" "):
            filled = word.format(profile=action.profile, token=action.token)
            if not filled and kept[-1].startswith("--"):
                kept.pop()  # an option whose value is not known
            else:
                kept.append(filled or "NAME")
        return f"{action.do.phrase}: {' '.join(kept)}"


@dataclass(frozen=True, slots=True)
class PlainMenu:
    """Plain mode: numbered lines and prompts. `token`: the token whose menu is open.

    `first` is what must be entered before the choice can be made: a step of the list, or `b` at a login's prompt.
    """

    token: str = ""
    first: str = ""

    def step(self, action: Action) -> str:
        """Return the phrase with the choice to enter, as in `Log in again: enter l.`; a command where there is none."""
        if not action.do.menu:
            return f"{CommandLine().step(action)} (in a shell)"
        path = [self.first, *self._path_to_token(action), action.do.menu]
        return f"{action.do.phrase}: enter {', then '.join(filter(None, path))}."

    def _path_to_token(self, action: Action) -> tuple[str, ...]:
        if action.do not in _IN_MENU_OF_TOKEN or (self.token and action.token in ("", self.token)):
            return ()
        return "tokens", action.token or "its number"


def sentences(text: Text, surface: Surface) -> str:
    """Return a text as one paragraph: what happened, why, who must act where it is not the reader, what to do next."""
    parts = [text.what, text.why]
    if text.who is not None and text.who is not Who.YOU:
        parts.append(f"Who must act: {text.who}.")
    parts.append(text.hint)
    if text.next is not None:
        parts.append(surface.step(text.next))
    return " ".join(part for part in parts if part)
