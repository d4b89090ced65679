"""From the bytes of an answer to JSON values or a FacebookError; whatever came, nothing else is raised."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

from tui.clock import LAST_SECOND
from tui.facebook.errors import LIMITS_OF_OTHERS, BodyKind, Cause, FacebookError, Fault
from tui.facebook.models import Usage
from tui.facebook.transport import Answer
from tui.harmless import harmless
from tui.redact import HIDDEN, redact

_THROTTLE_CODES = frozenset({4, 9, 17, 32, 341, 613, *range(80000, 80015)})
_DEVICE_SUBCODES = frozenset({1349152, 1349172, 1349173, 1349174})
_ECHO = re.compile(r"(malformed access token:?\s*)(?!\s)\S+.*", re.IGNORECASE | re.DOTALL)
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_ANSWER_KEYS = frozenset({"data", "id", "name", "access_token", "expires", "code", "user_code", "success"})
"""Each answer that is asked for has one of these; a service that has none of them is another one."""
_NETWORK_LOGIN = 511
_LONGEST_RAW = 20_000
_LONGEST_MESSAGE = 1_000
"""Characters kept of what Facebook says; its own are shorter, and what to do about it stands below."""
_LARGEST_NUMBER = 2**63
_LONGEST_TIME = 100
OLDEST_ANSWER = 60
"""Seconds that an answer may have spent in a cache and still show the time."""


def decode(answer: Answer, where: str) -> Mapping[str, Any]:
    """Return the answer's JSON object.

    Raises FacebookError for an error envelope (at any HTTP status, graph-api.md section 10), and for everything
    that is not a JSON object: HTML pages, truncated JSON, an empty body, an array. So does an object of another
    service. Bodies that are urlencoded text (servers before v2.3, section 4) are read as an object of texts.
    """
    value = _parse(answer)
    is_foreign = isinstance(value, dict) and _is_foreign(value, answer, where)
    if isinstance(value, dict) and not is_foreign and _has_error(value, answer.status):
        raise envelope_error(value, answer, where)
    if answer.status >= 400 or not isinstance(value, dict) or is_foreign:
        raise _unusable(answer, where, is_foreign=is_foreign)
    return value


def envelope_error(value: Mapping[str, Any], answer: Answer, where: str) -> FacebookError:
    """Turn an error envelope of any known shape (graph-api.md sections 3 and 10) into a FacebookError."""
    error = value.get("error")
    fields: Mapping[str, Any] = error if isinstance(error, dict) else value
    message = _said(fields)
    code = integer(fields.get("code", fields.get("error_code")))
    subcode = integer(fields.get("error_subcode", fields.get("subcode")))
    transient = fields.get("is_transient") in (True, 1, "true", "1")
    shown = scrub(message)
    return FacebookError(
        shown,
        fault=None if shown else Fault.NO_REASON,
        cause=_cause(code, subcode, shown, transient, answer.status, where),
        code=code,
        subcode=subcode,
        status=answer.status,
        fbtrace_id=text(fields.get("fbtrace_id"), 80),
        is_transient=transient,
        regain_minutes=_regain(answer.headers, *(_USAGE_HEADERS if code in LIMITS_OF_OTHERS else _USAGE_HEADERS[:1])),
        where=where,
    )


def _said(fields: Mapping[str, Any]) -> str:
    """Return all that Facebook says to people: the message, then title and text for users where it sent some."""
    message = _first_text(fields, "message", "error_message", "error_msg", "error_description", "error")
    more = (_first_text(fields, name).strip() for name in ("error_user_title", "error_user_msg"))
    parts = [message.strip(), *(part for part in more if part and part not in message)]
    return " ".join(part if part[-1:] in ".!?:" else f"{part}." for part in parts if part) if parts[1:] else message


def scrub(message: str) -> str:
    """Return a message of Facebook's that is safe to show: without secrets, even those it echoes, and harmless."""
    return harmless(_ECHO.sub(rf"\1{HIDDEN}", redact(message[:_LONGEST_RAW])), _LONGEST_MESSAGE).strip()


def text(value: object, longest: int = 200) -> str:
    """Return a text or number of JSON as harmless text, anything else as an empty one."""
    if isinstance(value, str):
        return harmless(value, longest)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER:
        return str(value)
    return ""


def integer(value: object) -> int | None:
    """Return a number of JSON, also one given as text, as an int; anything else as None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) <= 20 and value.strip().isascii():
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return None
    if isinstance(value, float):
        return int(value) if abs(value) < _LARGEST_NUMBER else None  # false for NaN and infinities too
    return value if isinstance(value, int) and abs(value) < _LARGEST_NUMBER else None


def objects(value: object) -> tuple[Mapping[str, Any], ...]:
    """Return the objects in a JSON array; nothing for anything else."""
    return tuple(entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()


def texts(value: object, longest: int = 200) -> tuple[str, ...]:
    """Return the texts and numbers in a JSON array as harmless texts; nothing for anything else."""
    found = (text(entry, longest) for entry in value) if isinstance(value, list) else ()
    return tuple(entry for entry in found if entry)


def read_time(headers: Mapping[str, str]) -> float | None:
    """Return the server's time when it answered, as unix seconds, UTC; None where the headers do not show it.

    A cache sends the time at which the answer was made, and its `Age` in seconds: an old answer shows no time.
    """
    try:
        age = max(int(part) for part in headers.get("age", "0")[:_LONGEST_TIME].split(","))
        at = parsedate_to_datetime(headers.get("date", "")[:_LONGEST_TIME])
        time = at.replace(tzinfo=at.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return time + age if 0 <= age <= OLDEST_ANSWER and 0 <= time <= LAST_SECOND else None


def read_usage(headers: Mapping[str, str]) -> Usage:
    """Return how much of the app's own allowance is used (graph-api.md section 11)."""
    return Usage(min(max(_figures(headers, "x-app-usage", _USAGE_SHARES)), 1_000), _regain(headers, "x-app-usage"))


