"""What can go wrong with stored tokens, as typed exceptions; `tui.wording.token_errors` has the words."""

from dataclasses import dataclass


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
