"""Reads what Matillion sends to Facebook from the address of the page that it opened.

The dialog's format is in graph-api.md section 2, the check itself in matillion.md section 1.5. `state` is
skipped and never stored; an address with a code or token in it is refused.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tui.harmless import harmless
from tui.matillion.hosts import split_address

_DIALOG_PATH = re.compile(r"(?:/(?P<version>v\d{1,3}\.\d{1,2}))?/dialog/oauth(?:/.*)?", re.IGNORECASE)
_META_HOST = re.compile(r"(?:[a-z0-9-]+\.)*facebook\.com", re.IGNORECASE)
_CREDENTIALS = ("code", "access_token", "long_lived_token", "id_token", "signed_request")
_NESTED = ("next", "continue", "continue_url", "redirect", "u")
_LONGEST = 32_768
_DEEPEST = 6
_LINE_BREAKS = str.maketrans("\n\r\t", "␊␍␉")


class Refusal(StrEnum):
    """Why a pasted text is not used."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CARRIES_CODE = "carries_code"
    NOT_FACEBOOK = "not_facebook"
    NOT_THE_DIALOG = "not_the_dialog"
    INCOMPLETE = "incomplete"


class AddressRefused(Exception):
    """The pasted text is not used; `missing` names the parameters that an incomplete address lacks."""

    def __init__(self, reason: Refusal, missing: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reason} {' '.join(missing)}".rstrip())
        self.reason = reason
        self.missing = missing


@dataclass(frozen=True, slots=True)
class DialogAddress:
    """What Matillion asks Facebook for, read at `at` (unix seconds, UTC). Texts are harmless; no `state`."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    version: str
    config_id: str
    at: int


def read_dialog_address(text: str, at: int, dialog_url: str = "https://www.facebook.com") -> DialogAddress:
    """Read the address of the page that Matillion opened, also from inside a login page's `next=`.

    `dialog_url` is where igauth's own dialog is; its host counts as Facebook's. Raises AddressRefused.
    """
    if len(text) > _LONGEST:
        raise AddressRefused(Refusal.TOO_LONG)
    address = _unwrapped(text)
    if not address:
        raise AddressRefused(Refusal.EMPTY)
    parts, query = _dialog_in(address, dialog_url)
    path = _DIALOG_PATH.fullmatch(parts.path)
    needed = {"client_id": query.get("client_id") or query.get("app_id"), "redirect_uri": query.get("redirect_uri")}
    given = {name: visible(value) for name, value in needed.items() if value}
    if missing := tuple(name for name in needed if name not in given):
        raise AddressRefused(Refusal.INCOMPLETE, missing)
    scopes = filter(None, re.split(r"[,\s]+", query.get("scope", "")))
    return DialogAddress(
        **given,
        scopes=tuple(dict.fromkeys(harmless(scope, 100) for scope in scopes)),
        version=((path and path["version"]) or "").lower(),
        config_id=harmless(query.get("config_id", ""), 100),
        at=at,
    )


def _unwrapped(text: str) -> str:
    """Remove what copying adds around an address: blanks, quotes, brackets, line breaks."""
    return _decoded(re.sub(r"[ \t]*[\r\n]+[ \t]*", "", text.strip()).strip("\"'`<>“”‘’ "))


def _dialog_in(address: str, dialog_url: str) -> tuple[SplitResult, dict[str, str]]:
    """Follow `next=` and similar parameters to the login dialog; look for a code or token on every level."""
    waiting = [(address, 0)]
    on_facebook = False
    while waiting:
        current, depth = waiting.pop(0)
        parts = _split(current)
        if parts is None:
            continue
        query = _parameters(parts.query)
        if any(found.get(key) for found in (query, _parameters(parts.fragment)) for key in _CREDENTIALS):
            raise AddressRefused(Refusal.CARRIES_CODE)
        if _is_facebook(parts, dialog_url):
            on_facebook = True
            if _DIALOG_PATH.fullmatch(parts.path):
                return parts, query
            if depth < _DEEPEST:
                waiting += [(_decoded(query[key]), depth + 1) for key in _NESTED if query.get(key)]
    raise AddressRefused(Refusal.NOT_THE_DIALOG if on_facebook else Refusal.NOT_FACEBOOK)


def _decoded(address: str) -> str:
    """Undo repeated encodings until the text is an address, whole or relative to Facebook; at most three."""
    for _ in range(3):
        if "://" in address.partition("?")[0] or address.startswith("/"):
            break
        address = unquote(address)
    return address


def _split(address: str) -> SplitResult | None:
    parts = split_address(address)
    if parts is not None and parts.scheme not in ("http", "https"):
        if address.startswith("/") and not address.startswith("//"):
            return urlsplit(f"https://www.facebook.com{address}")  # `next=` may be relative to Facebook itself
        return None
    return parts


def _is_facebook(parts: SplitResult, dialog_url: str) -> bool:
    host = parts.hostname or ""
    if _META_HOST.fullmatch(host) and parts.scheme == "https":
        return True
    own = urlsplit(dialog_url)
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)


def _parameters(text: str) -> dict[str, str]:
    """Return the parameters of a query; the first of a name counts, as in Facebook's own dialog."""
    try:
        return dict(reversed(parse_qsl(text, keep_blank_values=True, max_num_fields=200)))
    except ValueError:
        return {}


def visible(text: str) -> str:
    """Make a value harmless without making two different values equal."""
    return harmless(text.translate(_LINE_BREAKS))
