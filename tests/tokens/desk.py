"""A keeper at work: the real vault, the real client, the real sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from tests.clocks import MovableClock
from tui.clock import Clock
from tui.facebook.client import GraphClient
from tui.facebook.models import AppCredentials, Endpoints
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services.asker import Asker
from tui.services.candidate_trials import CandidateTrials
from tui.services.clock_difference import ClockDifference
from tui.services.keeper import Keeper
from tui.services.pauses import Pauses
from tui.services.recorder import Recorder
from tui.tokens.gates import Gates
from tui.tokens.history import Actor
from tui.tokens.states import TokenState
from tui.tokens.token import WINDOW, Token, state
from tui.vault.vault import Vault, open_vault

PROFILE = "acme"


class Desk:
    """What a test asks for; `take` imports a token of the sandbox's world."""

    def __init__(
        self, sandbox: RunningSandbox, vault: Vault, graph: GraphClient, clock: Clock, *, window: int, actor: Actor
    ) -> None:
        self.sandbox = sandbox
        self.vault = vault
        self.graph = graph
        self.clock = clock
        self.window = window
        self.app = AppCredentials(sandbox.world.app_id, Secret(sandbox.world.app_secret))
        asker = Asker(
            vault.tokens,
            self.client,
            self.credentials,
            clock,
            lambda _profile: window,
            Recorder(vault.tokens, clock, actor),
            Gates(clock, 8),
            Pauses(vault.meta, clock),
            ClockDifference(vault.meta, clock),
            CandidateTrials(vault.meta, clock),
        )
        self.keeper = Keeper(asker)

    async def client(self, profile: str) -> GraphClient:
        return self.graph

    def credentials(self, profile: str) -> AppCredentials:
        return self.app

    async def take(self, *names: str) -> Token:
        """Import tokens of the world; returns the last one."""
        for name in names:
            value = Secret(self.sandbox.world.token(name).value)
            token = await self.keeper.adopt(name, PROFILE, value, "import")
        return token

    def state(self, name: str) -> TokenState:
        return state(self.vault.tokens.token(name), self.clock.now(), self.window)

    def is_current_usable(self, name: str) -> bool:
        """Ask the sandbox itself whether the value that stands works."""
        record = self.sandbox.state.token_named(self.vault.tokens.value(name).reveal())
        return self.sandbox.state.state_word(record) in ("valid", "due")


@asynccontextmanager
async def desk_of(
    sandbox: RunningSandbox,
    folder: Path,
    *,
    clock: Clock | None = None,
    window: int = WINDOW,
    actor: Actor = "command",
) -> AsyncIterator[Desk]:
    clock = clock or MovableClock()

    async def sleep(seconds: float) -> None:
        if isinstance(clock, MovableClock):
            clock.move_on(seconds, sandbox)

    vault = open_vault(folder / "vault" / "igauth.db", clock.now, throw_away=True)
    try:
        endpoints = Endpoints(sandbox.graph_url, sandbox.dialog_url)
        async with aclosing(GraphClient(endpoints, "v26.0", clock, timeout=5.0, sleep=sleep)) as graph:
            yield Desk(sandbox, vault, graph, clock, window=window, actor=actor)
    finally:
        vault.close()