def _regain(headers: Mapping[str, str], *names: str) -> int:
    """Return the longest time to wait that the usage headers name, in minutes; 0 where they name none."""
    found = (max(_figures(headers, name, ("estimated_time_to_regain_access",))) for name in names)
    return min(max(found), 100_000)


def _figures(headers: Mapping[str, str], name: str, keys: Iterable[str]) -> list[int]:
    """Return 0, and all figures of these keys in a usage header, wherever they stand in it."""
    try:
        value = json.loads(headers.get(name, "{}")[:_LONGEST_RAW])
    except (ValueError, RecursionError):
        return [0]
    return [0, *(integer(entry.get(key)) or 0 for entry in _usage_entries(value) for key in keys)]


def read_version(headers: Mapping[str, str]) -> str:
    """Return the version that served the answer (graph-api.md section 1), empty where it is not named."""
    version = headers.get("facebook-api-version", "").strip()
    return version if _VERSION.fullmatch(version) else ""


_USAGE_SHARES = ("call_count", "total_cputime", "total_time")
_USAGE_HEADERS = ("x-app-usage", "x-page-usage", "x-ad-account-usage", "x-business-use-case-usage")


def _usage_entries(value: object) -> tuple[Mapping[str, Any], ...]:
    inner = [entry for part in value.values() for entry in objects(part)] if isinstance(value, dict) else []
    return objects([value, *inner])


def _parse(answer: Answer) -> object:
    body = answer.body.decode("utf-8", "replace").lstrip("\ufeff")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    if answer.status < 400 and re.match(r"\s*(?:access_token|expires|error)=", body):
        try:
            return dict(parse_qsl(body.strip(), max_num_fields=50))
        except ValueError:
            pass
    return None


def _has_error(value: Mapping[str, Any], status: int) -> bool:
    if isinstance(value.get("error"), dict | str):
        return True
    return any(key in value for key in ("error_message", "error_msg", "error_code")) or (
        status >= 400 and "message" in value and "code" in value
    )


def _first_text(fields: Mapping[str, Any], *names: str) -> str:
    return next((fields[name] for name in names if isinstance(fields.get(name), str) and fields[name].strip()), "")


def _cause(code: int | None, subcode: int | None, message: str, transient: bool, status: int, where: str) -> Cause:
    if subcode in _DEVICE_SUBCODES:
        return "facebook"
    if code in _THROTTLE_CODES or (status == 429 and code in (None, 1, 2)):
        return "throttled"
    if transient or code == 2:
        return "server"
    if code == 1:  # at /oauth it is a wrong secret or a foreign token, elsewhere Facebook's own trouble
        at_oauth = where.startswith("oauth/") and status < 500
        return "facebook" if at_oauth and "unknown error" not in message.casefold() else "server"
    if code is None and status >= 500:
        return "server"
    return "facebook"


def _is_foreign(value: Mapping[str, Any], answer: Answer, where: str) -> bool:
    """Return whether a JSON object comes from another service; the headers of Facebook's own answers say it is not."""
    if any(name.startswith("x-fb-") or name == "facebook-api-version" for name in answer.headers):
        return False
    if not _has_error(value, answer.status):
        return bool(value) and not _ANSWER_KEYS & value.keys()
    if where.startswith("device/"):  # which may answer as OAuth has it: `{"error": "authorization_pending"}`
        return False
    error = value.get("error")
    fields: Mapping[str, Any] = error if isinstance(error, dict) else value
    has_number = integer(fields.get("code", fields.get("error_code"))) is not None
    return not has_number and not (isinstance(error, dict) and _first_text(error, "message"))


def _unusable(answer: Answer, where: str, *, is_foreign: bool) -> FacebookError:
    status, kind = answer.status, _kind_of(answer)
    if status == _NETWORK_LOGIN:
        fault = Fault.PORTAL
    elif status >= 500:
        fault = Fault.SERVER_ERROR
    elif status in (407, 429):
        fault = Fault.PAUSE if status == 429 else Fault.PROXY_LOGIN
    elif kind is BodyKind.HTML:
        fault = Fault.PORTAL
    else:
        fault = Fault.FOREIGN_JSON if is_foreign else Fault.NOT_JSON
    return FacebookError(
        fault=fault,
        host=answer.host,
        detail=kind,
        status=status,
        regain_minutes=_regain(answer.headers, "x-app-usage"),
        where=where,
    )


def _kind_of(answer: Answer) -> str:
    start = answer.body.lstrip()[:1]
    media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if not start:
        return BodyKind.EMPTY
    if start == b"<" or "html" in media_type:
        return BodyKind.HTML
    if start in (b"{", b"["):
        return BodyKind.OTHER_JSON
    return harmless(media_type, 60) or BodyKind.UNTYPED
