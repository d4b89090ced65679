"""The floor of a small live screen: header, footer, eight labels and a countdown by the second."""

from time import monotonic

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Label


class Small(App[None]):
    """Counts down from 57 days."""

    BINDINGS = [("x", "count", "Count"), ("q", "quit", "Quit")]  # noqa: RUF012 - as a first program has it
    presses = 0
    ends_at = 0.0

    def compose(self) -> ComposeResult:
        """What a small real screen has."""
        yield Header()
        yield Label("Pressed 0 times", id="count")
        yield Label("", id="left")
        for number in range(8):
            yield Label(f"Fact {number} stands here and stays as it is")
        yield Footer()

    def on_mount(self) -> None:
        """Start the timer."""
        self.ends_at = monotonic() + 57 * 86_400
        self.tick()
        self.set_interval(1.0, self.tick)

    def tick(self) -> None:
        """Show the time left."""
        left = int(self.ends_at - monotonic())
        days, rest = divmod(left, 86_400)
        text = f"Expires in {days}d {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
        self.query_one("#left", Label).update(text)

    def action_count(self) -> None:
        """Change the label."""
        self.presses += 1
        self.query_one("#count", Label).update(f"Pressed {self.presses} times")


if __name__ == "__main__":
    Small().run()
