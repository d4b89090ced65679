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
    from tui.services.logins import LoginMethodUnavailable
    from tui.services.profiles import MissingCredentials
    from tui.services.reading import NothingToRead
    from tui.settings import SettingsError
    from tui.tokens.keeper import AdoptionRefused, NoCredentials
    from tui.tokens.store import StoreError
    from tui.vault.errors import VaultError
    from tui.wording.login import login_failure
    from tui.wording.reading import nothing_to_read
    from tui.wording.settings import settings_error
    from tui.wording.surfaces import PlainMenu, sentences
    from tui.wording.text import Action, Do

    if isinstance(error, FacebookError):
        return facebook_words(error)
    if isinstance(error, RedirectRefused | LoginOver | LoginMethodUnavailable):
        return sentences(login_failure(error, Action(Do.LOG_IN)), PlainMenu())
    if isinstance(error, NothingToRead):
        return sentences(nothing_to_read(error), PlainMenu())
    if isinstance(error, SettingsError):
        return sentences(settings_error(error), PlainMenu())
    known = (
        GuideError,
        AddressRefused,
        MissingCredentials,
        AdoptionRefused,
        NoCredentials,
        StoreError,
        VaultError,
    )
    if isinstance(error, known):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. Nothing was changed; check the path, its owner and free space."
    return None


def facebook_words(error: "FacebookError", where: str = "") -> str:
    """Return an error of Facebook's with its remedy; `where` names what was asked where the error does not."""
    from tui.wording.facebook import facebook_text
    from tui.wording.surfaces import PlainMenu, sentences

    return sentences(facebook_text(error, where=where), PlainMenu())
