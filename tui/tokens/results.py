"""What came of refreshing one token: a code, a reason and facts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.tokens.token import GranularScope, Token

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
    COULD_NOT_ASK = "could_not_ask"

    @property
    def is_done(self) -> bool:
        """Whether nobody has to act."""
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


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """The result for one token (design.md, Commands). Times are unix seconds, UTC, of the token that is current now.

    `reason`: a `Reason`, or Facebook's code and subcode as `190/460`. `seconds_gained` counts from the old end to
    the new one (to the end of data access where the new token has no end), 0 unless extended. `moved_at`: when the
    end was last moved. `by_this_process`: whether it was this process that extended it meanwhile. `cause`: what
    kept Facebook from being asked, or what it said of the app's credentials.
    """

    profile: str
    name: str
    result: RefreshCode
    reason: str | None = None
    seconds_gained: int = 0
    expires_at: int | None = None
    data_access_expires_at: int | None = None
    moved_at: int | None = None
    by_this_process: bool = False
    lost_scopes: tuple[GranularScope, ...] = ()
    cause: "FacebookError | StoreError | NoCredentials | Pause | None" = None


def result_of(
    token: Token,
    result: RefreshCode,
    reason: str | None = None,
    *,
    seconds_gained: int = 0,
    by_this_process: bool = False,
    lost_scopes: tuple[GranularScope, ...] = (),
    cause: "FacebookError | StoreError | NoCredentials | Pause | None" = None,
) -> RefreshResult:
    """Return a result with the facts of the token as it is now."""
    return RefreshResult(
        profile=token.profile,
        name=token.name,
        result=result,
        reason=reason,
        seconds_gained=seconds_gained,
        expires_at=token.expires_at,
        data_access_expires_at=token.data_access_expires_at,
        moved_at=token.extended_at or token.issued_at,
        by_this_process=by_this_process,
        lost_scopes=lost_scopes,
        cause=cause,
    )
