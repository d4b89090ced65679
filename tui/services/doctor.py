"""What can be checked at once: paths, permissions, vault, secrets, network, trust and clock."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.clock import Clock
from tui.services.root import Services
from tui.services.usable_home import require_usable
from tui.settings import Home, Settings, SettingsError, SettingsStore, find_home
from tui.settings.reading import with_environment


class TimerSeen(NamedTuple):
    """The timer and its last run, looked at `now` (unix seconds, UTC)."""

    timer: "Automation"
    now: float


if TYPE_CHECKING:
    from tui.facebook.transport import Answer
    from tui.services.hook_record import HookFailed
    from tui.settings.errors import KeymapProblem
    from tui.settings.schema import IgnoredKeys, UnknownKey
    from tui.timer.installed import TimerFault
    from tui.tokens.automation import Automation, RunFailure
    from tui.tokens.delivery import Delivery
    from tui.vault.choice import BackendChoice
    from tui.vault.notices import Notice
    from tui.vault.permissions import FileReport

    Value = (
        Exception
        | Delivery
        | UnknownKey
        | IgnoredKeys
        | KeymapProblem
        | FileReport
        | Notice
        | BackendChoice
        | TimerFault
        | TimerSeen
        | RunFailure
        | HookFailed
    )

Level = Literal["ok", "warning", "failure"]

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
SKEW_NOTICED = 60
"""Seconds between this machine's clock and Facebook's from which it is a warning."""


class Code(StrEnum):
    """What was found. VALUE: the finding's value describes itself."""

    VALUE = "value"
    CONFIG_PATH = "config_path"
    DATABASE_PATH = "database_path"
    REPORTS_PATH = "reports_path"
    ACCESS_REMOVED = "access_removed"
    PRIVATE = "private"
    NO_FOLDER = "no_folder"
    OTHER_HOSTS = "other_hosts"
    NO_PROFILE = "no_profile"
    CREDENTIALS_STORED = "credentials_stored"
    VAULT_DAMAGED = "vault_damaged"
    VAULT_WHOLE = "vault_whole"
    NO_SECRET_STORE = "no_secret_store"  # noqa: S105 - the name of a code
    KEYRING_IS_BETTER = "keyring_is_better"
    PASSPHRASE_IS_BETTER = "passphrase_is_better"  # noqa: S105 - the name of a code
    SECRETS_DISPLACED = "secrets_displaced"
    SECRETS_OF_OTHER_HOST = "secrets_of_other_host"
    SURROUNDINGS = "surroundings"
    HOST_ANSWERS = "host_answers"
    HOST_ANSWERS_WITHOUT_TLS = "host_answers_without_tls"
    OTHER_VERSION = "other_version"
    NO_DATE = "no_date"
    CLOCK_RIGHT = "clock_right"
    CLOCK_BEHIND = "clock_behind"
    CLOCK_AHEAD = "clock_ahead"
    KEYS_USABLE = "keys_usable"
    NO_CORE_DUMPS = "no_core_dumps"
    CORE_DUMPS = "core_dumps"
    NO_TIMER = "no_timer"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `check` is a stable word; `facts` fill the text of the code."""

    check: str
    level: Level
    code: Code = Code.VALUE
    facts: Mapping[str, str | int | Path] = field(default_factory=dict)
    value: "Value | None" = None


def _found(check: str, level: Level, code: Code, **facts: str | int | Path) -> Finding:
    return Finding(check, level, code, facts)


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
    network = asyncio.create_task(_network(services, environ))
    known = {trouble.check: [trouble] for trouble in troubles}
    findings = known.get("paths", []) or await asyncio.to_thread(lambda: list(_files(services.home, fix=fix)))
    findings += known.get("configuration", []) or _settings(services.settings)
    if "paths" not in known:
        findings += await asyncio.to_thread(lambda: list(_vault_and_secrets(services)))
        findings += await asyncio.to_thread(lambda: list(_installed_timer(services, environ)))
    return findings + await network


def _files(home: Home, *, fix: bool) -> Iterator[Finding]:
    from tui.vault import permissions

    yield _found("paths", "ok", Code.CONFIG_PATH, path=home.config_file)
    yield _found("paths", "ok", Code.DATABASE_PATH, path=home.database)
    yield _found("paths", "ok", Code.REPORTS_PATH, path=home.log_folder)
    for folder in dict.fromkeys((home.data_folder, home.config_folder)):
        for report in permissions.restrict(folder) if fix else ():
            yield _found("permissions", "ok", Code.ACCESS_REMOVED, path=report.path, mode=f"{report.mode:04o}")
        reports = permissions.inspect(folder)
        wrong = [report for report in reports if report.problem]
        yield from (Finding("permissions", "failure", value=report) for report in wrong)
        if not wrong:
            yield _found("permissions", "ok", Code.PRIVATE if reports else Code.NO_FOLDER, path=folder)


def _settings(settings: Settings) -> Iterator[Finding]:
    for key in settings.unknown_keys:
        yield Finding("configuration", "warning", value=key)
    if settings.ignored:
        yield Finding("configuration", "failure", value=settings.ignored)
    if not settings.is_meta:
        hosts = ", ".join(dict.fromkeys((settings.graph_url, settings.dialog_url)))
        yield _found("configuration", "warning", Code.OTHER_HOSTS, hosts=hosts)
    if not settings.profiles:
        yield Finding("profiles", "warning", Code.NO_PROFILE)


def _vault_and_secrets(services: Services) -> Iterator[Finding]:
    from tui.services.hook_record import HookRecord
    from tui.services.trusted_hosts import reserved_for
    from tui.vault.errors import VaultError
    from tui.vault.files import require_room
    from tui.vault.notices import NoticeCode

    try:
        services.tokens()
        require_room(services.home.data_folder)
    except VaultError as error:
        yield Finding("vault", "failure", value=error)
        services.looks_only = True  # all that can be read is checked all the same
    try:
        vault, settings = services.vault, services.settings
        if not vault.database.is_whole():
            yield _found("vault", "failure", Code.VAULT_DAMAGED, path=vault.database.path)
            return
        tokens, journal = len(services.tokens()), vault.database.journal
        yield _found("vault", "ok", Code.VAULT_WHOLE, tokens=tokens, journal=journal)
        for notice in vault.notices:
            if notice.code is not NoticeCode.ONLY_READABLE:  # the failure above
                is_damage = notice.code is NoticeCode.TOKEN_UNREADABLE
                yield Finding("vault", "failure" if is_damage else "warning", value=notice)
        choice = vault.secrets.choice
        yield Finding("secrets", "ok", Code.NO_SECRET_STORE) if choice is None else _secret_store(choice)
        if choice is not None and (displaced := vault.secrets.displaced):
            yield _found("secrets", "warning", Code.SECRETS_DISPLACED, secrets=displaced, store=choice.name)
        if (host := reserved_for(vault.meta, settings)) and settings.ignored is None:
            yield _found("secrets", "failure", Code.SECRETS_OF_OTHER_HOST, url=settings.graph_url, host=host)
        failures = HookRecord(vault.meta).failures(settings.hooks)
        yield from (Finding("hooks", "failure", value=failed) for failed in failures)
        yield from _deliveries(services)
        yield from _profiles(services)
        yield from _timer(services)
    except VaultError as error:
        if not services.looks_only:
            yield Finding("vault", "failure", value=error)


def _deliveries(services: Services) -> Iterator[Finding]:
    """Return what was not delivered, or how many destinations have their tokens."""
    if not services.settings.deliver:
        return
    from tui.services.delivery import deliveries
    from tui.tokens.delivery import DeliveryState

    found = deliveries(services, services.tokens())
    failed = [delivery for delivery in found if delivery.state is DeliveryState.FAILED]
    yield from (Finding("delivery", "failure", value=delivery) for delivery in failed)
    if not failed:
        count = sum(delivery.state is DeliveryState.DELIVERED for delivery in found)
        yield _found("delivery", "ok", Code.DELIVERED, delivered=count, total=len(found))


def _installed_timer(services: Services, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Compare the installed timer with what would be installed now. A vault that cannot be read is reported already."""
    from tui.services.scheduling import Scheduling
    from tui.timer.errors import TimerError
    from tui.vault.errors import VaultError

    try:
        for fault in Scheduling(services, environ).faults():
            yield Finding("timer", "failure" if fault.fault.stops_runs else "warning", value=fault)
    except TimerError as error:
        yield Finding("timer", "failure", value=error)
    except VaultError:
        return


