"""Deadlines as calendar entries (RFC 5545). Pure functions."""

import hashlib
from datetime import UTC, datetime

from tui.clock import LAST_SECOND
from tui.matillion.estimate import Estimate, Standing
from tui.services.monitored import Monitored
from tui.tokens.states import STATES
from tui.tokens.status import Entry
from tui.tokens.token import nearer_clock

_WARN_DAYS = (14, 7, 2)
_LONGEST = 75
"""Octets of a line; longer ones are folded."""


def ics(report: Monitored) -> str:
    """Return a calendar with an entry for each usable token's deadline, with alarms 14, 7 and 2 days before.

    The estimated end of Matillion's own token is an entry too, unless a run showed that it was refused already.
    """
    home = hashlib.sha256(report.home.encode()).hexdigest()[:12]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//igauth//token deadlines//EN", "CALSCALE:GREGORIAN"]
    for entry in report.entries:
        if entry.deadline is not None and STATES[entry.state].works:
            lines += _token_event(entry, entry.deadline, home, report.now)
    for profile, estimate in report.matillion:
        if estimate.standing is not Standing.FAILED:
            lines += _estimate_event(profile, estimate, home, report.now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _token_event(entry: Entry, end: int, home: str, now: float) -> list[str]:
    token = entry.token
    if nearer_clock(token) == "data_access":
        what, todo = "data access ends", f"Log in again: igauth login --profile {token.profile} --name {token.name}"
    else:
        what, todo = "expires", f"Extend it: igauth refresh {token.name}"
    uid = f"{token.name}+{token.profile}+{home}"
    return _event(uid, f"token {token.name} {what}", f"Profile {token.profile}. {todo}", end, now)


def _estimate_event(profile: str, estimate: Estimate, home: str, now: float) -> list[str]:
    what = f"token in Matillion's entry {estimate.entry} may expire (estimated)"
    todo = "Matillion's own token cannot be read. Authorize the entry again: guide steps 11 and 12."
    return _event(f"matillion+estimate+{profile}+{home}", what, f"Profile {profile}. {todo}", estimate.ends_at, now)


def _event(uid: str, what: str, description: str, end: int, now: float) -> list[str]:
    """Return the lines of an event. A plus sign is in no name, so that no two pieces joined by it are alike."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@igauth.invalid",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(end)}",
        "DURATION:PT1H",  # without one a calendar makes up its own
        f"SUMMARY:{_escaped(f'Facebook {what}')}",
        f"DESCRIPTION:{_escaped(description)}",
        "TRANSP:TRANSPARENT",
    ]
    for days in _WARN_DAYS:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D"]
        lines += [f"DESCRIPTION:{_escaped(f'{what[:1].upper()}{what[1:]} in {days} days')}", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _moment(at: float) -> str:
    return datetime.fromtimestamp(min(int(at), LAST_SECOND), UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 octets, never inside a character."""
    pieces: list[str] = []
    while len(data := line.encode()) > _LONGEST:
        pieces.append(data[:_LONGEST].decode(errors="ignore"))
        line = f" {line.removeprefix(pieces[-1])}"
    return "\r\n".join([*pieces, line])
