"""Matillion's own authorisation: what may be said of a token that cannot be read. Pure.

Source: matillion.md section 5. Matillion's token is taken to live 60 days from its last authorisation; nothing
documents that, so whatever follows from it is called an estimate. Only a task run proves anything.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from tui.matillion.runs import Seen

DAY = 86_400
LIFE_DAYS = 60
REMINDERS = (2, 7, 14)
"""Days left at which a person is reminded, the most urgent first."""

Stand = Literal["estimated", "worked", "failed", "over"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What can be said. Times are unix seconds, UTC. `reminder`: 14, 7, 2 or 0 days, None while none is due."""

    entry: str
    stand: Stand
    authorised_at: int
    day: int
    ends_at: int
    seconds_left: int
    reminder: int | None
    worked_at: int | None
    failed_at: int | None
    reason: str
    sentence: str


def estimate(
    entry: str, authorised_at: int | None, now: float, seen: Seen | None = None, zone: tzinfo = UTC
) -> Estimate | None:
    """Return what can be said at `now`; None where step 12 was never done. Times in the sentence are in `zone`.

    A run that ended before the last authorisation says nothing of it.
    """
    if authorised_at is None:
        return None
    ends_at = authorised_at + LIFE_DAYS * DAY
    left = max(0, int(ends_at - now))
    worked_at = _since(seen.worked_at if seen else None, authorised_at)
    failed_at = _since(seen.failed_at if seen else None, authorised_at)
    if worked_at is not None and failed_at is not None:
        worked_at, failed_at = (worked_at, None) if worked_at > failed_at else (None, failed_at)
    reason = seen.fault.reason if seen is not None and seen.fault is not None and failed_at is not None else ""
    day = max(1, int((now - authorised_at) // DAY) + 1)
    stand: Stand = "failed" if failed_at is not None else "worked" if worked_at is not None else "estimated"
    if stand == "estimated" and left == 0:
        stand = "over"
    reminder = next((days for days in REMINDERS if left <= days * DAY), None)
    return Estimate(
        entry=entry,
        stand=stand,
        authorised_at=authorised_at,
        day=day,
        ends_at=ends_at,
        seconds_left=left,
        reminder=0 if left == 0 else reminder,
        worked_at=worked_at,
        failed_at=failed_at,
        reason=reason,
        sentence=_sentence(stand, day, worked_at or failed_at, reason, now, zone),
    )


def reminder_text(found: Estimate) -> str:
    """Return the reminder that is due, as one sentence; empty while none is."""
    if found.stand == "failed":
        return f"Matillion's own token for {found.entry} has failed. Authorise the entry again: steps 11 and 12."
    if found.reminder is None:
        return ""
    if found.reminder == 0:
        return f"Matillion's own token for {found.entry} has probably ended. Authorise it again: steps 11 and 12."
    days = -(-found.seconds_left // DAY)
    unit = "day" if days == 1 else "days"
    return (
        f"Matillion's own token for {found.entry} may end in about {days} {unit}, estimated."
        " Authorise the entry again before: steps 11 and 12."
    )


def _since(moment: int | None, authorised_at: int) -> int | None:
    return moment if moment is not None and moment >= authorised_at else None


def _sentence(stand: Stand, day: int, seen_at: int | None, reason: str, now: float, zone: tzinfo) -> str:
    about = f"about day {day} of {LIFE_DAYS}, estimated"
    if stand == "over":
        return f"about day {day}, past the usual {LIFE_DAYS}: probably ended, estimated"
    if seen_at is None:
        return about
    moment = _moment(seen_at, now, zone)
    if stand == "failed":
        return f"failed {moment} ({reason}): authorise again, steps 11 and 12"
    return f"worked {moment}; {about}"


def _moment(at: int, now: float, zone: tzinfo) -> str:
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    clock = f"{then:%H:%M} {then:%Z}"
    return f"at {clock}" if then.date() == today.date() else f"on {then.day} {then:%b} at {clock}"
