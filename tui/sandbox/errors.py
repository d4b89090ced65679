"""Facebook's error envelope, and the errors the sandbox answers with (graph-api.md sections 3 to 11)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(slots=True)
class GraphError(Exception):
    """One error answer of the Graph API."""

    message: str
    code: int
    subcode: int | None = None
    type: str = "OAuthException"
    status: int = 400
    kind: str = ""  # the second quoted word of WWW-Authenticate; empty: it follows from the code
    transient: bool | None = None
    title: str = ""
    user_message: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def challenge(self) -> str:
        """The second quoted word of WWW-Authenticate: token errors have their own, code errors theirs (`kind`)."""
        return self.kind or ("invalid_token" if self.code in (102, 190) else "invalid_request")

    def body(self, trace_id: str) -> dict[str, object]:
        """Return the envelope, keys in Facebook's own order."""
        optional = {
            "error_subcode": self.subcode,
            "is_transient": self.transient,
            "error_user_title": self.title or None,
            "error_user_msg": self.user_message or None,
        }
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                "code": self.code,
                **{name: value for name, value in optional.items() if value is not None},
                **self.extra,
                "fbtrace_id": trace_id,
            }
        }


def bad_token(message: str, subcode: int | None = None) -> GraphError:
    return GraphError(message, 190, subcode)


def bad_code(message: str, subcode: int | None = None) -> GraphError:
    return GraphError(message, 100, subcode, kind="invalid_code")


def bad_request(message: str, code: int = 100) -> GraphError:
    return GraphError(message, code)


def error(name: str, /, **facts: str) -> GraphError:
    """Return the error of that name, with the facts in its message."""
    known = ERRORS[name]
    return replace(known, message=known.message.format(**facts), user_message=known.user_message.format(**facts))


def _limit(message: str, code: int) -> GraphError:
    return GraphError(message, code, transient=True)


_VALIDATING = "Error validating access token: "
_CHANGED = (
    f"{_VALIDATING}The session has been invalidated because the user changed their password or Facebook has changed "
    "the session for security reasons."
)
_INVALIDATED = f"{_VALIDATING}The session was invalidated explicitly using an API call."

# What can make a token unusable before it expires (graph-api.md section 10). {app} and {user} are ids.
FLAWS: dict[str, GraphError] = {
    "app_removed": bad_token(f"{_VALIDATING}The user has not authorized application {{app}}.", 458),
    "checkpoint": bad_token(
        f"{_VALIDATING}You cannot access the app till you log in to www.facebook.com and follow the instructions "
        "given.",
        459,
    ),
    "password_changed": bad_token(_CHANGED, 460),
    "unconfirmed": bad_token(
        f"{_VALIDATING}Sessions for the user {{user}} are not allowed because the user is not a confirmed user.", 464
    ),
    "invalidated": bad_token(_INVALIDATED, 466),
    "invalidated_plain": bad_token(_INVALIDATED),
    "logged_out": bad_token(f"{_VALIDATING}The session is invalid because the user logged out.", 467),
    "blocking_checkpoint": bad_token(f"{_VALIDATING}The user is enrolled in a blocking, logged-in checkpoint", 490),
    "role_lost": bad_token(
        "The user must be an administrator, editor, or moderator of the page in order to impersonate it.", 492
    ),
    "page_deleted": bad_token("This Page access token belongs to a Page that has been deleted."),
    "session_102": GraphError("Session key invalid or no longer valid", 102, 460),
}

