"""Recognise a value that belongs to another field or another place, and a text that stands in for a value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.credentials.model import TITLES, Field, Spot

_HEX32 = re.compile(r"[0-9a-fA-F]{32}")
_DIGITS = re.compile(r"[0-9]{10,18}")
_APP_TOKEN = re.compile(r"[0-9]{8,20}\|[0-9A-Za-z_-]{20,}")
_META_TOKEN = re.compile(r"EAA[A-Za-z0-9]{17,}")
_INSTAGRAM_TOKEN = re.compile(r"IG(?:AA|Q)[A-Za-z0-9_-]{12,}")
_THREADS_TOKEN = re.compile(r"TH(?:\||A)[0-9A-Za-z_|-]{20,}")
_CODE = re.compile(r"AQ[A-Za-z0-9_-]{30,}(?:#_=_)?")
_ADDRESS = re.compile(r"https?:/{1,2}[^\s]+", re.IGNORECASE)

_PLACEHOLDER = re.compile(
    r"[\"'`]?(?:\$?\{\{?\s*[A-Za-z][\w .-]*\}?\}|<[A-Za-z][\w .-]*>|\[[A-Za-z][\w .-]*\]|%[A-Za-z_]+%"
    r"|\$[A-Za-z]{0,24}[G-Zg-z_]\w{0,40}"
    r"|(?:YOUR|MY|INSERT|ENTER|PASTE|ADD|PUT|REPLACE)[ _-][\w -]*"
    r"|(?:FACEBOOK|META|FB|INSTAGRAM)?[ _-]?(?:APP|CLIENT|ACCESS)"
    r"[ _-]?(?:ID|SECRET|TOKEN|KEY)(?:[ _-]?HERE)?|[xX]{3,}|x{4,8}(?:-x{4,12})+|\?{2,}|_{3,}"
    r"|[-–—]+|\(?empty\)?|n\.a\.?|0x0"
    r"|(?:user|page)[ _-]access[ _-]token|token|bearer|redacted"
    r"|null|none|nil|undefined|nan|n/?a|todo|tbd|fixme|example|placeholder|change[ _-]?me|secret|password|test)[\"'`]?",
    re.IGNORECASE,
)
_PLACEHOLDER_TOKEN = re.compile(r"(?:EAA|IG)[A-Z]{0,4}[xX]{4,}[A-Z]{0,4}|\[hidden\]|\[redacted\]", re.IGNORECASE)

STANDS: Mapping[Field, str] = {
    "app_id": "The App ID stands on App settings > Basic.",
    "app_secret": "The App Secret stands on App settings > Basic, behind Show.",
    "client_token": "The client token stands on App settings > Advanced > Security.",
    "token": "An access token comes from logging in (key l) or from the Graph API Explorer.",
    "callback_url": "The callback URL stands at the top of Manage OAuth in Matillion ETL.",
    "pasted_redirect": "The redirected address stands in the browser's address bar once the login has ended.",
    "dialog_url": "The login address begins with https://www.facebook.com/ and holds /dialog/oauth.",
}
"""Where the right value is to be found, for each field."""


def placeholder(text: str, start: int, end: int) -> bool:
    """Tell whether `text[start:end]` is a word that stands where a value should: `YOUR_APP_SECRET`, `null`, `xxxx`."""
    if end - start > 80:
        return False
    return bool(_PLACEHOLDER.fullmatch(text, start, end) or _PLACEHOLDER_TOKEN.fullmatch(text, start, end))


def placeholder_spot(field: Field, start: int, end: int) -> Spot:
    """Return the spot for a placeholder that stands where the value should."""
    detail = f"placeholder, a word that stands where the {TITLES[field]} should be. {STANDS[field]}"
    return Spot("placeholder", "blocks", start, end, named=False, detail=detail)


def what_it_is(value: str) -> str:
    """Name the kind of value that `value` has the shape of, or return an empty string."""
    shapes = (
        (_APP_TOKEN, "app token"),
        (_META_TOKEN, "token"),
        (_INSTAGRAM_TOKEN, "Instagram token"),
        (_THREADS_TOKEN, "Threads token"),
        (_CODE, "code"),
        (_ADDRESS, "address"),
        (_HEX32, "hex"),
        (_DIGITS, "number"),
    )
    return next((name for shape, name in shapes if shape.fullmatch(value)), "")


_A_SECRET = re.compile(
    r"(?<![0-9A-Za-z/._-])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{32,}(?![0-9A-Za-z])|(?<![0-9A-Za-z])(?:[0-9]{8,20}\|[0-9A-Za-z_-]{20,}|EAA[A-Za-z0-9]{17,}"
    r"|IG(?:AA|Q)[A-Za-z0-9_-]{12,}|TH(?:\||A)[0-9A-Za-z_|-]{20,})(?![0-9A-Za-z])"
)


def holds_a_secret(text: str) -> bool:
    """Tell whether an App Secret, client token or token stands in `text`, alone or with blanks, quotes or a label."""
    return bool(_A_SECRET.search(text))


_ELSEWHERE: Mapping[str, str] = {
    "app token": "this is an app token (App ID, a bar, a secret), which belongs in no field of a profile",
    "token": "this is an access token; it belongs among the tokens",
    "Instagram token": "this is a token of Instagram's own login; it belongs to graph.instagram.com",
    "Threads token": "this is a token for Threads; it belongs to graph.threads.net",
    "code": "this is the code of a login; it belongs in the field for the redirected address",
    "address": "this is an address and belongs in the field callback URL or redirected address",
    "hex": "this has the shape of an App Secret or client token (32 hex digits) and belongs in one of those fields",
    "number": "this has the shape of an App ID and belongs in the field App ID",
}


def elsewhere(value: str, field: Field, start: int, end: int, context: Mapping[Field, str]) -> Spot | None:
    """Return a spot when `value` has the shape of something that belongs in another field than `field`."""
    shape = what_it_is(value)
    if not shape or shape in _AT_HOME[field] or (field == "app_id" and value.isdigit()):
        return None
    if field == "token" and shape in ("Instagram token", "Threads token", "app token"):
        return _wrong_family(shape, start, end)
    if field == "app_id" and shape == "hex" and _DIGITS.fullmatch(context.get("app_secret", "").strip()):
        return _swapped(start, end)
    if field == "app_secret" and shape == "number" and _HEX32.fullmatch(context.get("app_id", "").strip()):
        return _swapped(start, end)
    detail = f"value of another field, {_ELSEWHERE[shape]}. {STANDS[field]}"
    return Spot("wrong_field", "blocks", start, end, named=False, detail=detail)


_AT_HOME: Mapping[Field, tuple[str, ...]] = {
    "app_id": ("number",),
    "app_secret": ("hex",),
    "client_token": ("hex",),
    "token": ("token",),
    "callback_url": ("address",),
    "pasted_redirect": ("address",),
    "dialog_url": ("address",),
}


def _swapped(start: int, end: int) -> Spot:
    detail = "App ID and App Secret swapped, each stands in the other's field. Exchange the two"
    return Spot("swapped", "blocks", start, end, named=False, detail=f"value swapped, {detail}")


def _wrong_family(shape: str, start: int, end: int) -> Spot:
    said = {
        "Instagram token": "this is a token of Instagram's own login (graph.instagram.com), which graph.facebook.com"
        " and the connector cannot use. Log in through Facebook (key l)",
        "Threads token": "this is a token for Threads, which graph.facebook.com cannot use. Log in through Facebook",
        "app token": "this is an app token (App ID, a bar, a secret); it stands for the app, not for a person. Log in"
        " through Facebook (key l)",
    }
    return Spot("wrong_family", "blocks", start, end, named=False, detail=f"token of another family, {said[shape]}")


def same_as_another(value: str, field: Field, start: int, end: int, context: Mapping[Field, str]) -> Spot | None:
    """Return a spot when another field holds the very same secret: one of the two was pasted into the wrong one."""
    for other in ("app_secret", "client_token"):
        if other != field and value and context.get(other, "").strip().lower() == value:
            detail = f"same value as in the field {TITLES[other]}, so one of the two is wrong. {STANDS[field]}"
            return Spot("same_as_other_field", "suspicious", start, end, named=False, detail=detail)
    return None
