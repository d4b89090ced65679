"""The proxy variables: which way calls to the Graph API take, and which variables have no part in it."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from tui.services.doctor.findings import Code, Finding, found


def proxy_findings(graph_url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Return the way of a call, each problem of a variable, and the variables that are set and not used."""
    from tui.network.proxies import exempting_entry, is_this_machine, problem_to, problems_of, route_to

    host = urlsplit(graph_url).hostname or ""
    route = route_to(graph_url, environ)
    exempting = exempting_entry(graph_url, environ)
    if route is not None:
        facts = {"host": host, "variable": route.variable, "proxy": f"{route.scheme}://{route.address}"}
        yield found("proxy", "ok", Code.BY_PROXY, **facts)
    elif exempting:
        yield found("proxy", "ok", Code.DIRECT_BY_NO_PROXY, host=host, entry=exempting)
    elif problem_to(graph_url, environ) is None:
        yield found("proxy", "ok", Code.DIRECT, host=host)
    problems = problems_of(environ)
    for problem in problems:
        yield Finding("proxy", "failure" if problem.ends_calls else "warning", value=problem)
    reported = {route.variable if route else "", *(problem.variable for problem in problems)}
    for name, value in environ.items():
        if value and name.lower() in ("http_proxy", "https_proxy", "all_proxy") and name not in reported:
            # who has set only this one means it for all calls
            is_alone = route is None and not exempting and not problems and not is_this_machine(host)
            yield found("proxy", "warning" if is_alone else "ok", Code.PROXY_UNUSED, host=host, variable=name)
