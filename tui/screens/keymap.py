"""The keys changed in `config.toml`: checked and applied."""

from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.keys import REPLACED_KEYS, Keys, _character_to_key, _normalize_key_list, key_to_character

from tui.actions import ACTIONS, Action
from tui.likely import closest
from tui.settings.errors import KeyFault, KeymapProblem
from tui.wording.settings import keymap_problem

RESERVED = frozenset(f"ctrl+{letter}" for letter in "abhijmsqz\\")
"""Keys that terminals, tmux, screen, editors or flow control take (design: Keys)."""

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
_SPECIAL = frozenset(key.value for key in Keys if key.value.isalnum()) - {"return"}  # it arrives as enter


def keymap_problems(keymap: Mapping[str, str]) -> tuple[KeymapProblem, ...]:
    """Return what is wrong with the changed keys: unknown actions and keys, reserved keys, keys of two actions."""
    actions = [action.id for action in ACTIONS]
    found: list[KeymapProblem] = []
    for name, keys in keymap.items():
        if name not in actions:
            found.append(KeymapProblem(KeyFault.UNKNOWN_ACTION, name, other=closest(name, actions)))
        names = _names(keys)
        if not names:
            found.append(KeymapProblem(KeyFault.NO_KEY, name))
        for key in names:
            if key in RESERVED:
                found.append(KeymapProblem(KeyFault.RESERVED, name, key))
            elif not _is_key(key):
                found.append(KeymapProblem(KeyFault.UNKNOWN_KEY, name, key, closest(key, _SPECIAL)))
    owners: dict[tuple[str, str], str] = {}
    for action in ACTIONS:
        for key in _names(keymap.get(action.id) or action.all_keys):
            for scope in _scopes(action):
                owner = owners.setdefault((scope, key), action.id)
                if owner != action.id and (action.id in keymap or owner in keymap):
                    found.append(KeymapProblem(KeyFault.CONFLICT, action.id, key, owner))
    return tuple(dict.fromkeys(found))


def _names(keys: str) -> tuple[str, ...]:
    """Return keys by the names Textual knows them by: `question_mark` for `?`."""
    return tuple(key for key in _normalize_key_list(keys).split(",") if key)


def _is_key(name: str) -> bool:
    *modifiers, key = name.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return False
    character = key_to_character(REPLACED_KEYS.get(key, key))
    is_typed = character is not None and character.isprintable() and _character_to_key(character) == key
    return is_typed or key in _SPECIAL


def _scopes(action: Action) -> tuple[str, ...]:
    return ("guide", "credentials", "tokens", "login") if action.scope == "everywhere" else (action.scope,)


def apply_keymap(app: App[Any], keymap: Mapping[str, str]) -> None:
    """Change the keys of known actions, and notify of every problem."""
    known = {action.id for action in ACTIONS}
    app.set_keymap({name: keys for name, keys in keymap.items() if name in known})
    for problem in keymap_problems(keymap):
        app.notify(f"config.toml: {keymap_problem(problem)}", severity="warning", markup=False, timeout=10)
