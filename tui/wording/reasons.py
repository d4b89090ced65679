"""Why only a new login helps a token."""

from tui.tokens.results import Reason

_SESSION_OVER = "The password was changed or Facebook ended the session."
_CHECKPOINT = "Facebook locked the account (checkpoint). Its owner must first log in at www.facebook.com."
_REASONS: dict[str, str] = {
    "190/458": "The person removed the app.",
    "190/459": _CHECKPOINT,
    "190/460": _SESSION_OVER,
    "102/460": _SESSION_OVER,
    "190/463": "Expired.",
    "102/463": "Expired.",
    "190/464": "The account is not confirmed.",
    "190/466": "The person ended the session.",
    "190/467": "The session has ended.",
    "190/490": _CHECKPOINT,
    "190/492": "The person lost the role on the Page.",
    "190/493": "The person did not use the app for 90 days.",
    Reason.EXPIRES_AT: "Expired.",
    Reason.DATA_ACCESS: "Data access ends 90 days after the last login, and extending the token does not change that.",
    Reason.WRONG_APP: "It belongs to another app than this profile.",
    Reason.NO_VALUE: "Its value is no longer in the vault.",
    Reason.OTHER_APP: "Facebook answered with a token of another app; the current one stays.",
    Reason.OTHER_PERSON: "Facebook answered with a token of another person; the current one stays.",
    Reason.NOT_VALID: "Facebook answered with a token that does not work; the current one stays.",
}


def reason_text(code: str) -> str:
    """Return why only a new login helps, for the reason code of a token or of a result."""
    return _REASONS.get(code) or f"Facebook refuses it ({code})."
