"""Everything that can go wrong with a call to Facebook, as one exception type."""

from dataclasses import KW_ONLY, dataclass
from enum import Enum, StrEnum
from typing import Literal

from tui.facebook.remedies import refusal_of
from tui.harmless import harmless
from tui.network.proxies import ProxyProblem
from tui.redact import redact

Cause = Literal[
    "facebook", "unreachable", "timeout", "tls", "redirected", "unreadable", "throttled", "server", "withheld"
]
"""`facebook`: it answered with an error of its own; `withheld`: igauth did not ask; the others: no usable answer."""


class Fault(Enum):
    """What happened where Facebook's own words are missing: a line for logs, the cause, whether the call was sent.

    `host`, `detail` and `status` of the error say more.
    """

    OTHER_HOST = ("secrets are for another host", "withheld", False)  # detail: that host
    HOST_SILENT = ("host did not answer several times", "timeout", False)  # it is not asked again in this run
    CONNECT_TIMEOUT = ("no connection in time", "timeout", False)  # detail: seconds
    ANSWER_TIMEOUT = ("no answer in time", "timeout", True)  # detail: seconds
    CALL_IMPOSSIBLE = ("call could not be made", "unreachable", True)  # detail: what the library calls the error
    NO_CLIENT = ("HTTP client could not be made", "unreachable", False)  # detail: what the library calls the error
    PROXY_SETTING = ("proxy variable not usable", "unreachable", False)  # `proxy_problem` says why; detail: which
    PROXY_NAME_UNKNOWN = ("name of the proxy not resolved", "unreachable", False)
    PROXY_UNREACHABLE = ("no connection to the proxy", "unreachable", False)
    PROXY_SILENT = ("no answer from the proxy", "timeout", False)  # detail: seconds
    PROXY_NO_TLS = ("no TLS to the proxy", "tls", False)
    PROXY_CERTIFICATE = ("certificate of the proxy not accepted", "tls", False)  # detail: the TLS library's reason
    PROXY_REFUSED = ("proxy refused", "unreachable", False)  # status: its answer to CONNECT; for SOCKS its word, detail
    PROXY_LOGIN = ("proxy requires a login", "unreachable", False)
    PROXY_REDIRECT = ("proxy redirected", "unreachable", False)
    NOT_A_PROXY = ("answer is none of a proxy", "unreachable", False)
    TUNNEL_CUT = ("connection through the proxy cut", "unreachable", False)
    NAME_UNKNOWN = ("name not resolved", "unreachable", False)
    CONNECTION_REFUSED = ("connection refused", "unreachable", False)
    NO_ROUTE = ("host not reachable", "unreachable", False)
    CONNECTION_BROKEN = ("connection broken", "unreachable", True)
    NO_TLS = ("no TLS", "tls", False)
    TLS_TIMEOUT = ("TLS handshake timed out", "timeout", False)  # detail: seconds
    TLS_CUT = ("TLS handshake cut", "unreachable", False)
    CERTIFICATE = ("certificate not accepted", "tls", False)  # detail: the TLS library's reason
    REDIRECT = ("redirected", "redirected", True)  # detail: where to
    NEXT_PAGE_ELSEWHERE = ("rest of the list on another host", "redirected", True)
    TOO_LARGE = ("answer too large", "unreadable", True)  # detail: KiB that are read
    NOT_UNPACKED = ("compressed answer not readable", "unreadable", True)
    PORTAL = ("web page instead of an answer", "unreadable", True)
    FOREIGN_JSON = ("JSON of another service", "unreadable", True)
    NOT_JSON = ("not JSON", "unreadable", True)  # detail: a BodyKind or media type
    INCOMPLETE = ("field missing or malformed", "unreadable", True)  # detail: the field
    PAUSE = ("pause requested", "throttled", True)
    APP_PAUSED = ("not asked during a pause", "throttled", False)  # detail: until when, unix seconds, UTC
    SERVER_ERROR = ("server error", "server", True)  # detail: a BodyKind or media type
    NO_REASON = ("refused without a reason", "facebook", True)

    def __init__(self, line: str, cause: Cause, sent: bool) -> None:
        self.line = line
        self.cause: Cause = cause
        self.sent = sent


def fault_in(message: str) -> Fault | None:
    """Return the fault that a stored message of a FacebookError names, None where it holds Facebook's own words."""
    line = message.partition(": ")[2] or message
    return max(
        (fault for fault in Fault if line.startswith(fault.line)), key=lambda fault: len(fault.line), default=None
    )


