"""Words for an error of Facebook's, or for a call that brought no usable answer."""

from collections.abc import Mapping

from tui.facebook.errors import BodyKind, FacebookError, Fault
from tui.facebook.remedies import remedy_for
from tui.tokens.token import Failure
from tui.wording.remedies import Remedy, remedy_words
from tui.wording.text import Action, Text


def remedy_of(error: FacebookError | Failure, where: str = "") -> Remedy:
    """Return the remedy in words; `where` is the endpoint where the error itself does not name it."""
    place = where or (error.where if isinstance(error, FacebookError) else "")
    return remedy_words(remedy_for(error.code, error.subcode, error.message, error.cause, place))


def facebook_text(error: FacebookError | Failure, retry: Action | None = None, where: str = "") -> Text:
    """Return what happened, why, who must act and what to do. `retry` is the action that failed."""
    remedy = remedy_of(error, where)
    return Text(_what(error, remedy), remedy.why, remedy.who, remedy.action(retry), remedy.hint)


def _what(error: FacebookError | Failure, remedy: Remedy) -> str:
    fault = error.fault if isinstance(error, FacebookError) else None
    if isinstance(error, FacebookError) and fault is not None:
        return fault_sentence(error, fault)
    return f"{remedy.what} {quoted(error)}" if error.cause == "facebook" else f"{remedy.what} ({error.message})"


def quoted(error: FacebookError | Failure) -> str:
    """Return Facebook's own words with its code: `Facebook (190/463): "Error validating access token."`."""
    code = (
        f" ({error.code}{f'/{error.subcode}' if error.subcode is not None else ''})" if error.code is not None else ""
    )
    return f'Facebook{code}: "{error.message}"' if error.message else ""


def fault_sentence(error: FacebookError, fault: Fault) -> str:
    """Return what happened to a call that brought no usable answer, in a sentence."""
    body = _BODIES.get(error.detail, f"an answer of type {error.detail}")
    host, detail = error.host or "Facebook", error.detail or "another address"
    return _FAULTS[fault].format(host=host, detail=detail, status=error.status, body=body)


_FAULTS: Mapping[Fault, str] = {
    Fault.OTHER_HOST: "Nothing was sent to {host}: the secrets were stored for {detail}.",
    Fault.CONNECT_TIMEOUT: "No connection to {host} within {detail} s.",
    Fault.ANSWER_TIMEOUT: "{host} did not answer completely in time ({detail} s).",
    Fault.CALL_IMPOSSIBLE: "The call to {host} could not be made ({detail}).",
    Fault.PROXY_REFUSED: "The proxy refused the connection to {host}.",
    Fault.PROXY_LOGIN: "The proxy requires a login (HTTP {status}): add user and password to HTTPS_PROXY.",
    Fault.NAME_UNKNOWN: "The name {host} could not be resolved.",
    Fault.CONNECTION_REFUSED: "{host} refused the connection.",
    Fault.NO_ROUTE: "{host} cannot be reached from this machine.",
    Fault.CONNECTION_BROKEN: "The connection to {host} broke before the answer was complete.",
    Fault.NO_TLS: "No secure connection to {host}: it does not use TLS correctly.",
    Fault.CERTIFICATE: "No secure connection to {host}: its certificate was not accepted ({detail}).",
    Fault.REDIRECT: "{host} redirected the call to {detail} (HTTP {status}).",
    Fault.NEXT_PAGE_ELSEWHERE: "The rest of the list is on another host ({host}). igauth does not send a token there.",
    Fault.TOO_LARGE: "{host} sent more than {detail} KiB. The rest was not read.",
    Fault.NOT_UNPACKED: "The compressed answer of {host} could not be unpacked.",
    Fault.NOT_JSON: "{host} sent {body} instead of a Graph API answer (HTTP {status}).",
    Fault.INCOMPLETE: 'The field "{detail}" is missing in the answer, or malformed.',
    Fault.PAUSE: "{host} asks for a pause.",
    Fault.SERVER_ERROR: "{host} has a server problem (HTTP {status}, {body}).",
    Fault.NO_REASON: "{host} refused without a reason (HTTP {status}).",
}

_BODIES: Mapping[str, str] = {
    BodyKind.EMPTY: "an empty answer",
    BodyKind.HTML: "an HTML page",
    BodyKind.OTHER_JSON: "broken or unexpected JSON",
    BodyKind.UNTYPED: "an answer without a type",
}


def clock_words(skew: float) -> str:
    """Return how far this machine's clock is off and what to do; empty where `skew` is 0. `skew` in seconds."""
    if not skew:
        return ""
    return (
        f"This machine's clock is {abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} Facebook's; igauth uses"
        " Facebook's. Set it, or switch on time synchronization: timedatectl set-ntp true"
    )
