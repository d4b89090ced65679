"""In the themes of sixteen colors none is left to the terminal: its own ground may be black or white."""

from functools import lru_cache
from typing import Any

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

_WHITE = 7
"""Number of the first color that stays legible where a terminal paints bold as bright."""


class OwnGround(LineFilter):
    """Paints the theme's own ink and ground wherever a style leaves them to the terminal.

    Reversed styles are written with their colors changed over, and nothing is dim: terminals differ in both. Bold is
    left off dark inks, which some terminals paint in the bright color of the same name.
    """

    def __init__(self, app: App[Any]) -> None:
        super().__init__()
        self._app = app

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with both colors set, where the theme is one of the terminal's sixteen colors."""
        theme = self._app.current_theme
        if not theme.ansi or self._app.no_color:
            return segments
        ink, ground = theme.variables["ansi-foreground"], theme.variables["ansi-background"]
        return [Segment(text, _painted(style, ink, ground), control) for text, style, control in segments]


@lru_cache(maxsize=1024)
def _painted(style: Style | None, ink: str, ground: str) -> Style:
    style = style or Style.null()
    front, behind = _set(style.color, ink), _set(style.bgcolor, ground)
    if style.reverse:
        front, behind = behind, front
    is_bold = style.bold and (front.number is None or front.number >= _WHITE)
    return style + Style(color=front, bgcolor=behind, bold=bool(is_bold), dim=False, reverse=False)


def _set(color: RichColor | None, otherwise: str) -> RichColor:
    return Color.parse(otherwise).rich_color if color is None or color.is_default else color
