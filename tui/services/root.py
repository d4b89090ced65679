"""Composition root: builds vault, clients, keeper and services from settings. The only wiring."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.services.usable_home import require_usable
from tui.settings import Home, Profile, Settings, SettingsStore, find_home
from tui.tokens.history import Actor
from tui.tokens.token import Token

if TYPE_CHECKING:  # each of these costs time that the first paint and `status` must not pay
    import asyncio

    from tui.facebook.client import GraphClient
    from tui.facebook.models import AppCredentials
    from tui.guide.checker import Checks
    from tui.services.guidance import GuideService
    from tui.services.keeper import Keeper
    from tui.services.logins import LoginService
    from tui.services.matillion import MatillionService
    from tui.services.profiles import ProfileStore
    from tui.services.reading import ReadingService
    from tui.services.timer_record import TimerRecord
    from tui.vault.history_table import HistoryTable
    from tui.vault.meta import Meta
    from tui.vault.notices import Notice
    from tui.vault.passphrase import AskPassphrase
    from tui.vault.secret_store import SecretStore
    from tui.vault.tokens_table import TokensTable
    from tui.vault.unlocking import WaitForUnlock
    from tui.vault.vault import Vault


class Services:
    """Everything igauth can do, for one home. Nothing is opened before it is asked for.

    `actor` is who acts, as the history will say: `tui`, `command` or `timer`. With `throw_away` the home is
    a demo's: its secrets never go to the keyring.
    """

    def __init__(self, settings_store: SettingsStore, clock: Clock, actor: Actor, *, throw_away: bool = False) -> None:
        self.settings_store = settings_store
        self.clock = clock
        self.actor = actor
        self.throw_away = throw_away
        self.looks_only = False
        """Whether a home that cannot be written will do, because nothing need be stored."""
        self.ask_passphrase: AskPassphrase = lambda: None
        self.wait_for_unlock: WaitForUnlock = lambda _problem, _has_answered: None
        self._clients: dict[str, GraphClient] = {}
        self._client_lock: asyncio.Lock | None = None

    @property
    def home(self) -> Home:
        """Where files are kept."""
        return self.settings_store.home

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.settings_store.settings

    # --- what is stored -------------------------------------------------------------------------------------------

    @cached_property
    def vault(self) -> "Vault":
        """The store, opened at first use. Raises VaultError."""
        from tui.services.clock_difference import ClockDifference
        from tui.vault.vault import open_vault

        vault = open_vault(
            self.home.database,
            self.clock.now,
            actor=self.actor,
            throw_away=self.throw_away,
            passphrase=lambda: self.ask_passphrase(),  # noqa: PLW0108 - it may be set after the vault was opened
            unlock=lambda *facts: self.wait_for_unlock(*facts),  # noqa: PLW0108
            looks_only=self.looks_only,
        )
        ClockDifference(vault.meta, self.clock).recall()
        return vault

    @property
    def token_store(self) -> "TokensTable":
        """The stored tokens and their values."""
        return self.vault.tokens

    @property
    def history(self) -> "HistoryTable":
        """What was done to which token, by whom."""
        return self.vault.history

    @property
    def secrets(self) -> "SecretStore":
        """Where secrets are kept."""
        return self.vault.secrets

    @property
    def meta(self) -> "Meta":
        """Single values that are stored by name."""
        return self.vault.meta

    @property
    def notices(self) -> "list[Notice]":
        """What the person must know of the vault, since it was opened."""
        return self.vault.notices

    def restore_displaced(self) -> None:
        """Move secrets back into the keyring that failed, where it answers again. Raises VaultError."""
        self.vault.restore_displaced()

    def changed_by_others(self) -> bool:
        """Tell whether another process has stored something since the last call."""
        return self.vault.changed_by_others()

    @property
    def report_folder(self) -> Path:
        """Where crash reports go: the log folder, or outside a throw-away home, which goes with the program."""
        if not self.throw_away:
            return self.home.log_folder
        import os
        import tempfile  # only where something has failed

        return Path(tempfile.gettempdir()) / f"igauth-demo-reports-{os.getuid()}"

    @property
    def default_profile(self) -> Profile | None:
        """The profile meant where none is named: the one set as default, else the first."""
        chosen = self.settings.profile(self.settings.default_profile)
        return chosen or (self.settings.profiles[0] if self.settings.profiles else None)

    @cached_property
    def timer(self) -> "TimerRecord":
        """What is stored about the timer."""
        from tui.services.timer_record import TimerRecord

        return TimerRecord(self.vault.meta, self.clock)

    def tokens(self) -> tuple[Token, ...]:
        """Return all stored tokens, last known state, in no particular order."""
        return self.vault.tokens.tokens()

    # --- the services ---------------------------------------------------------------------------------------

    def credentials(self, profile_name: str) -> "AppCredentials":
        """Return App ID and App Secret of a profile. Raises MissingCredentials where one is not set."""
        return self.profile_store.credentials(profile_name)

    async def client(self, profile_name: str = "") -> "GraphClient":
        """Return the Graph client for a profile's API version; opened once, kept until `close`."""
        return await self._client_of(self.settings.version_of(profile_name))

    async def _client_of(self, version: str) -> "GraphClient":
        import asyncio  # `igauth status` does without an event loop

        self._client_lock = self._client_lock or asyncio.Lock()
        async with self._client_lock:
            if version not in self._clients:
                self._clients[version] = await asyncio.to_thread(self._new_client, version)
            return self._clients[version]

    def _new_client(self, version: str) -> "GraphClient":
        from tui.facebook.client import GraphClient
        from tui.facebook.models import Endpoints
        from tui.services.trusted_hosts import note_host, reserved_for

        note_host(self.vault, self.settings)
        return GraphClient(
            Endpoints(self.settings.graph_url, self.settings.dialog_url),
            version,
            self.clock,
            concurrency=self.settings.max_concurrency,
            reserved_for=reserved_for(self.vault, self.settings),
        )

    @property
    def clients(self) -> tuple["GraphClient", ...]:
        """The Graph clients in use: for what their answers' headers said."""
        return tuple(self._clients.values())

    @cached_property
    def keeper(self) -> "Keeper":
        """Inspects, extends and refreshes tokens."""
        from tui.services.asker import Asker
        from tui.services.candidate_trials import CandidateTrials
        from tui.services.clock_difference import ClockDifference
        from tui.services.keeper import Keeper
        from tui.services.pauses import Pauses
        from tui.services.recorder import Recorder
        from tui.tokens.gates import Gates

        store, clock = self.vault.tokens, self.clock
        recorder, gates = Recorder(store, clock, self.actor), Gates(clock, self.settings.max_concurrency)

        def window_of(profile: str) -> int:
            return self.settings.window_of(profile)  # settings may change

        meta = self.vault.meta
        kept = Pauses(meta, clock), ClockDifference(meta, clock), CandidateTrials(meta, clock)
        return Keeper(Asker(store, self.client, self.credentials, clock, window_of, recorder, gates, *kept))

    @cached_property
    def profile_store(self) -> "ProfileStore":
        """Makes, changes, verifies and removes profiles."""
        from tui.services.profiles import ProfileStore

        return ProfileStore(self.settings_store, self.vault, self.clock, self._client_of)

    @cached_property
    def logins(self) -> "LoginService":
        """Opens login attempts."""
        from tui.services.logins import LoginService

        return LoginService(self.vault.tokens, self.keeper, self.profile_store, self.client, self.settings_store)

    @cached_property
    def guide(self) -> "GuideService":
        """The guide's content, progress and evidence."""
        from tui.services.guidance import GuideService

        return GuideService(self.settings_store, self.vault, self.clock, self._checks)

    async def _checks(self, profile_name: str) -> "Checks":
        import asyncio

        from tui.services.profile_checks import checks_of

        profile, graph = self.settings.profile(profile_name) or Profile(profile_name), await self.client(profile_name)
        return await asyncio.to_thread(
            checks_of, profile, self.vault, self.clock, self.credentials, graph, self.matillion.client
        )

    @cached_property
    def matillion(self) -> "MatillionService":
        """Keeps and tests a profile's Matillion settings."""
        from tui.services.matillion import MatillionService

        return MatillionService(self.settings_store, self.vault)

    @cached_property
    def reading(self) -> "ReadingService":
        """Reads the Instagram account with a token, as the connector would."""
        from tui.services.reading import ReadingService

        return ReadingService(self.vault.tokens, self.keeper)

    async def close(self) -> None:
        """Close connections and the store. Safe to call twice."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()
        if "vault" in self.__dict__:
            import asyncio

            await asyncio.to_thread(self.vault.close)


def open_services(environ: Mapping[str, str], actor: Actor, *, throw_away: bool = False) -> Services:
    """Build the services for the home that `environ` points at.

    Raises SettingsError where the home or the configuration in it cannot be used.
    """
    home = find_home(environ)
    require_usable(home)
    return Services(SettingsStore(home, environ), Clock(), actor, throw_away=throw_away)
