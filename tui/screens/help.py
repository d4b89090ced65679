"""Keys and help, made from the same declarations as the bindings."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.actions import ACTIONS, Scope, shown_keys
from tui.screens.dialog import Dialog
from tui.widgets.wrapped import wrapped
from tui.wording import app as words
from tui.wording.surfaces import Screen as Surface

_WIDTH = 76
"""Cells of the dialog where there is room; as in the style sheet."""
_FRAME = 5
"""Cells of it that border, padding and scroll bar take."""


class HelpText(Widget):
    """All actions, those of one screen first, grouped; wrapped to the width of the terminal."""

    DEFAULT_CSS = "HelpText { height: auto; }"
    COMPONENT_CLASSES = {"help--heading", "help--group", "help--key"}  # noqa: RUF012 - Textual's own type

    def __init__(self, scope: Scope, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._scope, self._keys = scope, keymap

    def render(self) -> Content:
        """Return the text."""
        width = min(_WIDTH, self.app.size.width) - _FRAME
        parts = [Content(wrapped(words.ABOUT, width, 0))]
        parts += [self._table(scope, width) for scope in _in_order(self._scope)]
        parts.append(Content("\n" + wrapped(words.terminal_help(Surface(self._keys)), width, 0)))
        return Content("\n").join(parts)

    def _table(self, scope: Scope, width: int) -> Content:
        heading = "Everywhere" if scope == "everywhere" else f"On {scope.capitalize()}"
        actions = [action for action in ACTIONS if action.scope == scope]
        lines = [Content.assemble("\n", (heading, self.get_visual_style("help--heading", partial=True)))]
        for group in dict.fromkeys(action.group for action in actions):
            lines.append(Content.styled(group, self.get_visual_style("help--group", partial=True)))
            of_group = [action for action in actions if action.group == group]
            lines += [self._line(shown_keys(action, self._keys), action.help, width) for action in of_group]
        if scope == "tokens":
            lines.append(Content.styled("Columns", self.get_visual_style("help--group", partial=True)))
            lines += [self._line(heading, meaning, width) for heading, meaning in words.COLUMNS]
        return Content("\n").join(lines)

    def _line(self, label: str, text: str, width: int) -> Content:
        column = 14 if width >= 60 else 8
        style = self.get_visual_style("help--key", partial=True)
        return Content.styled(f"  {label:<{column}}", style) + Content(wrapped(text, width, column + 2))


class HelpScreen(Dialog[None]):
    """Scrolls; wraps again when the terminal changes its size."""

    def __init__(self, scope: Scope, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._scope, self._keys = scope, keymap

    def compose(self) -> ComposeResult:
        """Lay out title and text."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(words.HELP_TITLE, classes="title")
            yield HelpText(self._scope, self._keys)

    def on_resize(self) -> None:
        """Wrap again."""
        self.query_one(HelpText).refresh(layout=True)


def _in_order(first: Scope) -> list[Scope]:
    scopes: list[Scope] = ["everywhere", "guide", "credentials", "tokens", "login"]
    return sorted(scopes, key=lambda scope: scope != first)
