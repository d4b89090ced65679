"""Many tokens: two processes at once, and a Facebook that throttles."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import MakeSandbox
from tests.tokens.desk import PROFILE, desk_of
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.tokens.results import RefreshCode
from tui.tokens.token import Token
from tui.vault.vault import Vault, open_vault

ROOT = Path(__file__).parents[2]
MANY_TOKENS = 500

WORLD = """
primary_app = "acme"

[[apps]]
key = "acme"
name = "Acme Insights"
hourly_calls = {hourly_calls}

[crowd]
people = {people}
"""


def a_crowd(folder: Path, people: int, hourly_calls: int = 0) -> Path:
    world = folder / "crowd.toml"
    world.write_text(WORLD.format(people=people, hourly_calls=hourly_calls))
    return world


def store_all(vault: Vault, sandbox: RunningSandbox) -> list[str]:
    """Put every token of the world into the vault, never inspected."""
    for token in sandbox.state.seeded:
        value = Secret(token.value)
        version = vault.tokens.add_issued(token.name, PROFILE, value, at=1, origin="import")
        known = Token(token.name, PROFILE, sandbox.world.app_id, obtained_at=1, fingerprint=value.fingerprint())
        vault.tokens.add_token(known, version)
    return [token.name for token in sandbox.state.seeded]


def test_two_processes_refreshing_500_tokens_exchange_each_once(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    sandbox = make_sandbox(a_crowd(tmp_path, MANY_TOKENS))
    database = tmp_path / "vault" / "igauth.db"
    vault = open_vault(database, lambda: 1.0, throw_away=True)
    names = store_all(vault, sandbox)
    arguments = [str(database), sandbox.graph_url, sandbox.world.app_id, sandbox.world.app_secret]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.tokens.second_process", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [json.loads(process.communicate(timeout=150)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert {sandbox.exchanges(name) for name in names} == {1}
    counts = Counter(word for results in answers for word in results)
    assert counts == {"extended": MANY_TOKENS, "unchanged": MANY_TOKENS}
    assert all(token.extended_at for token in vault.tokens.tokens())
    assert vault.tokens.candidates() == ()
    vault.close()


@pytest.mark.parametrize(("people", "allowed"), [(40, 30), (25, 10), (12, 100)])
async def test_calls_stay_inside_what_a_throttling_facebook_allows(
    make_sandbox: MakeSandbox, tmp_path: Path, people: int, allowed: int
) -> None:
    sandbox = make_sandbox(a_crowd(tmp_path, people, hourly_calls=allowed))
    async with desk_of(sandbox, tmp_path) as desk:
        names = store_all(desk.vault, sandbox)
        results = await desk.keeper.refresh_many(names)
        counts = Counter(result.result for result in results)
        refused = [call for call in sandbox.calls() if call.status >= 400]
        assert refused == []
        assert sum(counts.values()) == people
        assert set(counts) <= {"extended", "could_not_ask"}
        assert counts[RefreshCode.EXTENDED] >= min(people, allowed // 5)
        for result in results:
            if result.result == "could_not_ask":
                assert result.reason == "throttled"
                assert desk.vault.tokens.token(result.name).inspected_at is None
        sandbox.clock.advance(3_700)
        desk.clock.skew += 3_700
        again = await desk.keeper.refresh_many([r.name for r in results if r.result == "could_not_ask"])
        assert not again or any(result.result == "extended" for result in again)


async def test_a_refusal_to_answer_more_stops_the_rest_without_asking(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    sandbox = make_sandbox(a_crowd(tmp_path, 30))
    async with desk_of(sandbox, tmp_path) as desk:
        names = store_all(desk.vault, sandbox)
        sandbox.fault("throttle", path="debug_token", times=None)
        results = await desk.keeper.refresh_many(names)
        assert {result.result for result in results} == {"could_not_ask"}
        assert len(sandbox.calls()) <= 3
        sandbox.clear_faults()
        calls = len(sandbox.calls())
        assert (await desk.keeper.refresh(names[0])).result == "could_not_ask"
        assert len(sandbox.calls()) == calls