class BodyKind(StrEnum):
    """What came instead of a JSON object; other kinds are named by their media type."""

    EMPTY = "empty"
    HTML = "html"
    OTHER_JSON = "other json"
    UNTYPED = "untyped"


_PENDING, _TOO_FAST = 1349174, 1349172
_SESSION_CODES = (190, 102)
LIMITS_OF_OTHERS = frozenset({9, 17, 32, *range(80000, 80015)})
"""Codes of limits that are not the app's: of a person, a Page, an account or a business (graph-api.md section 11)."""


@dataclass(eq=False, repr=False)
class FacebookError(Exception):
    """A call failed. Everything in it is harmless to show and without any secret.

    `message` is Facebook's own; where none came it is a terse line for logs, and `fault` says what happened.
    `code` and `subcode` are Facebook's (graph-api.md section 10), None where it did not give any.
    `where` names the endpoint (`debug_token`, `oauth/access_token`, `me/accounts`, ...): the same number means
    different things at different ones. `via` is the proxy's host and port where one is used, `proxy_variable` the
    variable that names it, `proxy_problem` what is wrong with one. `sent` is false only where the request certainly
    never left.
    """

    message: str = ""
    _: KW_ONLY
    fault: Fault | None = None
    host: str = ""
    detail: str = ""
    cause: Cause = "facebook"
    code: int | None = None
    subcode: int | None = None
    status: int | None = None
    fbtrace_id: str = ""
    is_transient: bool = False
    regain_minutes: int = 0
    where: str = ""
    via: str = ""
    proxy_variable: str = ""
    proxy_problem: ProxyProblem | None = None

    def __post_init__(self) -> None:
        self.host, self.via = (harmless(redact(text.rpartition("@")[2]), 200) for text in (self.host, self.via))
        self.detail, self.fbtrace_id = (harmless(redact(text), 200) for text in (self.detail, self.fbtrace_id))
        parts = [f"{self.host}:" if self.host else "", self.fault.line if self.fault else ""]
        detail = f"{self.detail} s" if self.fault and self.fault.cause == "timeout" else self.detail
        message = self.message or " ".join(filter(None, [*parts, f"({detail})" if self.detail else ""]))
        self.message = harmless(redact(message))
        if self.fault and self.cause == "facebook":
            self.cause = self.fault.cause
        self.args = (self.message,)

    @property
    def sent(self) -> bool:
        """Whether the request may have left."""
        return self.fault is None or self.fault.sent

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
    """Return whether App ID or App Secret is at fault, and not the token asked about, nor Meta's view of the app.

    graph-api.md sections 3, 6 and 7: at the top level of debug_token even 190 speaks of the app's credentials.
    """
    if error.inconclusive or refusal_of(error):
        return False
    text = error.message.casefold()
    if error.code == 1:
        return "does not belong to application" not in text
    if error.code in (190, 102, 104):
        return error.where in ("debug_token", "app") or "validating application" in text
    if error.code == 100:
        return "invalid appsecret_proof" in text or "must provide an app access token" in text
    if error.code == 200:
        return "provide valid app id" in text
    return error.code == 101 or "invalid client id" in text


def means_wrong_app(error: FacebookError) -> bool:
    """Return whether the token was issued for another app than the one asked with (graph-api.md sections 4, 6)."""
    text = error.message.casefold()
    return (error.code == 1 and "does not belong to application" in text) or (
        error.code == 100 and "did not match the viewing app" in text
    )


def means_new_login(error: FacebookError) -> bool:
    """Return whether only a new login helps."""
    if error.inconclusive or means_app_credentials(error) or refusal_of(error):
        return False
    return error.code in _SESSION_CODES or error.code == 412


def means_app_limit(error: FacebookError) -> bool:
    """Return whether Facebook limits the app, and not one person, Page, account or business (section 11)."""
    return error.cause == "throttled" and error.code not in LIMITS_OF_OTHERS


def is_pending(error: FacebookError) -> bool:
    """Return whether a device login still waits for the person (graph-api.md section 9)."""
    return error.subcode == _PENDING or "authorization_pending" in error.message


def is_slow_down(error: FacebookError) -> bool:
    """Return whether a device login was polled too fast."""
    return error.subcode == _TOO_FAST or "slow_down" in error.message
