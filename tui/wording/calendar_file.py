"""Deadlines as calendar entries (RFC 5545). Pure functions."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.tokens.states import STATES
from tui.tokens.status import Entry
from tui.tokens.token import nearer_clock

_WARN_DAYS = (14, 7, 2)
_LONGEST = 75
"""Octets of a line; longer ones are folded."""


def ics(found: Sequence[Entry], now: float) -> str:
    """Return a calendar with an entry for each usable token's deadline, with alarms 14, 7 and 2 days before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//igauth//token deadlines//EN", "CALSCALE:GREGORIAN"]
    for entry in found:
        if entry.deadline is not None and STATES[entry.state].works:
            lines += _event(entry, entry.deadline, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(entry: Entry, end: int, now: float) -> list[str]:
    token = entry.token
    if nearer_clock(token) == "data_access":
        what, todo = "data access ends", f"Log in again: igauth login --profile {token.profile} --name {token.name}"
    else:
        what, todo = "expires", f"Extend it: igauth refresh {token.name}"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{token.name}.{token.profile}@igauth.invalid",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(end)}",
        f"SUMMARY:{_escaped(f'Facebook token {token.name} {what}')}",
        f"DESCRIPTION:{_escaped(f'Profile {token.profile}. {todo}')}",
        "TRANSP:TRANSPARENT",
    ]
    for days in _WARN_DAYS:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D"]
        lines += [f"DESCRIPTION:{_escaped(f'Token {token.name} {what} in {days} days')}", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _moment(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y%m%dT%H%M%SZ")


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
