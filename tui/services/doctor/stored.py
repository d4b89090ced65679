"""What is stored: the vault, the secret store, deliveries, hooks, credentials of profiles."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.services.doctor.findings import Code, Finding, Level, found
from tui.services.root import Services

if TYPE_CHECKING:
    from tui.vault.choice import BackendChoice


def stored_findings(services: Services) -> Iterator[Finding]:
    """Return what is stored and what is wrong with it. The vault is opened; values of secrets are not."""
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
            yield found("vault", "failure", Code.VAULT_DAMAGED, path=vault.database.path)
            return
        tokens, journal = len(services.tokens()), vault.database.journal
        yield found("vault", "ok", Code.VAULT_WHOLE, tokens=tokens, journal=journal)
        if waiting := len(vault.tokens.candidates()):
            yield found("vault", "ok", Code.CANDIDATES, candidates=waiting)
        for notice in vault.notices:
            if notice.code is not NoticeCode.ONLY_READABLE:  # the failure above
                is_damage = notice.code in (NoticeCode.TOKEN_UNREADABLE, NoticeCode.SAVED_UNREADABLE)
                yield Finding("vault", "failure" if is_damage else "warning", value=notice)
        choice = vault.secrets.choice
        yield from _secret_store(choice)
        if choice is not None and (displaced := vault.secrets.displaced):
            yield found("secrets", "warning", Code.SECRETS_DISPLACED, secrets=displaced, store=choice.name)
        if (host := reserved_for(vault, settings)) and settings.ignored is None:
            yield found("secrets", "failure", Code.SECRETS_OF_OTHER_HOST, url=settings.graph_url, host=host)
        failures = HookRecord(vault.meta).failures(settings.hooks)
        yield from (Finding("hooks", "failure", value=failed) for failed in failures)
        yield from _deliveries(services)
    except VaultError as error:
        if not services.looks_only:
            yield Finding("vault", "failure", value=error)


def _deliveries(services: Services) -> Iterator[Finding]:
    """Return what was not delivered, or how many destinations have their tokens."""
    if not services.settings.deliver:
        return
    from tui.services.delivery import deliveries
    from tui.tokens.delivery import DeliveryState

    every = deliveries(services, services.tokens())
    failed = [delivery for delivery in every if delivery.state is DeliveryState.FAILED]
    yield from (Finding("delivery", "failure", value=delivery) for delivery in failed)
    if not failed:
        count = sum(delivery.state is DeliveryState.DELIVERED for delivery in every)
        yield found("delivery", "ok", Code.DELIVERED, delivered=count, total=len(every))


def profile_findings(services: Services) -> Iterator[Finding]:
    """Return whether each profile has an App ID and an App Secret, which its store has to give."""
    from tui.services.app_ids import MissingCredentials, flawed_app_id
    from tui.vault.errors import SecretsUnavailable, VaultError

    file = services.home.config_file
    for profile in services.settings.profiles:
        flawed = flawed_app_id(profile, file, also_suspicious=True)
        if flawed is not None:
            is_unusable = flawed_app_id(profile, file) is not None
            yield Finding("profiles", "failure" if is_unusable else "warning", value=flawed)
            if is_unusable:
                continue
        try:
            _require_open_keyring(services)
            services.credentials(profile.name)
        except MissingCredentials as error:
            yield Finding("profiles", "warning", value=error)
        except SecretsUnavailable as error:
            yield Finding("secrets", "failure", value=error)
            return  # the other profiles would wait for the same store
        except VaultError:
            return  # reported with the vault
        else:
            if not flawed:
                name, app_id = profile.name, profile.app_id
                yield found("profiles", "ok", Code.CREDENTIALS_STORED, profile=name, app_id=app_id)


def _require_open_keyring(services: Services) -> None:
    """Raise SecretsUnavailable where the secrets are in a keyring that is closed: to ask it would open its window."""
    from tui.vault.keyring_secrets import keyring_problem

    choice = services.secrets.choice
    if choice is not None and choice.name == "keyring" and (problem := keyring_problem()) is not None:
        raise problem


def _secret_store(choice: "BackendChoice | None") -> Iterator[Finding]:
    """Return the secret store; where it is not the keyring, why that cannot be used now, and which store is better."""
    from tui.vault.errors import SecretsProblem, StoreUndecided
    from tui.vault.keyring_secrets import choose_backend, keyring_problem

    if choice is not None and choice.name != "database":
        yield Finding("secrets", "ok", value=choice)
        return
    closed = keyring_problem()
    if choice is None:
        yield Finding("secrets", "ok", Code.NO_SECRET_STORE)
    else:
        is_better = False
        with suppress(StoreUndecided):
            is_better = closed is None and choose_backend(opens_window=False).name == "keyring"
        code = Code.KEYRING_IS_BETTER if is_better else Code.PASSPHRASE_IS_BETTER
        yield Finding("secrets", "warning", code, value=choice)
    if closed is not None and (choice is None or choice.reason not in (closed.problem, closed.detail)):
        is_absent = closed.problem is SecretsProblem.NO_KEYRING
        level: Level = "warning" if choice is None and not is_absent else "ok"
        yield Finding("secrets", level, value=closed)
