"""What a command says when something was raised that it did not expect itself, and with which exit status."""

import os

from tui.commands.pipe import say
from tui.process import USAGE
from tui.redact import redact
from tui.settings import SettingsError, find_home
from tui.wording.text import Action

FAILED = 1
INTERNAL = 70
"""A fault of igauth itself (sysexits: EX_SOFTWARE)."""


def explain(error: Exception) -> tuple[str, int]:
    """Return the message for the person, without any secret, and the exit status. Never raises."""
    message = words_of(error)
    if message is None:
        return _internal(error), INTERNAL
    from tui.services.app_ids import FlawedAppId
    from tui.timer.errors import SchedulerFailed

    return redact(message), USAGE if isinstance(error, SettingsError | FlawedAppId | SchedulerFailed) else FAILED


def say_failure(error: Exception, before: str = "") -> None:
    """Write what failed to stderr, after the words `before`."""
    say(f"igauth: {before}{explain(error)[0]}")


def words_of(error: Exception, retry: Action | None = None) -> str | None:
    """Return the words for an error, with commands for what to do next; None for a fault of igauth's own."""
    from tui.wording.failures import failure_text
    from tui.wording.surfaces import CommandLine, sentences

    text = failure_text(error, retry=retry)
    return None if text is None else sentences(text, CommandLine())


def _internal(error: Exception) -> str:
    """Write a report without secrets, and say where it is."""
    from tui.terminal.crash import write_report
    from tui.wording.failures import bug_text, origin
    from tui.wording.surfaces import CommandLine, sentences

    cause = origin(error)
    try:
        report = write_report(cause, find_home(os.environ).log_folder)
    except Exception:
        report = None
    return sentences(bug_text(cause, report), CommandLine())
