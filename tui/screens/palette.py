"""The command palette: every action that works here, every profile, step and token, by name."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widgets import Input

from tui.screens.going import go_to_step, go_to_token
from tui.screens.main_screen import MainScreen
from tui.widgets.actions import ACTIONS, Action, shown_key

if TYPE_CHECKING:
    from tui.app import IgauthApp


class Palette(CommandPalette):
    """The palette with a cursor that stands still: a blinking one costs two kilobytes a second."""

    def on_mount(self) -> None:
        """Hold the cursor still."""
        self.query_one(Input).cursor_blink = False


def commands(app: "IgauthApp", screen: Screen[object]) -> Iterable[SystemCommand]:
    """Return the palette's entries for the screen in front."""
    scope = screen.SCOPE if isinstance(screen, MainScreen) else "everywhere"
    for action in ACTIONS:
        if (
            action.scope in ("everywhere", scope)
            and action.id != "command_palette"
            and screen.check_action(action.id, ())
        ):
            yield SystemCommand(
                action.help.split(" (")[0], f"{_keys(app, action)}: {action.label}", _runner(app, screen, action.id)
            )
    yield SystemCommand("Change theme", "how igauth looks", app.action_change_theme)
    for profile in app.services.profiles:
        yield SystemCommand(
            f"Profile {profile.name}", "Put this profile in front", lambda name=profile.name: app.choose_profile(name)
        )
    for row in app.board.rows[:200]:
        yield SystemCommand(
            f"Token {row.token.name}",
            f"Go to this token ({row.state})",
            lambda name=row.token.name: go_to_token(app, name),
        )
    from tui.guide.content import load_guide

    for step in load_guide().walk():
        yield SystemCommand(
            f"Step {step.id}: {step.title}", "Go to this step", lambda step_id=step.id: go_to_step(app, step_id)
        )


def _keys(app: "IgauthApp", action: Action) -> str:
    """Return the keys that do the same, as people write them."""
    keys = app.services.settings.keymap.get(action.id, action.all_keys)
    return " or ".join(shown_key(key) for key in keys.split(","))


def _runner(app: "IgauthApp", screen: Screen[object], action_id: str) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await app.run_action(action_id, default_namespace=screen if hasattr(screen, f"action_{action_id}") else app)

    return run
