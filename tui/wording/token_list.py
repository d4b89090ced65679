"""What the list of tokens shows beside its rows."""

from tui.tokens.states import TokenState
from tui.wording.surfaces import Screen


def no_tokens(surface: Screen) -> str:
    """Return what to do where there is no token yet."""
    return (
        "No token yet.\n\n"
        f"Press {surface.key('log_in')} to log in to Facebook, or to paste a token you have.\n"
        f"Press {surface.key('show_guide')} for the guide: it lists what has to be done before that, step by step."
    )


def need_login(count: int, total: int) -> str:
    """Return how many of all tokens only a new login helps, as a sentence."""
    return f"{count} of {total} need{'s' if count == 1 else ''} a new login."


def no_match(surface: Screen) -> str:
    """Return that filter and search leave no token."""
    other, every = surface.key("filter_state"), surface.key("leave")
    ways = f"{other} shows another state, {every} all tokens" if other else f"{every} shows all tokens"
    return f"No tokens match. {ways}."


def only_state(state: TokenState, surface: Screen) -> str:
    """Return the heading of a filtered list."""
    return f"only {state}; {surface.key('filter_state')} shows the next state, {surface.key('leave')} all tokens"
