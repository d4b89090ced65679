"""The floor of every screen: a bare Textual app with one label and one key."""

from textual.app import App, ComposeResult
from textual.widgets import Label


class Hello(App[None]):
    """`x` counts, `q` quits."""

    BINDINGS = [("x", "count", "Count"), ("q", "quit", "Quit")]  # noqa: RUF012 - as a first program has it
    presses = 0

    def compose(self) -> ComposeResult:
        """One label."""
        yield Label("Pressed 0 times")

    def action_count(self) -> None:
        """Change the label."""
        self.presses += 1
        self.query_one(Label).update(f"Pressed {self.presses} times")


if __name__ == "__main__":
    Hello().run()
