"""The whole examination: every part that needs no terminal, side by side and within a limit of time."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from tui.clock import Clock
from tui.services.doctor.certificates import certificate_findings
from tui.services.doctor.configuration import file_findings, settings_findings
from tui.services.doctor.findings import Code, Finding, found
from tui.services.doctor.home import home_findings
from tui.services.doctor.network import network_findings
from tui.services.doctor.parts import Deadline, run_parts, unfinished
from tui.services.doctor.programs import program_findings
from tui.services.doctor.proxies import proxy_findings
from tui.services.doctor.stored import profile_findings, stored_findings
from tui.services.doctor.timer import timer_findings
from tui.services.root import Services
from tui.services.usable_home import require_usable
from tui.settings import Home, Settings, SettingsError, SettingsStore, find_home
from tui.settings.home import NOWHERE
from tui.settings.reading import with_environment
from tui.threads import in_thread

Part = tuple[str, Callable[[], Iterable[Finding]]]

OPENING = 3.0
"""Seconds that the home and the configuration may take before the examination goes on without them."""


def open_what_can_be(environ: Mapping[str, str]) -> tuple[Services, list[Finding]]:
    """Build services whatever is wrong; and what is wrong with the home (`paths`), and with its `configuration`.

    Settings that cannot be read are the defaults then; the vault of a home that cannot be used is not to be opened.
    """
    troubles: list[Finding] = []
    try:
        home = find_home(environ)
        store = in_thread(lambda: _open(home, environ, troubles), "paths").result(OPENING)
    except SettingsError as error:
        troubles, store = [Finding("paths", "failure", value=error)], _without_file(NOWHERE, environ)
    except TimeoutError:
        silent = found("paths", "failure", Code.HOME_SILENT, path=home.data_folder, seconds=round(OPENING))
        troubles, store = [silent], _without_file(home, environ)
    return Services(store, Clock(), "command"), troubles


def _open(home: Home, environ: Mapping[str, str], troubles: list[Finding]) -> SettingsStore:
    try:
        require_usable(home)
    except SettingsError as error:
        troubles.append(Finding("paths", "failure", value=error))
    try:
        return SettingsStore(home, environ)
    except SettingsError as error:
        troubles.append(Finding("configuration", "failure", value=error))
        return _without_file(home, environ)


def _without_file(home: Home, environ: Mapping[str, str]) -> SettingsStore:
    settings = Settings()
    with suppress(SettingsError):  # reported already, or hidden by the file's own
        settings = with_environment(settings, environ)
    return SettingsStore(home, environ, settings)


async def examine(
    services: Services, troubles: list[Finding], environ: Mapping[str, str], *, fix: bool = False
) -> list[Finding]:
    """Run every check that needs no terminal, and leave out what the troubles rule out. Never raises for what is found.

    Nothing is changed, except other users' access where it is to be fixed. It takes SECONDS at most, without the time
    in which a person is asked for the passphrase. A thread that hangs is left behind where a part is unfinished.
    """
    settings, home, deadline = services.settings, services.home, Deadline()
    if not settings.passphrase_command:  # then it is a person who is asked
        ask = services.ask_passphrase
        services.ask_passphrase = lambda: deadline.stands_still(ask)
    known = {trouble.check for trouble in troubles}
    in_home: list[Part] = [
        ("paths", lambda: home_findings(home, fix=fix)),
        ("vault", lambda: stored_findings(services)),
        ("secrets", lambda: profile_findings(services)),
        ("timer", lambda: timer_findings(services, environ)),
    ]
    is_silent = any(trouble.code is Code.HOME_SILENT for trouble in troubles)
    in_text: list[Part] = [("configuration", lambda: file_findings(home))]
    in_file: list[Part] = [
        ("configuration", lambda: settings_findings(settings, home)),
        ("programs", lambda: program_findings(settings, home, environ)),
    ]
    outside, file, surroundings, configuration, stored = await asyncio.gather(
        _network(services, deadline),
        run_parts(deadline, *([] if is_silent else in_text)),
        run_parts(
            deadline,
            ("proxy", lambda: proxy_findings(settings.graph_url, environ)),
            ("trust", lambda: certificate_findings(environ)),
        ),
        run_parts(deadline, *([] if is_silent or "configuration" in known else in_file)),
        run_parts(deadline, *([] if "paths" in known else in_home)),
    )
    return [*troubles, *file, *configuration, *stored, *surroundings, *outside]


async def _network(services: Services, deadline: Deadline) -> list[Finding]:
    findings: list[Finding] = []
    try:
        async with asyncio.timeout(deadline.left()):
            async for finding in network_findings(services.settings, services.default_profile):
                findings.append(finding)  # noqa: PERF401 - what was found in time counts
    except TimeoutError:
        findings.append(unfinished("network"))
    except Exception as error:  # a fault of igauth's own, whose text may hold anything: the other parts go on
        findings.append(found("network", "failure", Code.PART_FAILED, kind=type(error).__name__))
    return findings
