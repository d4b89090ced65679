"""The table of actions: bindings, key bar, palette, help and every text that names a key are made from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

Scope = Literal["everywhere", "guide", "credentials", "tokens", "login"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do: `id` names it in `config.toml` and is the `action_` method that does it.

    `keys` are tried in text-free places; `form_keys` work inside a form too, where the action may be called
    `form_label`. Alt with one of `keys` works in a form as well (`bound_keys`): no browser, multiplexer or editor
    takes it, as they take function keys. `by_screen`: works everywhere, and each screen does it in its own way.
    """

    id: str
    keys: str
    label: str
    help: str
    group: str
    scope: Scope = "everywhere"
    form_keys: str = ""
    in_bar: bool = True
    form_label: str = ""
    by_screen: bool = False

    @property
    def all_keys(self) -> str:
        """Both sets of keys, comma separated."""
        return ",".join(part for part in (self.keys, self.form_keys) if part)


MOVE, DO, SHOW, PROGRAM = "Move", "Do", "Show and copy", "Program"

_unlisted = partial(Action, in_bar=False)
"""Makes an action that the key bar leaves out."""

ACTIONS: tuple[Action, ...] = (
    _unlisted("show_guide", "1", "Guide", "The guide, step by step", MOVE, form_keys="f6"),
    _unlisted("show_credentials", "2", "Credentials", "App ID, App Secret, callback", MOVE, form_keys="f7"),
    _unlisted("show_tokens", "3", "Tokens", "Every token and how long it lives", MOVE, form_keys="f8"),
    Action("next_step", "enter", "next", "Go on to the next open step", MOVE, "guide"),
    Action("tick", "space", "tick", "Tick or untick this step by hand", DO, "guide"),
    _unlisted("page_down", "pagedown", "page down", "Scroll the step's page", MOVE, "guide"),
    _unlisted("page_up", "pageup", "page up", "Scroll the step's page back", MOVE, "guide"),
    _unlisted("step_note", "n", "note", "Write a note on this step", DO, "guide"),
    _unlisted("toggle_sketch", "s", "sketch", "Show or hide the sketch of the page", SHOW, "guide"),
    _unlisted("filter_open", "f", "open only", "Show only the steps still open, or all", MOVE, "guide"),
    _unlisted("reset_progress", "X", "reset", "Untick every step (asks first)", DO, "guide"),
    _unlisted("check_address", "a", "check address", "Check the address of the page Matillion opened", DO, "guide"),
    _unlisted(
        "matillion", "M", "Matillion", "Say where Matillion ETL is: its entry and runs can be checked then", DO, "guide"
    ),
    Action("fix_one", "k", "fix", "Fix the first flaw", DO, "credentials", "f2"),
    Action("fix_all", "K", "fix all", "Fix every flaw of this field", DO, "credentials", "f3"),
    Action("save", "s", "save", "Save this profile", DO, "credentials", "f4"),
    _unlisted("undo_paste", "z", "undo", "Bring back what was pasted", DO, "credentials", "f9"),
    _unlisted(
        "more_settings", "m", "more", "Show configuration, scopes, redirect, API version", SHOW, "credentials", "f12"
    ),
    _unlisted("next_profile", "j", "next profile", "Show the next profile", MOVE, "credentials", "f10"),
    _unlisted("new_profile", "n", "new", "Start a new profile", DO, "credentials", "ctrl+n"),
    _unlisted("rename_profile", "e", "rename", "Rename this profile", DO, "credentials", "ctrl+r"),
    _unlisted("duplicate_profile", "d", "duplicate", "Copy this profile", DO, "credentials"),
    _unlisted("delete_profile", "x", "delete", "Delete this profile (asks first)", DO, "credentials"),
    _unlisted("restore_secret", "u", "old secret", "Bring back the App Secret from before", DO, "credentials"),
    Action("fix_flaw", "k", "fix", "Fix the first flaw", DO, "login", "f2"),
    Action("fix_flaws", "K", "fix all", "Fix every flaw of this field", DO, "login", "f3"),
    Action(
        "ask_again", "a", "ask again", "Open a new login that asks for declined permissions again", DO, "login", "f4"
    ),
    Action("hand_over", "h", "hand over", "Copy a text for a colleague who has the browser", SHOW, "login", "f10"),
    _unlisted("write_hand_over", "w", "to a file", "Write the text for a colleague to a file", SHOW, "login", "f12"),
    Action("token_name", "n", "name", "Choose another name for the token", DO, "login", "ctrl+n"),
    Action("app_mode", "m", "app mode", "Say whether the app is in development mode or live", DO, "login", "ctrl+r"),
    Action("refresh_selected", "r", "refresh", "Refresh the selected token", DO, "tokens"),
    Action("refresh_all", "R", "all", "Refresh every token", DO, "tokens"),
    Action("inspect", "i", "inspect", "All that is known of the selected token", SHOW, "tokens"),
    Action("test_read", "t", "test", "Read the Instagram account with the selected token", DO, "tokens"),
    _unlisted("forget_token", "delete", "forget", "Forget the selected token (asks first)", DO, "tokens"),
    _unlisted("filter_state", "f", "filter", "Show only tokens of one state, or all", MOVE, "tokens"),
    _unlisted("group_profiles", "G", "group", "Group tokens by profile, or not", MOVE, "tokens"),
    Action("log_in", "l", "log in", "Log in to Facebook for this token", DO),
    _unlisted("log_in_new", "L", "new token", "Log in to Facebook for a new token", DO),
    Action("verify", "v", "verify", "Verify with Facebook what is shown", DO, form_keys="f5", by_screen=True),
    _unlisted("verify_everything", "V", "verify all", "Verify everything with Facebook", DO, by_screen=True),
    Action("copy_value", "c", "copy", "Copy the value in focus", SHOW, form_keys="ctrl+y", by_screen=True),
    _unlisted("choose_copy", "C", "copy…", "Choose what to copy", SHOW, by_screen=True),
    _unlisted(
        "plain_view",
        "p",
        "plain",
        "Show the value alone, outside the full-screen view",
        SHOW,
        form_keys="ctrl+l",
        by_screen=True,
    ),
    _unlisted("qr_code", "g", "QR", "Show the link as a QR code", SHOW, form_keys="ctrl+g", by_screen=True),
    _unlisted("open_link", "o", "open", "Open the link in a browser here", SHOW, form_keys="ctrl+o", by_screen=True),
    _unlisted("reveal", "asterisk", "reveal", "Reveal or mask the secret", SHOW, form_keys="ctrl+t", by_screen=True),
    _unlisted("search", "slash", "search", "Search this screen", MOVE, by_screen=True),
    _unlisted(
        "command_palette", "colon", "palette", "Find any action by name", PROGRAM, form_keys="ctrl+p", form_label="more"
    ),
    Action("help", "question_mark", "help", "Keys and help", PROGRAM, form_keys="f1"),
    _unlisted(
        "leave",
        "",
        "back",
        "Leave the field or dialog",
        MOVE,
        form_keys="escape,alt+full_stop",  # in Emacs escape waits for the next key
        by_screen=True,
        form_label="leave",
    ),
    Action("quit", "q", "quit", "Quit at once", PROGRAM),
)


