"""What an inspection makes of a token, and when a newly issued token is proven: pure functions."""

from dataclasses import replace

from tui.facebook.errors import FacebookError, means_new_login
from tui.facebook.models import Inspection
from tui.facebook.permissions import GranularScope
from tui.facebook.remedies import refusal_of
from tui.tokens.results import Reason
from tui.tokens.token import ABOUT_TOKENS, Failure, Token, Verdict

NOTICEABLE = 60
"""Seconds an end must move to count: a repeated exchange only moves by the answer's own delay (section 4)."""

EXPIRED = 463


def inspected(token: Token, seen: Inspection) -> Token:
    """Return the token as Facebook described it; what the answer left out stays as it was known."""
    verdict = _verdict(seen)
    dated = verdict == "valid" or seen.expires_at is not None
    known = verdict == "valid" or bool(seen.scopes)
    return replace(
        token,
        app_id=seen.app_id or token.app_id,
        kind=seen.kind if seen.kind != "unknown" else token.kind,
        subject_id=subject_of(seen) or token.subject_id,
        issued_at=seen.issued_at or token.issued_at,
        expires_at=seen.expires_at if dated else token.expires_at,
        data_access_expires_at=(
            seen.data_access_expires_at if dated else seen.data_access_expires_at or token.data_access_expires_at
        ),
        scopes=seen.scopes if known else token.scopes,
        granular_scopes=seen.granular_scopes if known else token.granular_scopes,
        inspected_at=seen.at,
        verdict=verdict,
        reason=_reason(seen) if verdict in ("expired", "invalid") else "",
        failure=_failure(seen) or _standing(token.failure),
    )


def extended(token: Token, after: Inspection, fingerprint: str, at: int) -> Token:
    """Return the token after an exchange, as the inspection of the new value describes it."""
    fresh = inspected(replace(token, issued_at=None), after)
    return replace(fresh, obtained_at=at, extended_at=at, tried_at=at, fingerprint=fingerprint)


def is_no_token(seen: Inspection) -> bool:
    """Tell whether Facebook could make nothing of the text: no app, no person, no end, and 190 without a subcode."""
    if seen.is_valid or seen.error is None or (seen.error.code, seen.error.subcode) != (190, None):
        return False
    known = (seen.app_id, seen.user_id, seen.profile_id, seen.expires_at, seen.scopes)
    return not any(known)


def refused(token: Token, error: FacebookError) -> Token:
    """Return the token as a refused exchange shows it: unusable where its session is over, else as it was."""
    if not means_new_login(error):
        return token
    verdict: Verdict = "expired" if error.subcode == EXPIRED else "invalid"
    return replace(token, verdict=verdict, reason=error.reason)


def judge(before: Inspection, after: Inspection) -> Reason | None:
    """Return what speaks against a newly issued token, both as `debug_token` shows them; None where it is proven.

    Proven better is: valid, same app, same person (and Page), no scope lost, an end later by more than a minute.
    No end at all is later than any.
    """
    if not after.is_valid:
        return Reason.NOT_VALID
    if before.app_id and after.app_id != before.app_id:
        return Reason.OTHER_APP
    if (after.user_id, after.profile_id) != (before.user_id, before.profile_id):
        return Reason.OTHER_PERSON
    if lost_scopes(before, after):
        return Reason.SCOPE_LOST
    return _compare_ends(before.expires_at, after.expires_at)


def lost_scopes(before: Inspection, after: Inspection) -> tuple[GranularScope, ...]:
    """Return the scopes that the newer token no longer has; those it lacks for some assets only, with these."""
    lost = [GranularScope(scope) for scope in before.scopes if scope not in after.scopes]
    if not after.granular_scopes:
        return tuple(lost)
    now_has = {entry.scope: entry.target_ids for entry in after.granular_scopes}
    for entry in before.granular_scopes:
        if entry.scope not in after.scopes or not now_has.get(entry.scope):
            continue
        gone = [target for target in entry.target_ids if target not in now_has[entry.scope]]
        if gone or not entry.target_ids:
            lost.append(GranularScope(entry.scope, tuple(gone)))
    return tuple(lost)


def gained(before: Token, after: Token) -> int:
    """Return seconds of life won: from the old end to the new, or to the end of data access if there is no new."""
    end = after.expires_at if after.expires_at is not None else after.data_access_expires_at
    if before.expires_at is None or end is None:
        return 0
    return max(0, end - before.expires_at)


def _compare_ends(before: int | None, after: int | None) -> Reason | None:
    if before is None:
        return Reason.SAME_END if after is None else Reason.EARLIER_END
    if after is None or after >= before + NOTICEABLE:
        return None
    return Reason.SAME_END if after > before - NOTICEABLE else Reason.EARLIER_END


def _verdict(seen: Inspection) -> Verdict:
    if seen.is_valid:
        return "valid"
    if seen.error is not None and seen.error.subcode == EXPIRED:
        return "expired"
    if (seen.error is None or seen.error.subcode is None) and seen.expires_at and seen.expires_at <= seen.at:
        return "expired"
    return "invalid"


def _reason(seen: Inspection) -> str:
    if seen.error is not None and seen.error.code is not None:
        return seen.error.reason
    if seen.expires_at is not None and seen.expires_at <= seen.at:
        return "expires_at"
    if seen.data_access_expires_at is not None and seen.data_access_expires_at <= seen.at:
        return "data_access"
    return "refused"


def _failure(seen: Inspection) -> Failure | None:
    if seen.is_valid or seen.error is None:
        return None
    return Failure(seen.at, seen.error.code, seen.error.subcode, seen.error.message)


def _standing(failure: Failure | None) -> Failure | None:
    """Return a refusal to read with the token: an inspection does not show whether it was lifted."""
    if failure is None or not failure.may_be_refusal or failure.where in ABOUT_TOKENS:
        return None
    return failure if refusal_of(failure) else None


def subject_of(seen: Inspection) -> str:
    """Return the id of the person or Page that a token is for; empty where Facebook did not say."""
    return seen.profile_id if seen.kind == "page" and seen.profile_id else seen.user_id
