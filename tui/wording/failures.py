"""The words for any error that people can do something about; the subjects' own modules make them."""

from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.texts import text_of


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
        case StoreUnavailable() | NoCredentials():
            return failure_text(error.cause) or Text(str(error.cause))
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
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            hint = "Check the path, its owner and the free space."
            return Text(f"{place}{error.strerror or str(error) or type(error).__name__}.", hint=hint)
        case _:
            return None


def failure_line(error: BaseException, surface: Surface, where: str = "", retry: Action | None = None) -> str:
    """Return the words for an error; for a fault of igauth's own its technical line."""
    return failure_sentences(error, surface, where, retry) or str(error)


def failure_sentences(
    error: BaseException, surface: Surface, where: str = "", retry: Action | None = None
) -> str | None:
    """Return the words for an error as one paragraph for a surface; None for a fault of igauth's own."""
    text = failure_text(error, where, retry)
    return None if text is None else sentences(text, surface)
