"""Looks for signs that a callback URL is not Matillion's public one. Its format is checked by `credentials`."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult

from tui.matillion.hosts import ip_address, is_loopback, split_address


class Doubt(StrEnum):
    """Why a callback URL may be wrong."""

    INNER_PORT = "inner_port"
    LOAD_BALANCER = "balancer"
    IP_ADDRESS = "bare_address"
    FACEBOOK_ADDRESS = "meta"
    OTHER_HOST = "other_host"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to check again; `host` and `port` are the callback's."""

    doubt: Doubt
    host: str = ""
    port: int = 0
    matillion_host: str = ""


def callback_warnings(callback_url: str, matillion_url: str = "") -> tuple[Caution, ...]:
    """Return what may be wrong with a callback; `matillion_url` is the instance's address for igauth, if known.

    Source: matillion.md section 2. The path is not judged: it is not published.
    """
    parts = split_address(callback_url)
    if parts is None or not parts.hostname:
        return ()
    host, port = parts.hostname, _port(parts)
    other = split_address(matillion_url)
    matillion_host = (other.hostname or "") if other is not None else ""
    doubts = []
    if port in (8080, 8443):
        doubts.append(Doubt.INNER_PORT)
    elif port not in (0, 443, None) or (parts.scheme == "http" and port is not None):
        doubts.append(Doubt.LOAD_BALANCER)
    if ip_address(host) is not None:
        doubts.append(Doubt.IP_ADDRESS)
    elif host == "facebook.com" or host.endswith(".facebook.com"):
        doubts.append(Doubt.FACEBOOK_ADDRESS)
    if matillion_host not in ("", host) and not is_loopback(matillion_host):  # a tunnel's end has no public name
        doubts.append(Doubt.OTHER_HOST)
    return tuple(Caution(doubt, host, port or 0, matillion_host) for doubt in doubts)


def _port(parts: SplitResult) -> int | None:
    """Return the port, 0 where none is given, None where it is not a port."""
    try:
        return parts.port or 0
    except ValueError:
        return None
