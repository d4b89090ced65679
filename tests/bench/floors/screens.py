"""The floor of a change of screens: two bare screens as modes, and a list whose cursor moves."""

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Label, OptionList


class First(Screen[None]):
    """A list of ten rows."""

    def compose(self) -> ComposeResult:
        """Rows."""
        yield Label("First screen")
        yield OptionList(*(f"row {number}" for number in range(10)))


class Second(Screen[None]):
    """One label."""

    def compose(self) -> ComposeResult:
        """A word."""
        yield Label("Second screen")


class Screens(App[None]):
    """`1` and `2` change screens, arrows move the cursor."""

    MODES = {"first": First, "second": Second}  # noqa: RUF012 - Textual's own type
    BINDINGS = [("1", "switch_mode('first')", "First"), ("2", "switch_mode('second')", "Second")]  # noqa: RUF012

    def on_mount(self) -> None:
        """Begin with the list."""
        self.switch_mode("first")


if __name__ == "__main__":
    Screens().run()
