"""The words for any error that people can do something about; the subjects' own modules make them."""

import socket
import sqlite3
from pathlib import Path

from tui.wording.text import Action, Do, Text
from tui.wording.texts import text_of

_OUTSIDE = frozenset({"httpcore", "httpx", "jeepney", "keyring", "secretstorage", "subprocess"})
"""Packages whose errors come from what is around igauth, where a room did not give them an error of its own."""


def failure_text(error: BaseException, where: str = "", retry: Action | None = None) -> Text | None:
    """Return what happened, why, who must act and what to do; None for a fault of igauth's own.

    `where` is the endpoint that was asked, for an error of Facebook's that does not name it; `retry` the action
    that failed.
    """
    from tui.facebook.dialog import RedirectRefused
    from tui.facebook.errors import FacebookError
    from tui.facebook.login import LoginOver
    from tui.matillion.address import AddressRefused
    from tui.matillion.errors import MatillionError
    from tui.services.adoption import AdoptionRefused
    from tui.services.app_ids import MissingCredentials
    from tui.services.logins import LoginMethodUnavailable
    from tui.services.reading import NothingToRead
    from tui.settings import SettingsError
    from tui.timer.errors import TimerError
    from tui.tokens.errors import NoCredentials, StoreError, StoreUnavailable
    from tui.vault.errors import VaultError
    from tui.wording import facebook, login, matillion, profiles, reading, settings, token_errors, vault

    match error:
        case FacebookError():
            return facebook.facebook_text(error, retry, where)
        case StoreUnavailable() | NoCredentials() | BaseExceptionGroup():
            return failure_text(origin(error), where, retry)
        case StoreError() | AdoptionRefused():
            return token_errors.token_error(error)
        case VaultError():
            return vault.vault_error(error)
        case SettingsError():
            return settings.settings_error(error)
        case MissingCredentials():
            return profiles.missing_credentials(error)
        case MatillionError():
            return matillion.failure(error.failure, retry.profile if retry else "")
        case AddressRefused():
            return matillion.address_refusal(error)
        case LoginOver() | LoginMethodUnavailable() | RedirectRefused():
            return login.login_failure(error, retry or Action(Do.LOG_IN))
        case NothingToRead():
            return reading.nothing_to_read(error)
        case TimerError():
            return text_of("schedule", error.problem, {"detail": error.detail})
        case TimeoutError() if error.errno is None:
            return Text("There was no answer in time.", next=retry)
        case ConnectionError() | socket.gaierror():
            return Text(f"{error.strerror or type(error).__name__}.", next=retry)
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            hint = "Check the path, its owner and the free space."
            return Text(f"{place}{error.strerror or str(error) or type(error).__name__}.", hint=hint)
        case ImportError() if not (error.name or "").startswith("tui"):
            return Text(f"A package that igauth needs cannot be loaded: {error}.", hint="Install igauth again.")
        case sqlite3.Error():
            return Text(f"The database cannot be used: {error}.", hint="Check the disk that the home is on.")
        case Exception() if type(error).__module__.partition(".")[0] in _OUTSIDE:
            return Text(f"{type(error).__name__}: {error}.", next=retry)
        case _:
            return None


def bug_sentence(error: BaseException) -> str:
    """Return that igauth itself has failed."""
    return f"igauth has failed here ({type(origin(error)).__name__})."


def origin(error: BaseException) -> BaseException:
    """Return what went wrong, without what was wrapped around it."""
    from tui.tokens.errors import NoCredentials, StoreUnavailable

    match error:
        case StoreUnavailable() | NoCredentials():
            return origin(error.cause)
        case BaseExceptionGroup():
            return origin(error.exceptions[0])
        case _:
            return error


def bug_text(error: BaseException, report: Path | None) -> Text:
    """Return that igauth itself has failed, and where the report about it is; None: it could not be written."""
    place = f"A report without secrets is in {report}." if report else "Its report could not be written."
    what = "it" if report else "what igauth --verbose shows"
    return Text(
        f"{bug_sentence(error)} What was stored before this is kept.",
        hint=f"{place} Send {what} to the maintainers of igauth.",
    )
