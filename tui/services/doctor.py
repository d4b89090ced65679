"""What can be checked on the spot: paths, permissions, vault, secrets, network, trust and clock; each with its cure."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tui.facebook.transport import Answer
    from tui.services.app_ids import MissingCredentials
    from tui.services.root import Services
    from tui.settings import Home, SettingsError
    from tui.settings.schema import UnknownKey
    from tui.vault.choice import BackendChoice
    from tui.vault.errors import VaultError
    from tui.vault.notices import Notice
    from tui.vault.permissions import FileReport

    Fact = SettingsError | UnknownKey | MissingCredentials | VaultError | FileReport | Notice | BackendChoice

Level = Literal["ok", "warning", "failure"]

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_AGAIN = "Correct it, then run igauth doctor again."
SKEW_NOTICED = 60
"""Seconds between this machine's clock and Facebook's from which it is told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `check` is a stable word; `cure` is empty where nothing is to be done."""

    check: str
    level: Level
    text: str
    cure: str = ""
    fact: "Fact | None" = None
    """What was found, where it comes without text."""


def examine_files(home: "Home", *, fix: bool = False) -> Iterator[Finding]:
    """Say where things are kept and whether others can read them; with `fix` remove their access first."""
    yield Finding("paths", "ok", f"configuration: {home.config_file}")
    yield Finding("paths", "ok", f"database: {home.database}")
    yield Finding("paths", "ok", f"reports of failures: {home.log_folder}")
    for folder in dict.fromkeys((home.data_folder, home.config_folder)):
        yield from _permissions(folder, fix=fix)


def _permissions(folder: Path, *, fix: bool) -> Iterator[Finding]:
    from tui.vault import permissions

    for report in permissions.restrict(folder) if fix else ():
        yield Finding(
            "permissions", "ok", f"{report.path} was open to others ({report.mode:04o}); it is yours alone now"
        )
    reports = permissions.inspect(folder)
    wrong = [report for report in reports if report.problem]
    for report in wrong:
        yield Finding("permissions", "failure", "", fact=report)
    if not wrong:
        text = f"{folder} and all in it are yours alone" if reports else f"{folder} is not there yet"
        yield Finding("permissions", "ok", text)


def examine_settings(services: "Services") -> Iterator[Finding]:
    """Say what the configuration holds: unknown keys, other hosts, profiles without credentials."""
    settings = services.settings
    for key in settings.unknown_keys:
        yield Finding("configuration", "warning", "", "Correct the key's name, or remove the line.", key)
    if not settings.is_meta:
        hosts = ", ".join(dict.fromkeys((settings.graph_url, settings.dialog_url)))
        yield Finding("configuration", "warning", f"not Meta's: {hosts}")
    if not settings.profiles:
        yield Finding("profiles", "warning", "no profile yet", "Make one: igauth add NAME --app-id ID")


def examine_vault(services: "Services") -> Iterator[Finding]:
    """Say whether the vault opens and is whole, and where secrets lie and what that means."""
    from tui.services.trusted_hosts import reserved_for
    from tui.vault.errors import VaultError

    try:
        vault = services.vault
        if not vault.database.is_whole():
            yield Finding(
                "vault", "failure", f"{vault.database.path} is damaged", "Start igauth: it takes over what it can read."
            )
            return
        yield Finding(
            "vault", "ok", f"whole, {_counted(len(vault.tokens.names()), 'token')}, journal {vault.database.journal}"
        )
        for notice in vault.notices:
            yield Finding("vault", "warning", "", fact=notice)
        choice = vault.secrets.choice
        if choice is None:
            yield Finding("secrets", "ok", "no secret store chosen yet: no secret was stored")
        else:
            yield _store(choice)
            if displaced := vault.secrets.displaced:
                text = f"{_counted(displaced, 'secret')} not in the chosen secret store"
                yield Finding("secrets", "warning", text, f"igauth secrets --move-to {choice.name}")
        if host := reserved_for(vault.meta, services.settings):
            withheld = f"nothing is sent to {services.settings.graph_url}: the secrets are for {host}"
            yield Finding("secrets", "failure", withheld, "Change IGAUTH_GRAPH_URL or graph_url back.")
        yield from _examine_profiles(services)
    except VaultError as error:
        yield Finding("vault", "failure", "", fact=error)


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _store(choice: "BackendChoice") -> Finding:
    """Return the secret store; for the plain database, which better one can be used here."""
    if choice.name != "database":
        return Finding("secrets", "ok", "", fact=choice)
    from tui.vault.keyring_secrets import choose_backend

    has_keyring = choose_backend().name == "keyring"
    cure = "Use the keyring: igauth secrets --move-to keyring"
    if not has_keyring:
        cure = "Encrypt them with a passphrase: igauth secrets --move-to sealed"
    return Finding("secrets", "warning", "", cure, choice)


def _examine_profiles(services: "Services") -> Iterator[Finding]:
    from tui.services.app_ids import MissingCredentials, flawed_app_id
    from tui.vault.errors import SecretsUnavailable

    for profile in services.profiles:
        wrong = flawed_app_id(profile, services.home.config_file, also_suspicious=True)
        if wrong is not None:
            is_useless = flawed_app_id(profile, services.home.config_file) is not None
            yield Finding("profiles", "failure" if is_useless else "warning", "", fact=wrong)
            if is_useless:
                continue
        try:
            services.credentials(profile.name)
        except MissingCredentials as error:
            yield Finding("profiles", "warning", "", fact=error)
        except SecretsUnavailable as error:
            yield Finding("secrets", "failure", "", fact=error)
            return  # the others would wait for the same place
        else:
            if not wrong:  # what was warned of is not well for being stored
                yield Finding(
                    "profiles", "ok", f"{profile.name}: App ID {profile.app_id} and its App Secret are stored"
                )


async def examine_network(services: "Services", environ: Mapping[str, str]) -> list[Finding]:
    """Ask the Graph API host for anything at all: reach, trust, served version and clock. Up to ten seconds."""
    from tui.facebook.errors import FacebookError
    from tui.facebook.transport import Call, Transport

    findings = [_surroundings(environ)]
    settings = services.settings
    transport = Transport(settings.graph_url, timeout=5.0)
    try:
        before = services.clock.now() - services.clock.skew
        answer = await transport.once(Call("doctor", f"{settings.api_version}/"))
        after = services.clock.now() - services.clock.skew
    except FacebookError as error:
        cure = "Check the address, the proxy, the firewall and the certificates of this machine, then run this again."
        findings.append(Finding("network", "failure", str(error), cure))
        return findings
    finally:
        await transport.aclose()
    took = f"{(after - before) * 1000:.0f} ms"
    findings.append(Finding("network", "ok", f"{settings.graph_url} answers in {took}; its certificate is trusted"))
    if settings.graph_url.startswith("http:"):
        findings[-1] = Finding("network", "ok", f"{settings.graph_url} answers in {took} (loopback, no TLS)")
    findings.extend(_served(answer, settings.api_version))
    findings.append(_clock(answer, (before + after) / 2))
    return findings


def _surroundings(environ: Mapping[str, str]) -> Finding:
    proxies = [name for name in _PROXIES if environ.get(name)]  # the names: an address may carry a password
    trust = [f"{name}={environ[name]}" for name in _TRUST if environ.get(name)]
    text = f"proxy: {', '.join(proxies) or 'none'}; trust: {', '.join(trust) or 'the system store'}"
    return Finding("trust", "ok", text)


def _served(answer: "Answer", asked: str) -> Iterator[Finding]:
    served = answer.headers.get("facebook-api-version", "")
    if served and served != asked:
        from tui.harmless import harmless

        yield Finding(
            "version",
            "warning",
            f"asked for {asked}, served by {harmless(served, 20)}",
            f'Set api_version = "{harmless(served, 20)}" in config.toml, or update igauth.',
        )


def _clock(answer: "Answer", now: float) -> Finding:
    from email.utils import parsedate_to_datetime

    try:
        skew = parsedate_to_datetime(answer.headers.get("date", "")).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return Finding("clock", "warning", "the answer has no Date, so this machine's clock could not be compared")
    if abs(skew) <= SKEW_NOTICED:
        return Finding(
            "clock", "ok", f"this machine's clock agrees with the server's (within {max(1, abs(skew)):.0f} s)"
        )
    side = "behind" if skew > 0 else "ahead of"
    return Finding(
        "clock",
        "warning",
        f"this machine's clock is {abs(skew):.0f} s {side} the server's; igauth reckons with the server's",
        "Set the clock, or switch on time synchronisation: timedatectl set-ntp true",
    )


async def examine(
    services: "Services",
    environ: Mapping[str, str],
    *,
    fix: bool = False,
    unusable: "SettingsError | None" = None,
    unreadable: "SettingsError | None" = None,
) -> list[Finding]:
    """Run every check that needs no terminal. Never raises for what is found.

    `unusable` is what is wrong with the home, `unreadable` with its settings: what needs them is left out.
    """
    network = asyncio.create_task(examine_network(services, environ))
    if unusable is not None:  # nothing in that home can be looked at
        findings = [Finding("paths", "failure", "", _AGAIN, unusable)]
    else:
        findings = await asyncio.to_thread(lambda: list(examine_files(services.home, fix=fix)))
    if unreadable is not None:
        findings.append(Finding("configuration", "failure", "", _AGAIN, unreadable))
    else:
        findings += examine_settings(services)
    if unusable is None:
        findings += await asyncio.to_thread(lambda: list(examine_vault(services)))
    return findings + await network
