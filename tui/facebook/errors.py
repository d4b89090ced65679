"""Everything that can go wrong with a call to Facebook, as one exception type."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

Cause = Literal[
    "facebook", "unreachable", "timeout", "tls", "redirected", "unreadable", "throttled", "server", "withheld"
]
"""`facebook`: it answered with an error of its own; `withheld`: igauth did not ask; the others: no usable answer."""


class Fault(StrEnum):
    """What happened where Facebook's own words are missing. `host`, `detail` and `status` of the error say more."""

    OTHER_HOST = "secrets are for another host"  # detail: that host
    CONNECT_TIMEOUT = "no connection in time"  # detail: seconds
    ANSWER_TIMEOUT = "no answer in time"  # detail: seconds
    CALL_IMPOSSIBLE = "call could not be made"  # detail: what the library calls the error
    PROXY_REFUSED = "proxy refused"
    PROXY_LOGIN = "proxy requires a login"
    NAME_UNKNOWN = "name not resolved"
    CONNECTION_REFUSED = "connection refused"
    NO_ROUTE = "host not reachable"
    CONNECTION_BROKEN = "connection broken"
    NO_TLS = "no TLS"
    CERTIFICATE = "certificate not accepted"  # detail: the TLS library's reason
    REDIRECT = "redirected"  # detail: where to
    NEXT_PAGE_ELSEWHERE = "rest of the list on another host"
    TOO_LARGE = "answer too large"  # detail: KiB that are read
    NOT_UNPACKED = "compressed answer not readable"
    NOT_JSON = "not JSON"  # detail: a BodyKind
    INCOMPLETE = "field missing or malformed"  # detail: the field
    PAUSE = "pause requested"
    SERVER_ERROR = "server error"  # detail: a BodyKind
    NO_REASON = "refused without a reason"


class BodyKind(StrEnum):
    """What came instead of a JSON object; other kinds are named by their media type."""

    EMPTY = "empty"
    HTML = "html"
    OTHER_JSON = "other json"
    UNTYPED = "untyped"


_CAUSES: Mapping[Fault, Cause] = {
    Fault.OTHER_HOST: "withheld",
    Fault.CONNECT_TIMEOUT: "timeout",
    Fault.ANSWER_TIMEOUT: "timeout",
    Fault.NO_TLS: "tls",
    Fault.CERTIFICATE: "tls",
    Fault.REDIRECT: "redirected",
    Fault.NEXT_PAGE_ELSEWHERE: "redirected",
    Fault.TOO_LARGE: "unreadable",
    Fault.NOT_UNPACKED: "unreadable",
    Fault.NOT_JSON: "unreadable",
    Fault.INCOMPLETE: "unreadable",
    Fault.PAUSE: "throttled",
    Fault.SERVER_ERROR: "server",
    Fault.NO_REASON: "facebook",
}
"""The cause of each fault; of all others it is `unreachable`."""
_NOT_SENT = {
    *(Fault.OTHER_HOST, Fault.CONNECT_TIMEOUT, Fault.PROXY_REFUSED, Fault.NAME_UNKNOWN, Fault.CONNECTION_REFUSED),
    *(Fault.NO_ROUTE, Fault.NO_TLS, Fault.CERTIFICATE),
}

_PENDING, _TOO_FAST = 1349174, 1349172
_SESSION_CODES = (190, 102)


class FacebookError(Exception):
    """A call failed. Everything in it is harmless to show and without any secret.

    `message` is Facebook's own; where none came it is a terse line for logs, and `fault` says what happened.
    `code` and `subcode` are Facebook's (graph-api.md section 10), None where it did not give any.
    `where` names the endpoint (`debug_token`, `oauth/access_token`, `me/accounts`, ...): the same number means
    different things at different ones. `sent` is false only where the request certainly never left.
    """

    def __init__(
        self,
        message: str = "",
        *,
        fault: Fault | None = None,
        host: str = "",
        detail: str = "",
        cause: Cause | None = None,
        code: int | None = None,
        subcode: int | None = None,
        status: int | None = None,
        kind: str = "",
        fbtrace_id: str = "",
        is_transient: bool = False,
        regain_minutes: int = 0,
        where: str = "",
    ) -> None:
        line = f"{host}: {fault}" if host else fault or ""
        self.message = message or (f"{line} ({detail})" if detail else line)
        super().__init__(self.message)
        self.fault = fault
        self.host = host
        self.detail = detail
        self.cause: Cause = cause or (_CAUSES.get(fault, "unreachable") if fault else "facebook")
        self.code = code
        self.subcode = subcode
        self.status = status
        self.kind = kind
        self.fbtrace_id = fbtrace_id
        self.is_transient = is_transient
        self.regain_minutes = regain_minutes
        self.where = where
        self.sent = fault not in _NOT_SENT

    @property
    def inconclusive(self) -> bool:
        """Whether nothing was learned: not asked, not answered, throttled or transient."""
        return self.cause != "facebook" or self.is_transient

    @property
    def reason(self) -> str:
        """Return code and subcode as `190/463`, or the cause where Facebook gave no code."""
        if self.code is None:
            return self.cause
        return f"{self.code}/{self.subcode}" if self.subcode is not None else str(self.code)


def means_app_credentials(error: FacebookError) -> bool:
    """Return whether App ID or App Secret (or the app itself) is at fault, and not the token asked about.

    graph-api.md sections 3, 6 and 7: at the top level of debug_token even 190 speaks of the app's credentials.
    """
    if error.inconclusive:
        return False
    text = error.message.casefold()
    if error.code == 1:
        return "does not belong to application" not in text
    if error.code in (190, 102, 104):
        return error.where in ("debug_token", "app") or "validating application" in text
    if error.code == 100:
        return "invalid appsecret_proof" in text or "must provide an app access token" in text
    if error.code == 200:
        return "provide valid app id" in text or "api access blocked" in text
    return error.code == 101 or "invalid client id" in text


def means_wrong_app(error: FacebookError) -> bool:
    """Return whether the token was issued for another app than the one asked with (graph-api.md sections 4, 6)."""
    text = error.message.casefold()
    return (error.code == 1 and "does not belong to application" in text) or (
        error.code == 100 and "did not match the viewing app" in text
    )


def means_new_login(error: FacebookError) -> bool:
    """Return whether only a new login helps."""
    if error.inconclusive or means_app_credentials(error):
        return False
    return error.code in _SESSION_CODES or error.code == 412


def is_throttled(error: FacebookError) -> bool:
    """Return whether Facebook asked for a pause; `regain_minutes` says how long where it is known."""
    return error.cause == "throttled"


def is_pending(error: FacebookError) -> bool:
    """Return whether a device login still waits for the person (graph-api.md section 9)."""
    return error.subcode == _PENDING or "authorization_pending" in error.message


def is_slow_down(error: FacebookError) -> bool:
    """Return whether a device login was polled too fast."""
    return error.subcode == _TOO_FAST or "slow_down" in error.message
