"""Textual bindings, made from the table of actions."""

from textual.binding import Binding, BindingType

from tui.actions import ACTIONS, Action, Scope, bound_keys


def bindings_of(scope: Scope) -> list[BindingType]:
    """Return the bindings of one screen: its own actions, and those that each screen implements itself."""
    return [_binding(action) for action in ACTIONS if action.scope == scope or action.by_screen]


def bindings_of_app() -> list[Binding]:
    """Return the bindings of the actions that the app implements, whichever screen is shown."""
    return [_binding(action) for action in ACTIONS if action.scope == "everywhere" and not action.by_screen]


def _binding(action: Action) -> Binding:
    """Return an action's binding; its id is the action's, so that `config.toml` can change the key."""
    keys = bound_keys(action, {})
    return Binding(keys, action.id, action.label, tooltip=action.help, show=action.in_bar, id=action.id)
