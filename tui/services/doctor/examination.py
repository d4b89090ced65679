"""The whole examination: every part that needs no terminal."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from tui.clock import Clock
from tui.services.doctor.configuration import settings_findings
from tui.services.doctor.findings import Finding
from tui.services.doctor.home import home_findings
from tui.services.doctor.network import network_findings
from tui.services.doctor.stored import stored_findings
from tui.services.doctor.timer import installed_timer_findings
from tui.services.root import Services
from tui.services.usable_home import require_usable
from tui.settings import Settings, SettingsError, SettingsStore, find_home
from tui.settings.reading import with_environment


def open_what_can_be(environ: Mapping[str, str]) -> tuple[Services, list[Finding]]:
    """Build services whatever is wrong; and what is wrong with the home (`paths`), and with its `configuration`.

    Settings that cannot be read are the defaults then; the vault of a home that cannot be used is not to be opened.
    """
    home = find_home(environ)
    troubles = []
    try:
        require_usable(home)
    except SettingsError as error:
        troubles.append(Finding("paths", "failure", value=error))
    try:
        store = SettingsStore(home, environ)
    except SettingsError as error:
        troubles.append(Finding("configuration", "failure", value=error))
        settings = Settings()
        with suppress(SettingsError):  # reported already, or hidden by the file's own
            settings = with_environment(settings, environ)
        store = SettingsStore(home, environ, settings)
    return Services(store, Clock(), "command"), troubles


async def examine(
    services: Services, troubles: list[Finding], environ: Mapping[str, str], *, fix: bool = False
) -> list[Finding]:
    """Run every check that needs no terminal, and leave out what the troubles rule out. Never raises for what is found.

    Nothing is changed, except other users' access where it is to be fixed.
    """
    network = asyncio.create_task(network_findings(services, environ))
    known = {trouble.check: [trouble] for trouble in troubles}
    findings = known.get("paths", []) or await asyncio.to_thread(lambda: list(home_findings(services.home, fix=fix)))
    findings += known.get("configuration", []) or settings_findings(services.settings)
    if "paths" not in known:
        findings += await asyncio.to_thread(lambda: list(stored_findings(services)))
        findings += await asyncio.to_thread(lambda: list(installed_timer_findings(services, environ)))
    return findings + await network
