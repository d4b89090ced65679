"""Ways a token dies before its time, each with the subcode and text Facebook gives it (graph-api.md section 10)."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "Error validating access token: "


@dataclass(frozen=True, slots=True)
class Flaw:
    """`message` may name {app}, the app's id, and {user}, the person's."""

    subcode: int | None
    message: str
    code: int = 190


FLAWS: dict[str, Flaw] = {
    "app_removed": Flaw(458, PREFIX + "The user has not authorized application {app}."),
    "checkpoint": Flaw(
        459,
        PREFIX + "You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
    ),
    "password_changed": Flaw(
        460,
        PREFIX + "The session has been invalidated because the user changed their password or Facebook has changed "
        "the session for security reasons.",
    ),
    "unconfirmed": Flaw(
        464, PREFIX + "Sessions for the user {user} are not allowed because the user is not a confirmed user."
    ),
    "invalidated": Flaw(466, PREFIX + "The session was invalidated explicitly using an API call."),
    "invalidated_plain": Flaw(None, PREFIX + "The session was invalidated explicitly using an API call."),
    "logged_out": Flaw(467, PREFIX + "The session is invalid because the user logged out."),
    "blocking_checkpoint": Flaw(490, PREFIX + "The user is enrolled in a blocking, logged-in checkpoint"),
    "role_lost": Flaw(
        492,
        "The user must be an administrator, editor, or moderator of the page in order to impersonate it.",
    ),
    "page_deleted": Flaw(None, "This Page access token belongs to a Page that has been deleted."),
    "session_102": Flaw(460, "Session key invalid or no longer valid", code=102),
}

INACTIVE = Flaw(493, "The access token is invalid since the user hasn't engaged the app in longer than 90 days.")
CANNOT_PARSE = "Invalid OAuth access token - Cannot parse access token"
