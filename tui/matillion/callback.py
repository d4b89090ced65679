"""Looks for signs that a callback URL is not Matillion's public one, where its format is right (`credentials`)."""

from dataclasses import dataclass
from enum import StrEnum

from tui.matillion.hosts import is_loopback, split_address


class Doubt(StrEnum):
    """Why a callback URL may be wrong."""

    INNER_PORT = "inner_port"
    LOAD_BALANCER = "balancer"
    FACEBOOK_ADDRESS = "meta"
    OTHER_HOST = "other_host"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to check again; `host` and `port` are the callback's."""

    doubt: Doubt
    host: str
    port: int
    matillion_host: str


def callback_warnings(callback_url: str, matillion_url: str = "") -> tuple[Caution, ...]:
    """Return what may be wrong with a callback; `matillion_url` is the instance's address for igauth, if known.

    Source: matillion.md section 2. The path is not judged: it is not published.
    """
    parts, other = split_address(callback_url), split_address(matillion_url)
    if parts is None or not parts.hostname:
        return ()
    host, port = parts.hostname, parts.port or 443
    matillion_host = (other and other.hostname) or ""
    doubts = []
    if port != 443:
        doubts.append(Doubt.INNER_PORT if port in (8080, 8443) else Doubt.LOAD_BALANCER)
    if host == "facebook.com" or host.endswith(".facebook.com"):
        doubts.append(Doubt.FACEBOOK_ADDRESS)
    if matillion_host not in ("", host) and not is_loopback(matillion_host):  # a tunnel's end has no public name
        doubts.append(Doubt.OTHER_HOST)
    return tuple(Caution(doubt, host, port, matillion_host) for doubt in doubts)
