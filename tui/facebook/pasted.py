"""From whatever a person pastes to the code in it: recovered to the byte or refused, never guessed."""

import hmac
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from tui.credentials.unwrapping import Removed, Unwrapped, layers, readings
from tui.facebook.dialog import LoginRequest, short_code
from tui.facebook.login_events import Declined
from tui.facebook.remedies import RemedyCode, remedy_for
from tui.facebook.wire import integer, scrub
from tui.harmless import harmless
from tui.redact import Secret, redact

LONGEST_PASTE = 64 * 1024


class Refusal(StrEnum):
    """Why a text is not accepted. Where several readings of a text fail, the first one here is reported."""

    ALREADY_ANSWERED = "already_answered"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    DECLINED = "declined"
    APP_SECRET = "app_secret"  # noqa: S105 - a code
    WRONG_STATE = "wrong_state"
    NO_STATE = "no_state"
    DAMAGED = "damaged"
    AMBIGUOUS = "ambiguous"
    WRONG_HOST = "wrong_host"
    DIALOG = "dialog"  # the address of the login dialog itself
    NO_ANSWER = "no_answer"


_VALUE = re.compile(r"[A-Za-z0-9_\-.~%+/=]*")
_CODE = re.compile(r"[A-Za-z0-9_\-.~+/=:]{4,8192}")
_TOKEN = re.compile(r"EAA[A-Za-z0-9]{16,4096}")
_BARE_CODE = re.compile(r"[A-Za-z0-9_\-]{20,4096}")
_TAIL = re.compile(r"(?:#|%23)_(?:=|%3D)?_?", re.IGNORECASE)
"""What Facebook appends, whole or cut off: `#_=_`."""
_AT_END = re.compile(f"{_TAIL.pattern}$", re.IGNORECASE)
_FOREIGN_AT_CUT = re.compile(r"[+/=:.~]")
"""No code of Facebook's was seen with these, and programs put some of them before or behind a wrapped line."""
_SAME_BEGINNING = 8
_STATE_VALUE = re.compile(r"[A-Za-z0-9_\-]+")
_ON_ERROR_PAGES = tuple(
    RemedyCode(f"dialog-{name}") for name in ("invalid-app-id", "url-blocked", "invalid-scopes", "app-not-active")
)


