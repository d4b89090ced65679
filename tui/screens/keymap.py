"""The keys changed in `config.toml`: checked and applied."""

from collections.abc import Mapping

from textual.keys import REPLACED_KEYS, Keys, key_to_character

from tui.actions import ACTIONS, Action
from tui.likely import closest
from tui.settings.errors import KeyFault, KeymapProblem
from tui.terminal.textual_internals import key_names, name_of_character

RESERVED = frozenset(f"ctrl+{letter}" for letter in "abhijmsqz\\")
"""Keys that terminals, tmux, screen, editors or flow control take (docs/architecture.md, Contracts)."""

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
_SPECIAL = frozenset(key.value for key in Keys if key.value.isalnum()) - {"return"}  # it arrives as enter


def keymap_problems(keymap: Mapping[str, str]) -> tuple[KeymapProblem, ...]:
    """Return what is wrong with the changed keys: unknown actions and keys, reserved keys, keys of two actions."""
    actions = [action.id for action in ACTIONS]
    found: list[KeymapProblem] = []
    for name, keys in keymap.items():
        if name not in actions:
            found.append(KeymapProblem(KeyFault.UNKNOWN_ACTION, name, other=closest(name, actions)))
        names = key_names(keys)
        if not names:
            found.append(KeymapProblem(KeyFault.NO_KEY, name))
        for key in names:
            if key in RESERVED:
                found.append(KeymapProblem(KeyFault.RESERVED, name, key))
            elif not _is_key(key):
                found.append(KeymapProblem(KeyFault.UNKNOWN_KEY, name, key, closest(key, _SPECIAL)))
    usable = usable_keys(keymap)
    owners: dict[tuple[str, str], str] = {}
    for action in ACTIONS:
        for key in key_names(usable.get(action.id) or action.all_keys):
            for scope in _scopes(action):
                owner = owners.setdefault((scope, key), action.id)
                if owner != action.id and (action.id in usable or owner in usable):
                    found.append(KeymapProblem(KeyFault.CONFLICT, action.id, key, owner))
    return tuple(dict.fromkeys(found))


def usable_keys(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return the changed keys that can be bound, by action; where an action has none of them, its default keys stay."""
    actions = {action.id for action in ACTIONS}
    usable = {name: filter(_is_key, key_names(keys)) for name, keys in keymap.items() if name in actions}
    return {name: joined for name, keys in usable.items() if (joined := ",".join(keys))}


def _is_key(name: str) -> bool:
    *modifiers, key = name.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return False
    character = key_to_character(REPLACED_KEYS.get(key, key))
    is_typed = character is not None and character.isprintable() and name_of_character(character) == key
    return is_typed or key in _SPECIAL


def _scopes(action: Action) -> tuple[str, ...]:
    return ("guide", "credentials", "tokens", "login") if action.scope == "everywhere" else (action.scope,)
