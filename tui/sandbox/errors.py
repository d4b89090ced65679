"""Facebook's error envelope, and the errors the sandbox answers with (graph-api.md sections 3 to 10)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class GraphError(Exception):
    """One answer of the Graph API that is an error."""

    message: str
    code: int
    subcode: int | None = None
    type: str = "OAuthException"
    status: int = 400
    kind: str = ""  # the second quoted word of WWW-Authenticate; empty: what follows from the code
    transient: bool | None = None
    title: str = ""
    user_message: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def challenge(self) -> str:
        """The second quoted word of WWW-Authenticate: a dead token has its own, code errors theirs (`kind`)."""
        return self.kind or ("invalid_token" if self.code in (102, 190) else "invalid_request")

    def body(self, trace_id: str) -> dict[str, object]:
        """The envelope, keys in Facebook's own order."""
        error: dict[str, object] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient is not None:
            error["is_transient"] = self.transient
        if self.title:
            error["error_user_title"] = self.title
        if self.user_message:
            error["error_user_msg"] = self.user_message
        return {"error": {**error, **self.extra, "fbtrace_id": trace_id}}


def bad_token(message: str, subcode: int | None = None) -> GraphError:
    return GraphError(message, 190, subcode)


def bad_code(message: str, subcode: int | None = None) -> GraphError:
    return GraphError(message, 100, subcode, kind="invalid_code")


def bad_request(message: str, code: int = 100) -> GraphError:
    return GraphError(message, code)


def no_permission(message: str = "(#10) Application does not have permission for this action") -> GraphError:
    return GraphError(message, 10, status=403)


def not_authorized() -> GraphError:
    return GraphError("(#200) The user hasn't authorized the application to perform this action", 200, status=403)


def nonexisting_field(name: str, node_type: str) -> GraphError:
    return bad_request(f"(#100) Tried accessing nonexisting field ({name}) on node type ({node_type})")


def unsupported_get(node_id: str, method: str = "get") -> GraphError:
    return GraphError(
        f"Unsupported {method} request. Object with ID '{node_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        100,
        33,
        type="GraphMethodException",
    )


def page_permission_missing() -> GraphError:
    return bad_request(
        "(#100) Object does not exist, cannot be loaded due to missing permission or reviewable feature, or does not "
        "support this operation. This endpoint requires the 'pages_read_engagement' permission or the 'Page Public "
        "Content Access' feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions for "
        "details."
    )


def system_error() -> GraphError:
    return bad_request("Error validating application. Cannot get application info due to a system error.", 101)


def wrong_secret() -> GraphError:
    return bad_request("Error validating client secret.", 1)


def wrong_signature() -> GraphError:
    return bad_token("Invalid OAuth access token signature.")


def proof_missing() -> GraphError:
    return GraphError("API calls from the server require an appsecret_proof argument", 100, type="GraphMethodException")


def proof_wrong() -> GraphError:
    return GraphError("Invalid appsecret_proof provided in the API argument", 100, type="GraphMethodException")


def no_token_on_me() -> GraphError:
    return bad_request("An active access token must be used to query information about the current user.", 2500)


def no_token() -> GraphError:
    return GraphError("An access token is required to request this resource.", 104)