FORMER_IDS = {"mend_one": "fix_one", "mend_all": "fix_all", "mend_flaw": "fix_flaw", "mend_flaws": "fix_flaws"}
"""Ids that `[keys]` in `config.toml` may still use."""

_SHOWN = {
    "pagedown": "pgdn",
    "pageup": "pgup",
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "asterisk": "*",
    "full_stop": ".",
    "space": "space",
    "escape": "esc",
    "delete": "del",
    "enter": "enter",
}


def shown_key(key: str) -> str:
    """Return a key as people write it: `?` for `question_mark`, `^t` for `ctrl+t`, `alt+V` for `alt+shift+v`."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+")
    if key.startswith("alt+"):
        modifier, _, plain = key.removeprefix("alt+").rpartition("+")
        return f"alt+{plain.upper()}" if modifier == "shift" and len(plain) == 1 else f"alt+{shown_key(plain)}"
    return _SHOWN.get(key, key)


def with_alt(key: str) -> str:
    """Return the key that does in a form what `key` does elsewhere: `alt+shift+v` for `V`; empty where none does."""
    if not _is_typed(key) or key == "space":  # alt+space opens the window's menu
        return ""
    return f"alt+shift+{key.lower()}" if key.isupper() else f"alt+{key}"


def bound_keys(action: Action, keymap: Mapping[str, str]) -> str:
    """Return all keys that are bound to an action, comma separated; `keymap` holds the changed ones, which come first.

    Alt with the action's letter is among them, unless `keymap` gives it to another action.
    """
    given = {key for keys in keymap.values() for key in keys.split(",")}
    keys = keymap.get(action.id, action.all_keys).split(",")
    return ",".join(dict.fromkeys([*keys, *(alt for key in keys if (alt := with_alt(key)) and alt not in given)]))


def bound_keymap(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return the keys that are bound to each action in `keymap`."""
    return {action.id: bound_keys(action, keymap) for action in ACTIONS if action.id in keymap}


def offered_keymap(keymap: Mapping[str, str], taken: Collection[str]) -> dict[str, str]:
    """Return `keymap` with the keys that arrive here before those in `taken`, which something around igauth takes."""
    offered = dict(keymap)
    for action in ACTIONS:
        keys = keymap.get(action.id, action.all_keys).split(",")
        if not set(keys).isdisjoint(taken):
            known = bound_keys(action, keymap).split(",")
            offered[action.id] = ",".join(sorted(known, key=lambda key: key in taken))
    return offered


def shown_keys(action: Action, keymap: Mapping[str, str]) -> str:
    """Return the first two keys of an action, as people write them: `l`, `? or f1`."""
    return " or ".join(shown_key(key) for key in keymap.get(action.id, action.all_keys).split(",")[:2])


def key_for(action_id: str, in_form: bool, keymap: Mapping[str, str]) -> str:
    """Return the key of an action that works here, as people write it: in a form, where letters are typed, or not."""
    action = next(action for action in ACTIONS if action.id == action_id)
    return shown_key(first_key(action, in_form, keymap))


def first_key(action: Action, in_form: bool, keymap: Mapping[str, str]) -> str:
    """Return the first key of an action that works here, empty where none does; `keymap` holds the changed ones."""
    own = action.form_keys if in_form else action.keys or action.form_keys
    keys = (keymap.get(action.id) or own).split(",")
    return next((key for key in keys if not (in_form and _is_typed(key))), "")


def _is_typed(key: str) -> bool:
    return key == "space" or len(shown_key(key)) == 1
