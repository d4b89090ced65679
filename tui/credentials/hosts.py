"""The rules for the part of an address between the slashes and the path: login, host, port."""

import re
from collections.abc import Mapping

from tui.credentials.addresses import Address
from tui.credentials.model import Flaw, FlawKind, Severity

_NUMBER = r"(?:0[xX][0-9A-Fa-f]+|[0-9]+)"
_IP = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,3}}")
"""Every way to write an IPv4 address that browsers read: dotted, shortened, hexadecimal, or one number."""
_LOCAL = re.compile(r"(?:.+\.)?localhost(?:\.localdomain)?\.?|ip6-(?:localhost|loopback)", re.IGNORECASE)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LABEL_WITH_UNDERSCORE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST_HOST = 253
_PORT = re.compile(r":([0-9]{1,7})")
_HIGHEST_PORT = 65535
_OWN_PORT = (FlawKind.DEFAULT_PORT, "")
_OTHER_PORT = (FlawKind.PORT_OF_OTHER_SCHEME, None)
_PORTS: Mapping[tuple[str, str], tuple[FlawKind, str | None]] = {
    ("https", "443"): _OWN_PORT,
    ("http", "80"): _OWN_PORT,
    ("https", "80"): _OTHER_PORT,
    ("http", "443"): _OTHER_PORT,
}


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
    flawed = (FlawKind.PORT_WITH_ZEROS, f":{plain}") if plain != number[1] else _PORTS.get((scheme, plain))
    if flawed is None:
        return []
    return [address.flaw(flawed[0], start, end, flawed[1], Severity.SUSPICIOUS)._replace(number=int(plain))]
