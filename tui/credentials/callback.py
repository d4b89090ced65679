"""The rules for a callback URL, so that Facebook accepts it and Matillion answers at it.

Sources: graph-api.md section 2 (https, exact match, no fragment), matillion.md section 2 (what the address is).
"""

import re

from tui.credentials.addresses import Address, parameter_of, read_address
from tui.credentials.flaws import Context, Field, Flaw, FlawKind, Severity, Shape

_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_TRIPLET = re.compile(r"%([0-9A-Fa-f]{2})")
_ANSWER_IN_QUERY = re.compile(r"[?&](?:code=.|access_token=|error(?:_code|_reason)?=)")
_ANSWER_IN_FRAGMENT = re.compile(r"#(?:code|access_token)=")
_MISSPELLED = re.compile(r"h?t{0,3}p{0,2}s?(?::/{0,2}|/{1,2})(?=\S)|[A-Za-z][A-Za-z0-9+.-]*:/+", re.IGNORECASE)
_NUMBER = r"(?:0[xX][0-9A-Fa-f]+|[0-9]+)"
_IP = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,3}}")
"""Every way to write an IPv4 address that browsers read: dotted, shortened, hexadecimal, or one number."""
_LOCAL = re.compile(r"(?:.+\.)?localhost(?:\.localdomain)?\.?|ip6-(?:localhost|loopback)", re.IGNORECASE)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LABEL_WITH_UNDERSCORE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST_HOST = 253
_PORT = re.compile(r":([0-9]{1,7})")
_HIGHEST_PORT = 65535
_PORTS = {"https": "443", "http": "80"}


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


# --- scheme, host and port ---------------------------------------------------------------------------------------


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


def host_of(authority: str) -> str:
    """Return the host of `user:password@host:port`."""
    return re.sub(r":[^:\]]*$", "", authority.rpartition("@")[2])


def is_local(host: str) -> bool:
    """Tell whether `host` means the computer that the browser runs on."""
    return bool(_LOCAL.fullmatch(host)) or host == "[::1]" or bool(re.fullmatch(r"127(?:\.[0-9]{1,3}){1,3}", host))


def authority_flaws(address: Address, parts: re.Match[str]) -> list[Flaw]:
    """Return what is wrong between the two slashes and the path: login, host, port."""
    start, end = parts.span("authority")
    user, at, rest = parts["authority"].rpartition("@")
    host = host_of(rest)
    host_start = start + len(user) + len(at)
    host_end = host_start + len(host)
    flaws: list[Flaw] = []
    if at:
        flaws.append(address.flaw(FlawKind.CREDENTIALS_IN_ADDRESS, start, host_start, "", Severity.SUSPICIOUS))
    if host:
        flaws += _host_flaws(address, host, host_start, host_end)
        return [*flaws, *_port_flaws(address, parts["scheme"].lower(), rest[len(host) :], host_end, end)]
    if not address.foreign:
        flaws.append(address.flaw(FlawKind.MISSING_HOST, start, end))
    return flaws


def _host_flaws(address: Address, host: str, start: int, end: int) -> list[Flaw]:
    flaws: list[Flaw] = []
    if is_local(host) and not _IP.fullmatch(host):
        flaws.append(address.flaw(FlawKind.LOCALHOST, start, end, severity=Severity.SUSPICIOUS))
    elif _IP.fullmatch(host) or re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", host):
        flaws.append(address.flaw(FlawKind.IP_ADDRESS, start, end, severity=Severity.SUSPICIOUS))
    elif not address.foreign and (severity := _impossibility(host)) is not None:
        flaws.append(address.flaw(FlawKind.BAD_HOST, start, end, severity=severity))
    if host != host.lower():
        flaws.append(address.flaw(FlawKind.UPPER_CASE_HOST, start, end, host.lower(), Severity.SUSPICIOUS))
    return flaws


def _impossibility(host: str) -> Severity | None:
    """Return how certain it is that no host has this name; an underscore is seen in private networks."""
    labels = host.split(".")
    if len(host) <= _LONGEST_HOST and all(_LABEL.fullmatch(label) for label in labels):
        return None
    return Severity.SUSPICIOUS if all(_LABEL_WITH_UNDERSCORE.fullmatch(label) for label in labels) else Severity.BLOCKS


def _port_flaws(address: Address, scheme: str, port: str, start: int, end: int) -> list[Flaw]:
    number = _PORT.fullmatch(port)
    if not port or (port == ":" and address.foreign):
        return []
    if number is None:
        return [address.flaw(FlawKind.PORT_NOT_A_NUMBER, start, end, "" if port == ":" else None)]
    plain = number[1].lstrip("0")
    if not plain or int(plain) > _HIGHEST_PORT:
        return [address.flaw(FlawKind.PORT_OUT_OF_RANGE, start, end)]
    if plain != number[1]:
        found = address.flaw(FlawKind.PORT_WITH_ZEROS, start, end, f":{plain}", Severity.SUSPICIOUS)
    elif plain == _PORTS.get(scheme):
        found = address.flaw(FlawKind.DEFAULT_PORT, start, end, "", Severity.SUSPICIOUS)
    elif scheme in _PORTS and plain in _PORTS.values():
        found = address.flaw(FlawKind.PORT_OF_OTHER_SCHEME, start, end, severity=Severity.SUSPICIOUS)
    else:
        return []
    return [found._replace(number=int(plain))]
