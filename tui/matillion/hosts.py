"""The host of an address: whether it is this machine, where plain http is safe and the name says nothing."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from tui.matillion.errors import Failure, MatillionError, Problem


def split_address(address: str) -> SplitResult | None:
    """Return the parts of an address, None where its host cannot be read."""
    try:
        parts = urlsplit(address.strip())
        _ = parts.hostname
    except ValueError:
        return None
    return parts


def checked_address(address: str) -> SplitResult:
    """Return the parts of an instance's address. Raises MatillionError where it cannot be one."""
    try:
        parts = urlsplit(address)
        has_host, _ = bool(parts.hostname), parts.port
    except ValueError:
        raise MatillionError(Failure(Problem.BAD_ADDRESS)) from None
    if parts.scheme not in ("http", "https"):
        raise MatillionError(Failure(Problem.ADDRESS_WITHOUT_SCHEME))
    if parts.username or parts.query:
        raise MatillionError(Failure(Problem.ADDRESS_WITH_MORE))
    if not has_host:
        raise MatillionError(Failure(Problem.BAD_ADDRESS))
    return parts


def ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return `host` as an IP address, None where it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Tell whether `host` is a loopback address; a name, `localhost` too, may lead anywhere."""
    address = ip_address(host)
    return address is not None and address.is_loopback
