"""The command palette: every action that works here, every profile, step and token, by name."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Hit, Hits
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider
from textual.widgets import Input

from tui.actions import ACTIONS, shown_keys
from tui.screens.main_screen import MainScreen
from tui.screens.messages import ChooseProfile, GoTo
from tui.session import Session

_A_CLASS = 1_000
"""More than any score of the letters, so that a better kind of hit always stands above."""
_AROUND_WORDS = ".,:;()"


class WholeWordsFirst(SystemCommandsProvider):
    """Ranks what has the typed words as they are above what only has their letters in that order."""

    async def search(self, query: str) -> Hits:
        """Yield every entry whose name fits, or whose label in the key bar has the typed words."""
        matcher = self.matcher(query)
        for name, help_text, callback, *_ in self.app.get_system_commands(self.screen):
            score = _rank(query, f"{name} {help_text.partition(': ')[2]}") + matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), callback, help=help_text)


def _rank(query: str, name: str) -> int:
    """Return how well the typed text fits as words: whole words before beginnings of words before mere letters."""
    wanted, words = query.casefold().split(), [word.strip(_AROUND_WORDS) for word in name.casefold().split()]
    if all(part in words for part in wanted):
        return 2 * _A_CLASS
    if all(any(word.startswith(part) for word in words) for part in wanted):
        return _A_CLASS
    return 0


class Palette(CommandPalette):
    """The palette with a cursor that stands still: a blinking one costs two kilobytes a second."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("alt+full_stop", "escape", show=False)]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(providers=[WholeWordsFirst], id=id)

    def on_mount(self) -> None:
        """Hold the cursor still."""
        self.query_one(Input).cursor_blink = False


def commands(app: App[Any], session: Session, screen: Screen[object]) -> Iterable[SystemCommand]:
    """Return the palette's entries for the current screen."""
    scope = screen.SCOPE if isinstance(screen, MainScreen) else "everywhere"
    for action in ACTIONS:
        if (
            action.scope in ("everywhere", scope)
            and action.id != "command_palette"
            and screen.check_action(action.id, ())
        ):
            does_it = screen if hasattr(screen, f"action_{action.id}") else app
            yield SystemCommand(
                action.help.split(" (")[0],
                f"{shown_keys(action, session.keymap)}: {action.label}",
                partial(app.run_action, action.id, does_it),
            )
    yield SystemCommand("Change theme", "How igauth looks", app.action_change_theme)
    send = app.post_message
    for profile in session.services.settings.profiles:
        yield SystemCommand(
            f"Profile {profile.name}", "Make this profile the current one", partial(send, ChooseProfile(profile.name))
        )
    for row in session.board.rows[:200]:
        name = row.token.name
        yield SystemCommand(f"Token {name}", f"Go to this token ({row.state})", partial(send, GoTo("tokens", name)))
    from tui.guide.content import load_guide

    for step in load_guide().walk():
        yield SystemCommand(f"Step {step.id}: {step.title}", "Go to this step", partial(send, GoTo("guide", step.id)))
