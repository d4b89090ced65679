"""Everything that can go wrong with a call to Facebook, as one exception type, and what kind of fault it is."""

from typing import Literal

Cause = Literal[
    "facebook", "unreachable", "timeout", "tls", "redirected", "unreadable", "throttled", "server", "withheld"
]
"""`facebook`: it answered with an error of its own; `withheld`: igauth did not ask; the others: no usable answer."""

_PENDING, _TOO_FAST, _CODE_EXPIRED, _DECLINED = 1349174, 1349172, 1349152, 1349173
_SESSION_CODES = (190, 102)


class FacebookError(Exception):
    """A call failed. The message is safe to show: harmless, and without any secret.

    `code` and `subcode` are Facebook's (graph-api.md section 10), None where it did not give any.
    `where` names the endpoint (`debug_token`, `oauth/access_token`, `me/accounts`, ...): the same number means
    different things at different ones. `inconclusive` is true where nothing was learned: not asked, not
    answered, throttled or transient. `sent` is false only where the request certainly never left.
    """

    def __init__(
        self,
        message: str,
        *,
        cause: Cause = "facebook",
        code: int | None = None,
        subcode: int | None = None,
        status: int | None = None,
        kind: str = "",
        fbtrace_id: str = "",
        is_transient: bool = False,
        regain_minutes: int = 0,
        where: str = "",
        sent: bool = True,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.code = code
        self.subcode = subcode
        self.status = status
        self.kind = kind
        self.fbtrace_id = fbtrace_id
        self.is_transient = is_transient
        self.regain_minutes = regain_minutes
        self.where = where
        self.sent = sent

    @property
    def inconclusive(self) -> bool:
        """Whether nothing was learned about what was asked."""
        return self.cause != "facebook" or self.is_transient

    @property
    def reason(self) -> str:
        """Return code and subcode as `190/463`, or the cause where Facebook gave no code."""
        if self.code is None:
            return self.cause
        return f"{self.code}/{self.subcode}" if self.subcode is not None else str(self.code)


def means_app_credentials(error: FacebookError) -> bool:
    """Tell whether App ID or App Secret (or the app itself) is at fault, and not the token asked about.

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
    """Tell whether the token was issued for another app than the one asked with (graph-api.md sections 4, 6)."""
    text = error.message.casefold()
    return (error.code == 1 and "does not belong to application" in text) or (
        error.code == 100 and "did not match the viewing app" in text
    )


def means_new_login(error: FacebookError) -> bool:
    """Tell whether the token is dead, so that only a new login helps."""
    if error.inconclusive or means_app_credentials(error):
        return False
    return error.code in _SESSION_CODES or error.code == 412


def is_throttled(error: FacebookError) -> bool:
    """Tell whether Facebook asked for a pause; `regain_minutes` says how long where it is known."""
    return error.cause == "throttled"


def is_pending(error: FacebookError) -> bool:
    """Tell whether a device login still waits for the person (graph-api.md section 9)."""
    return error.subcode == _PENDING or "authorization_pending" in error.message


def is_slow_down(error: FacebookError) -> bool:
    """Tell whether a device login was polled too fast."""
    return error.subcode == _TOO_FAST or "slow_down" in error.message


def is_code_expired(error: FacebookError) -> bool:
    """Tell whether the code of a device login is over."""
    return error.subcode == _CODE_EXPIRED or error.code == 463 or "code_expired" in error.message


def is_declined(error: FacebookError) -> bool:
    """Tell whether the person declined a device login."""
    return error.subcode == _DECLINED or "authorization_declined" in error.message
