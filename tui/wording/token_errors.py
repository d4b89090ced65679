"""What went wrong with a stored token, a new one, or the app's credentials."""

from collections.abc import Iterable
from typing import assert_never

from tui.tokens.errors import (
    AdoptionRefused,
    BadName,
    BeingRefreshed,
    NameTaken,
    NoSuchToken,
    NoValue,
    Refusal,
    StoreError,
)
from tui.tokens.token import GranularScope
from tui.wording.text import Action, Do, Text


def store_error(error: StoreError) -> Text:
    """Return why a token could not be read or stored."""
    name = error.name
    match error:
        case NoSuchToken():
            return Text(f"There is no token named {name}.", next=Action(Do.OPEN_TOKENS))
        case NameTaken():
            forget = Action(Do.FORGET_TOKEN, token=name)
            return Text(f"A token named {name} already exists.", hint="Choose another name.", next=forget)
        case BadName():
            return Text("A token name is 1 to 64 letters, digits, dots, dashes or underscores.", hint="Choose another.")
        case NoValue():
            log_in = Action(Do.LOG_IN, token=name)
            return Text(f"The value of token {name} is no longer in {error.where}.", next=log_in)
        case BeingRefreshed():
            what = f"Token {name} is being refreshed by {error.holder}."
            return Text(what, hint="Wait for it to finish, then try again.")
        case _:
            return Text(str(error))


def adoption_refused(error: AdoptionRefused) -> Text:
    """Return why a new token was not made current."""
    name, log_in = error.name, Action(Do.LOG_IN, error.profile, error.name)
    match error.refusal:
        case Refusal.NOT_KNOWN_TO_WORK:
            what = f"The new token for {name} is not known to work, so the current one stays."
            return Text(what, next=log_in)
        case Refusal.OTHER_PERSON:
            what = f"The new token belongs to another person than {name}, so the current one stays."
            return Text(what, hint="Log in as the same person, or choose another name.")
        case Refusal.SCOPES_LOST:
            what = f"The new token for {name} lacks {scope_list(error.lost_scopes)}, so the current one stays."
            return Text(what, hint="Leave every permission selected, or choose another name.", next=log_in)
        case Refusal.EARLIER_END:
            what = f"The new token for {name} would expire earlier, so the current one stays."
            return Text(what, next=log_in)
        case Refusal.OTHER_APP:
            return Text(
                f"This token belongs to another app than profile {error.profile} ({error.app_id}).",
                hint="In Graph API Explorer, select your own app under Meta App and get a new token.",
            )
        case Refusal.NO_TOKEN:
            return Text(
                "Facebook cannot read this as an access token.",
                f'Facebook answered: "{error.message}".' if error.message else "",
                hint="It is incomplete or something else. Copy the whole token again.",
            )
        case _:
            assert_never(error.refusal)


def token_error(error: StoreError | AdoptionRefused) -> Text:
    """Return what went wrong with a stored or a new token."""
    match error:
        case StoreError():
            return store_error(error)
        case AdoptionRefused():
            return adoption_refused(error)


def scope_list(scopes: Iterable[GranularScope]) -> str:
    """Return scopes, each with the assets it is limited to, as in `pages_show_list for 123, 456`."""
    return ", ".join(
        f"{one.scope} for {' and '.join(one.target_ids)}" if one.target_ids else one.scope for one in scopes
    )
