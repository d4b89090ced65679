"""The line that every screen shows above its keys, and the same facts as a sentence for plain mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.tokens.automation import TimerState
from tui.wording.automation import timer_sign
from tui.wording.times import ago, checked, clock_difference, countdown, stamp

if TYPE_CHECKING:  # the first paint does without
    from tui.facebook.remedies import Subject

_REFUSED: Mapping[str | None, str] = {"app": "Meta refuses the app", "person": "Facebook refuses the person"}
"""By the value of a Subject."""
_NARROW = 60
"""Cells below which the parts stand closer together."""


@dataclass(frozen=True, slots=True)
class Status:
    """The facts of the line. Times are unix seconds, UTC; `skew` is in seconds."""

    profile: str = ""
    version: str = ""
    host: str = ""
    """The Graph API's host where it is not Meta's."""
    secret_store: str = ""
    tokens: int = 0
    unusable: int = 0
    refused: "Subject | None" = None
    """Whom Meta refuses."""
    next_expiry: int | None = None
    checked_at: int | None = None
    skew: float = 0.0
    work: str = ""
    """What is being done now."""
    timer: TimerState | None = None
    """Whether tokens are kept valid by themselves; None where none needs that."""


def status_line(status: Status, now: float, width: int) -> str:
    """Return as much of the status as fits into `width` cells, the most important first."""
    is_narrow = width < _NARROW
    between = "  " if is_narrow else " · "
    line = " " + (status.work or _next_expiry(status, now, is_narrow=is_narrow))
    for part in (
        _unusable(status.unusable),
        _REFUSED.get(status.refused, ""),
        timer_sign(status.timer) if status.timer else "",
        _clock(status.skew),
        status.host,
        status.profile or "no profile",
        status.secret_store and f"secrets: {status.secret_store}",
        status.version and f"API {status.version}",
        checked(status.checked_at, now, "not checked yet"),
    ):
        if part and len(line) + len(between) + len(part) < width:
            line += between + part
    return line


def status_paragraph(status: Status, now: float) -> str:
    """Return all of the status, as plain mode says it."""
    parts = [
        f"Profile {status.profile or 'none yet'}",
        f"Graph API {status.version}",
        status.host and f"at {status.host}",
        status.secret_store and f"secrets in the {status.secret_store}",
        f"{status.tokens - status.unusable} usable" if status.tokens else "no token yet",
    ]
    if status.next_expiry is not None:
        parts.append(f"next expiry in {countdown(status.next_expiry - now)}, {stamp(status.next_expiry)}")
    parts += [_unusable(status.unusable), _REFUSED.get(status.refused, "")]
    parts.append(timer_sign(status.timer) if status.timer else "")
    if status.checked_at is not None:
        parts.append(f"last check {ago(now - status.checked_at)}")
    return ", ".join(part for part in parts if part) + "."


def _next_expiry(status: Status, now: float, *, is_narrow: bool) -> str:
    if status.next_expiry is None:
        return "no expiry" if status.tokens else "no token yet"
    return f"{'next' if is_narrow else 'next expiry'} {countdown(status.next_expiry - now)}"


def _clock(skew: float) -> str:
    return f"clock {clock_difference(skew)} {'behind' if skew > 0 else 'ahead'}" if skew else ""


def _unusable(count: int) -> str:
    return f"{count} need{'s' if count == 1 else ''} login" if count else ""
