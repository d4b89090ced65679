"""From JSON objects to values: pure functions that raise FacebookError (cause `unreadable`) and nothing else."""

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from tui.clock import LAST_SECOND
from tui.facebook import models
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope, Permission, PermissionStatus, TokenKind
from tui.facebook.transport import is_header_safe
from tui.facebook.wire import integer, objects, scrub, text, texts
from tui.redact import Secret

_LONGEST_TOKEN = 8_192
_LONGEST_ID = 40
_KINDS: Mapping[str, TokenKind] = {"user": "user", "page": "page", "app": "app", "systemuser": "system_user"}
_STATUSES: Mapping[str, PermissionStatus] = {"granted": "granted", "declined": "declined", "expired": "expired"}


def read_issued(answer: Mapping[str, Any], where: str = "oauth/access_token") -> models.Issued:
    """Read a token that was handed out; a life that is missing or 0 is None: debug_token has it then (section 4)."""
    value = _secret(answer, "access_token", where)
    seconds = integer(answer.get("expires_in", answer.get("expires")))
    return models.Issued(
        value=value,
        expires_in=seconds if seconds is not None and 0 < seconds <= LAST_SECOND else None,
        data_access_expires_at=_moment(answer, "data_access_expiration_time", where),
    )


def read_app_info(answer: Mapping[str, Any], app_id: str) -> models.AppInfo:
    """Read an app's own node (graph-api.md section 7)."""
    return models.AppInfo(_identifier(answer, "id", "app") or app_id, _required(answer, "name", "app"))


def read_inspection(answer: Mapping[str, Any], at: int) -> models.Inspection:
    """Read what debug_token said at `at` (unix seconds, UTC); graph-api.md section 6."""
    where = "debug_token"
    data = answer.get("data")
    if not isinstance(data, dict):
        _refuse("data", where)
    error = _token_error(data.get("error"))
    is_valid = _truth(data.get("is_valid"))
    if is_valid is None and error is None:
        _refuse("is_valid", where)
    return models.Inspection(
        at=at,
        is_valid=bool(is_valid) and error is None,
        app_id=_identifier(data, "app_id", where),
        kind=_kind(data.get("type")),
        user_id=_identifier(data, "user_id", where),
        profile_id=_identifier(data, "profile_id", where),
        issued_at=_moment(data, "issued_at", where),
        expires_at=_moment(data, "expires_at", where),
        data_access_expires_at=_moment(data, "data_access_expires_at", where),
        scopes=texts(data.get("scopes")),
        granular_scopes=tuple(
            GranularScope(text(entry.get("scope")), _target_ids(entry, where))
            for entry in objects(data.get("granular_scopes"))
            if text(entry.get("scope"))
        ),
        error=error,
    )


def read_name(answer: Mapping[str, Any]) -> str:
    """Read the person's name from `/me`; empty where there is none."""
    _required_id(answer, "me")
    return text(answer.get("name"))


def read_permissions(answer: Mapping[str, Any]) -> tuple[Permission, ...]:
    """Read `/me/permissions`; the pseudo entry `installed` is left out (graph-api.md section 8)."""
    entries = _list(answer, "me/permissions")
    found = ((text(entry.get("permission")), _STATUSES.get(text(entry.get("status"), 40))) for entry in entries)
    return tuple(Permission(name, status) for name, status in found if name and status and name != "installed")


def read_pages(answer: Mapping[str, Any]) -> tuple[Page, ...]:
    """Read one portion of `/me/accounts` (graph-api.md section 5); a Page token may be missing, never broken."""
    return tuple(_page(entry) for entry in _list(answer, "me/accounts") if _digits(entry.get("id")))


def read_businesses(answer: Mapping[str, Any]) -> tuple[models.Business, ...]:
    """Read one portion of `/me/businesses` with the Pages each owns or works for (graph-api.md section 5)."""
    return tuple(
        models.Business(text(entry.get("name")), _page_names(entry)) for entry in _list(answer, "me/businesses")
    )


def read_instagram(
    account: Mapping[str, Any], media: Mapping[str, Any], insights: tuple[str, ...]
) -> models.InstagramReading:
    """Put together what a test read brought."""
    return models.InstagramReading(
        account_id=_required_id(account, "instagram"),
        username=text(account.get("username")),
        media_count=integer(account.get("media_count")),
        followers_count=integer(account.get("followers_count")),
        media_read=len(_list(media, "instagram/media")),
        insights=insights,
    )


