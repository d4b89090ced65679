"""One of several processes that refresh every token of a home; prints what came of it as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing
from pathlib import Path

from tui.clock import Clock
from tui.facebook.client import GraphClient
from tui.facebook.models import AppCredentials, Endpoints
from tui.redact import Secret
from tui.services.asker import Asker
from tui.services.candidate_trials import CandidateTrials
from tui.services.clock_difference import ClockDifference
from tui.services.keeper import Keeper
from tui.services.pauses import Pauses
from tui.services.recorder import Recorder
from tui.tokens.gates import Gates
from tui.tokens.token import WINDOW
from tui.vault.vault import open_vault


async def work(database: Path, url: str, app_id: str, secret: str) -> None:
    clock = Clock()
    vault = open_vault(database, clock.now, throw_away=True)
    app = AppCredentials(app_id, Secret(secret))
    async with aclosing(GraphClient(Endpoints(url, url), "v26.0", clock)) as graph:

        async def client(profile: str) -> GraphClient:
            return graph

        recorder, gates = Recorder(vault.tokens, clock, "command"), Gates(clock, 8)
        meta = vault.meta
        kept = Pauses(meta, clock), ClockDifference(meta, clock), CandidateTrials(meta, clock)
        asker = Asker(vault.tokens, client, lambda _: app, clock, lambda _: WINDOW, recorder, gates, *kept)
        results = await Keeper(asker).refresh_many(vault.tokens.names())
    vault.close()
    print(json.dumps([result.result for result in results]))


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), *sys.argv[2:5]))
