"""The proxy variables of the environment: which ones count, and what is wrong with one, without its password."""

from enum import StrEnum
from typing import NamedTuple


class ProxyFlaw(StrEnum):
    """Why the HTTP library cannot use a proxy variable, or why an entry of NO_PROXY never matches."""

    SCHEME = "scheme"
    """`detail` is the scheme, which is none of http, https, socks5 and socks5h."""
    PORT = "port"
    UNENCODED = "unencoded"
    """`detail` is the character that must be percent-encoded in a user or password."""
    BLANK = "blank"
    QUOTES = "quotes"
    NO_HOST = "no_host"
    NOT_AN_ADDRESS = "not_an_address"
    NO_PROXY_CIDR = "no_proxy_cidr"
    """`detail` is the entry: a range of addresses never matches."""
    NO_PROXY_BRACKETS = "no_proxy_brackets"
    """`detail` is the entry: an IPv6 address in brackets."""
    NO_PROXY_ENTRY = "no_proxy_entry"
    """`detail` is another entry that never matches, or that ends every call."""


class ProxyProblem(NamedTuple):
    """What is wrong with a variable. `detail` is harmless and never a part of a user name or password."""

    variable: str
    flaw: ProxyFlaw
    detail: str = ""
