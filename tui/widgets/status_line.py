"""The line above the keys: next expiry, profile, secret store, API version, last check."""

from textual.content import Content
from textual.widget import Widget

from tui.wording.status_line import Status, status_line


class StatusLine(Widget):
    """Draws a status."""

    def __init__(self) -> None:
        super().__init__()
        self._status = Status()
        self._now = 0.0
        self._text = ""

    def show(self, status: Status, now: float) -> None:
        """Show another status."""
        self._status = status
        self.tick(now)

    def tick(self, now: float) -> None:
        """Follow the time; draws only what changed."""
        self._now = now
        if self._text != status_line(self._status, now, self.size.width):
            self.refresh()

    def render(self) -> Content:
        """Return the line, with as much as fits."""
        self._text = status_line(self._status, self._now, self.size.width)
        return Content(self._text)