# Errors that a control can ask for by name, each with the text last seen (graph-api.md section 10).
ON_DEMAND: dict[str, GraphError] = {
    "server_error": GraphError("An unknown error has occurred.", 1, status=500),
    "unavailable": GraphError("(#2) Service temporarily unavailable", 2, status=500, transient=True),
    "throttle": _limit("(#4) Application request limit reached", 4),
    "throttle_user": _limit("(#17) User request limit reached", 17),
    "throttle_instagram": _limit(
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.", 80002
    ),
    "blocked": GraphError("(#200) API access blocked.", 200),
    "policy": GraphError("The action attempted has been deemed abusive or is otherwise disallowed", 368),
    "code_3": GraphError("(#3) Application does not have the capability to make this API call.", 3),
    "code_9": _limit("(#9) User is performing too many actions", 9),
    "code_12": GraphError("(#12) this API is deprecated for versions v2.2 and higher", 12),
    "code_32": _limit("(#32) Page request limit reached", 32),
    "code_341": _limit("(#341) Application limit reached", 341),
    "code_412": GraphError("(#412) The user has not installed the application", 412),
    "code_506": GraphError("(#506) Duplicate status message", 506),
    "code_613": _limit("(#613) Calls to this api have exceeded the rate limit.", 613),
    "code_1609005": GraphError("(#1609005) There was a problem scraping data from the provided link.", 1609005),
    "code_2635": GraphError(
        "(#2635) You are calling a deprecated version of the Ads API. Please upgrade to the latest version: v26.0.",
        2635,
    ),
    "throttle_ads_insights": _limit("(#80000) There have been too many calls from this ad-account.", 80000),
    "throttle_pages": _limit("(#80001) There have been too many calls to this Page account.", 80001),
    "throttle_ads": _limit("(#80004) There have been too many calls to this ad-account.", 80004),
    # Types of old servers.
    "old_api_type": GraphError("(#100) Invalid parameter", 100, type="FacebookApiException"),
    "old_token_type": GraphError("Error validating access token.", 190, type="OAuthAccessTokenException"),
    # The text is that of an unusable token, but `is_transient` says to try again.
    "transient_190": GraphError(_CHANGED, 190, 460, transient=True),
    "error_data": GraphError(
        "(#100) Invalid parameter",
        100,
        2207001,
        title="Something is not right",
        user_message="Check what you entered.",
        extra={"error_data": {"blame_field_specs": [["metric"]]}},
    ),
}

ERRORS: dict[str, GraphError] = {
    **FLAWS,
    **ON_DEMAND,
    "expired": bad_token(f"{_VALIDATING}Session has expired on {{ended}}. The current time is {{now}}.", 463),
    "inactive": bad_token(
        "The access token is invalid since the user hasn't engaged the app in longer than 90 days.", 493
    ),
    "malformed": bad_token("Malformed access token {token}"),
    "cannot_parse": bad_token("Invalid OAuth access token - Cannot parse access token"),
    "cannot_decrypt": bad_token("The access token could not be decrypted"),
    "invalid_token": bad_token("Invalid OAuth access token."),
    "wrong_signature": bad_token("Invalid OAuth access token signature."),
    "no_token": GraphError("An access token is required to request this resource.", 104),
    "no_token_on_me": bad_request(
        "An active access token must be used to query information about the current user.", 2500
    ),
    "wrong_secret": bad_request("Error validating client secret.", 1),
    "system_error": bad_request(
        "Error validating application. Cannot get application info due to a system error.", 101
    ),
    "other_apps_token": bad_request("The access token does not belong to application {app}", 1),
    "no_redirect": bad_request("Missing redirect_uri parameter.", 191),
    "proof_missing": GraphError(
        "API calls from the server require an appsecret_proof argument", 100, type="GraphMethodException"
    ),
    "proof_wrong": GraphError("Invalid appsecret_proof provided in the API argument", 100, type="GraphMethodException"),
    "not_owner": bad_request(
        "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app"
    ),
    "no_permission": GraphError("(#10) Application does not have permission for this action", 10, status=403),
    "too_few_viewers": GraphError("(#10) Not enough viewers for the media to show insights", 10, status=403),
    "not_authorized": GraphError(
        "(#200) The user hasn't authorized the application to perform this action", 200, status=403
    ),
    "no_field": bad_request("(#100) Tried accessing nonexisting field ({name}) on node type ({type})"),
    "no_path": bad_request("Unknown path components: /{path}", 2500),
    "no_alias": GraphError("(#803) Some of the aliases you requested do not exist: {name}", 803, status=404),
    "unsupported": GraphError(
        "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        100,
        33,
        type="GraphMethodException",
    ),
    "no_page_permission": bad_request(
        "(#100) Object does not exist, cannot be loaded due to missing permission or reviewable feature, or does not "
        "support this operation. This endpoint requires the 'pages_read_engagement' permission or the 'Page Public "
        "Content Access' feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions for "
        "details."
    ),
    "no_such_user": GraphError(
        "Invalid user id",
        110,
        2207013,
        transient=False,
        title="Cannot find User",
        user_message="The user with username: {name} cannot be found.",
    ),
}
