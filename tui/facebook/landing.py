"""The few answers the loopback listener gives: status, headers that keep secrets in, and a plain page."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from html import escape
from http import HTTPStatus
from string import Template

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Connection": "close",
}


class Page(StrEnum):
    """What a page is about."""

    ARRIVED = "arrived"
    DECLINED = "declined"
    TO_FACEBOOK = "to_facebook"
    ALREADY_ANSWERED = "already_answered"
    OTHER_LOGIN = "other_login"
    NO_LOGIN = "no_login"
    NOT_FOUND = "not_found"
    NOT_UNDERSTOOD = "not_understood"
    WRONG_ADDRESS = "wrong_address"
    TOO_LONG = "too_long"
    TOO_SLOW = "too_slow"


PageWords = Callable[[Page], tuple[str, str]]
"""Returns title and text of a page."""


def response(status: int, words: tuple[str, str], location: str = "") -> bytes:
    """Return a whole HTTP/1.1 answer with a page of these words: title and text."""
    body = _template().substitute(title=escape(words[0]), text=escape(words[1])).encode()
    headers = {"Content-Type": "text/html; charset=utf-8", **HEADERS, "Content-Length": str(len(body))}
    if location:
        headers["Location"] = location
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


@cache
def _template() -> Template:
    from importlib.resources import files

    return Template(files("tui.facebook").joinpath("landing.html").read_text("utf-8"))
