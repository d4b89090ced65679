"""How a text is shown on each surface: with the bound key, with the command, or with the choice of a plain menu."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from tui.actions import ACTIONS, Scope, key_for
from tui.wording.text import Action, Do, Text, Who


class _Way(NamedTuple):
    """One action on each surface: `phrase` in the imperative, `key` an id of `tui.actions`, a command, a menu path."""

    phrase: str
    key: str = ""
    command: str = ""
    menu: str = ""


_WAYS: Mapping[Do, _Way] = {
    Do.LOG_IN: _Way("Log in again", "log_in", "igauth login --profile {profile} --name {token}", "l"),
    Do.CHECK_CREDENTIALS: _Way(
        "Check App ID and App Secret", "show_credentials", "igauth add {profile} --verify", "2 in the main menu"
    ),
    Do.ENTER_APP_ID: _Way(
        "Enter the App ID", "show_credentials", "igauth add {profile} --app-id ID", "2 in the main menu"
    ),
    Do.ENTER_APP_SECRET: _Way("Enter the App Secret", "show_credentials", "igauth add {profile}", "2 in the main menu"),
    Do.SAVE_PROFILE: _Way("Save it", "save", "igauth add {profile}"),
    Do.VERIFY_PROFILE: _Way("Verify it with Facebook", "verify", "igauth add {profile} --verify", "v"),
    Do.LOG_IN_FIRST: _Way("Log in for a token", "log_in", "igauth login --profile {profile}", "l"),
    Do.VERIFY: _Way("Verify again", "verify", "igauth status --check", "v"),
    Do.REFRESH: _Way("Refresh it", "refresh_selected", "igauth refresh {token}", "r"),
    Do.INSPECT: _Way("Ask Facebook about it", "verify", "igauth status --check", "v"),
    Do.ADD_PROFILE: _Way(
        "Enter App ID and App Secret", "show_credentials", "igauth add NAME --app-id ID", "2 in the main menu"
    ),
    Do.OPEN_GUIDE: _Way("Follow the guide", "show_guide", "igauth guide", "1 in the main menu"),
    Do.OPEN_TOKENS: _Way("See your tokens", "show_tokens", "igauth status", "3 in the main menu"),
    Do.IMPORT_TOKEN: _Way("Import a token", "log_in", "igauth import NAME --profile {profile}", "l"),
    Do.FORGET_TOKEN: _Way("Or forget that token first", "forget_token", "igauth forget {token}", "f in its menu"),
    Do.RENEW_AUTHORIZATION: _Way(
        "Open the steps that renew it", "refresh_selected", "igauth guide", "1 in the main menu"
    ),
    Do.INSTALL_TIMER: _Way("Install a timer", "", "igauth schedule install"),
    Do.RUN_DOCTOR: _Way("Check this machine", "", "igauth doctor"),
    Do.SHOW_DETAILS: _Way("See the token's details", "inspect", "igauth history --token {token}", "i"),
    Do.TEST_READ: _Way("Read again", "test_read", "igauth status --check", "t"),
    Do.PASTE_ADDRESS: _Way("Paste the address instead", "", "igauth login --paste --profile {profile}"),
    Do.ADD_CLIENT_TOKEN: _Way(
        "Add the client token", "show_credentials", "igauth add {profile} --client-token", "2 in the main menu"
    ),
    Do.NEW_LOGIN: _Way("Open a new login", "ask_again", "igauth login --profile {profile} --name {token}", "a"),
    Do.CHECK_STEP: _Way("Run the check", "verify", "igauth guide --check --profile {profile}", "v"),
    Do.TICK_STEP: _Way("Tick it yourself", "tick", "igauth", "x"),
    Do.NOTE_NAME: _Way("Note the name", "step_note", "igauth", "n"),
    Do.CHECK_ADDRESS: _Way("Check the address of the login page", "check_address", "igauth", "a in the guide"),
    Do.SET_MATILLION: _Way("Enter the Matillion settings", "matillion", "igauth matillion --profile {profile}"),
}


class Surface(Protocol):
    """A place where texts are read."""

    def step(self, action: Action) -> str:
        """Return how an action is done here, as one sentence."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The full-screen view. `keymap` holds the keys changed in `config.toml`; letters are typed where `in_form`.

    `scope` is the screen that is shown, `everywhere` where that does not matter.
    """

    keymap: Mapping[str, str] = field(default_factory=dict)
    in_form: bool = False
    scope: Scope = "everywhere"

    def step(self, action: Action) -> str:
        """Return the phrase with the keys to press, as in `Log in again: press l.`; a command where there is no key."""
        way = _WAYS[action.do]
        if not way.key:
            return _run(way, action)
        if way.key == _opens(self.scope):
            return self._step_here(way, action)
        keys = ", then ".join(filter(None, self._keys(way.key)))
        return f"{way.phrase}: press {keys}." if keys else f"{way.phrase}."

    def _step_here(self, way: _Way, action: Action) -> str:
        """Return how an action is done on the screen that its key would open: a new login has a key of its own."""
        return self.step(replace(action, do=Do.NEW_LOGIN)) if action.do is Do.LOG_IN else f"{way.phrase} here."

    def _keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys to press one after the other, from here to where the action works."""
        scope = next(action.scope for action in ACTIONS if action.id == action_id)
        if "everywhere" not in (scope, self.scope) and scope != self.scope:
            return self.key(_opens(scope)), key_for(action_id, False, self.keymap)
        if key := self.key(action_id):
            return (key,)
        key = key_for(action_id, False, self.keymap)
        return (key_for("leave", False, self.keymap), key) if key else ()

    def key(self, action_id: str) -> str:
        """Return the bound key of an action of `tui.actions`, as people write it; empty where there is none."""
        return key_for(action_id, self.in_form, self.keymap) if action_id else ""


def _opens(scope: Scope) -> str:
    """Return the action that opens a screen."""
    return "log_in" if scope == "login" else f"show_{scope}"


class CommandLine:
    """The commands, cron's mail and the journal."""

    def step(self, action: Action) -> str:
        """Return the phrase with the command, as in `Log in again: igauth login --profile acme --name x`."""
        return _run(_WAYS[action.do], action)


class PlainMenu:
    """Plain mode: numbered lines and prompts."""

    def step(self, action: Action) -> str:
        """Return the phrase with the choice to enter, as in `Log in again: enter l.`; a command where there is none."""
        way = _WAYS[action.do]
        return f"{way.phrase}: enter {way.menu}." if way.menu else _run(way, action)


def _run(way: _Way, action: Action) -> str:
    words = (word.format(profile=action.profile, token=action.token) for word in way.command.split(" "))
    # an option whose value is not known is left out together with its name
    kept: list[str] = []
    for word in words:
        if word:
            kept.append(word)
        elif kept and kept[-1].startswith("--"):
            kept.pop()
    return f"{way.phrase}: {' '.join(kept)}"


def sentences(text: Text, surface: Surface) -> str:
    """Return a text as one paragraph: what happened, why, who must act where it is not the reader, what to do next."""
    parts = [text.what, text.why]
    if text.who is not None and text.who is not Who.YOU:
        parts.append(f"Who must act: {text.who}.")
    parts.append(text.hint)
    if text.next is not None:
        parts.append(surface.step(text.next))
    return " ".join(part for part in parts if part)
