"""What a command says when something was raised that it did not expect itself, and with which exit status."""

import os
from typing import TYPE_CHECKING

from tui.redact import redact
from tui.settings import SettingsError, find_home

if TYPE_CHECKING:
    from tui.facebook.errors import FacebookError

USAGE = 64
FAILED = 1
INTERNAL = 70
"""A fault of igauth itself (sysexits: EX_SOFTWARE)."""


def explain(error: Exception) -> tuple[str, int]:
    """Return the message for the person, without any secret, and the exit status. Never raises."""
    if isinstance(error, SettingsError):
        return redact(str(error)), USAGE
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
    from tui.tokens.errors import AdoptionRefused, NoCredentials, StoreError
    from tui.vault.errors import VaultError

    if isinstance(error, FacebookError):
        return facebook_words(error)
    if isinstance(error, StoreError | AdoptionRefused | NoCredentials):
        from tui.wording.surfaces import CommandLine, sentences
        from tui.wording.token_errors import token_error

        return sentences(token_error(error), CommandLine())
    if isinstance(error, VaultError | MissingCredentials):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. Nothing was changed; check the path, its owner and free space."
    return None


def facebook_words(error: "FacebookError", where: str = "") -> str:
    """Return what happened, why, who must act and the next step, for an error of Facebook's.

    `where` as in `remedy_for`; without it the place the error itself names.
    """
    from tui.facebook.remedies import remedy_for

    remedy = remedy_for(error.code, error.subcode, error.message, error.cause, where or error.where)
    said = error.message if error.cause != "facebook" else f"Facebook answered ({error.reason}): {error.message}"
    return "\n".join((said, f"  {remedy.what} {remedy.why}".rstrip(), f"  Next ({remedy.who}): {remedy.next}"))


def _internal(error: Exception) -> str:
    """Write a report without secrets, and say where it is."""
    from tui.terminal.crash import message, write_report

    try:
        folder = find_home(os.environ).log_folder
    except Exception:
        return message(error, None)
    return message(error, write_report(error, folder))
