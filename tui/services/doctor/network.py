"""Whether the Graph API answers, as which version, and what its clock says."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tui.services.doctor.findings import Code, Finding, found
from tui.services.root import Services

if TYPE_CHECKING:
    from tui.facebook.transport import Answer

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
SKEW_NOTICED = 60
"""Seconds between this machine's clock and Facebook's from which it is a warning."""


async def network_findings(services: Services, environ: Mapping[str, str]) -> list[Finding]:
    """Call the Graph API's host: connection, trust, served version and clock. Up to ten seconds."""
    from tui.facebook.errors import FacebookError
    from tui.facebook.transport import Call, Transport

    findings = [_surroundings(environ)]
    settings, clock = services.settings, services.clock
    transport = Transport(settings.graph_url, timeout=5.0)
    try:
        before = clock.machine_time()
        answer = await transport.once(Call("doctor", f"{settings.api_version}/"))
        after = clock.machine_time()
    except FacebookError as error:
        return [*findings, Finding("network", "failure", value=error)]
    finally:
        await transport.aclose()
    code = Code.HOST_ANSWERS_WITHOUT_TLS if settings.graph_url.startswith("http:") else Code.HOST_ANSWERS
    milliseconds = round((after - before) * 1000)
    findings.append(found("network", "ok", code, url=settings.graph_url, milliseconds=milliseconds))
    findings.extend(_served(answer, settings.api_version))
    findings.append(_clock(answer, (before + after) / 2))
    return findings


def _surroundings(environ: Mapping[str, str]) -> Finding:
    proxies = [name for name in _PROXIES if environ.get(name)]  # only names: an address may contain a password
    trust = [f"{name}={environ[name]}" for name in _TRUST if environ.get(name)]
    return found("trust", "ok", Code.SURROUNDINGS, proxies=", ".join(proxies), trust=", ".join(trust))


def _served(answer: "Answer", asked: str) -> Iterator[Finding]:
    from tui.harmless import harmless

    served = harmless(answer.headers.get("facebook-api-version", ""), 20)
    if served and served != asked:
        yield found("version", "warning", Code.OTHER_VERSION, asked=asked, served=served)


def _clock(answer: "Answer", now: float) -> Finding:
    from tui.facebook.wire import read_time

    if (server_time := read_time(answer.headers)) is None:
        return Finding("clock", "warning", Code.NO_DATE)
    skew = server_time - now
    seconds = round(max(1, abs(skew)))
    if abs(skew) <= SKEW_NOTICED:
        return found("clock", "ok", Code.CLOCK_RIGHT, seconds=seconds)
    return found("clock", "warning", Code.CLOCK_BEHIND if skew > 0 else Code.CLOCK_AHEAD, seconds=seconds)
