"""The proxy variables as httpx reads them: which one a call takes, and what is wrong with one, without its password.

Nothing here tells a user name or password: `ProxyRoute.address` and `ProxyProblem.detail` are free of both.
"""

import ipaddress
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from tui.harmless import harmless
from tui.redact import Secret

if TYPE_CHECKING:
    import httpx

SCHEMES = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""What a proxy's address may begin with, and the port where it names none."""

_ANY_HOST = "https://any-host.invalid"
"""Stands for all calls to other machines: they are https."""
_KINDS = ("https", "http", "all", "no")
_DEFAULT_PORT = 443
_QUOTES = "\"'`“”„‘’‚«»"


class ProxyFlaw(StrEnum):
    """Why a proxy variable cannot be used, or why an entry of NO_PROXY never matches."""

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
    NO_PROXY_WILDCARD = "no_proxy_wildcard"
    """`detail` is the entry, such as `*.example.com`: only `*` alone has a meaning."""
    NO_PROXY_PORT = "no_proxy_port"
    """`detail` is the entry: the port 443, which the address of a call does not name."""
    NO_PROXY_ENTRY = "no_proxy_entry"
    """`detail` is another entry that never matches, or that ends every call."""


class ProxyProblem(NamedTuple):
    """What is wrong with a variable. `detail` is harmless and never a part of a user name or password.

    `ends_calls`: no call to another machine can be made; else no call takes the variable, or the entry of NO_PROXY
    only never matches.
    """

    variable: str
    flaw: ProxyFlaw
    detail: str = ""
    ends_calls: bool = True


class ProxyRoute(NamedTuple):
    """The proxy that a call takes: the variable that names it, its scheme, and its `host:port`."""

    variable: str
    scheme: str
    address: str


class _Variable(NamedTuple):
    name: str
    value: str


def problems_of(environ: Mapping[str, str]) -> tuple[ProxyProblem, ...]:
    """Return what is wrong with the proxy variables, that which ends calls first. Imports httpx."""
    variables = _variables(environ)
    entries = _entries(variables)
    if "*" in entries:
        return ()  # then no other variable is read
    taken = _variable_for(_target(_ANY_HOST), variables)
    proxies = [variables[kind] for kind in ("https", "http", "all") if kind in variables]
    flaws = [(variable, _flaw_of(variable.value)) for variable in proxies]
    found = [ProxyProblem(variable.name, *flaw, variable is taken) for variable, flaw in flaws if flaw]
    found += [problem for entry in entries if (problem := _problem_of_entry(variables["no"].name, entry))]
    return tuple(sorted(found, key=lambda problem: not problem.ends_calls))


def problem_to(url: str, environ: Mapping[str, str]) -> ProxyProblem | None:
    """Return what keeps a call to `url` from being made; None where nothing does. Imports httpx."""
    target, variables = _target(url), _variables(environ)
    entries = _entries(variables)
    if is_this_machine(target.host) or "*" in entries:
        return None
    for entry in entries:  # one that cannot be read may name this very host
        problem = _problem_of_entry(variables["no"].name, entry)
        if problem and problem.ends_calls:
            return problem
    variable = _variable_for(target, variables)
    flaw = _flaw_of(variable.value) if variable else None
    return ProxyProblem(variable.name, *flaw) if variable and flaw else None


def route_to(url: str, environ: Mapping[str, str]) -> ProxyRoute | None:
    """Return the proxy of a call to `url` (https where it names no scheme); None where the call goes directly.

    Calls to this machine go directly, whatever the variables say. A variable that cannot be used is no route:
    `problem_to` names it. Imports httpx.
    """
    import httpx

    target = _target(url)
    variable = None if is_this_machine(target.host) else _variable_for(target, _variables(environ))
    if variable is None or _flaw_of(variable.value):
        return None
    proxy = httpx.URL(_with_scheme(variable.value))
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    return ProxyRoute(variable.name, proxy.scheme, harmless(f"{host}:{proxy.port or SCHEMES[proxy.scheme]}", 200))


