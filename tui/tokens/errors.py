"""What can go wrong with stored tokens, as typed exceptions; `tui.wording.token_errors` has the words."""

from dataclasses import dataclass
from enum import StrEnum

from tui.tokens.token import GranularScope


@dataclass(eq=False)
class StoreError(Exception):
    """The request does not fit what is stored under `name`."""

    name: str


class NoSuchToken(StoreError):
    """There is no token of that name."""


class NameTaken(StoreError):
    """Another token has that name already; names are unique in a home."""


class BadName(StoreError):
    """Not a name: 1 to 64 of `[A-Za-z0-9._-]`."""


@dataclass(eq=False)
class NoValue(StoreError):
    """The token is known but its value is gone, such as with a keyring that lost it; `where` it should be."""

    where: str = "the vault"


@dataclass(eq=False)
class BeingRefreshed(StoreError):
    """Another process holds the token's lock and did not release it in time; `holder` names it."""

    holder: str


@dataclass(eq=False)
class StoreUnavailable(StoreError):
    """Disk, file or keyring refused while a token of `name` was wanted; `cause` says how."""

    cause: Exception


@dataclass(eq=False)
class NoCredentials(Exception):
    """App ID or App Secret of a profile are missing or unusable; `cause` says which."""

    profile: str
    cause: Exception


class Refusal(StrEnum):
    """Why a new token was not made current."""

    NOT_KNOWN_TO_WORK = "not_known_to_work"
    OTHER_PERSON = "other_person"
    SCOPES_LOST = "scopes_lost"
    EARLIER_END = "earlier_end"
    OTHER_APP = "other_app"
    NO_TOKEN = "no_token"  # noqa: S105 - Facebook could not read the text as a token


@dataclass(eq=False)
class AdoptionRefused(Exception):
    """A new token was not made current under `name`. `message` is Facebook's, where it gave one."""

    refusal: Refusal
    name: str
    profile: str
    app_id: str = ""
    lost_scopes: tuple[GranularScope, ...] = ()
    message: str = ""
