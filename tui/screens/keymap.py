"""Keys changed in `config.toml`: applied where they are sound, named where they clash."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.widgets.actions import ACTIONS, Action

if TYPE_CHECKING:
    from tui.app import IgauthApp

TAKEN = frozenset(f"ctrl+{letter}" for letter in "abhijmsqz\\")
"""Keys that terminals, tmux, screen, editors or flow control take (design: Keys)."""


def complaints(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is wrong with a key map: unknown actions, keys that never arrive, keys given twice."""
    known = {action.id: action for action in ACTIONS}
    found = [f"keys.{name}: there is no such action" for name in keymap if name not in known]
    for name, keys in keymap.items():
        found += [
            f"keys.{name}: {key} never arrives in many terminals" for key in keys.split(",") if key.strip() in TAKEN
        ]
    taken: dict[tuple[str, str], str] = {}
    for action in ACTIONS:
        for key in filter(None, keymap.get(action.id, action.all_keys).split(",")):
            for scope in _scopes(action):
                other = taken.setdefault((scope, key.strip()), action.id)
                if other != action.id and (action.id in keymap or other in keymap):
                    found.append(f"{key.strip()} means both {other} and {action.id}")
    return tuple(dict.fromkeys(found))


def _scopes(action: Action) -> tuple[str, ...]:
    return ("guide", "credentials", "tokens", "login") if action.scope == "everywhere" else (action.scope,)


def apply_keymap(app: "IgauthApp", keymap: Mapping[str, str]) -> None:
    """Change keys as the person set them; say what cannot be."""
    known = {action.id for action in ACTIONS}
    app.set_keymap({name: keys for name, keys in keymap.items() if name in known})
    for complaint in complaints(keymap):
        app.notify(f"config.toml: {complaint}", severity="warning", markup=False, timeout=10)
