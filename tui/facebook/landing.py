"""The few answers the loopback listener gives: status, headers that keep secrets in, and a plain page."""

from collections.abc import Mapping
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


def landed() -> str:
    """The page after the true answer."""
    return _page("igauth ✓", "Back to your terminal", "The answer has arrived. This page can be closed.")


def declined() -> str:
    """The page after Facebook said no."""
    return _page("igauth", "Facebook said no", "Your terminal shows why and what to do. This page can be closed.")


def refused(title: str) -> str:
    """The page for what is no answer to this login."""
    return _page("igauth", title, "This is not the answer to the login that waits here. Nothing was changed.")


def response(status: int, page: str, location: str = "") -> bytes:
    """Return a whole HTTP/1.1 answer."""
    body = page.encode()
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Content-Type: text/html; charset=utf-8"]
    lines += [f"{name}: {value}" for name, value in HEADERS.items()]
    lines.append(f"Content-Length: {len(body)}")
    if location:
        lines.append(f"Location: {location}")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


@cache
def _template() -> Template:
    from importlib.resources import files

    return Template(files("tui.facebook").joinpath("landing.html").read_text("utf-8"))


def _page(mark: str, title: str, text: str) -> str:
    return _template().substitute(mark=escape(mark), title=escape(title), text=escape(text))
