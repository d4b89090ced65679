"""The settings of config.toml and the environment."""

from collections.abc import Iterator

from tui.services.doctor.findings import Code, Finding, found
from tui.settings import Settings


def settings_findings(settings: Settings) -> Iterator[Finding]:
    for key in settings.unknown_keys:
        yield Finding("configuration", "warning", value=key)
    if settings.ignored:
        yield Finding("configuration", "failure", value=settings.ignored)
    if not settings.is_meta:
        hosts = ", ".join(dict.fromkeys((settings.graph_url, settings.dialog_url)))
        yield found("configuration", "warning", Code.OTHER_HOSTS, hosts=hosts)
    if not settings.profiles:
        yield Finding("profiles", "warning", Code.NO_PROFILE)
