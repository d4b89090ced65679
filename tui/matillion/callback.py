"""What is odd about a callback as Matillion's callback. Warnings only: its form is looked at by `credentials`."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tui.matillion.hosts import is_loopback


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing worth a second look, and what to do about it."""

    kind: str
    text: str


def callback_warnings(callback_url: str, matillion_url: str = "") -> tuple[Caution, ...]:
    """Return what is odd about a callback; `matillion_url` is where igauth reaches the instance, if known.

    Source: matillion.md section 2. The path is never judged: it is not published.
    """
    parts = _split(callback_url)
    if parts is None or not parts.hostname:
        return ()
    found = [*_port_warnings(parts), *_host_warnings(parts)]
    other = _split(matillion_url)
    through_tunnel = other is not None and is_loopback(other.hostname or "")
    if other is not None and other.hostname and other.hostname != parts.hostname and not through_tunnel:
        found.append(
            Caution(
                "other_host",
                f"The callback's host is {parts.hostname}, but Matillion is reached at {other.hostname}. The callback"
                " follows the address in the browser: open Matillion under its final name and copy it again.",
            )
        )
    return tuple(found)


def _port_warnings(parts: SplitResult) -> list[Caution]:
    try:
        port = parts.port
    except ValueError:
        return []
    if port in (8080, 8443):
        return [
            Caution(
                "inner_port",
                f"Port {port} is the one inside Matillion's machine. Outside it is 443: open Matillion by its public"
                " address and copy the callback again.",
            )
        ]
    if port not in (None, 443) or parts.scheme == "http":
        return [
            Caution(
                "balancer",
                "Behind a load balancer Matillion can mistake scheme and port. Let the balancer listen on 443 with"
                " https and copy the callback again.",
            )
        ]
    return []


def _host_warnings(parts: SplitResult) -> list[Caution]:
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return [
            Caution(
                "bare_address",
                "The host is an IP address. Open Matillion by a host name; one in your own hosts file is enough.",
            )
        ]
    if host == "facebook.com" or host.endswith(".facebook.com"):
        return [Caution("meta", "This is an address of Facebook, not Matillion's callback from Manage OAuth.")]
    return []


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        _ = parts.hostname
    except ValueError:
        return None
    return parts
