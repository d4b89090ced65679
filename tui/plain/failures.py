"""What is said when something failed that may fail: what happened, why, who must act, the next step."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.facebook.errors import FacebookError


def words_of(error: Exception) -> str | None:
    """Return the words for an error that people can do something about; None for a fault of igauth's own."""
    from tui.facebook.dialog import RedirectRefused
    from tui.facebook.errors import FacebookError
    from tui.facebook.login import LoginOver
    from tui.guide.content import GuideError
    from tui.matillion.address import AddressRefused
    from tui.services.logins import DoorClosed
    from tui.services.profiles import MissingCredentials
    from tui.services.reading import NothingToRead
    from tui.settings import SettingsError
    from tui.tokens.errors import AdoptionRefused, NoCredentials, StoreError
    from tui.vault.errors import VaultError

    if isinstance(error, FacebookError):
        return facebook_words(error)
    known = (
        RedirectRefused,
        LoginOver,
        GuideError,
        AddressRefused,
        DoorClosed,
        MissingCredentials,
        NothingToRead,
        SettingsError,
        VaultError,
    )
    if isinstance(error, StoreError | AdoptionRefused | NoCredentials):
        from tui.wording.surfaces import PlainMenu, sentences
        from tui.wording.token_errors import token_error

        return sentences(token_error(error), PlainMenu())
    if isinstance(error, known):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. Nothing was changed; check the path, its owner and free space."
    return None


def facebook_words(error: "FacebookError", where: str = "") -> str:
    """Return an error of Facebook's with its remedy; `where` names what was asked where the error does not."""
    from tui.facebook.remedies import remedy_for

    remedy = remedy_for(error.code, error.subcode, error.message, error.cause, where or error.where)
    said = error.message if error.cause != "facebook" else f"Facebook answered ({error.reason}): {error.message}"
    return f"{said}\n{remedy.what} {remedy.why}\nWho must act: {remedy.who}. Next: {remedy.next}"
