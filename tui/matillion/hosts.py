"""Which hosts are this machine: plain http is safe there, and the host name says nothing about the instance."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether `host` is a loopback address; a name, `localhost` too, may lead anywhere."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
