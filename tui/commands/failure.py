"""What a command says when something was raised that it did not expect itself, and with which exit status."""

import os
from typing import TYPE_CHECKING

from tui.redact import redact
from tui.settings import SettingsError, find_home

if TYPE_CHECKING:
    from tui.facebook.errors import FacebookError
    from tui.wording.text import Action

USAGE = 64
FAILED = 1
INTERNAL = 70
"""A fault of igauth itself (sysexits: EX_SOFTWARE)."""


def explain(error: Exception) -> tuple[str, int]:
    """Return the message for the person, without any secret, and the exit status. Never raises."""
    if isinstance(error, SettingsError):
        from tui.wording.settings import settings_error
        from tui.wording.surfaces import CommandLine, sentences

        return redact(sentences(settings_error(error), CommandLine())), USAGE
    from tui.services.profiles import FlawedAppId

    if isinstance(error, FlawedAppId):
        return redact(str(error)), USAGE
    known = _known(error)
    if known is not None:
        return redact(known), FAILED
    return _internal(error), INTERNAL


def _known(error: Exception) -> str | None:
    from tui.facebook.errors import FacebookError
    from tui.services.profiles import MissingCredentials
    from tui.tokens.store import StoreError
    from tui.vault.errors import VaultError

    if isinstance(error, FacebookError):
        return facebook_words(error)
    if isinstance(error, VaultError | StoreError | MissingCredentials):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. Nothing was changed; check the path, its owner and free space."
    return None


def facebook_words(error: "FacebookError", where: str = "", retry: "Action | None" = None) -> str:
    """Return what happened, why, who must act and the next step, for an error of Facebook's."""
    from tui.wording.facebook import facebook_text
    from tui.wording.surfaces import CommandLine, sentences

    return sentences(facebook_text(error, retry, where), CommandLine())


def _internal(error: Exception) -> str:
    """Write a report without secrets, and say where it is."""
    from tui.terminal.crash import message, write_report

    try:
        folder = find_home(os.environ).log_folder
    except Exception:
        return message(error, None)
    return message(error, write_report(error, folder))