def _profiles(services: Services) -> Iterator[Finding]:
    from tui.services.app_ids import MissingCredentials, flawed_app_id
    from tui.vault.errors import SecretsUnavailable

    file = services.home.config_file
    for profile in services.settings.profiles:
        flawed = flawed_app_id(profile, file, also_suspicious=True)
        if flawed is not None:
            is_unusable = flawed_app_id(profile, file) is not None
            yield Finding("profiles", "failure" if is_unusable else "warning", value=flawed)
            if is_unusable:
                continue
        try:
            services.credentials(profile.name)
        except MissingCredentials as error:
            yield Finding("profiles", "warning", value=error)
        except SecretsUnavailable as error:
            yield Finding("secrets", "failure", value=error)
            return  # the other profiles would wait for the same store
        else:
            if not flawed:
                name, app_id = profile.name, profile.app_id
                yield _found("profiles", "ok", Code.CREDENTIALS_STORED, profile=name, app_id=app_id)


def _timer(services: Services) -> Iterator[Finding]:
    """Return whether the timer works, and each problem of its last run; nothing where no token needs a timer."""
    from tui.tokens.automation import RunProblem, TimerState
    from tui.tokens.policy import can_be_extended

    timer, now = services.timer.read(), services.clock.now()
    if timer is None:
        if any(can_be_extended(token, now) for token in services.tokens()):
            yield Finding("timer", "warning", Code.NO_TIMER)
        return
    yield Finding("timer", "ok" if timer.state(now) is TimerState.WORKING else "failure", value=TimerSeen(timer, now))
    for failure in timer.failures:
        level: Level = "warning" if failure.problem is RunProblem.LOGIN_NEEDED else "failure"
        yield Finding("timer", level, value=failure)


