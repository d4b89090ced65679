"""The line above the keys: profile, version, whose server, where secrets are, the soonest end, the last check."""

from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from tui.wording.times import ago, countdown

_NARROW = 60
"""Cells below which the parts stand closer together."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the line says. Times are unix seconds, UTC."""

    profile: str = ""
    version: str = ""
    host: str = ""
    secrets: str = ""
    soonest: int | None = None
    dead: int = 0
    checked_at: int | None = None
    skew: float = 0.0
    work: str = ""


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
        text = self._line()
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

    def _line(self) -> str:
        status = self._status
        end = "no deadline" if status.soonest is None else "next " + countdown(status.soonest - self._now)
        checked = (
            "not checked yet" if status.checked_at is None else f"checked {_coarse(self._now - status.checked_at)}"
        )
        dead = f"{status.dead} dead" if status.dead else ""
        skew = f"clock off {status.skew:+.0f} s" if status.skew else ""
        first = [status.work or end, dead, skew, status.host, status.profile or "no profile"]
        rest = [status.version, status.secrets and f"secrets: {status.secrets}", checked]
        between = " | " if self.size.width >= _NARROW else "  "
        parts = [part for part in first if part]
        for part in rest:
            if part and len(between.join([*parts, part])) <= self.size.width - 2:
                parts.append(part)
        return " " + between.join(parts)


def _coarse(seconds: float) -> str:
    return "just now" if seconds < 60 else ago(seconds)
