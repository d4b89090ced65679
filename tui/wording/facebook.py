"""Words for an error of Facebook's, or for a call that brought no usable answer."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.facebook.errors import FacebookError, Fault, fault_in
from tui.facebook.remedies import RemedyCode, remedy_for
from tui.tokens.token import Failure
from tui.wording.network import proxy_name, proxy_problem
from tui.wording.text import Action, Text, Who
from tui.wording.texts import phrase, phrases, text_of
from tui.wording.times import clock_difference, stamp
from tui.wording.token_words import numbers

if TYPE_CHECKING:
    from tui.wording.surfaces import Surface


_UNKNOWN = RemedyCode("unknown")


def remedy_words(code: RemedyCode, retry: Action | None = None) -> Text:
    """Return the words for a remedy. `retry` is the action that failed, and names profile and token."""
    text = text_of("remedies", code, {}, retry=retry)
    return replace(text, who=text.who or Who.YOU)


def remedy_title(code: RemedyCode) -> str:
    """Return the title of a remedy, without a period."""
    return phrase("remedies", code, "title")


def remedy_code(error: FacebookError | Failure, where: str = "") -> RemedyCode:
    """Return the remedy of an error; `where` is the endpoint where the error itself does not name it."""
    if isinstance(error, FacebookError):
        fault = error.fault
    else:
        fault = fault_in(error.message) if error.cause != "facebook" else None
    name = fault.name if fault else ""
    return remedy_for(error.code, error.subcode, error.message, error.cause, where or error.where, name)


def facebook_text(error: FacebookError | Failure, retry: Action | None = None, where: str = "") -> Text:
    """Return what happened, why, who must act and what to do. `retry` is the action that failed."""
    remedy = remedy_words(remedy_code(error, where), retry)
    if isinstance(error, FacebookError) and error.fault is not None:
        if error.proxy_problem is not None:
            flaw = proxy_problem(error.proxy_problem)
            remedy = replace(remedy, why=flaw.why or remedy.why, hint=flaw.hint)
        return replace(remedy, what=fault_sentence(error))
    said = quoted(error) if error.cause == "facebook" else f"({error.message})"
    if remedy_code(error, where) == _UNKNOWN and error.fbtrace_id:
        said += f" (fbtrace_id {error.fbtrace_id})"
    return replace(remedy, what=f"{remedy.what} {said}")


def advice(remedy: Text, surface: "Surface") -> str:
    """Return what to do, and who must, where that is not the reader."""
    steps = " ".join(filter(None, (remedy.hint, surface.step(remedy.next) if remedy.next else "")))
    return steps if remedy.who is Who.YOU else f"{steps} Who must act: {remedy.who}."


def quoted(error: FacebookError | Failure) -> str:
    """Return Facebook's own words with its code: `Facebook (190/463): "Error validating access token."`."""
    code = numbers(error.code, error.subcode)
    return f'Facebook{f" ({code})" if code else ""}: "{error.message}"' if error.message else ""


def fault_sentence(error: FacebookError) -> str:
    """Return what happened to a call that brought no usable answer, in a sentence; empty without a fault."""
    if error.fault is None:
        return ""
    if error.proxy_problem is not None:
        return f"{error.host} cannot be reached. {proxy_problem(error.proxy_problem).what}"
    body = phrases("facebook", "body").get(error.detail, f"an answer of type {error.detail}")
    proxy = proxy_name(error.via, error.proxy_variable)
    refusal = f"HTTP {error.status}" if error.status else error.detail
    detail = error.detail or "another address"
    if error.fault is Fault.APP_PAUSED and detail.isdigit():
        detail = stamp(int(detail))
    return phrase("facebook", "fault", error.fault.name).format(
        host=error.host or "Facebook",
        detail=detail,
        status=error.status,
        body=body,
        proxy=proxy,
        through=f" through the proxy{proxy}" if proxy else "",
        refusal=refusal,
    )


def clock_words(skew: float) -> str:
    """Return how far this machine's clock is off and what to do; empty where `skew` is 0. `skew` in seconds."""
    if not skew:
        return ""
    text = text_of("doctor", "clock_behind" if skew > 0 else "clock_ahead", {"difference": clock_difference(skew)})
    return f"{text.what}. {text.hint}"
