"""The crontab line, in a crontab that is somebody else's: bytes, with a line feed as the only line end."""

import os
import re
import shlex
from collections.abc import Sequence

from tui.timer.errors import TimerError, TimerProblem
from tui.timer.plan import Plan, require_plain

LONGEST = 998
"""Bytes of a line that Debian's cron and cronie still take."""
SHORT = 299
"""Bytes of a line from which the person's home folder is written as `~`."""

_MARK = b"# igauth schedule"
_NO_LINE_END = b" "
"""Stands once more before the mark where the line before ours had no line end, so that it can be restored."""
_TIME = re.compile(rb"\A\s*(@\w+|(\S+[ \t]+){4}\S+)[ \t]+")


def mark_of(plan: Plan) -> bytes:
    """Return the end of the home's crontab line, by which it is found."""
    return _MARK + (b" " + plan.home_id.encode() if plan.home_id else b"")


def quoted(word: str) -> bytes:
    """Quote a word for every cron and every shell that one may start. Raises TimerError where that cannot be done.

    `%` is a line end for most crons, even inside quotes, unless a backslash is before it; busybox's keeps that
    backslash, which any shell drops outside quotes. Debian's cron also makes one backslash of two, and fish reads
    one before a quote, so that a backslash of the word's own must be followed by another character.
    """
    data = os.fsencode(word)
    if re.fullmatch(rb"[\w./+:,@=-]+", data):
        return data
    if re.search(rb"\\([\\%']|\Z)", data):
        raise TimerError(TimerProblem.PATH_UNUSABLE, ascii(word))
    pieces = re.split(rb"([%'])", data)
    return b"".join(b"\\" + piece if piece in (b"%", b"'") else b"'%s'" % piece for piece in pieces if piece)


def command(plan: Plan, words: Sequence[str]) -> bytes:
    """Return the command of a line; what fails reaches the person as cron's mail, what was done does not."""
    text = b" ".join(map(quoted, words))
    if len(text) + len(b"59 23 * * *  >/dev/null ") + len(mark_of(plan)) > SHORT:
        text = b" ".join(_short(word, plan.account_home) for word in words)
    return text + b" >/dev/null"


def cron_line(plan: Plan) -> bytes:
    """Return the line, without its line end. Raises TimerError where it cannot be written so that cron takes it."""
    require_plain(*plan.words)
    line = b"%d %d * * * %s %s" % (plan.minute, plan.hour, command(plan, plan.words), mark_of(plan))
    if len(line) > LONGEST:
        raise TimerError(TimerProblem.LINE_TOO_LONG, str(len(line)))
    return line


def _short(word: str, account_home: str) -> bytes:
    inside = word.startswith(f"{account_home}/") and len(account_home) > 1
    return b"~/" + quoted(word[len(account_home) + 1 :]) if inside else quoted(word)


def with_line(crontab: bytes, plan: Plan) -> bytes:
    """Return the crontab with this home's line: in the place of the one that is there, else at the end."""
    line, lines = cron_line(plan), _lines(crontab)
    ours = [number for number, each in enumerate(lines) if _is_ours(each, plan)]
    if ours:
        lines[ours[0]] = (_noting_no_line_end(line, plan) if _notes_no_line_end(lines[ours[0]]) else line) + b"\n"
        return b"".join(each for number, each in enumerate(lines) if number not in ours[1:])
    if lines and not lines[-1].endswith(b"\n"):
        return crontab + b"\n" + _noting_no_line_end(line, plan) + b"\n"
    return crontab + line + b"\n"


def without_line(crontab: bytes, plan: Plan) -> bytes:
    """Return the crontab as it was before this home's line was put in."""
    kept: list[bytes] = []
    ends_open = False
    for line in _lines(crontab):
        if _is_ours(line, plan):
            ends_open = _notes_no_line_end(line)
        else:
            kept.append(line)
            ends_open = False
    text = b"".join(kept)
    return text.removesuffix(b"\n") if ends_open else text


def line_in(crontab: bytes, plan: Plan) -> bytes | None:
    """Return this home's line, without its line end; None where there is none."""
    for line in _lines(crontab):
        if _is_ours(line, plan):
            return line.rstrip().replace(_NO_LINE_END * 2 + _MARK, _NO_LINE_END + _MARK)
    return None


def runs_as_planned(line: bytes, plan: Plan) -> bool:
    """Tell whether a line runs what the plan's would; at what time is the person's own choice."""
    return _TIME.sub(b"", line) == _TIME.sub(b"", cron_line(plan))


def words_of(line: bytes, account_home: str) -> list[str]:
    """Return the command of a line of ours, in the form of this version or of an older one."""
    words = [word for word in _words(_TIME.sub(b"", line)) if not re.match(r"[A-Z_]+=", word)]
    return [f"{account_home}/{word[2:]}" if word.startswith("~/") else word for word in words]


def _lines(crontab: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", crontab)


def _is_ours(line: bytes, plan: Plan) -> bool:
    line = line.strip()
    if line.startswith(b"#"):
        return False
    if line.endswith(_MARK) and b" keep --environment " not in line:
        named = [word.partition("=")[2] for word in _words(line) if word.startswith("IGAUTH_HOME=")]
        return plan.is_for(named[0] if named else "")
    return line.endswith(b" " + mark_of(plan))


def _words(line: bytes) -> list[str]:
    try:
        return shlex.split(os.fsdecode(line.replace(b"\\%", b"%")))
    except ValueError:
        return []  # somebody changed it


def _notes_no_line_end(line: bytes) -> bool:
    return _NO_LINE_END * 2 + _MARK in line


def _noting_no_line_end(line: bytes, plan: Plan) -> bytes:
    mark = mark_of(plan)
    return line.removesuffix(mark) + _NO_LINE_END + mark
