"""Words for an error of Facebook's, or for a call that brought no usable answer."""

from tui.facebook.errors import FacebookError, Fault
from tui.facebook.remedies import remedy_for
from tui.tokens.token import Failure
from tui.wording.remedies import Remedy, remedy_words
from tui.wording.text import Action, Text
from tui.wording.texts import phrase, phrases


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
    body = phrases("facebook", "body").get(error.detail, f"an answer of type {error.detail}")
    host, detail = error.host or "Facebook", error.detail or "another address"
    return phrase("facebook", "fault", fault.name).format(host=host, detail=detail, status=error.status, body=body)


def clock_words(skew: float) -> str:
    """Return how far this machine's clock is off and what to do; empty where `skew` is 0. `skew` in seconds."""
    if not skew:
        return ""
    return (
        f"This machine's clock is {abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} Facebook's; igauth uses"
        " Facebook's. Set it, or switch on time synchronization: timedatectl set-ntp true"
    )
