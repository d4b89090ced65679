"""The rules for what stands between the slashes and the path of an address: login, host, port."""

from __future__ import annotations

import re

from tui.credentials.addresses import Address
from tui.credentials.model import Severity, Spot

_NUMBER = r"(?:0[xX][0-9A-Fa-f]+|[0-9]+)"
_IP = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,3}}")
"""Every way to write an IPv4 address that browsers read: dotted, shortened, hexadecimal, or one number."""
_LOCAL = re.compile(r"(?:.+\.)?localhost(?:\.localdomain)?\.?|ip6-(?:localhost|loopback)", re.IGNORECASE)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LABEL_OF_OLD = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST_HOST = 253
_PORT = re.compile(r":([0-9]{1,7})")
_OTHER_PORT = {"https": "80", "http": "443"}
_OWN_PORT = {"https": "443", "http": "80"}


def host_of(authority: str) -> str:
    """Return the host of `user:password@host:port`."""
    return re.sub(r":[^:\]]*$", "", authority.rpartition("@")[2])


def is_local(host: str) -> bool:
    """Tell whether `host` means the very machine the browser runs on."""
    return bool(_LOCAL.fullmatch(host)) or host == "[::1]" or bool(re.fullmatch(r"127(?:\.[0-9]{1,3}){1,3}", host))


def authority_spots(address: Address, parts: re.Match[str]) -> list[Spot]:
    """Return what is wrong between the two slashes and the path: login, host, port."""
    start, end = parts.span("authority")
    authority = parts["authority"]
    spots: list[Spot] = []
    user, at, rest = authority.rpartition("@")
    host_start = start + len(user) + len(at)
    if at:
        detail = "credentials in the address, before the @"
        spots.append(address.spot("credentials_in_address", "suspicious", start, host_start, "", detail))
    host = host_of(authority)
    host_end = host_start + len(host)
    if not host:
        if not address.foreign:
            detail = "missing host, nothing stands between the slashes"
            spots.append(address.spot("missing_host", "blocks", start, end, None, detail))
        return spots
    spots += _host_spots(address, host, host_start, host_end)
    port = _port_spot(address, parts["scheme"].lower(), rest[len(host) :], host_end, end)
    return [*spots, port] if port is not None else spots


def _host_spots(address: Address, host: str, start: int, end: int) -> list[Spot]:
    spots: list[Spot] = []
    if is_local(host) and not _IP.fullmatch(host):
        detail = "localhost, which means the machine of whoever opens it, never your Matillion"
        spots.append(address.spot("localhost", "suspicious", start, end, None, detail))
    elif _IP.fullmatch(host) or re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", host):
        detail = "IP address where a host name should be; open Matillion under its final name and copy again"
        spots.append(address.spot("ip_address", "suspicious", start, end, None, detail))
    elif not address.foreign and (severity := _impossible(host)) is not None:
        detail = "host name that cannot be; it is letters, digits and hyphens between single dots"
        spots.append(address.spot("bad_host", severity, start, end, None, detail))
    if host != host.lower():
        detail = "capitals in the host, which is compared letter by letter"
        spots.append(address.spot("upper_case_host", "suspicious", start, end, host.lower(), detail))
    return spots


def _impossible(host: str) -> Severity | None:
    """Say how sure it is that no host has this name; an underscore is seen in private networks."""
    labels = host.split(".")
    if len(host) <= _LONGEST_HOST and all(_LABEL.fullmatch(label) for label in labels):
        return None
    return "suspicious" if all(_LABEL_OF_OLD.fullmatch(label) for label in labels) else "blocks"


def _port_spot(address: Address, scheme: str, port: str, start: int, end: int) -> Spot | None:
    number = _PORT.fullmatch(port)
    if not port or (port == ":" and address.foreign):
        return None
    if number is None:
        detail = "port that is no number"
        return address.spot("bad_port", "blocks", start, end, "" if port == ":" else None, detail)
    plain = number[1].lstrip("0")
    if not plain or int(plain) > 65535:
        detail = "port that cannot be, ports are 1 to 65535"
        return address.spot("bad_port", "blocks", start, end, None, detail)
    if plain != number[1]:
        detail = "port with zeros in front, and the comparison is letter by letter"
        return address.spot("bad_port", "suspicious", start, end, f":{plain}", detail)
    if plain == _OWN_PORT.get(scheme):
        detail = f"default port written out; {port} goes without saying, and the comparison is letter by letter"
        return address.spot("default_port", "suspicious", start, end, "", detail)
    if plain == _OTHER_PORT.get(scheme):
        detail = f"port {plain}, on which {scheme} is not spoken; Matillion may stand behind a load balancer"
        return address.spot("bad_port", "suspicious", start, end, None, detail)
    return None
