"""The line above the keys: next expiry, profile, secret store, API version, last check."""

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from tui.wording.status_line import Status, status_line


class StatusLine(Widget):
    """Draws a status; `tick` redraws the digits that changed and nothing else."""

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
        """Follow the time; draws from the first cell that changed."""
        self._now = now
        text = status_line(self._status, now, self.size.width)
        if text == self._text:
            return
        same = next(
            (place for place, (old, new) in enumerate(zip(self._text, text, strict=False)) if old != new),
            min(len(text), len(self._text)),
        )
        end = max(len(text), len(self._text))
        if len(text) == len(self._text):
            while end > same and text[end - 1] == self._text[end - 1]:
                end -= 1
        self._text = text
        self.refresh(Region(same, 0, end - same, 1))

    def on_resize(self) -> None:
        """Choose again what fits."""
        self._text = ""
        self.tick(self._now)

    def render(self) -> Content:
        """Return the line."""
        return Content(self._text)
