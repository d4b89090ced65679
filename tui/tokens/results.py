"""What came of refreshing one token, in the words of `refresh --json` and in a sentence for people."""

from dataclasses import dataclass
from typing import Literal

from tui.tokens.countdown import ago, span, stamp
from tui.tokens.extension import Proof
from tui.tokens.policy import why_login
from tui.tokens.token import DAY, Token

Result = Literal["extended", "unchanged", "never_expires", "login_needed", "app_credentials", "could_not_ask"]
RESULTS: tuple[Result, ...] = (
    "extended",
    "unchanged",
    "never_expires",
    "login_needed",
    "app_credentials",
    "could_not_ask",
)


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """The result for one token (design.md, Commands). `expires_at`: of the current token, unix seconds, UTC.

    `seconds_gained` counts from the old end to the new one (to the end of data access where the new token has
    no end), 0 unless extended.
    """

    profile: str
    name: str
    result: Result
    seconds_gained: int = 0
    expires_at: int | None = None
    reason: str | None = None
    sentence: str = ""


_DEATHS = {
    "190/458": "the person removed the app",
    "190/459": "Facebook holds the account at a checkpoint; its owner must first log in at www.facebook.com",
    "190/460": "the password was changed or Facebook ended the session",
    "190/463": "it has expired",
    "190/464": "the account is not confirmed",
    "190/466": "the session was ended on purpose",
    "190/467": "the session has ended",
    "190/490": "Facebook holds the account at a checkpoint; its owner must first log in at www.facebook.com",
    "190/492": "the person lost the role on the Page",
    "190/493": "the app was not used by the person for 90 days",
    "expires_at": "it has expired",
    "data_access": "data access, 90 days after the last login, is running out or over; an exchange does not move it",
    "102/460": "the password was changed or Facebook ended the session",
    "102/463": "it has expired",
    "wrong_app": "it belongs to another app than this profile",
    "no_value": "its value is not in the vault any more",
    "other_app": "Facebook answered with a token of another app; the old one stays",
    "other_person": "Facebook answered with a token of another person; the old one stays",
    "not_valid": "Facebook answered with a token that does not work; the old one stays",
}


def extended(before: Token, after: Token, gained_seconds: int) -> RefreshResult:
    """Return the result of a proven extension."""
    if after.expires_at is None:
        end = after.data_access_expires_at
        text = "never expires by date now" + ("" if end is None else f"; data access until {stamp(end)}")
    else:
        text = f"extended by {_gain(gained_seconds)}, until {stamp(after.expires_at)}"
    return _result(after, "extended", f"{before.name}: {text}.", gained_seconds=gained_seconds)


def unchanged(token: Token, why: str, now: float) -> RefreshResult:
    """Return the result where Facebook answered but the end did not move (or nothing was left to do)."""
    since = token.extended_at or token.issued_at
    when = f" (extended {ago(now - since)}; worth trying again after {stamp(since + DAY)})" if since else ""
    if since is not None and now - since >= DAY:
        when = f" (last moved {ago(now - since)}; worth trying again tomorrow)"
    if why == "earlier_end":
        text = "Facebook answered with a token that ends earlier; the one you have stays"
    else:
        text = f"already as fresh as it gets: Facebook answered, but the end did not move{when}"
    return _result(token, "unchanged", f"{token.name}: {text}.", why)


def extended_meanwhile(token: Token, now: float, *, own: bool) -> RefreshResult:
    """Return the result where it was extended a moment ago; `own`: by this very process, else by another run."""
    by_whom = "" if own else " by another run of igauth"
    text = f"already extended {ago(now - (token.extended_at or now))}{by_whom}, nothing is left to do"
    return _result(token, "unchanged", f"{token.name}: {text}.", "extended_meanwhile")


def never_expires(token: Token) -> RefreshResult:
    """Return the result for a token without an end: it is not exchanged."""
    end = token.data_access_expires_at
    text = "never expires, so it is not exchanged"
    if end is not None:
        text += f"; its clock is data access until {stamp(end)}"
    return _result(token, "never_expires", f"{token.name}: {text}.")


def login_needed(token: Token, now: float, why: str = "", detail: str = "") -> RefreshResult:
    """Return the result where only a new login helps; `why` defaults to what the token itself says."""
    cause = why or why_login(token, now)
    words = _DEATHS.get(cause) or f"Facebook refuses it ({cause})"
    if cause == "scope_lost":
        words = f"Facebook answered with a token that lacks {detail}; the old one stays"
    return _result(token, "login_needed", f"{token.name}: only a new login helps: {words}. Log in with l.", cause)


def from_proof(token: Token, proof: Proof, now: float) -> RefreshResult:
    """Return the result where a newly issued token did not prove itself."""
    if proof.outcome in ("same_end", "earlier_end"):
        return unchanged(token, proof.outcome, now)
    return login_needed(token, now, proof.outcome, proof.detail)


def app_credentials(token: Token, why: str, message: str) -> RefreshResult:
    """Return the result where App ID or App Secret are wrong or missing; the token itself may be well."""
    text = f"{token.name}: App ID or App Secret of profile {token.profile} do not work: {full_stop(message)}"
    return _result(token, "app_credentials", f"{text} Check them on Credentials (2); the token stays as it is.", why)


def could_not_ask(token: Token, why: str, message: str) -> RefreshResult:
    """Return the result where Facebook gave no usable answer; the token stays as it was."""
    return _result(
        token, "could_not_ask", f"{token.name}: could not ask Facebook: {full_stop(message)} The token stays.", why
    )


def full_stop(text: str) -> str:
    """Return a text of Facebook's as a sentence that another can follow."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _gain(seconds: int) -> str:
    """Return a gain in whole days, to the nearest: the answer's own delay must not make 60 days 59."""
    return f"{round(seconds / DAY)} d" if seconds >= DAY else span(seconds)


def _result(
    token: Token, word: Result, sentence: str, why: str | None = None, gained_seconds: int = 0
) -> RefreshResult:
    return RefreshResult(token.profile, token.name, word, gained_seconds, token.expires_at, why, sentence)