def read_insight_names(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the names of the metrics that came."""
    names = (text(entry.get("name")) for entry in _list(answer, "instagram/insights"))
    return tuple(name for name in names if name)


def read_device_code(answer: Mapping[str, Any]) -> models.DeviceCode:
    """Read a started device login (graph-api.md section 9); interval 5 s and life 420 s where they are missing."""
    where = "device/login"
    return models.DeviceCode(
        code=_secret(answer, "code", where),
        user_code=_required(answer, "user_code", where, 40),
        url=_web_address(answer.get("verification_uri")) or "https://www.facebook.com/device",
        expires_in=_bounded(answer.get("expires_in"), 420, 10, 86_400),
        interval=_bounded(answer.get("interval"), 5, 1, 600),
    )


def _page(entry: Mapping[str, Any]) -> Page:
    linked = entry.get("instagram_business_account")
    account: Mapping[str, Any] = linked if isinstance(linked, dict) else {}
    return Page(
        page_id=_digits(entry.get("id")),
        name=text(entry.get("name")),
        token=_secret_or_empty(entry.get("access_token")),
        tasks=texts(entry.get("tasks"), 60),
        instagram_id=_digits(account.get("id")),
        instagram_username=text(account.get("username"), 80),
    )


def _page_names(business: Mapping[str, Any]) -> tuple[str, ...]:
    edges = [edge for name in ("owned_pages", "client_pages") if isinstance(edge := business.get(name), dict)]
    names = [text(page.get("name")) for edge in edges for page in objects(edge.get("data"))]
    return tuple(dict.fromkeys(filter(None, names)))


def _token_error(value: object) -> FacebookError | None:
    if not isinstance(value, dict):
        return FacebookError(scrub(value)) if isinstance(value, str) and value else None
    message = value.get("message")
    subcode = integer(value.get("subcode", value.get("error_subcode")))
    shown = scrub(message) if isinstance(message, str) else ""
    return FacebookError(shown, code=integer(value.get("code")), subcode=subcode)


def _list(answer: Mapping[str, Any], where: str) -> tuple[Mapping[str, Any], ...]:
    data = answer.get("data")
    if not isinstance(data, list):
        _refuse("data", where)
    return objects(data)


def _secret(answer: Mapping[str, Any], field: str, where: str) -> Secret:
    return _secret_or_empty(answer.get(field)) or _refuse(field, where)


def _secret_or_empty(value: object) -> Secret:
    is_usable = isinstance(value, str) and len(value) <= _LONGEST_TOKEN and is_header_safe(value)
    return Secret(str(value) if is_usable else "")


def _required(answer: Mapping[str, Any], field: str, where: str, longest: int = 200) -> str:
    return text(answer.get(field), longest) or _refuse(field, where)


def _required_id(answer: Mapping[str, Any], where: str) -> str:
    return _digits(answer.get("id")) or _refuse("id", where)


def _identifier(answer: Mapping[str, Any], field: str, where: str) -> str:
    """Return an id, empty where there is none. A malformed one is refused: it must not be read as `none`."""
    value = answer.get(field)
    return "" if value in (None, "") else _digits(value) or _refuse(field, where)


def _target_ids(grant: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Return the ids that a scope is limited to. A malformed one is refused: without any, it reaches every asset."""
    targets = grant.get("target_ids")
    found = tuple(map(_digits, targets)) if isinstance(targets, list) else ()
    return found if all(found) else _refuse("target_ids", where)


def _digits(value: object) -> str:
    """Return an id of Facebook's, which is digits; empty for anything else."""
    written = text(value, _LONGEST_ID)
    return written if written.isdecimal() and written.isascii() else ""


def _moment(answer: Mapping[str, Any], field: str, where: str) -> int | None:
    """Return unix seconds; None for 0 or nothing. A malformed time is refused: it must not be read as `never`."""
    value = answer.get(field)
    if value is None or value == "":
        return None
    moment = integer(value)
    if moment is None or not 0 <= moment <= LAST_SECOND:
        _refuse(field, where)
    return moment or None


def _bounded(value: object, default: int, least: int, most: int) -> int:
    number = integer(value)
    return default if number is None or number <= 0 else min(max(number, least), most)


def _web_address(value: object) -> str:
    """Return an address in https, or in http on this machine; empty for anything else."""
    if not isinstance(value, str) or len(value) >= 500 or not is_header_safe(value):
        return ""
    try:
        scheme, host = (parts := urlsplit(value)).scheme, parts.hostname
    except ValueError:
        return ""
    is_here = scheme == "http" and host in ("127.0.0.1", "::1", "localhost")
    return value if is_here or (scheme == "https" and host) else ""


def _truth(value: object) -> bool | None:
    """Return a truth value of JSON, also one given as number or text (graph-api.md section 14, item 9)."""
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())


def _kind(value: object) -> TokenKind:
    """Return what a token is; the spelling for system users is not certain (graph-api.md section 16)."""
    letters = "".join(character for character in text(value, 40).lower() if character.isalpha())
    return _KINDS.get(letters, "unknown")


def _refuse(field: str, where: str) -> NoReturn:
    raise FacebookError(fault=Fault.INCOMPLETE, detail=field, where=where)