@dataclass(eq=False, repr=False)
class AnswerRefused(Exception):
    """A pasted text is not accepted.

    `seen` is what the text names instead (another attempt, another host, how many characters), `expected` what this
    login has there. `declined` where Facebook's own refusal was pasted.
    """

    reason: Refusal
    seen: str = ""
    expected: str = ""
    declined: Declined | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: a code, or a token."""

    code: Secret | None
    token: Secret | None = None
    removed: tuple[Removed, ...] = ()


_Found = tuple[Answer, int, int]
"""An answer, and where it starts and ends in the text."""


def read_answer(text: str, request: LoginRequest) -> Answer:
    """Return the code (or token) in a pasted text; raises AnswerRefused and nothing else.

    An address counts only with the redirect and the state of this very attempt. A code alone is accepted as it is: only
    Facebook knows whose it is.
    """
    if len(text) > LONGEST_PASTE:
        raise AnswerRefused(Refusal.TOO_LONG, str(len(text)))
    if not text.strip():
        raise AnswerRefused(Refusal.EMPTY)
    refusals: list[AnswerRefused] = []
    for reading in readings(text):
        for layer in layers(reading):
            try:
                return _read(layer, request)
            except AnswerRefused as refused:
                if refused.reason in (Refusal.DECLINED, Refusal.APP_SECRET):
                    raise
                refusals.append(refused)
    first = min(refusals, key=_rank)
    # A page's lines joined can look like a wrapped code; an address with an answer in it is never such a page.
    is_prose = first.reason in (Refusal.NO_ANSWER, Refusal.AMBIGUOUS) and not re.search("(?:code|access_token)=", text)
    raise (_error_page(text) if is_prose else None) or first


def _rank(refused: AnswerRefused) -> int:
    return list(Refusal).index(refused.reason)


def _read(text: Unwrapped, request: LoginRequest) -> Answer:
    found: dict[Answer, _Found] = {}
    refusals: list[AnswerRefused] = []
    for start, limit in pairwise([*_anchors(text, request), len(text.joined)]):
        try:
            here = _at_anchor(text, request, start, limit)
            found[here[0]] = here
        except AnswerRefused as refused:
            if refused.reason == Refusal.DECLINED:
                raise
            refusals.append(refused)
    if len(found) > 1:
        raise AnswerRefused(Refusal.AMBIGUOUS)
    if refusals and not found:
        raise min(refusals, key=_rank)
    answer, start, end = found.popitem()[1] if found else _bare(text, request)
    return replace(answer, removed=_removed(text, start, end))


def _removed(text: Unwrapped, start: int, end: int) -> tuple[Removed, ...]:
    removed = list(text.removed)
    before, after = text.joined[:start], text.joined[end:]
    if "view-source:" in before:
        removed.append(Removed.VIEW_SOURCE)
        before = before.replace("view-source:", "")
    tail = _TAIL.match(after)
    if tail is not None:
        removed.append(Removed.FRAGMENT)
        after = after[tail.end() :]
    around = before + after
    if around:
        removed.append(Removed.OTHER_TEXT if around.strip("<>\"'`()[]") else Removed.QUOTES)
    return tuple(dict.fromkeys(removed))


# --- addresses ------------------------------------------------------------------------------------------------


def _anchor_text(request: LoginRequest) -> str:
    parts = urlsplit(request.redirect_uri)
    return parts.netloc + parts.path.rstrip("/")


def _anchors(text: Unwrapped, request: LoginRequest) -> list[int]:
    """Return where in the text the redirect address (or its query, or its path in a log line) begins."""
    parts = urlsplit(request.redirect_uri)
    found = []
    for match in re.finditer(re.escape(_anchor_text(request)) + r"/?[?#]", text.joined, re.IGNORECASE):
        before = text.joined[: match.start()]
        scheme = re.search(r"https?://$", before, re.IGNORECASE)
        if scheme is not None:
            found.append(scheme.start())
        elif text.is_cut_at(match.start()) or (before and before[-1] in "\"'`<>([{=,;"):
            found.append(match.start())
    logged = re.finditer(rf"(?<=GET){re.escape(parts.path or '/')}[?]", text.joined)
    found.extend(match.start() for match in logged)
    if re.match(r"[?#&]?(?:[a-z_]+=[^&=?#/]*&)*(?:code|access_token|state|error)(?:=|_[a-z]+=)", text.joined):
        found.append(0)
    return sorted(set(found))


def _at_anchor(text: Unwrapped, request: LoginRequest, start: int, limit: int) -> _Found:
    """Read the answer in `text.joined[start:limit]`; raises AnswerRefused."""
    joined = text.joined
    error = _field(joined, "error|error_code|error_message", start, limit)
    value = _field(joined, "code", start, limit) or _field(joined, "access_token", start, limit)
    state = _field(joined, "state", start, limit)
    if value is None and error is None:
        raise AnswerRefused(Refusal.NO_ANSWER)
    if state is None and error is None:
        raise AnswerRefused(Refusal.NO_STATE)
    for names in ("code|access_token", "state"):
        first = _field(joined, names, start, limit)
        if first is not None and _field(joined, names, first, limit) is not None:
            raise AnswerRefused(Refusal.AMBIGUOUS)
    state_end = _check_state(text, request, state, limit) if state is not None else start
    if value is None:
        raise _declined(joined[start:limit])
    end = _end_of_value(text, value, limit, state)
    whole = max(end, state_end)
    if not text.is_evenly_cut(start, whole) or _is_marked(text, value, end):
        raise AnswerRefused(Refusal.DAMAGED)
    try:
        content = _AT_END.sub("", unquote(_AT_END.sub("", joined[value:end]), errors="strict"))
    except UnicodeDecodeError:
        content = ""
    if not _CODE.fullmatch(content) or "..." in content or "http" in content[4:]:
        raise AnswerRefused(Refusal.DAMAGED)
    is_token = joined[: value - 1].endswith("access_token")
    return _answer(content, is_token), start, whole


def _is_marked(text: Unwrapped, value: int, end: int) -> bool:
    """Return whether a sign is at a cut within the value: it may be the code's or the program's that wrapped it."""
    signs = (text.joined[at - 1 : at + 1] for at in text.cuts if value < at < end)
    return any(_FOREIGN_AT_CUT.search(around) for around in signs)


def _field(joined: str, names: str, start: int, limit: int) -> int | None:
    match = re.compile(rf"(?:[?#&]|^)(?:{names})=").search(joined, start, limit)
    return match.end() if match else None


def _check_state(text: Unwrapped, request: LoginRequest, at: int, limit: int) -> int:
    """Return where the state ends; raises AnswerRefused where it is not this attempt's."""
    joined, cuts = text.joined, text.cuts
    expected = request.state.reveal()
    end = at + len(expected)
    given = joined[at:end]
    goes_on = _STATE_VALUE.match(joined, end) is not None and end not in cuts
    if hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()) and end <= limit and not goes_on:
        return end
    match = _STATE_VALUE.match(joined, at, limit)
    seen = match.group() if match else ""
    if seen and (expected.startswith(seen) or seen[:_SAME_BEGINNING] == expected[:_SAME_BEGINNING]):
        raise AnswerRefused(Refusal.DAMAGED)
    other = short_code(seen[: len(expected)]) if seen else ""
    raise AnswerRefused(Refusal.WRONG_STATE, other, request.short_code)


