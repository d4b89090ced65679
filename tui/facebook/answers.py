"""From JSON objects to values: pure functions that raise FacebookError (cause `unreadable`) and nothing else."""

from collections.abc import Mapping
from typing import Any, NoReturn

from tui.clock import LAST_SECOND
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.models import (
    AppInfo,
    Business,
    DeviceCode,
    Granular,
    Inspection,
    InstagramReading,
    Issued,
    Page,
    Permission,
    PermissionStatus,
    Person,
    TokenError,
    TokenKind,
)
from tui.facebook.transport import is_header_safe
from tui.facebook.wire import integer, objects, scrub, text, texts
from tui.redact import Secret

_LONGEST_TOKEN = 8_192
_KINDS: Mapping[str, TokenKind] = {"user": "user", "page": "page", "app": "app", "systemuser": "system_user"}
_STATUSES: Mapping[str, PermissionStatus] = {"granted": "granted", "declined": "declined", "expired": "expired"}


def read_issued(answer: Mapping[str, Any], where: str = "oauth/access_token") -> Issued:
    """Read a token that was handed out; a life that is missing or 0 is None: debug_token has it then (section 4)."""
    value = _secret(answer, "access_token", where)
    seconds = integer(answer.get("expires_in", answer.get("expires")))
    return Issued(
        value=value,
        expires_in=seconds if seconds is not None and 0 < seconds <= LAST_SECOND else None,
        data_access_expires_at=_moment(answer, "data_access_expiration_time", where),
    )


def read_app_info(answer: Mapping[str, Any], app_id: str) -> AppInfo:
    """Read an app's own node (graph-api.md section 7)."""
    return AppInfo(text(answer.get("id"), 40) or app_id, _required(answer, "name", "app"))


def read_inspection(answer: Mapping[str, Any], at: int) -> Inspection:
    """Read what debug_token said at `at` (unix seconds, UTC); graph-api.md section 6."""
    where = "debug_token"
    data = answer.get("data")
    if not isinstance(data, dict):
        _refuse("data", where)
    error = _token_error(data.get("error"))
    is_valid = _truth(data.get("is_valid"))
    if is_valid is None and error is None:
        _refuse("is_valid", where)
    return Inspection(
        at=at,
        is_valid=bool(is_valid) and error is None,
        app_id=text(data.get("app_id"), 40),
        kind=_kind(data.get("type")),
        user_id=text(data.get("user_id"), 40),
        profile_id=text(data.get("profile_id"), 40),
        issued_at=_moment(data, "issued_at", where),
        expires_at=_moment(data, "expires_at", where),
        data_access_expires_at=_moment(data, "data_access_expires_at", where),
        scopes=texts(data.get("scopes")),
        granular_scopes=tuple(
            Granular(text(entry.get("scope")), texts(entry.get("target_ids"), 40))
            for entry in objects(data.get("granular_scopes"))
            if text(entry.get("scope"))
        ),
        error=error,
    )


def read_person(answer: Mapping[str, Any]) -> Person:
    """Read `/me`."""
    return Person(_required(answer, "id", "me", 40), text(answer.get("name")))


def read_permissions(answer: Mapping[str, Any]) -> tuple[Permission, ...]:
    """Read `/me/permissions`; the pseudo entry `installed` is left out (graph-api.md section 8)."""
    entries = _list(answer, "me/permissions")
    found = ((text(entry.get("permission")), _STATUSES.get(text(entry.get("status"), 40))) for entry in entries)
    return tuple(Permission(name, status) for name, status in found if name and status and name != "installed")


def read_pages(answer: Mapping[str, Any]) -> tuple[Page, ...]:
    """Read one portion of `/me/accounts` (graph-api.md section 5); a Page token may be missing, never broken."""
    return tuple(_page(entry) for entry in _list(answer, "me/accounts") if text(entry.get("id"), 40))


def read_businesses(answer: Mapping[str, Any]) -> tuple[Business, ...]:
    """Read one portion of `/me/businesses` with what each owns and works for (graph-api.md section 5)."""
    return tuple(
        Business(
            business_id=text(entry.get("id"), 40),
            name=text(entry.get("name")),
            page_names=_names(entry, "name", "owned_pages", "client_pages"),
            instagram_usernames=_names(entry, "username", "owned_instagram_accounts", "client_instagram_accounts"),
        )
        for entry in _list(answer, "me/businesses")
    )


