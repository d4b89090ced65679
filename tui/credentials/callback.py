"""How a callback URL must be built so that Facebook accepts it and Matillion answers under it.

Sources: graph-api.md section 2 (https, exact match, no fragment), matillion.md section 2 (what the address is).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.credentials.addresses import Address, parts_of, read_address
from tui.credentials.hosts import authority_spots, host_of, is_local
from tui.credentials.model import Field, Spot

_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_TRIPLET = re.compile(r"%([0-9A-Fa-f]{2})")


def callback_spots(field: Field, text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Return every spot of a callback URL; `context` may hold the same address as it stands elsewhere."""
    spots, address = read_address(field, text, context)
    if address is None:
        return spots
    parts = parts_of(address.text)
    if parts is None:
        return [*spots, *scheme_spots(address)]
    found = [
        *scheme_spots(address),
        *authority_spots(address, parts),
        *_path_spots(address, parts),
        *_fragment_spots(address, parts),
        *_percent_spots(address),
    ]
    if any(spot.kind == "wrong_field" for spot in found):
        return [*spots, *(spot for spot in found if spot.kind == "wrong_field")]
    if not found and not spots:
        found = _difference(address, context)
    return [*spots, *found]


def scheme_spots(address: Address) -> list[Spot]:
    """Return what is wrong with the beginning: no scheme, a misspelt one, http, or capitals."""
    text = address.text
    parts = parts_of(text)
    if parts is None:
        misspelt = re.match(r"h?t{0,3}p{0,2}s?(?::/{0,2}|/{1,2})(?=\S)|[A-Za-z][A-Za-z0-9+.-]*:/+", text, re.IGNORECASE)
        if misspelt is not None and misspelt.end() > 2:
            detail = "misspelt beginning, an address begins with https:// and both slashes"
            return [address.spot("bad_scheme", "blocks", 0, misspelt.end(), None, detail)]
        detail = "missing scheme, the address must begin with https://"
        return [address.spot("missing_scheme", "blocks", 0, len(text), None, detail)]
    scheme = parts["scheme"]
    spots: list[Spot] = []
    if scheme.lower() == "http":
        local = is_local(host_of(parts["authority"]))
        detail = "http, not https; Facebook takes only https here"
        spots.append(address.spot("not_https", "suspicious" if local else "blocks", 0, len(scheme), None, detail))
    elif scheme.lower() != "https":
        detail = "another scheme, the address must begin with https://"
        return [address.spot("bad_scheme", "blocks", 0, len(scheme), None, detail)]
    if scheme != scheme.lower():
        detail = "capitals in the scheme, which is compared letter by letter"
        spots.append(address.spot("upper_case_scheme", "suspicious", 0, len(scheme), scheme.lower(), detail))
    return spots


def _path_spots(address: Address, parts: re.Match[str]) -> list[Spot]:
    start, end = parts.span("path")
    path = parts["path"]
    if "j_security_check" in path.lower():
        detail = "login page of Matillion itself (/j_security_check), not its OAuth callback"
        return [address.spot("matillion_login", "suspicious", start, end, None, detail)]
    if re.search(r"/dialog/oauth/?$", path):
        detail = "login address of Facebook, not the callback; it belongs in a browser"
        return [address.spot("wrong_field", "blocks", 0, len(address.text), None, detail)]
    query = parts["query"] or ""
    if re.search(r"[?&](?:code=.|access_token=|error(?:_code|_reason)?=)", query) or (
        re.match(r"#(?:code|access_token)=", parts["fragment"] or "")
    ):
        detail = "redirected address, with the answer of a login in it; the callback is what stands before it"
        return [address.spot("wrong_field", "blocks", 0, len(address.text), None, detail)]
    brackets = [index for index in range(start, end) if address.text[index] in "[]"]
    found = [
        address.spot("bracket", "blocks", index, index + 1, None, "bracket, which no path contains")._replace(
            named=True, detail=""
        )
        for index in brackets
    ]
    if path in ("", "/") and not query and not address.foreign:
        detail = "no path, only a host; Matillion's callback has a path"
        found.append(address.spot("no_path", "note", 0, len(address.text), None, detail))
    return found


def _fragment_spots(address: Address, parts: re.Match[str]) -> list[Spot]:
    if parts["fragment"] is None:
        return []
    start, end = parts.span("fragment")
    detail = "fragment, the # and what follows never reaches a server"
    return [address.spot("fragment", "blocks", start, end, "", detail)]


def _percent_spots(address: Address) -> list[Spot]:
    """Return percent-encoding that another program would write differently."""
    spots: list[Spot] = []
    text = address.text
    for match in _TRIPLET.finditer(text):
        char = chr(int(match[1], 16))
        if match[1] == "25" and re.match(r"[0-9A-Fa-f]{2}", text[match.end() :]):
            detail = "percent-encoding twice over"
            spots.append(address.spot("double_encoded", "suspicious", *match.span(), "%", detail))
        elif _UNRESERVED.fullmatch(char):
            detail = "percent-encoding of a character that needs none, so it would not match byte for byte"
            spots.append(address.spot("needless_percent", "suspicious", *match.span(), char, detail))
        elif match[1] != match[1].upper():
            detail = "percent-encoding in small letters, so it would not match byte for byte"
            spots.append(address.spot("percent_lower_case", "suspicious", *match.span(), match[0].upper(), detail))
    return spots


def _difference(address: Address, context: Mapping[Field, str]) -> list[Spot]:
    """Compare with the callback as it stands elsewhere, where that is known."""
    other = context.get("callback_url", "").strip() or asked_redirect(context.get("dialog_url", ""))
    mine = address.text
    if not other or other == mine:
        return []
    if other.rstrip("/") == mine.rstrip("/"):
        at = len(mine.rstrip("/"))
        proposal = "" if len(mine) > len(other) else None
        detail = "trailing slash differing from the address as it stands elsewhere"
        return [address.spot("trailing_slash", "suspicious", at, len(mine), proposal, detail)]
    detail = "address differing from the one that stands elsewhere"
    return [address.spot("differs", "suspicious", 0, len(mine), None, detail)]


def asked_redirect(dialog: str) -> str:
    """Return the redirect_uri that a login address asks for, or an empty string."""
    from urllib.parse import unquote_plus

    found = re.search(r"[?&]redirect_uri=([^&#\s]*)", dialog)
    return unquote_plus(found[1]) if found else ""
