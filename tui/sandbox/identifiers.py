"""Ids, secrets, tokens and codes in Meta's formats, the same for the same seed (graph-api.md section 12)."""

import base64
import hashlib

_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_URLSAFE = _ALNUM + "-_"
TOKEN_LENGTH = 200


def _stream(seed: str, size: int) -> bytes:
    return hashlib.shake_256(seed.encode()).digest(size)


def _letters(seed: str, size: int, alphabet: str = _ALNUM) -> str:
    return "".join(alphabet[byte % len(alphabet)] for byte in _stream(seed, size))


def digits(seed: str, size: int, prefix: str = "") -> str:
    """Return a string of digits of that length that starts with `prefix`, or not with a zero."""
    body = "".join(str(byte % 10) for byte in _stream(seed, size - len(prefix)))
    if not prefix and body.startswith("0"):
        body = "7" + body[1:]
    return prefix + body


def app_secret(seed: str) -> str:
    """Return 32 lower-case hex characters."""
    return _stream(f"secret:{seed}", 16).hex()


def app_token_tail(seed: str) -> str:
    """Return the 27 characters behind `APPID|` of an issued app token."""
    return _letters(f"apptoken:{seed}", 27, _URLSAFE)


def token_family(app_id: str) -> str:
    """Return the first eight characters of every token of that app."""
    return "EAA" + _letters(f"family:{app_id}", 5)


def access_token(app_id: str, seed: str) -> str:
    """Return `EAA`, letters that depend on the app, then letters and digits with Meta's `ZC` pairs and `ZDZD`."""
    marks = _stream(f"marks:{seed}", 12)
    body = list(_letters(f"token:{app_id}:{seed}", 188))
    for index, mark in enumerate(marks):
        at = index * 15 + mark % 12
        body[at : at + 2] = list("Z" + "ABCD"[mark % 4])
    return f"{token_family(app_id)}{''.join(body)}ZDZD"


def login_code(seed: str) -> str:
    """Return an opaque login code of 222 characters that starts with `AQ`."""
    return "AQ" + _letters(f"code:{seed}", 220, _URLSAFE)


def trace_id(seed: str) -> str:
    """Return the 23 characters of `fbtrace_id`."""
    return "A" + _letters(f"trace:{seed}", 22, _URLSAFE)


def short_trace_id(seed: str) -> str:
    """Return the 11 characters of the `x-fb-trace-id` header."""
    return _letters(f"short:{seed}", 11)


def debug_id(seed: str) -> str:
    """Return the 88 characters of base64 of the `X-FB-Debug` header."""
    return base64.b64encode(_stream(f"debug:{seed}", 64)).decode()


def device_code(seed: str) -> str:
    """Return 32 hex characters."""
    return _stream(f"device:{seed}", 16).hex()


def user_code(seed: str) -> str:
    """Return six characters that a person can read aloud, such as `A1NWZ9`."""
    return _letters(f"usercode:{seed}", 6, "ABCDEFGHJKLMNPQRSTUVWXYZ123456789")