def read_instagram(account: Mapping[str, Any], media: Mapping[str, Any], insights: tuple[str, ...]) -> InstagramReading:
    """Put together what a test read brought."""
    return InstagramReading(
        account_id=_required(account, "id", "instagram", 40),
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


def read_device_code(answer: Mapping[str, Any]) -> DeviceCode:
    """Read a started device login (graph-api.md section 9); interval 5 s and life 420 s where they are missing."""
    where = "device/login"
    return DeviceCode(
        code=_secret(answer, "code", where),
        user_code=_required(answer, "user_code", where, 40),
        verification_url=_web_address(answer.get("verification_uri")) or "https://www.facebook.com/device",
        expires_in=_bounded(answer.get("expires_in"), 420, 10, 86_400),
        interval=_bounded(answer.get("interval"), 5, 1, 600),
    )


def _page(entry: Mapping[str, Any]) -> Page:
    token = entry.get("access_token")
    usable = isinstance(token, str) and len(token) <= _LONGEST_TOKEN and is_header_safe(token)
    linked = entry.get("instagram_business_account")
    account: Mapping[str, Any] = linked if isinstance(linked, dict) else {}
    instagram_id = text(account.get("id"), 40)
    return Page(
        page_id=text(entry.get("id"), 40),
        name=text(entry.get("name")),
        token=Secret(str(token) if usable else ""),
        tasks=texts(entry.get("tasks"), 60),
        instagram_id=instagram_id if instagram_id.isdecimal() and instagram_id.isascii() else "",
        instagram_username=text(account.get("username"), 80),
    )


def _names(entry: Mapping[str, Any], key: str, *edges: str) -> tuple[str, ...]:
    found: list[str] = []
    for edge in edges:
        inner = entry.get(edge)
        for node in objects(inner.get("data") if isinstance(inner, dict) else None):
            name = text(node.get(key))
            if name and name not in found:
                found.append(name)
    return tuple(found)


def _token_error(value: object) -> TokenError | None:
    if not isinstance(value, dict):
        return TokenError(None, None, scrub(value)) if isinstance(value, str) and value else None
    message = value.get("message")
    subcode = integer(value.get("subcode", value.get("error_subcode")))
    return TokenError(integer(value.get("code")), subcode, scrub(message) if isinstance(message, str) else "")


def _list(answer: Mapping[str, Any], where: str) -> tuple[Mapping[str, Any], ...]:
    data = answer.get("data")
    if not isinstance(data, list):
        _refuse("data", where)
    return objects(data)


def _secret(answer: Mapping[str, Any], field: str, where: str) -> Secret:
    value = answer.get(field)
    if not isinstance(value, str) or not value or len(value) > _LONGEST_TOKEN or not is_header_safe(value):
        _refuse(field, where)
    return Secret(value)


def _required(answer: Mapping[str, Any], field: str, where: str, longest: int = 200) -> str:
    return text(answer.get(field), longest) or _refuse(field, where)


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
    allowed = ("https://", "http://127.0.0.1", "http://[::1]", "http://localhost")
    if isinstance(value, str) and len(value) < 500 and is_header_safe(value) and value.startswith(allowed):
        return value
    return ""


def _truth(value: object) -> bool | None:
    """Return a truth value of JSON, also one given as number or text (graph-api.md section 14, item 9)."""
    if isinstance(value, str):
        value = value.strip().lower()
    if not isinstance(value, bool | int | str):
        return None
    return {True: True, False: False, "true": True, "false": False, "1": True, "0": False}.get(value)


def _kind(value: object) -> TokenKind:
    """Return what a token is; the spelling for system users is not certain (graph-api.md section 16)."""
    letters = "".join(character for character in text(value, 40).lower() if character.isalpha())
    return _KINDS.get(letters, "unknown")


def _refuse(field: str, where: str) -> NoReturn:
    raise FacebookError(fault=Fault.INCOMPLETE, detail=field, where=where)
