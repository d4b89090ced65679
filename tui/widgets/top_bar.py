"""The first line: the program's name and the three main screens, the current one marked."""

from collections.abc import Mapping
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from tui.actions import key_for

SCREENS: tuple[tuple[str, str, str], ...] = (
    ("guide", "Guide", "show_guide"),
    ("credentials", "Credentials", "show_credentials"),
    ("tokens", "Tokens", "show_tokens"),
)
"""Mode, label and action of each main screen."""


_WITH_NAME = 48
"""Cells from which on the program's name is shown before the three screens; below, they need the room."""


class TopBar(Widget):
    """Shows where one is; a click on a name goes there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"top-bar--name", "top-bar--tab", "top-bar--current"}

    def __init__(self, current: str, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self.auto_links = False  # what a click does needs no underline
        self._current, self._keys = current, keymap

    def render(self) -> Content:
        """Return the line."""
        has_room = self.size.width >= _WITH_NAME
        parts = [self._part(" igauth ", "top-bar--name"), Content("  ")] if has_room else []
        for name, label, action in SCREENS:
            text = f"{key_for(action, False, self._keys)} {label}"
            if name == self._current:
                parts.append(self._part(f"[{text}]", "top-bar--current"))
            else:
                parts.append(self._part(f" {text} ", "top-bar--tab", action))
            parts.append(Content(" "))
        return Content("").join(parts)

    def _part(self, text: str, component: str, action: str = "") -> Content:
        style = self.get_visual_style(component, partial=True)
        content = Content.styled(text, style)
        if action:
            content = content.stylize_before(style.from_meta({"@click": f"app.{action}"}))
        return content