def exempting_entry(url: str, environ: Mapping[str, str]) -> str:
    """Return the entry of NO_PROXY because of which a call goes directly; empty where there is none. Imports httpx."""
    target, variables = _target(url), _variables(environ)
    proxies = {kind: variable for kind, variable in variables.items() if kind != "no"}
    if is_this_machine(target.host) or _variable_for(target, proxies) is None:
        return ""
    rules = ((entry, {**proxies, "no": _Variable("", entry)}) for entry in _entries(variables))
    return next((entry for entry, variables in rules if _variable_for(target, variables) is None), "")


def proxy_url(route: ProxyRoute, environ: Mapping[str, str]) -> str:
    """Return the whole address of a proxy, which may hold a password: for the HTTP client alone.

    User and password are known to `redact` from then on, in the form in which an address has them.
    """
    url = _with_scheme(environ[route.variable])
    login, at, _ = url.partition("://")[2].rpartition("@")
    Secret(login + at)
    return url


def is_this_machine(host: str) -> bool:
    """Return whether `host` is a loopback address or `localhost`: a proxy would look for it elsewhere."""
    name = host.lower().rstrip(".")
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def names_a_proxy(environ: Mapping[str, str]) -> bool:
    """Return whether any proxy variable is set; where none is, some systems have a setting of their own."""
    return bool(_variables(environ))


# --- the variables ----------------------------------------------------------------------------------------------


def _variables(environ: Mapping[str, str]) -> dict[str, _Variable]:
    """Return the variables that count, by `https`, `http`, `all` and `no`.

    As `urllib.request.getproxies` has it: the lower-case one counts first, even an empty one, which means none.
    """
    named = [(name, value) for name, value in environ.items() if name[-6:].lower() == "_proxy"]
    kinds = [(name[:-6].lower(), name, value) for name, value in named if name[:-6].lower() in _KINDS]
    found = {kind: _Variable(name, value) for kind, name, value in kinds if value}
    if "REQUEST_METHOD" in environ:  # a CGI script: its HTTP_PROXY can come from a request
        found.pop("http", None)
    for kind, name, value in kinds:
        if name.endswith("_proxy"):
            found.pop(kind, None)
            found |= {kind: _Variable(name, value)} if value else {}
    return found


def _target(url: str) -> "httpx.URL":
    import httpx

    return httpx.URL(url if "://" in url else f"https://{url}")


def _with_scheme(value: str) -> str:
    return value if "://" in value else f"http://{value}"


def _flaw_of(value: str) -> tuple[ProxyFlaw, str] | None:
    """Return why a proxy's address cannot be used, with the problem's detail; None where it can."""
    scheme, _, rest = _with_scheme(value).partition("://")
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    after = rest[len(authority) :]
    if "@" in after:  # a part of the user name or password would be taken for the proxy
        return ProxyFlaw.UNENCODED, after[:1]
    host, port = re.fullmatch(r"(\[.*\]|[^:]*):?(.*)", authority.rpartition("@")[2], re.DOTALL).groups()  # type: ignore[union-attr]
    good_port = not port or (port.strip().isdecimal() and 0 < int(port) < 65_536)
    good_host = bool(host) and "%" not in host and not any(character.isspace() for character in host)
    cut = "://" not in value and len(after) > 1  # `http:/proxy:3128` would be a proxy named http
    if good_host and good_port and not cut and _httpx_takes(value):
        return None
    ends = value.strip()[:1] + value.strip()[-1:]
    if any(character in _QUOTES for character in ends):
        return ProxyFlaw.QUOTES, ""
    if any(character.isspace() for character in value):
        return ProxyFlaw.BLANK, ""
    if scheme.lower() not in SCHEMES and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        return ProxyFlaw.SCHEME, harmless(scheme, 30)
    if not host:
        return ProxyFlaw.NO_HOST, ""
    return (ProxyFlaw.NOT_AN_ADDRESS if good_port else ProxyFlaw.PORT), ""


