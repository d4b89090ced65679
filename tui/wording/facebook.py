"""Words for an error of Facebook's, or for a call that brought no usable answer."""

from typing import assert_never

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
    host, detail, http = error.host or "Facebook", error.detail, f"HTTP {error.status}"
    match fault:
        case Fault.OTHER_HOST:
            return f"Nothing was sent to {host}: the secrets were stored for {detail}."
        case Fault.CONNECT_TIMEOUT:
            return f"No connection to {host} within {detail} s."
        case Fault.ANSWER_TIMEOUT:
            return f"{host} did not answer completely in time ({detail} s)."
        case Fault.CALL_IMPOSSIBLE:
            return f"The call to {host} could not be made ({detail})."
        case Fault.PROXY_REFUSED:
            return f"The proxy refused the connection to {host}."
        case Fault.PROXY_LOGIN:
            return f"The proxy requires a login ({http}): add user and password to HTTPS_PROXY."
        case Fault.NAME_UNKNOWN:
            return f"The name {host} could not be resolved."
        case Fault.CONNECTION_REFUSED:
            return f"{host} refused the connection."
        case Fault.NO_ROUTE:
            return f"{host} cannot be reached from this machine."
        case Fault.CONNECTION_BROKEN:
            return f"The connection to {host} broke before the answer was complete."
        case Fault.NO_TLS:
            return f"No secure connection to {host}: it does not use TLS correctly."
        case Fault.CERTIFICATE:
            return f"No secure connection to {host}: its certificate was not accepted ({detail})."
        case Fault.REDIRECT:
            return f"{host} redirected the call{f' to {detail}' if detail else ''} ({http})."
        case Fault.NEXT_PAGE_ELSEWHERE:
            return f"The rest of the list is on another host ({host}). igauth does not send a token there."
        case Fault.TOO_LARGE:
            return f"{host} sent more than {detail} KiB. The rest was not read."
        case Fault.NOT_UNPACKED:
            return f"The compressed answer of {host} could not be unpacked."
        case Fault.NOT_JSON:
            return f"{host} sent {_body(detail)} instead of a Graph API answer ({http})."
        case Fault.INCOMPLETE:
            return f'The field "{detail}" is missing in the answer, or malformed.'
        case Fault.PAUSE:
            return f"{host} asks for a pause."
        case Fault.SERVER_ERROR:
            return f"{host} has a server problem ({http}, {_body(detail)})."
        case Fault.NO_REASON:
            return f"{host} refused without a reason ({http})."
        case _:
            assert_never(fault)


def _body(kind: str) -> str:
    match kind:
        case BodyKind.EMPTY:
            return "an empty answer"
        case BodyKind.HTML:
            return "an HTML page"
        case BodyKind.OTHER_JSON:
            return "broken or unexpected JSON"
        case BodyKind.UNTYPED:
            return "an answer without a type"
        case _:
            return f"an answer of type {kind}"


def clock_words(skew: float) -> str:
    """Return how far this machine's clock is off and what to do; empty where `skew` is 0. `skew` in seconds."""
    if not skew:
        return ""
    return (
        f"This machine's clock is {abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} Facebook's; igauth uses"
        " Facebook's. Set it, or switch on time synchronization: timedatectl set-ntp true"
    )
