"""What happens when igauth itself fails: a redacted report in a file, its path on the terminal, no local variables.

Textual's own handler prints the local variables of every frame, secrets included (terminal.md section 5).
"""

import contextlib
import os
import platform
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

from tui.harmless import harmless
from tui.redact import redact

KEPT_REPORTS = 10
LONGEST_LINE = 2_000
MOST_LINES = 5_000

_FACTS = ("TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR")


def message(error: BaseException, report: Path | None) -> str:
    """Return the message for the terminal: what happened, what is kept, where to look, what to do."""
    name = type(error).__name__
    where = f"A report without secrets is in\n{report}" if report else "Its report could not be written."
    what = "that file" if report else "what igauth --verbose shows"
    return (
        f"igauth has failed ({name}) and closed. What was stored before this is kept.\n{where}\n"
        f"Start igauth again; if it fails again, send {what} to the maintainers of igauth."
    )


def write_report(error: BaseException, log_folder: Path, now: float | None = None) -> Path | None:
    """Write the redacted report of `error` (0600) into `log_folder`, keep the newest ten; None where that failed.

    `now` in unix seconds UTC names the file. Never raises.
    """
    try:
        at = time.gmtime(time.time() if now is None else now)
        text = report(error, os.environ, time.strftime("%Y-%m-%dT%H:%M:%SZ", at))
        path = _write(log_folder, f"crash-{time.strftime('%Y%m%dT%H%M%SZ', at)}", text)
    except Exception:  # an unwritable folder, a full disk, a traceback that cannot be drawn
        return None
    with contextlib.suppress(OSError):
        _prune(log_folder)
    return path


def report(error: BaseException, environ: Mapping[str, str], at: str) -> str:
    """Return the text of a report: what ran where, then the traceback without locals; every line redacted."""
    lines = [f"igauth crash report, {at}", *_surroundings(environ), ""]
    trace = traceback.TracebackException(type(error), error, error.__traceback__, capture_locals=False)
    lines += [line for part in trace.format() for line in part.splitlines()]
    cleaned = redact("\n".join(lines[:MOST_LINES])).splitlines()
    return "\n".join(harmless(redact(line), LONGEST_LINE) for line in cleaned) + "\n"


def _surroundings(environ: Mapping[str, str]) -> list[str]:
    size = shutil.get_terminal_size()
    over_ssh = "yes" if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY") else "no"
    inside = "tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else "neither"
    return [
        *(f"{name}: {_version(name)}" for name in ("igauth", "textual", "rich", "httpx")),
        f"python: {platform.python_version()} on {platform.system()} {platform.release()}",
        *(f"{name}={environ[name]}" for name in _FACTS if name in environ),
        f"size: {size.columns}x{size.lines}",
        f"over ssh: {over_ssh}",
        f"in tmux or screen: {inside}",
        f"encoding: {getattr(sys.stderr, 'encoding', None)}",
    ]


def _version(name: str) -> str:
    try:
        from importlib import metadata

        return metadata.version(name)
    except Exception:  # a broken installation must not hide the failure that is being reported
        return "not known"


def _write(folder: Path, stem: str, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(".txt", f"{stem}-", folder)  # private, and never what stands there already
    with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return Path(path)


def _prune(folder: Path) -> None:
    reports = sorted(folder.glob("crash-*.txt"), key=lambda path: path.stat().st_mtime_ns)
    for path in reports[:-KEPT_REPORTS]:
        path.unlink(missing_ok=True)