def _httpx_takes(value: str) -> bool:
    import ssl

    import httpx

    try:
        # all that a client does with it, without the time that a trust store takes
        httpx.AsyncHTTPTransport(proxy=httpx.Proxy(_with_scheme(value)), verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except Exception:  # of many kinds; the text can contain the password
        return False
    return True


# --- NO_PROXY ---------------------------------------------------------------------------------------------------


def _entries(variables: Mapping[str, _Variable]) -> tuple[str, ...]:
    value = variables["no"].value if "no" in variables else ""
    return tuple(entry.strip() for entry in value.split(",") if entry.strip())


def _variable_for(target: "httpx.URL", variables: Mapping[str, _Variable]) -> _Variable | None:
    """Return the variable that a call takes: of all that match the most special one, as httpx orders them."""
    entries = _entries(variables)
    if "*" in entries:
        return None
    rules: dict[str, _Variable | None] = {f"{kind}://": variables[kind] for kind in variables if kind != "no"}
    rules |= {_pattern_of(entry): None for entry in entries}
    patterns = [(url, variable) for pattern, variable in rules.items() if (url := _address(pattern)) is not None]
    patterns.sort(key=lambda rule: (rule[0].port is None, -len(_host(rule[0])), -len(_scheme(rule[0]))))
    return next((variable for url, variable in patterns if _matches(url, target)), None)


def _pattern_of(entry: str) -> str:
    """Return the address that httpx makes of an entry."""
    name = entry.split("/")[0]
    if "://" in entry:
        return entry
    if _is_ip(name):
        return f"all://[{entry}]" if ":" in name else f"all://{entry}"
    return f"all://{entry}" if entry.lower() == "localhost" else f"all://*{entry}"


def _matches(pattern: "httpx.URL", target: "httpx.URL") -> bool:
    host, name = _host(pattern), target.host
    if host.startswith("*."):
        same = name.endswith(host[1:]) and len(name) > len(host) - 1
    elif host.startswith("*"):
        same = name == host[1:] or name.endswith(f".{host[1:]}")
    else:
        same = host in ("", name)
    return same and _scheme(pattern) in ("", target.scheme) and pattern.port in (None, target.port)


def _host(pattern: "httpx.URL") -> str:
    return "" if pattern.host == "*" else pattern.host


def _scheme(pattern: "httpx.URL") -> str:
    return "" if pattern.scheme == "all" else pattern.scheme


def _address(pattern: str) -> "httpx.URL | None":
    import httpx

    try:
        return httpx.URL(pattern)
    except Exception:  # InvalidURL, and what a lone surrogate raises
        return None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _problem_of_entry(variable: str, entry: str) -> ProxyProblem | None:
    url = _address(_pattern_of(entry))
    name, _, size = entry.partition("/")
    if size.isdecimal() and _is_ip(name):
        flaw = ProxyFlaw.NO_PROXY_CIDR
    elif url is None and "[" in entry:
        flaw = ProxyFlaw.NO_PROXY_BRACKETS
    elif url is not None and "*" in url.host.removeprefix("*"):
        flaw = ProxyFlaw.NO_PROXY_WILDCARD
    elif url is not None and url.scheme == "all" and url.port == _DEFAULT_PORT:
        flaw = ProxyFlaw.NO_PROXY_PORT
    elif url is None or not _can_match(url):
        flaw = ProxyFlaw.NO_PROXY_ENTRY
    else:
        return None
    return ProxyProblem(variable, flaw, harmless(entry.rpartition("@")[2], 100), ends_calls=url is None)


def _can_match(pattern: "httpx.URL") -> bool:
    """Return whether a call can have such a scheme and host: blanks between entries make one that none has."""
    host = pattern.host.removeprefix("*")
    return pattern.scheme in ("all", "http", "https") and all(mark.isalnum() or mark in "-._:" for mark in host)
