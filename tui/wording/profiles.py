"""The words for profiles: missing credentials, saving, verifying, renaming, deleting."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from tui.credentials.flaws import Field
from tui.services.app_ids import FlawedAppId, MissingCredentials
from tui.services.login_options import OptionFlaw
from tui.wording.flaws import TITLES, message
from tui.wording.login_options import option_flaw, option_title
from tui.wording.text import Action, Do, Text
from tui.wording.vault import store_line

if TYPE_CHECKING:
    from tui.facebook.models import AppInfo
    from tui.vault.choice import BackendChoice

NEW_PROFILE = "New profile. App ID and App Secret are on Settings > Basic of your app (guide, step 10)."
NO_FIELD_IN_FOCUS = "No field is in focus: press tab to choose one, then paste."
NO_OTHER_PROFILE = "There is no other profile."
NOT_SAVED_NO_NAME = "Not saved: give the profile a name first (the line above App ID)."
NOT_SAVED_NO_STORE = "Not saved: no secret store was chosen."
NOTHING_TO_VERIFY = "Nothing to verify yet: App ID and App Secret are both needed."
NOTHING_TO_DELETE = "This profile is not saved, so there is nothing to delete."
TYPE_APP_ID_AGAIN = "No app has this ID. Type it again."
COPY_AGAIN = "Type or copy it again."
LEAVE_UNSAVED = ("Discard what you typed?", "What you typed on this screen has not been saved.", "discard it")


def missing_credentials(error: MissingCredentials) -> Text:
    """Return what is missing or wrong, where, and how to enter it."""
    action = Action(Do.ENTER_APP_ID if error.field == "app_id" else Do.ENTER_APP_SECRET, error.profile)
    if isinstance(error, FlawedAppId):
        key = f"profiles.{error.profile}.app_id"
        place = f"{error.file}, line {error.line}" if error.line else str(error.file)
        flaws = " ".join(dict.fromkeys(message("app_id", flaw) for flaw in error.flaws))
        return Text(f"{place}: {key} does not look like an App ID.", flaws, next=action)
    return Text(f"Profile {error.profile} has no {TITLES[error.field]}.", next=action)


def stored(name: str, fields: Collection[Field], place: str = "") -> str:
    """Return which secrets of a profile are stored; `place` is its place among several."""
    secret = "App Secret stored" if "app_secret" in fields else "no App Secret yet"
    token = ", client token stored" if "client_token" in fields else ""
    return f"Profile {name}{place}: {secret}{token}. An empty secret field keeps what is stored."


def fixes(key: str, is_every_one: bool) -> str:
    """Return which key fixes flaws, and whether all of them."""
    return f"{key} fixes {'them' if is_every_one else 'some of them'}."


def saves_anyway(key: str) -> str:
    """Return which key saves a value with flaws."""
    return f"{key} again saves it as it is."


def option_flaws(flaws: Iterable[OptionFlaw]) -> str:
    """Return what is wrong with the options of a profile."""
    return " ".join(f"{option_title(flaw.option)}: {option_flaw(flaw)}" for flaw in flaws)


def save_first(key: str) -> str:
    """Return that the profile must be saved first."""
    return f"Save this profile first ({key})."


def not_saved_taken(name: str, key: str) -> str:
    """Return that a new profile was not saved because of its name; the key shows the other one."""
    return f"Not saved. A profile named {name} exists. Choose another name. Or press {key} to change {name}."


def saved(name: str, store: "BackendChoice | None" = None, *, is_verified: bool = False) -> Text:
    """Return that a profile was saved, where its secrets are, and what comes next."""
    place = store_line(store) if store else ""
    return Text(f"Saved {name}.", place, next=Action(Do.LOG_IN_FIRST if is_verified else Do.VERIFY_PROFILE, name))


def verified(app: "AppInfo", *, is_saved: bool = True) -> Text:
    """Return that App ID and App Secret belong together, and what to do next."""
    what = f"Facebook knows this app as “{app.name}” (App ID {app.app_id}). App ID and App Secret are correct."
    return Text(what, next=Action(Do.LOG_IN_FIRST if is_saved else Do.SAVE_PROFILE))


def restored(is_restored: bool) -> Text:
    """Return whether the earlier App Secret was restored."""
    if not is_restored:
        return Text("No earlier App Secret is stored.")
    return Text("The earlier App Secret is restored.", next=Action(Do.VERIFY_PROFILE))


def removal(tokens: Collection[str]) -> str:
    """Return what is deleted with a profile that has these tokens."""
    listed = f", its tokens {', '.join(tokens)}" if tokens else ""
    return f"Its secrets{listed} and its progress in the guide are deleted too. Nothing changes at Facebook."
