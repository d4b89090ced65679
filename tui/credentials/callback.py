"""The rules for a callback URL, so that Facebook accepts it and Matillion answers at it.

Sources: graph-api.md section 2 (https, exact match, no fragment), matillion.md section 2 (what the address is).
"""

import re

from tui.credentials.addresses import Address, parameter_of, read_address
from tui.credentials.hosts import authority_flaws, host_of, is_local
from tui.credentials.model import Context, Field, Flaw, FlawKind, Severity, Shape

_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_TRIPLET = re.compile(r"%([0-9A-Fa-f]{2})")
_ANSWER_IN_QUERY = re.compile(r"[?&](?:code=.|access_token=|error(?:_code|_reason)?=)")
_ANSWER_IN_FRAGMENT = re.compile(r"#(?:code|access_token)=")
_MISSPELLED = re.compile(r"h?t{0,3}p{0,2}s?(?::/{0,2}|/{1,2})(?=\S)|[A-Za-z][A-Za-z0-9+.-]*:/+", re.IGNORECASE)


def callback_flaws(field: Field, text: str, context: Context) -> list[Flaw]:
    """Return every flaw of a callback URL; `context` may hold the same address from another place."""
    flaws, address = read_address(field, text, context)
    if address is None:
        return flaws
    if (parts := address.parts) is None:
        return [*flaws, *scheme_flaws(address)]
    if (other := _other_address(address, parts)) is not None:
        return [*flaws, other]
    flaws += [
        *scheme_flaws(address),
        *authority_flaws(address, parts),
        *_path_flaws(address, parts),
        *_percent_flaws(address),
    ]
    if parts["fragment"] is not None:
        flaws.append(address.flaw(FlawKind.FRAGMENT, *parts.span("fragment"), ""))
    return flaws or _difference(address, context)


def scheme_flaws(address: Address) -> list[Flaw]:
    """Return what is wrong with the beginning: no scheme, a misspelled one, http, or capitals."""
    if (parts := address.parts) is None:
        misspelled = _MISSPELLED.match(address.text)
        if misspelled is not None and misspelled.end() > 2:
            return [address.flaw(FlawKind.MISSPELLED_SCHEME, 0, misspelled.end())]
        return [address.whole(FlawKind.MISSING_SCHEME)]
    scheme, end = parts["scheme"], parts.end("scheme")
    flaws: list[Flaw] = []
    if scheme.lower() == "http":
        severity = Severity.SUSPICIOUS if is_local(host_of(parts["authority"])) else Severity.BLOCKS
        flaws.append(address.flaw(FlawKind.NOT_HTTPS, 0, end, severity=severity))
    elif scheme.lower() != "https":
        return [address.flaw(FlawKind.OTHER_SCHEME, 0, end)]
    if scheme != scheme.lower():
        flaws.append(address.flaw(FlawKind.UPPER_CASE_SCHEME, 0, end, scheme.lower(), Severity.SUSPICIOUS))
    return flaws


def _other_address(address: Address, parts: re.Match[str]) -> Flaw | None:
    """Return the flaw of an address of Facebook's login in place of the callback."""
    if "j_security_check" in parts["path"].lower():
        return None
    if re.search(r"/dialog/oauth/?$", parts["path"]):
        return address.whole(FlawKind.WRONG_FIELD)._replace(shape=Shape.LOGIN_ADDRESS)
    if _ANSWER_IN_QUERY.search(parts["query"] or "") or _ANSWER_IN_FRAGMENT.match(parts["fragment"] or ""):
        return address.whole(FlawKind.WRONG_FIELD)._replace(shape=Shape.REDIRECTED_ADDRESS)
    return None


def _path_flaws(address: Address, parts: re.Match[str]) -> list[Flaw]:
    start, end = parts.span("path")
    if "j_security_check" in parts["path"].lower():
        return [address.flaw(FlawKind.MATILLION_LOGIN, start, end, severity=Severity.SUSPICIOUS)]
    flaws = [
        address.flaw(FlawKind.BRACKET, index, index + 1) for index in range(start, end) if address.text[index] in "[]"
    ]
    if parts["path"] in ("", "/") and not parts["query"] and not address.foreign:
        flaws.append(address.whole(FlawKind.NO_PATH, severity=Severity.NOTE))
    return flaws


def _percent_flaws(address: Address) -> list[Flaw]:
    """Return percent-encoding that another program would write differently."""
    flaws: list[Flaw] = []
    for match in _TRIPLET.finditer(address.text):
        char = chr(int(match[1], 16))
        kind, proposal = FlawKind.PERCENT_LOWER_CASE, match[0].upper()
        if char == "%" and re.match(r"[0-9A-Fa-f]{2}", address.text[match.end() :]):
            kind, proposal = FlawKind.DOUBLE_ENCODED, "%"
        elif _UNRESERVED.fullmatch(char):
            kind, proposal = FlawKind.NEEDLESS_PERCENT, char
        if proposal != match[0]:
            flaws.append(address.flaw(kind, *match.span(), proposal, Severity.SUSPICIOUS))
    return flaws


def _difference(address: Address, context: Context) -> list[Flaw]:
    """Compare with the callback from another place, where that is known."""
    other = context.get("callback_url", "").strip() or parameter_of(context.get("dialog_url", ""), "redirect_uri")
    mine = address.text
    if not other or other == mine:
        return []
    if other.rstrip("/") == mine.rstrip("/"):
        proposal = "" if len(mine) > len(other) else None
        at = len(mine.rstrip("/"))
        return [address.flaw(FlawKind.TRAILING_SLASH, at, len(mine), proposal, Severity.SUSPICIOUS)]
    return [address.whole(FlawKind.DIFFERS, severity=Severity.SUSPICIOUS)]
