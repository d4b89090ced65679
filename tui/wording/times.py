"""Durations and moments as words: pure functions, plain ASCII, all times unix seconds UTC."""

from datetime import UTC, datetime

from tui.clock import LAST_SECOND

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def countdown(seconds: float | None) -> str:
    """Return time left as `57d 03:12:09`, `03:12:09` below a day, `never` for None, `ended` at 0."""
    if seconds is None:
        return "never"
    whole = int(seconds)
    if whole <= 0:
        return "ended"
    days, rest = divmod(whole, _DAY)
    clock = f"{rest // _HOUR:02d}:{rest % _HOUR // _MINUTE:02d}:{rest % _MINUTE:02d}"
    return f"{days}d {clock}" if days else clock


def ago(seconds: float | None) -> str:
    """Return an age in its largest unit: `3 h ago`, `just now` below five seconds, `never` for None."""
    if seconds is None:
        return "never"
    return "just now" if seconds < 5 else f"{span(seconds)} ago"


def checked(moment: float | None, now: float, never: str) -> str:
    """Return `checked 3 h ago`, in whole minutes, since seconds do not matter here; `never` for None."""
    if moment is None:
        return never
    passed = now - moment
    return "checked just now" if passed < _MINUTE else f"checked {ago(passed)}"


def span(seconds: float) -> str:
    """Return a duration in its largest unit, rounded down: `12 s`, `5 min`, `3 h`, `57 d`."""
    whole = max(0, int(seconds))
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"


def clock_difference(seconds: float) -> str:
    """Return how far a clock is off, to the nearest minute, in its largest unit; below a minute in seconds."""
    return span(round(abs(seconds) / 60) * 60 or abs(seconds))


def stamp(moment: float | None, nothing: str = "never") -> str:
    """Return `2026-11-23 23:20 UTC` for people; `nothing` for None."""
    return nothing if moment is None else _date(moment).strftime("%Y-%m-%d %H:%M UTC")


def day_text(moment: float, now: float) -> str:
    """Return `14 Feb`, or `14 Feb 2028` where that is half a year or more away from `now`."""
    date = _date(moment)
    text = f"{date.day} {date:%b}"
    return text if abs(moment - now) < 183 * _DAY else f"{text} {date.year}"


def moment_text(moment: float, now: float) -> str:
    """Return `Sun 03:12` within six days of `now`, else `Sun 14 Feb 03:12` (UTC)."""
    date = _date(moment)
    day = "" if abs(moment - now) < 6 * _DAY else f"{day_text(moment, now)} "
    return f"{date:%a} {day}{date:%H:%M}"


def _date(moment: float) -> datetime:
    return datetime.fromtimestamp(min(max(int(moment), 0), LAST_SECOND), UTC)
