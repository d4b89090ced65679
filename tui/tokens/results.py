"""What came of refreshing one token: a code, a reason and facts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.facebook.permissions import GranularScope
from tui.tokens.token import Token

if TYPE_CHECKING:
    from tui.facebook.errors import FacebookError
    from tui.tokens.errors import NoCredentials, StoreError
    from tui.tokens.gates import Pause


class RefreshCode(StrEnum):
    """What came of it. The value is the word of `refresh --json`."""

    EXTENDED = "extended"
    UNCHANGED = "unchanged"
    NEVER_EXPIRES = "never_expires"
    LOGIN_NEEDED = "login_needed"
    APP_CREDENTIALS = "app_credentials"
    REFUSED = "refused"
    """Meta refuses the app or the person, until somebody acts there; a new login does not help."""
    COULD_NOT_ASK = "could_not_ask"

    @property
    def is_done(self) -> bool:
        """Whether no one has to act."""
        return self in (RefreshCode.EXTENDED, RefreshCode.UNCHANGED, RefreshCode.NEVER_EXPIRES)


class Reason(StrEnum):
    """Why, where Facebook gave no code. The value is a word of `refresh --json` and of the history."""

    SAME_END = "same_end"
    EARLIER_END = "earlier_end"
    EXTENDED_MEANWHILE = "extended_meanwhile"
    EXPIRES_AT = "expires_at"
    DATA_ACCESS = "data_access"
    WRONG_APP = "wrong_app"
    NO_VALUE = "no_value"
    OTHER_APP = "other_app"
    OTHER_PERSON = "other_person"
    SCOPE_LOST = "scope_lost"
    NOT_VALID = "not_valid"
    THROTTLED = "throttled"
    LOCKED = "locked"
    STORE = "store"
    MISSING = "missing"
    CANDIDATE = "candidate"
    """The current token needs a login; one that was issued earlier works and is used instead."""


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """The result for one token (docs/architecture.md, Contracts). `token` is the current one, as it is now.

    `reason`: a `Reason`, Facebook's code and subcode as `190/460`, or the remedy of a refusal. `seconds_gained` counts
    from the old end to the new one (to the end of data access where the new token has no end), 0 unless extended.
    `by_this_process`: whether it was this process that extended it meanwhile. `cause`: what kept Facebook from being
    asked, or what it said of the app's credentials, of the app or of the person.
    """

    token: Token
    result: RefreshCode
    reason: str | None = None
    seconds_gained: int = 0
    by_this_process: bool = False
    lost_scopes: tuple[GranularScope, ...] = ()
    cause: "FacebookError | StoreError | NoCredentials | Pause | None" = None

    @property
    def name(self) -> str:
        """The name of the token."""
        return self.token.name
