"""Why a token does not work: in some words for a table, and as a sentence."""

from tui.tokens.results import Reason

_EXPIRED = ("", "Expired.")
"""The state says it already."""
_SESSION_OVER = ("session ended", "The password was changed or Facebook ended the session.")
_CHECKPOINT = (
    "account locked",
    "Facebook locked the account (checkpoint). Its owner must first log in at www.facebook.com.",
)
_REASONS: dict[str, tuple[str, str]] = {
    "190/458": ("app removed", "The person removed the app."),
    "190/459": _CHECKPOINT,
    "190/460": _SESSION_OVER,
    "102/460": _SESSION_OVER,
    "190/463": _EXPIRED,
    "102/463": _EXPIRED,
    "190/464": ("account not confirmed", "The account is not confirmed."),
    "190/466": ("session ended", "The person ended the session."),
    "190/467": ("session ended", "The session has ended."),
    "190/490": _CHECKPOINT,
    "190/492": ("role on the Page lost", "The person lost the role on the Page."),
    "190/493": ("not used for 90 days", "The person did not use the app for 90 days."),
    Reason.EXPIRES_AT: _EXPIRED,
    Reason.DATA_ACCESS: (
        "data access ended",
        "Data access ends 90 days after the last login, and extending the token does not change that.",
    ),
    Reason.WRONG_APP: ("other app", "It belongs to another app than this profile."),
    Reason.NO_VALUE: ("value missing", "Its value is no longer in the vault."),
    Reason.OTHER_APP: ("other app", "Facebook answered with a token of another app; the current one stays."),
    Reason.OTHER_PERSON: ("other person", "Facebook answered with a token of another person; the current one stays."),
    Reason.NOT_VALID: (
        "new token unusable",
        "Facebook answered with a token that does not work; the current one stays.",
    ),
}


def reason_text(code: str) -> str:
    """Return why only a new login helps, for the reason code of a token or of a result."""
    return _REASONS[code][1] if code in _REASONS else f"Facebook refuses it ({code})."


def reason_label(code: str | None) -> str:
    """Return the same in some words, to follow the state; empty where the state says it already."""
    if code in _REASONS:
        return _REASONS[code][0]
    return f"refused: {code}" if code else ""