async def _network(services: Services, environ: Mapping[str, str]) -> list[Finding]:
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
    findings.append(_found("network", "ok", code, url=settings.graph_url, milliseconds=milliseconds))
    findings.extend(_served(answer, settings.api_version))
    findings.append(_clock(answer, (before + after) / 2))
    return findings


def _secret_store(choice: "BackendChoice") -> Finding:
    """Return the secret store; for the plain database, which better one can be used here."""
    if choice.name != "database":
        return Finding("secrets", "ok", value=choice)
    from tui.vault.keyring_secrets import choose_backend

    code = Code.KEYRING_IS_BETTER if choose_backend().name == "keyring" else Code.PASSPHRASE_IS_BETTER
    return Finding("secrets", "warning", code, value=choice)


def _surroundings(environ: Mapping[str, str]) -> Finding:
    proxies = [name for name in _PROXIES if environ.get(name)]  # only names: an address may contain a password
    trust = [f"{name}={environ[name]}" for name in _TRUST if environ.get(name)]
    return _found("trust", "ok", Code.SURROUNDINGS, proxies=", ".join(proxies), trust=", ".join(trust))


def _served(answer: "Answer", asked: str) -> Iterator[Finding]:
    from tui.harmless import harmless

    served = harmless(answer.headers.get("facebook-api-version", ""), 20)
    if served and served != asked:
        yield _found("version", "warning", Code.OTHER_VERSION, asked=asked, served=served)


def _clock(answer: "Answer", now: float) -> Finding:
    from tui.facebook.wire import read_time

    if (server_time := read_time(answer.headers)) is None:
        return Finding("clock", "warning", Code.NO_DATE)
    skew = server_time - now
    seconds = round(max(1, abs(skew)))
    if abs(skew) <= SKEW_NOTICED:
        return _found("clock", "ok", Code.CLOCK_RIGHT, seconds=seconds)
    return _found("clock", "warning", Code.CLOCK_BEHIND if skew > 0 else Code.CLOCK_AHEAD, seconds=seconds)
