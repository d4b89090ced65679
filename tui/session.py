"""What every screen works with: services, clock, current profile, board of tokens. It knows no Textual."""

import asyncio
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.services import Services
from tui.services.board import Board, make_board
from tui.services.token_work import Progress, TokenWork
from tui.settings import META_GRAPH_URL, Profile
from tui.terminal.capabilities import detect
from tui.tokens.automation import TimerState, timer_state
from tui.tokens.policy import can_be_extended
from tui.wording.status_line import Status
from tui.wording.surfaces import Screen

if TYPE_CHECKING:  # what the first paint does not need
    from tui.matillion.estimate import Estimate
    from tui.tokens.automation import Automation
    from tui.tokens.delivery import Delivery
    from tui.tokens.token import Token
    from tui.vault.choice import BackendChoice, BackendName
    from tui.wording.text import Action, Text


class Session:
    """One person at one terminal. The app and plain mode change it; screens read it and send messages."""

    def __init__(self, services: Services, *, is_sandbox: bool = False) -> None:
        self.services = services
        self.clock = services.clock
        self.capabilities = detect(os.environ, lambda _program: None)  # programs are looked for at the first copy
        self.keymap = dict(services.settings.keymap)
        """Keys changed in `config.toml`, by action; the app leaves those that can be bound, and puts keys that arrive
        here before those that do not.
        """
        self.is_sandbox = is_sandbox
        profile = services.default_profile
        self.profile_name = profile.name if profile is not None else ""
        self.board: Board = make_board(services.tokens(), self.clock.now(), services.settings.window_of)
        self.estimates: tuple[tuple[str, Estimate], ...] = ()
        """Profile and estimate for each Matillion entry whose authorization was recorded."""
        self.automation: Automation | None = services.timer.read() if self.board.rows else None
        self.secret_store: BackendChoice | None = None
        """Where secrets are kept; None until the vault was asked."""
        self.progress: Progress | None = None
        """What is being done now, for the status line."""
        self.token_work = TokenWork(
            lambda: services.keeper, lambda: services.reading, lambda: services.settings, self.clock
        )

    @property
    def profile(self) -> Profile | None:
        """The current profile, None before there is one."""
        return self.services.settings.profile(self.profile_name)

    def window_of(self, profile_name: str) -> int:
        """Return the refresh window of a profile, in seconds."""
        return self.services.settings.window_of(profile_name)

    def expected_scopes(self, profile_name: str) -> tuple[str, ...]:
        """Return the scopes a profile's tokens should have."""
        return self.services.settings.expected_scopes(profile_name)

    def surface(self, scope: str = "everywhere", *, in_form: bool = False, in_dialog: bool = False) -> Screen:
        """Return the surface that texts are shown on, with the keys as they are bound. `scope` is what is shown."""
        return Screen(self.keymap, in_form, scope, in_dialog)

    def explained(self, error: BaseException, where: str = "", retry: "Action | None" = None) -> "Text":
        """Return the words for an error; a fault of igauth's own is reported in a file first.

        `where` is the endpoint that was asked, `retry` the action that failed.
        """
        from tui.wording.failures import bug_text, failure_text, origin

        if text := failure_text(error, where, retry):
            return text
        from tui.terminal.crash import write_report

        return bug_text(error, write_report(origin(error), self.services.report_folder))

    def status(self, work: str = "") -> Status:
        """Return the facts of the status line; `work` is what is being done now."""
        services = self.services
        version = services.settings.version_of(self.profile_name)
        served = next((client.served.version for client in services.clients if client.served.version), "")
        host = services.settings.graph_url.split("://", 1)[1] if services.settings.graph_url != META_GRAPH_URL else ""
        return Status(
            profile=self.profile_name,
            version=f"{version} (served {served})" if served and served != version else version,
            host="sandbox" if self.is_sandbox else host,
            secret_store=self.secret_store.name if self.secret_store is not None else "",
            tokens=len(self.board.rows),
            unusable=len(self.board.unusable),
            refused=self.board.refused[0].refusal.subject if self.board.refused else None,
            next_expiry=self.board.next_expiry,
            checked_at=self.board.checked_at,
            skew=self.clock.skew,
            work=work,
            timer=self.timer if self.automation is not None or self.lacks_timer else None,
        )

    @property
    def timer(self) -> TimerState:
        """Whether tokens are kept valid while nobody looks."""
        return timer_state(self.automation, self.clock.now())

    @property
    def lacks_timer(self) -> bool:
        """Whether there is a token that a timer would keep valid, and none is installed; not in a throw-away home."""
        if self.automation is not None or self.services.throw_away:
            return False
        now = self.clock.now()
        return any(can_be_extended(row.token, now) for row in self.board.rows)

    async def find_secret_store(self, *, opens_window: bool = True) -> "BackendChoice":
        """Return where secrets are kept, choosing a store where none is chosen yet. Raises StoreUndecided.

        `opens_window`: where the keyring is locked, its window may be opened.
        """
        secrets = self.services.secrets
        self.secret_store = await asyncio.to_thread(lambda: secrets.choose(opens_window=opens_window))
        return self.secret_store

    async def store_secrets_in(self, name: "BackendName") -> None:
        """Choose this secret store where none is chosen yet. Raises SecretsUnavailable."""
        self.secret_store = await asyncio.to_thread(self.services.secrets.choose_store, name)

    async def reload(self) -> Board:
        """Read tokens, estimates and timer again, and return the board as it was before."""
        tokens = await asyncio.to_thread(self.services.tokens)
        self.estimates = await asyncio.to_thread(self.read_estimates)
        self.automation = await asyncio.to_thread(self.services.timer.read)
        deliveries = await asyncio.to_thread(self._read_deliveries, tokens)
        before, self.board = self.board, make_board(tokens, self.clock.now(), self.window_of, deliveries)
        return before

    async def deliver(self) -> "list[Delivery]":
        """Deliver what is not delivered yet; return what was tried. Raises VaultError."""
        tried: list[Delivery] = []
        if self.services.settings.deliver:
            from tui.services.delivery import deliver

            await deliver(self.services, tried.append)
        return tried

    def _read_deliveries(self, tokens: "Iterable[Token]") -> "dict[str, tuple[Delivery, ...]]":
        """Read how each token stands with its destinations, by its name."""
        if not self.services.settings.deliver:
            return {}
        from tui.services.delivery import deliveries

        found: dict[str, tuple[Delivery, ...]] = {}
        for delivery in deliveries(self.services, tokens):
            found[delivery.token] = (*found.get(delivery.token, ()), delivery)
        return found

    def read_estimates(self) -> "tuple[tuple[str, Estimate], ...]":
        """Read what is known of Matillion's own tokens, by profile."""
        if not any(profile.matillion.authorised_at for profile in self.services.settings.profiles):
            return ()
        from tui.services.estimates import estimates

        return estimates(self.services.settings.profiles, self.services.meta, self.clock.now())
