"""A token as igauth knows it, its deadline and its state: values and pure functions of (token, now)."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from tui.defaults import WINDOW_DAYS
from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope, TokenKind
from tui.tokens.states import TokenState

Verdict = Literal["unknown", "valid", "invalid", "expired"]
"""What Facebook last said of a token; `unknown` until it was asked."""
Clock = Literal["expiry", "data_access"]

DAY = 86_400
WINDOW = WINDOW_DAYS * DAY
"""Seconds before a deadline from which a token is due, where nothing else is set."""


ABOUT_TOKENS = ("debug_token", "oauth/access_token")
"""Endpoints that keep a token valid; others read with it."""


class Failure(NamedTuple):
    """The last thing that went wrong with a token, in Facebook's words (made harmless) and by number.

    `cause` as in FacebookError: `facebook` where it answered; empty where igauth could not even try. `where` is the
    endpoint that refused the question itself; empty where the error is about the token.
    """

    at: int
    code: int | None
    subcode: int | None
    message: str
    fbtrace_id: str = ""
    cause: str = "facebook"
    where: str = ""

    @property
    def may_be_refusal(self) -> bool:
        """Whether it may be that of a whole app or person: Facebook answered, and not about the token itself."""
        return bool(self.where) and self.cause == "facebook" and self.code is not None


@dataclass(frozen=True, slots=True)
class Token:
    """All that is known of one token except its value. Times are unix seconds, UTC; None: there is none.

    `expires_at` None means never once `inspected_at` is set, and not yet known before.
    """

    name: str
    profile: str
    app_id: str
    kind: TokenKind = "unknown"
    subject_id: str = ""
    subject_name: str = ""
    obtained_at: int = 0
    issued_at: int | None = None
    expires_at: int | None = None
    data_access_expires_at: int | None = None
    scopes: tuple[str, ...] = ()
    granular_scopes: tuple[GranularScope, ...] = ()
    inspected_at: int | None = None
    verdict: Verdict = "unknown"
    reason: str = ""
    origin: str = ""
    fingerprint: str = ""
    extended_at: int | None = None
    tried_at: int | None = None
    pages: tuple[Page, ...] = ()
    failure: Failure | None = None


def deadline(token: Token) -> int | None:
    """Return the earlier of expiry and data-access expiry in unix seconds, UTC; None where there is neither."""
    expiry, access = token.expires_at, token.data_access_expires_at
    if expiry is None or access is None:
        return access if expiry is None else expiry
    return min(expiry, access)


def nearer_clock(token: Token) -> Clock | None:
    """Tell which of the two clocks the deadline comes from."""
    end = deadline(token)
    if end is None:
        return None
    return "expiry" if end == token.expires_at else "data_access"


def contradicts_clock(token: Token) -> bool:
    """Tell whether Facebook called the token valid when its end had passed by our clock: then the clock is wrong."""
    asked_at, end = token.inspected_at, token.expires_at
    return token.verdict == "valid" and asked_at is not None and end is not None and end <= asked_at


def state(token: Token, now: float, window: float = WINDOW) -> TokenState:
    """Return the first state that fits at `now` (unix seconds, UTC): docs/architecture.md, Contracts.

    What Facebook said outweighs the clock: only Facebook calls a token expired. One whose end has passed since it was
    called valid is unknown; one that was called valid after its end is due, since this clock does not show how long
    it has left.
    """
    if token.inspected_at is None:
        return TokenState.UNKNOWN
    if token.verdict == "expired":
        return TokenState.EXPIRED
    if token.verdict == "invalid":
        is_over = token.expires_at is not None and token.expires_at <= now
        return TokenState.EXPIRED if is_over else TokenState.INVALID
    if is_over_by_clock(token, now):
        return TokenState.DUE if contradicts_clock(token) else TokenState.UNKNOWN
    if token.data_access_expires_at is not None and token.data_access_expires_at <= now:
        return TokenState.INVALID
    end = deadline(token)
    if end is not None and end - now <= window:
        return TokenState.DUE
    return TokenState.VALID


def is_over_by_clock(token: Token, now: float) -> bool:
    """Tell whether the token's end has passed, and Facebook has not called it expired or refused it."""
    return token.verdict in ("valid", "unknown") and token.expires_at is not None and token.expires_at <= now


def reason(token: Token, now: float) -> str | None:
    """Return why a token is not known to work: code and subcode as `190/460`, `expires_at` or `data_access`."""
    if token.verdict in ("expired", "invalid") and token.inspected_at is not None:
        return token.reason or None
    match state(token, now):
        case TokenState.EXPIRED:
            return "expires_at"
        case TokenState.UNKNOWN if token.inspected_at is not None:
            return "expires_at"
        case TokenState.INVALID:
            return "data_access"
    return None
