"""Words for the way to a host: what is wrong with a proxy variable, and which proxy is meant."""

from urllib.parse import quote

from tui.network.proxies import ProxyProblem
from tui.wording.text import Text
from tui.wording.texts import text_of


def proxy_problem(problem: ProxyProblem) -> Text:
    """Return what is wrong with a proxy variable, and an example of the right form."""
    encoded = quote(problem.detail, safe="")
    return text_of("network", problem.flaw, {**problem._asdict(), "encoded": encoded}, "proxy")


def proxy_name(address: str, variable: str) -> str:
    """Return `proxy.example.com:3128 (HTTPS_PROXY)` after a blank; empty where the proxy is not known."""
    return f" {address} ({variable})" if address and variable else f" {address}" if address else ""
