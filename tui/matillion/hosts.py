"""The host of an address: whether it is this machine, where plain http is safe and the name says nothing."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from tui.matillion.errors import Failure, MatillionError, Problem


def split_address(address: str) -> SplitResult | None:
    """Return the parts of an address, None where its host or port cannot be read."""
    try:
        parts = urlsplit(address.strip())
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def checked_address(address: str) -> SplitResult:
    """Return the parts of an instance's address. Raises MatillionError where it cannot be one."""
    parts = split_address(address)
    if parts is not None and parts.scheme not in ("http", "https"):
        raise MatillionError(Failure(Problem.ADDRESS_WITHOUT_SCHEME))
    if parts is not None and (parts.username or parts.query):
        raise MatillionError(Failure(Problem.ADDRESS_WITH_MORE))
    if parts is None or not parts.hostname:
        raise MatillionError(Failure(Problem.BAD_ADDRESS))
    return parts


def is_loopback(host: str) -> bool:
    """Tell whether `host` is a loopback address; a name, `localhost` too, may lead anywhere."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
