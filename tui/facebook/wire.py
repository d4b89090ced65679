"""From the bytes of an answer to JSON values or a FacebookError; whatever came, nothing else is raised."""

import json
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

from tui.facebook.errors import BodyKind, Cause, FacebookError, Fault
from tui.facebook.models import Usage
from tui.facebook.transport import Answer
from tui.harmless import harmless
from tui.redact import HIDDEN, redact

_THROTTLE_CODES = frozenset({4, 9, 17, 32, 341, 613, *range(80000, 80015)})
_DEVICE_SUBCODES = frozenset({1349152, 1349172, 1349173, 1349174})
_ECHO = re.compile(r"(malformed access token:?\s*)(?!\s)\S+.*", re.IGNORECASE | re.DOTALL)
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_LONGEST_RAW = 20_000
_LONGEST_MESSAGE = 500
"""Characters kept of what Facebook says; its own are shorter, and what to do about it stands below."""
_LARGEST_NUMBER = 2**63
_LONGEST_TIME = 100
OLDEST_ANSWER = 60
"""Seconds that an answer may have spent in a cache and still show the time."""


def decode(answer: Answer, where: str) -> Mapping[str, Any]:
    """Return the answer's JSON object.

    Raises FacebookError for an error envelope (at any HTTP status, graph-api.md section 10), and for everything
    that is not a JSON object: HTML pages, truncated JSON, an empty body, an array. Bodies that are urlencoded text
    (servers before v2.3, section 4) are read as an object of texts.
    """
    value = _parse(answer)
    if isinstance(value, dict) and _has_error(value, answer.status):
        raise envelope_error(value, answer, where)
    if answer.status >= 400 or not isinstance(value, dict):
        raise _unusable(answer, where)
    return value


def envelope_error(value: Mapping[str, Any], answer: Answer, where: str) -> FacebookError:
    """Turn an error envelope of any known shape (graph-api.md sections 3 and 10) into a FacebookError."""
    error = value.get("error")
    fields: Mapping[str, Any] = error if isinstance(error, dict) else value
    message = _first_text(fields, "message", "error_message", "error_msg", "error_description", "error")
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
        regain_minutes=read_usage(answer.headers).regain_minutes,
        where=where,
    )


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
    return time + age if 0 <= age <= OLDEST_ANSWER else None


def read_usage(headers: Mapping[str, str]) -> Usage:
    """Return the fullest of the allowances named in the usage headers (graph-api.md section 11)."""
    percent, minutes = 0, 0
    for name in ("x-app-usage", "x-page-usage", "x-ad-account-usage", "x-business-use-case-usage"):
        try:
            value = json.loads(headers.get(name, "{}")[:_LONGEST_RAW])
        except (ValueError, RecursionError):
            continue
        for entry in _usage_entries(value):
            shares = [integer(entry.get(key)) or 0 for key in _USAGE_SHARES]
            percent = max(percent, *shares)
            minutes = max(minutes, integer(entry.get("estimated_time_to_regain_access")) or 0)
    return Usage(min(percent, 1_000), min(minutes, 100_000))


def read_version(headers: Mapping[str, str]) -> str:
    """Return the version that served the answer (graph-api.md section 1), empty where it is not named."""
    version = headers.get("facebook-api-version", "").strip()
    return version if _VERSION.fullmatch(version) else ""


_USAGE_SHARES = ("call_count", "total_cputime", "total_time", "acc_id_util_pct", "app_id_util_pct")


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


def _unusable(answer: Answer, where: str) -> FacebookError:
    status = answer.status
    fault = (
        Fault.SERVER_ERROR if status >= 500 else {429: Fault.PAUSE, 407: Fault.PROXY_LOGIN}.get(status, Fault.NOT_JSON)
    )
    minutes = read_usage(answer.headers).regain_minutes
    return FacebookError(fault=fault, detail=_kind_of(answer), status=status, regain_minutes=minutes, where=where)


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
