"""The words for any error that people can do something about; the subjects' own modules make them."""

from typing import TYPE_CHECKING

from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Text, Who

if TYPE_CHECKING:
    from tui.facebook.errors import FacebookError


def failure_text(error: BaseException, where: str = "") -> Text | None:
    """Return what happened, why, who must act and what to do; None for a fault of igauth's own.

    `where` is the endpoint that was asked, for an error of Facebook's that does not name it.
    """
    from tui.facebook.dialog import RedirectRefused
    from tui.facebook.errors import FacebookError
    from tui.facebook.login import LoginOver
    from tui.matillion.address import AddressRefused
    from tui.services.app_ids import MissingCredentials
    from tui.services.logins import DoorClosed
    from tui.services.reading import NothingToRead
    from tui.settings import SettingsError
    from tui.tokens.keeper import AdoptionRefused, NoCredentials
    from tui.tokens.store import StoreError
    from tui.vault.errors import VaultError

    match error:
        case FacebookError():
            return _facebook(error, where)
        case VaultError():
            from tui.wording.vault import vault_error

            return vault_error(error)
        case StoreError() | AdoptionRefused() | NoCredentials():
            return Text(str(error))
        case SettingsError():
            from tui.wording.settings import settings_error

            return settings_error(error)
        case MissingCredentials():
            from tui.wording.profiles import missing_credentials

            return missing_credentials(error)
        case AddressRefused():
            from tui.wording.matillion import address_refusal

            return address_refusal(error)
        case LoginOver() | DoorClosed() | RedirectRefused():
            return Text(str(error))
        case NothingToRead():
            return Text(str(error))
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            hint = "Nothing was changed. Check the path, its owner and the free space."
            return Text(f"{place}{error.strerror or error}.", hint=hint)
        case _:
            return None


def failure_sentences(error: BaseException, surface: Surface, where: str = "") -> str | None:
    """Return the words for an error as one paragraph for a surface; None for a fault of igauth's own."""
    text = failure_text(error, where)
    return None if text is None else sentences(text, surface)


def _facebook(error: "FacebookError", where: str) -> Text:
    from tui.facebook.remedies import remedy_for

    remedy = remedy_for(error.code, error.subcode, error.message, error.cause, where or error.where)
    what = error.message if error.cause != "facebook" else f'Facebook answered ({error.reason}): "{error.message}"'
    return Text(what, f"{remedy.what} {remedy.why}".rstrip(), Who(remedy.who), hint=remedy.next)
