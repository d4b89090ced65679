"""Makes the HTTP client for one host, with the proxy that the variables name; none for this machine."""

import logging
import os
import ssl
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.network.proxies import (
    ProxyProblem,
    ProxyRoute,
    is_this_machine,
    names_a_proxy,
    problem_to,
    proxy_url,
    route_to,
)

if TYPE_CHECKING:
    import httpx


class UnusableProxy(Exception):
    """A proxy variable keeps the client from being made."""

    def __init__(self, problem: ProxyProblem) -> None:
        super().__init__(f"{problem.variable} {problem.flaw}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A client for one host, and the proxy that its calls take, None where they go directly."""

    client: "httpx.AsyncClient"
    route: ProxyRoute | None


def open_client(
    url: str,
    context: ssl.SSLContext,
    *,
    timeout: "httpx.Timeout",
    concurrency: int = 1,
    auth: "httpx.Auth | None" = None,
) -> OpenClient:
    """Return a client for calls to the host of `url`; redirects are not followed.

    Raises UnusableProxy, and what httpx may raise for other reasons. `context` checks the host. Plain http never takes
    a proxy: it would carry what is sent off this machine unencrypted. `concurrency` connections stay open; how many
    calls are made at once is the caller's to limit.
    """
    import httpx

    from tui.network.lookups import leave_lookups_behind

    leave_lookups_behind()
    for name in ("httpx", "httpcore"):  # they log addresses, and an address can hold a token
        logging.getLogger(name).setLevel(logging.WARNING)
    parts = urlsplit(url)
    direct = parts.scheme == "http" or is_this_machine(parts.hostname or "")
    if not direct and (problem := problem_to(url, os.environ)):
        raise UnusableProxy(problem)
    route = None if direct else route_to(url, os.environ)
    proxy = None
    if route is not None:
        # else the HTTP library would trust its own list too, and no store of macOS or Windows
        own_context = system_context() if route.scheme == "https" else None
        proxy = httpx.Proxy(proxy_url(route, os.environ), ssl_context=own_context)
    # no limit of connections: one whose TLS failed behind a proxy counts for ever, and calls would wait for its place
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=concurrency)
    client = httpx.AsyncClient(
        verify=context,
        proxy=proxy,
        trust_env=not direct and _system_knows_proxies(),
        timeout=timeout,
        limits=limits,
        follow_redirects=False,
        auth=auth,
    )
    return OpenClient(client, route)


def system_context() -> ssl.SSLContext:
    """Return a context that trusts what this machine trusts."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _system_knows_proxies() -> bool:
    """Return whether httpx should ask the operating system for a proxy: macOS and Windows have a setting for that."""
    return sys.platform in ("darwin", "win32") and not names_a_proxy(os.environ)
