"""The floor of typing: a bare Input with the focus, its cursor at rest."""

from textual.app import App, ComposeResult
from textual.widgets import Input


class Field(App[None]):
    """Type into it."""

    def compose(self) -> ComposeResult:
        """One field."""
        entry = Input(placeholder="Type here")
        entry.cursor_blink = False
        yield entry


if __name__ == "__main__":
    Field().run()
