"""The rules for the two addresses of a login: the one that starts it and the one the browser ends on.

Shapes as in graph-api.md section 2: `.../vX.Y/dialog/oauth?client_id=&redirect_uri=&state=`, and
`REDIRECT?code=...&state=...#_=_`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_plus

from tui.credentials.addresses import Address, parts_of, read_address
from tui.credentials.around_address import URL
from tui.credentials.callback import asked_redirect, scheme_spots
from tui.credentials.characters import kind_of, stands_for_nothing
from tui.credentials.hosts import authority_spots, host_of, is_local
from tui.credentials.model import Field, Spot

_CODE_ALONE = re.compile(r"AQ[A-Za-z0-9_-]{30,}(?:#_=_)?")
_ANSWER = re.compile(r"(?:^|[?&#])(?:code|access_token|error(?:_[a-z]+)?)=.")
_ENCODED_ENDING = re.compile(r"%23_(?:=|%3D)_$", re.IGNORECASE)
"""`#_=_`, which Facebook appends, percent-encoded by the program it was copied through."""
_META_HOST = re.compile(r"(?:[a-z0-9-]+\.)*facebook\.com", re.IGNORECASE)
_DIALOG_PATH = re.compile(r"(?:/v[0-9]+\.[0-9]+)?/dialog/oauth/?")


def _parameters(parts: re.Match[str], part: str) -> dict[str, tuple[str, int, int]]:
    """Return name -> (raw value, start, end) of the query or fragment; the first of a name counts."""
    found: dict[str, tuple[str, int, int]] = {}
    if parts[part] is None:
        return found
    at = parts.start(part) + 1
    for pair in parts[part][1:].split("&"):
        name, _, value = pair.partition("=")
        found.setdefault(unquote(name), (value, at + len(pair) - len(value), at + len(pair)))
        at += len(pair) + 1
    return found


# --- the redirected address -------------------------------------------------------------------------------------


def redirect_spots(field: Field, text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Return every spot of an address that a browser ended on after the login."""
    spots, address = read_address(field, text, context)
    if address is None:
        return _code_alone(text, spots)
    parts = parts_of(address.text)
    if parts is None and not _ANSWER.search(address.text):
        detail = "no code in it, and no address; copy the address once the login has ended, whole"
        return [*spots, address.spot("no_code", "blocks", 0, len(address.text), None, detail)]
    if parts is None:
        return [*spots, *(spot._replace(severity="suspicious") for spot in scheme_spots(address))]
    spots += [spot for spot in scheme_spots(address) if spot.kind not in ("not_https", "upper_case_scheme")]
    spots += [spot for spot in authority_spots(address, parts) if spot.kind in ("missing_host", "bad_host", "bad_port")]
    if _DIALOG_PATH.fullmatch(parts["path"]):
        detail = "login address, not yet the redirected one; open it in a browser, log in, and copy where it ends"
        return [*spots, address.spot("wrong_field", "blocks", 0, len(address.text), None, detail)]
    return [*spots, *_answer_spots(address, parts, context)]


def _code_alone(text: str, spots: list[Spot]) -> list[Spot]:
    if not _CODE_ALONE.fullmatch(text.strip()):
        return spots
    detail = "code alone, without the address around it, so it cannot be seen whose login it answers"
    return [Spot("code_alone", "suspicious", 0, len(text), named=False, detail=detail)]


def _answer_spots(address: Address, parts: re.Match[str], context: Mapping[Field, str]) -> list[Spot]:
    given = _parameters(parts, "query") | _parameters(parts, "fragment")
    if any(name in given for name in ("error", "error_code", "error_reason", "error_message")):
        detail = "refusal, Facebook answered this login with an error"
        return [address.spot("refusal", "note", 0, len(address.text), None, detail)]
    answer = given.get("code") or given.get("access_token")
    if answer is None or not answer[0]:
        detail = "no code in the address; copy it once the login has ended, whole"
        return [address.spot("no_code", "blocks", 0, len(address.text), None, detail)]
    spots = _foreign_login(address, parts, context)
    ending = _ENCODED_ENDING.search(address.text)
    if ending is not None:
        detail = "percent-encoding of the #_=_ that Facebook appends, so it would count as part of the answer"
        return [*spots, address.spot("percent_encoded", "suspicious", *ending.span(), "", detail)]
    asked = _asked_state(context.get("dialog_url", ""))
    state = given.get("state")
    if state is None and not address.foreign:
        detail = "no state in the address, so it cannot be seen whose login it answers; perhaps its end is missing"
        spots.append(address.spot("no_state", "suspicious", len(address.text), len(address.text), None, detail))
    elif state is not None and asked and unquote_plus(state[0]) != asked:
        detail = "state of another login; log in again with the address shown now"
        spots.append(address.spot("state_differs", "blocks", state[1], state[2], None, detail))
    return spots


def _foreign_login(address: Address, parts: re.Match[str], context: Mapping[Field, str]) -> list[Spot]:
    asked = asked_redirect(context.get("dialog_url", ""))
    if not asked:
        return []
    query, fragment = re.split(r"[?#]", asked, maxsplit=1)[0], parts.end("path")
    mine = address.text[:fragment]
    if mine.lower().rstrip("/") == query.lower().rstrip("/"):
        return []
    detail = "address of another login, it does not begin with the redirect address that was asked for"
    return [address.spot("differs", "suspicious", 0, fragment, None, detail)]