def _end_of_value(text: Unwrapped, value: int, limit: int, state: int | None) -> int:
    """Return where the value ends; raises AnswerRefused where that is unclear."""
    joined = text.joined
    run = _VALUE.match(joined, value, limit)
    end = run.end() if run else value
    following = joined[end : end + 1]
    if following in ("&", "#"):
        return end
    if state is not None and state > value:
        raise AnswerRefused(Refusal.DAMAGED)  # something that no value holds stands before the state
    # The value comes last and nothing marks its end: what follows a cut may belong to it or not.
    start = max((cut for cut in (0, *text.cuts) if cut <= value), default=0)
    if end < len(joined):
        if not text.is_cut_at(end) and following not in "\"'`<>)]},;":
            raise AnswerRefused(Refusal.DAMAGED)
        if any(value < cut < end for cut in text.cuts):
            raise AnswerRefused(Refusal.AMBIGUOUS)
    elif not text.is_wrapped(start, end):
        raise AnswerRefused(Refusal.AMBIGUOUS)
    return end


# --- codes and tokens alone -----------------------------------------------------------------------------------


def _bare(text: Unwrapped, request: LoginRequest) -> _Found:
    """Read a code or token without an address; raises AnswerRefused."""
    joined = text.joined.strip("<>\"'`()[]")
    start = text.joined.find(joined)
    end = start + len(joined)
    code, mark, state = joined.partition("#")
    if mark and not _TAIL.fullmatch(mark + state) and _BARE_CODE.fullmatch(code):
        _check_state(text, request, start + len(code) + 1, end)
        if not text.is_evenly_cut(start, end):
            raise AnswerRefused(Refusal.DAMAGED)
        return _answer(code), start, end
    joined = _AT_END.sub("", joined)
    is_token = bool(_TOKEN.fullmatch(joined))
    if not is_token and not _BARE_CODE.fullmatch(joined):
        raise _unknown(text, request)
    if re.fullmatch(r"[0-9a-f]{32}", joined):
        raise AnswerRefused(Refusal.APP_SECRET)
    if hmac.compare_digest(joined.encode(), request.state.reveal().encode()):
        raise _unknown(text, request)
    if not text.is_wrapped(start, start + len(joined)):
        raise AnswerRefused(Refusal.AMBIGUOUS)
    return _answer(joined, is_token), start, end


def _answer(value: str, is_token: bool = False) -> Answer:
    return Answer(None, Secret(value)) if is_token else Answer(Secret(value))


# --- refusals -------------------------------------------------------------------------------------------------


def _unknown(text: Unwrapped, request: LoginRequest) -> AnswerRefused:
    lowered = text.joined.lower()
    is_short_link = f"/go/{request.short_code}".lower() in lowered
    if is_short_link or "dialog/oauth" in lowered or "dialog%2foauth" in lowered:
        return AnswerRefused(Refusal.DIALOG)
    if re.search(r"[?#&](?:code|access_token|error)=", lowered):
        seen = re.search(r"https?://(?:[^/?#\s]*@)?([^/?#&=\s]{1,200})", text.joined, re.IGNORECASE)
        host = harmless(redact(seen.group(1)), 80) if seen else ""
        return AnswerRefused(Refusal.WRONG_HOST, host, harmless(_anchor_text(request), 120))
    return AnswerRefused(Refusal.NO_ANSWER)


def _error_page(text: str) -> AnswerRefused | None:
    """Return what Facebook's own error page says, pasted as text: the browser is not sent back with such an error."""
    page = " ".join(text.replace("\u2019", "'").split())
    remedy = remedy_for(None, None, page, where="dialog")
    if remedy not in _ON_ERROR_PAGES:
        return None
    return AnswerRefused(Refusal.DECLINED, declined=Declined(scrub(page), remedy))


def _declined(address: str) -> AnswerRefused:
    fields = dict(parse_qsl(re.sub("[?#]", "&", address)))
    texts = [fields.get(name, "") for name in ("error_description", "error_message", "error_reason", "error")]
    remedy = remedy_for(integer(fields.get("error_code")), None, " ".join(texts), where="dialog")
    message = scrub(next(filter(None, texts), ""))
    return AnswerRefused(Refusal.DECLINED, declined=Declined(message, remedy))
