"""The words for profiles that cannot be used yet."""

from tui.services.app_ids import FlawedAppId, MissingCredentials
from tui.wording.flaws import TITLES, message
from tui.wording.text import Action, Do, Text


def missing_credentials(error: MissingCredentials) -> Text:
    """Return what is missing or wrong, where, and how to enter it."""
    action = Action(Do.ENTER_APP_ID if error.field == "app_id" else Do.ENTER_APP_SECRET, error.profile)
    if isinstance(error, FlawedAppId):
        key = f"profiles.{error.profile}.app_id"
        flaws = " ".join(dict.fromkeys(message("app_id", flaw) for flaw in error.flaws))
        place = f"{error.file}, line {error.line}" if error.line else str(error.file)
        return Text(f"{place}: {key} does not look like an App ID.", flaws, next=action)
    return Text(f"Profile {error.profile} has no {TITLES[error.field]}.", next=action)
