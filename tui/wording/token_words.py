"""Short words for a token: what it is, why it does not work, the time it has left."""

from collections.abc import Iterable

from tui.facebook.permissions import GranularScope
from tui.tokens.states import STATES, TokenState
from tui.tokens.token import Token, contradicts_clock, deadline, is_over_by_clock, nearer_clock
from tui.wording.times import countdown, stamp

_REASONS = {"data_access": "data access ended", "expires_at": "reached its end"}


def kind_text(token: Token) -> str:
    """Return the kind of a token, as in `system user`."""
    return token.kind.replace("_", " ")


def described(token: Token, account: str) -> str:
    """Return what a token is, as in `a user token of Ana`; what is not known is left out."""
    kind = "" if token.kind == "unknown" else f"{kind_text(token)} "
    whose = f" of {account}" if account else ""
    return f"{'an' if token.kind == 'app' else 'a'} {kind}token{whose}"


def numbers(code: int | None, subcode: int | None) -> str:
    """Return Facebook's code and subcode as `190/460`; empty where it gave none."""
    return "/".join(str(number) for number in (code, subcode) if number is not None)


def reason_word(reason: str | None) -> str:
    """Return why a token does not work: Facebook's code, or a short word; empty where the state says it already."""
    return _REASONS.get(reason or "", reason or "")


def reason_text(code: str, lost: Iterable[GranularScope] = ()) -> str:
    """Return why only a new login helps, for the reason code of a token or of a result; `lost` are scopes."""
    from tui.wording.texts import phrases  # only of a token that does not work

    words = phrases("tokens", "reason").get(code) or f"Facebook refuses it ({code})."
    return words.format(lost=scope_list(lost))


def scope_list(scopes: Iterable[GranularScope]) -> str:
    """Return scopes, each with the assets it is limited to, as in `pages_show_list for 123, 456`."""
    return ", ".join(
        f"{one.scope} for {' and '.join(one.target_ids)}" if one.target_ids else one.scope for one in scopes
    )


def time_left(token: Token, its_state: TokenState, now: float) -> str:
    """Return the time to the deadline as a countdown; a word where there is nothing to count."""
    end = deadline(token)
    if its_state is TokenState.UNKNOWN and end is None:
        return "?"
    if STATES[its_state].works and end is not None and end <= now:
        return "?"  # this clock does not show it
    if its_state is TokenState.INVALID and (end is None or end > now):
        return "refused"
    return countdown(None if end is None else end - now)


def time_left_until(token: Token, now: float) -> str:
    """Return the time to the deadline and its date: `57d 03:12:09 left, until 2027-01-22 12:00 UTC`."""
    end = deadline(token)
    if end is None:
        if token.inspected_at is None:
            return "expiry not known yet"
        return "expiry not known" if token.verdict in ("invalid", "expired") else "never expires"
    if is_over_by_clock(token, now):
        return "valid by Facebook's last answer" if contradicts_clock(token) else f"reached its end {stamp(end)}"
    if end <= now:
        return f"ended {stamp(end)}"
    which = " (data access)" if nearer_clock(token) == "data_access" else ""
    return f"{countdown(end - now)} left, until {stamp(end)}{which}"


def account_of(token: Token) -> str:
    """Return the account of the token: its Instagram account where it reaches just one, else its subject; or empty."""
    accounts = [page.instagram_username for page in token.pages if page.instagram_username]
    if len(accounts) == 1:
        return "@" + accounts[0]
    return token.subject_name or token.subject_id
