"""Which hosts are this very machine: there plain http is no danger, and a name says nothing of the instance."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether `host` is a loopback address; a name, `localhost` too, may lead anywhere."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
