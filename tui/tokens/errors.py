"""What can go wrong with stored tokens, as typed exceptions; `tui.wording.token_errors` has the words."""

from enum import StrEnum

from tui.tokens.token import GranularScope


class StoreError(Exception):
    """The request does not fit what is stored under `name`."""

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(f"{type(self).__name__} {name} {detail}".rstrip())
        self.name = name


class NoSuchToken(StoreError):
    """There is no token of that name."""


class NameTaken(StoreError):
    """Another token has that name already; names are unique in a home."""


class BadName(StoreError):
    """Not a name: 1 to 64 of `[A-Za-z0-9._-]`."""


class NoValue(StoreError):
    """The token is known but its value is gone, such as with a keyring that lost it; `where` it should be."""

    def __init__(self, name: str, where: str = "the vault") -> None:
        super().__init__(name, where)
        self.where = where


class BeingRefreshed(StoreError):
    """Another process holds the token's lock and did not release it in time; `holder` names it."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(name, holder)
        self.holder = holder


class StoreUnavailable(StoreError):
    """Disk, file or keyring refused while a token of `name` was wanted; `cause` says how."""

    def __init__(self, name: str, cause: Exception) -> None:
        super().__init__(name, str(cause))
        self.cause = cause


class NoCredentials(Exception):
    """App ID or App Secret of a profile are missing or unusable; `cause` says which."""

    def __init__(self, profile: str, cause: Exception) -> None:
        super().__init__(f"NoCredentials {profile} {cause}")
        self.profile = profile
        self.cause = cause


class Refusal(StrEnum):
    """Why a new token was not made current."""

    NOT_KNOWN_TO_WORK = "not_known_to_work"
    OTHER_PERSON = "other_person"
    SCOPES_LOST = "scopes_lost"
    EARLIER_END = "earlier_end"
    OTHER_APP = "other_app"
    NO_TOKEN = "no_token"  # noqa: S105 - Facebook could not read the text as a token


class AdoptionRefused(Exception):
    """A new token was not made current under `name`. `message` is Facebook's, where it gave one."""

    def __init__(
        self,
        refusal: Refusal,
        name: str,
        profile: str,
        *,
        app_id: str = "",
        lost_scopes: tuple[GranularScope, ...] = (),
        message: str = "",
    ) -> None:
        super().__init__(f"{refusal} {name}")
        self.refusal = refusal
        self.name = name
        self.profile = profile
        self.app_id = app_id
        self.lost_scopes = lost_scopes
        self.message = message
