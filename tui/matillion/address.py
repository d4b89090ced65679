"""The address check: what Matillion really sends to Facebook, read from the page it opened.

The dialog's shape is in graph-api.md section 2, the check itself in matillion.md section 1.5. `state` is read
over and never kept; an address with a code or token in it is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tui.harmless import harmless

_DIALOG_PATH = re.compile(r"(?:/(?P<version>v\d{1,3}\.\d{1,2}))?/dialog/oauth(?:/.*)?", re.IGNORECASE)
_META_HOST = re.compile(r"(?:[a-z0-9-]+\.)*facebook\.com", re.IGNORECASE)
_KEYS_IN = ("code", "access_token", "long_lived_token", "id_token", "signed_request")
_ONWARD = ("next", "continue", "continue_url", "redirect", "u")
_LONGEST = 32_768
_DEEPEST = 6
_LINE_BREAKS = {"\n": "␊", "\r": "␍", "\t": "␉"}

Refusal = Literal["empty", "too_long", "carries_code", "not_facebook", "not_the_dialog", "incomplete"]


class AddressRefused(Exception):
    """The pasted text is not used. The message says what it is, why not, and what to paste instead."""

    def __init__(self, reason: Refusal, message: str) -> None:
        super().__init__(message)
        self.reason: Refusal = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class DialogAddress:
    """What Matillion asks Facebook for, read at `at` (unix seconds, UTC). Texts are harmless; no `state`."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    version: str
    config_id: str
    at: int

    def as_record(self) -> dict[str, object]:
        """Return plain values to keep; `from_record` brings them back."""
        return {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scopes": list(self.scopes),
            "version": self.version,
            "config_id": self.config_id,
            "at": self.at,
        }


def from_record(record: Mapping[str, object]) -> DialogAddress | None:
    """Return the address kept by `as_record`, or None where the record is damaged."""
    scopes, at = record.get("scopes"), record.get("at")
    texts = [record.get(key) for key in ("client_id", "redirect_uri", "version", "config_id")]
    if not isinstance(scopes, list) or not isinstance(at, int) or not all(isinstance(text, str) for text in texts):
        return None
    client_id, redirect_uri, version, config_id = map(str, texts)
    return DialogAddress(client_id, redirect_uri, tuple(map(str, scopes)), version, config_id, at)


def read_dialog_address(text: str, at: int, dialog_url: str = "https://www.facebook.com") -> DialogAddress:
    """Read the address of the page that Matillion opened, also from inside a login page's `next=`.

    `dialog_url` is where igauth's own dialog is; its host counts as Facebook's. Raises AddressRefused.
    """
    if len(text) > _LONGEST:
        raise AddressRefused("too_long", "This is far too long for an address. Copy only the address bar.")
    address = _unwrapped(text)
    if not address:
        raise AddressRefused("empty", "Nothing was pasted. Copy the address of the Facebook page Matillion opened.")
    parts, query = _dialog_in(address, dialog_url)
    path = _DIALOG_PATH.fullmatch(parts.path)
    client_id = query.get("client_id") or query.get("app_id", "")
    redirect_uri = query.get("redirect_uri", "")
    if not client_id or not redirect_uri:
        missing = " and ".join(
            name for name, value in (("client_id", client_id), ("redirect_uri", redirect_uri)) if not value
        )
        raise AddressRefused(
            "incomplete",
            f"This is Facebook's login dialog, but {missing} is missing: it was cut off, or the Client ID in"
            " Matillion is empty. Copy the whole address; if it stays so, repeat step A2.",
        )
    return DialogAddress(
        client_id=visible(client_id),
        redirect_uri=visible(redirect_uri),
        scopes=tuple(
            dict.fromkeys(harmless(scope, 100) for scope in re.split(r"[,\s]+", query.get("scope", "")) if scope)
        ),
        version=((path and path["version"]) or "").lower(),
        config_id=harmless(query.get("config_id", ""), 100),
        at=at,
    )


def _unwrapped(text: str) -> str:
    """Take away what copying adds around an address: blanks, quotes, brackets, line wraps."""
    address = re.sub(r"[ \t]*[\r\n]+[ \t]*", "", text.strip()).strip("\"'`<>“”‘’ ")
    for _ in range(3):
        if not re.match(r"https?%3a", address, re.IGNORECASE):
            break
        address = unquote(address)
    return address


def _dialog_in(address: str, dialog_url: str) -> tuple[SplitResult, dict[str, str]]:
    """Follow `next=` and its like, to the login dialog; look for a code or token on every level."""
    waiting = [(address, 0)]
    on_facebook = False
    while waiting:
        current, depth = waiting.pop(0)
        parts = _split(current)
        if parts is None:
            continue
        query = _parameters(parts.query)
        if any(query.get(key) for key in _KEYS_IN) or any(_parameters(parts.fragment).get(key) for key in _KEYS_IN):
            raise AddressRefused(
                "carries_code",
                "This address carries the answer of a login (code= or a token): it is a key, and it was not kept."
                " Copy the address of the Facebook page before you log in or allow anything.",
            )
        if _is_facebook(parts, dialog_url):
            on_facebook = True
            if _DIALOG_PATH.fullmatch(parts.path):
                return parts, query
            if depth < _DEEPEST:
                waiting += [(_decoded(query[key]), depth + 1) for key in _ONWARD if query.get(key)]
    if on_facebook:
        raise AddressRefused(
            "not_the_dialog",
            "This is a page of Facebook, but no login dialog (/dialog/oauth) and none inside it. In Matillion click"
            " Authorization link again and copy the address of the page that opens at once.",
        )
    raise AddressRefused(
        "not_facebook",
        "This is not an address of Facebook. Copy the address of the page that Authorization link opened in step A3;"
        " it begins with https://www.facebook.com/.",
    )


def _decoded(address: str) -> str:
    """Undo encodings that were laid one over another, until it reads as an address; at most three."""
    for _ in range(3):
        if "://" in address.partition("?")[0]:
            break
        address = unquote(address)
    return address


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
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
    """Return the parameters of a query; the first of a name counts, as it does for Facebook's own dialog."""
    found: dict[str, str] = {}
    try:
        for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=200):
            found.setdefault(name, value)
    except ValueError:
        return {}
    return found


def visible(text: str) -> str:
    """Make a value harmless without making two different values equal."""
    for character, picture in _LINE_BREAKS.items():
        text = text.replace(character, picture)
    return harmless(text)