def _asked_state(dialog: str) -> str:
    found = re.search(r"[?&]state=([^&#\s]*)", dialog)
    return unquote_plus(found[1]) if found else ""


# --- the login address ------------------------------------------------------------------------------------------


def dialog_spots(field: Field, text: str, context: Mapping[Field, str]) -> list[Spot]:
    """Return every spot of a login address (`.../dialog/oauth?...`)."""
    spots, address = read_address(field, text, context)
    if address is None:
        return spots
    parts = parts_of(address.text)
    if parts is None:
        return [*spots, *scheme_spots(address)]
    inside = _inside_login_page(address, parts)
    if inside is not None:
        return [*spots, inside]
    host = host_of(parts["authority"])
    spots += [spot for spot in scheme_spots(address) if spot.kind != "not_https" or not is_local(host)]
    spots += [
        spot for spot in authority_spots(address, parts) if spot.kind not in ("ip_address", "localhost", "default_port")
    ]
    if host and not address.foreign and not _META_HOST.fullmatch(host) and not is_local(host):
        detail = "host that is not Facebook's; a login address begins with https://www.facebook.com/"
        spots.append(address.spot("unknown_host", "suspicious", *_host_span(parts, host), None, detail))
    if not _DIALOG_PATH.fullmatch(parts["path"]):
        detail = "no login dialog, its path is /vX.Y/dialog/oauth"
        start, end = parts.span("path")
        spots.append(address.spot("not_the_dialog", "blocks", start, end, None, detail))
        return spots
    return [*spots, *_dialog_parameters(address, parts, context)]


def _inside_login_page(address: Address, parts: re.Match[str]) -> Spot | None:
    """Return the spot for a login page that holds the login address in its `next=` (matillion.md section 1.5)."""
    following = _parameters(parts, "query").get("next")
    if following is None or _DIALOG_PATH.fullmatch(parts["path"]):
        return None
    inner = unquote(following[0])
    if not re.match(r"https?://[^/]+(?:/v[0-9.]+)?/dialog/oauth\?", inner):
        return None
    proposal = inner if all(URL.allowed.fullmatch(char) for char in inner) else None
    detail = "login page of Facebook's, which holds the login address in its next="
    return address.spot("not_the_dialog", "blocks", 0, len(address.text), proposal, detail)


def _host_span(parts: re.Match[str], host: str) -> tuple[int, int]:
    start = parts.start("authority") + parts["authority"].rfind(host)
    return start, start + len(host)


def _dialog_parameters(address: Address, parts: re.Match[str], context: Mapping[Field, str]) -> list[Spot]:
    given = _parameters(parts, "query")
    spots: list[Spot] = []
    for name in ("client_id", "redirect_uri"):
        if name not in given or not given[name][0]:
            detail = f"no {name} in the login address"
            end = len(address.text)
            spots.append(address.spot(f"no_{name}", "blocks", end, end, None, detail))
    code = given.get("code")
    if code is not None and code[0]:
        detail = "code in a login address; it is secret and belongs to a login that has ended. Copy the address anew"
        spots.append(address.spot("code_in_dialog", "blocks", code[1], code[2], None, detail))
    client = given.get("client_id")
    if client is not None and client[0]:
        spots += _client_spots(address, client, context.get("app_id", "").strip())
    return spots + _redirect_parameter(address, given.get("redirect_uri"), context)


def _client_spots(address: Address, client: tuple[str, int, int], known: str) -> list[Spot]:
    raw, start, end = client
    client_id = unquote_plus(raw)
    digits = "".join(char for char in client_id if not stands_for_nothing(kind_of(char)))
    if client_id != digits and re.fullmatch(r"[0-9]+", digits):
        detail = "client_id with a blank or invisible character; so it stands in Matillion's OAuth entry: mend it there"
        return [address.spot("bad_client_id", "blocks", start, end, None, detail)]
    if not re.fullmatch(r"[0-9]+", client_id):
        detail = "client_id that is no App ID, which is digits only"
        return [address.spot("bad_client_id", "blocks", start, end, None, detail)]
    if known and client_id != known:
        detail = "client_id of another app than the App ID in this profile"
        return [address.spot("differs", "suspicious", start, end, None, detail)]
    return []


def _redirect_parameter(
    address: Address, redirect: tuple[str, int, int] | None, context: Mapping[Field, str]
) -> list[Spot]:
    if redirect is None or not redirect[0]:
        return []
    raw, start, end = redirect
    plain = unquote_plus(raw)
    if not re.match(r"https?://[^/\s]", plain, re.IGNORECASE):
        detail = "redirect_uri that is no whole address"
        return [address.spot("bad_redirect", "blocks", start, end, None, detail)]
    if any(stands_for_nothing(kind_of(char)) for char in plain):
        detail = "redirect_uri with a blank or invisible character in it"
        return [address.spot("bad_redirect", "blocks", start, end, None, detail)]
    known = context.get("callback_url", "").strip()
    if known and known != plain:
        slash = known.rstrip("/") == plain.rstrip("/")
        kind = "trailing_slash" if slash else "differs"
        detail = "redirect_uri differing from the callback URL" + (" by its trailing slash" if slash else "")
        return [address.spot(kind, "suspicious", start, end, None, detail)]
    return []
