"""The last line: the keys that work here and now; a click on one does what the key does."""

from collections.abc import Mapping
from typing import ClassVar

from textual.content import Content
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Input

from tui.actions import ACTIONS, Action, Scope, first_key, shown_key

_ALWAYS = frozenset({"help", "quit", "leave", "command_palette"})
"""Actions that keep their place however narrow the line is."""


class KeyBar(Widget):
    """Shows the actions of one scope and those that work everywhere, as many as fit."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label"}

    def __init__(self, scope: Scope, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self.auto_links = False  # what a click does needs no underline
        self._scope = scope
        self._keys = keymap

    @property
    def _in_form(self) -> bool:
        """Whether text is typed: then other keys work."""
        return isinstance(self.screen.focused, Input)

    def render(self) -> Content:
        """Return the line."""
        key_style = self.get_visual_style("key-bar--key", partial=True)
        label_style = self.get_visual_style("key-bar--label", partial=True)
        parts: list[Content] = []
        shown = self._shown()
        room = self.size.width - sum(self._width(action, key) for action, key in shown if action.id in _ALWAYS)
        for action, key in shown:
            width = 0 if action.id in _ALWAYS else self._width(action, key)
            if width > room:
                continue
            room -= width
            click = Style.from_meta({"@click": f"{_namespace(action)}.{action.id}"})
            parts.append(Content.styled(f" {key} ", key_style).stylize(click))
            parts.append(Content.styled(self._label(action) + " ", label_style).stylize(click))
        return Content("").join(parts)

    def _label(self, action: Action) -> str:
        return action.form_label if self._in_form and action.form_label else action.label

    def _width(self, action: Action, key: str) -> int:
        return len(key) + len(self._label(action)) + 3

    def _shown(self) -> list[tuple[Action, str]]:
        shown = []
        for action in sorted(ACTIONS, key=lambda action: action.scope == "everywhere"):
            is_way_out = action.id == "leave" and (self._in_form or self._scope == "login")
            key = first_key(action, self._in_form, self._keys)
            is_way_on = action.id == "command_palette" and self._in_form  # where letters are typed it finds the rest
            is_here = action.scope in (self._scope, "everywhere") and (action.in_bar or is_way_out or is_way_on)
            if key and is_here and self._works(action):
                shown.append((action, shown_key(key)))
        return shown

    def _works(self, action: Action) -> bool:
        offers = getattr(self.screen, "offers", None)
        return bool(self.screen.check_action(action.id, ())) and (offers is None or offers(action.id))


def _namespace(action: Action) -> str:
    return "app" if action.scope == "everywhere" and not action.by_screen else "screen"
