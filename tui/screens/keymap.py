"""Keys changed in `config.toml`: applied where they are sound, named where they clash."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.app import App
from textual.keys import REPLACED_KEYS, Keys, _character_to_key, _normalize_key_list, key_to_character

from tui.actions import ACTIONS, Action, shown_key
from tui.harmless import harmless
from tui.likely import did_you_mean

TAKEN = frozenset(f"ctrl+{letter}" for letter in "abhijmsqz\\")
"""Keys that terminals, tmux, screen, editors or flow control take (design: Keys)."""

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
_SPECIAL = frozenset(key.value for key in Keys if key.value.isalnum()) - {"return"}  # it arrives as enter


def complaints(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is wrong with a key map: unknown actions and keys, keys that never arrive, keys given twice."""
    known = {action.id: action for action in ACTIONS}
    found: list[str] = []
    for name, keys in keymap.items():
        if name not in known:
            found.append(f"keys.{name}: there is no such action{did_you_mean(name, known)}")
        found += [f"keys.{name}: {complaint}" for complaint in _complaints_of_keys(_names(keys))]
    taken: dict[tuple[str, str], str] = {}
    for action in ACTIONS:
        for key in _names(keymap.get(action.id) or action.all_keys):
            for scope in _scopes(action):
                other = taken.setdefault((scope, key), action.id)
                if other != action.id and (action.id in keymap or other in keymap):
                    found.append(f"{shown_key(key)} means both {other} and {action.id}")
    return tuple(map(harmless, dict.fromkeys(found)))  # a key of the file may hold what would drive a terminal


def _complaints_of_keys(keys: Sequence[str]) -> Iterator[str]:
    if not keys:
        yield "no key is named, so the usual one stays"
    for key in keys:
        if key in TAKEN:
            yield f"{key} never arrives in many terminals"
        elif not _is_key(key):
            yield f"there is no key {key}{did_you_mean(key, _SPECIAL)}"


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
    """Change keys as the person set them; say what cannot be."""
    known = {action.id for action in ACTIONS}
    app.set_keymap({name: keys for name, keys in keymap.items() if name in known})
    for complaint in complaints(keymap):
        app.notify(f"config.toml: {complaint}", severity="warning", markup=False, timeout=10)
