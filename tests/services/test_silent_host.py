"""Many tokens behind a host that never answers: a run ends soon, says which host, and asks nothing twice."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.facebook.stub import Reply, Stub, serve
from tests.tokens.samples import a_token
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.transport import Transport
from tui.network.silence import MOST, note_no_answer
from tui.redact import Secret
from tui.services import open_services
from tui.services.asking import NotAsked
from tui.services.keeping import Event, keep
from tui.services.root import Services
from tui.services.token_work import Event as WorkEvent
from tui.services.token_work import TokenWork, WorkEnded
from tui.settings import Profile
from tui.tokens.results import RefreshResult
from tui.wording.refresh import first_failure, rest_not_asked
from tui.wording.token_work import rest_not_asked as rest_of

TOKENS, AT_ONCE = 40, 8


class Impatient(Transport):
    """Waits a moment instead of seconds."""

    def __init__(self, base_url: str, *, concurrency: int = 8, timeout: float = 0.0, reserved_for: str = "") -> None:
        super().__init__(base_url, concurrency=concurrency, timeout=0.3, reserved_for=reserved_for)


@pytest.fixture
async def silent(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stub]:
    """A host that takes connections and never answers."""
    monkeypatch.setattr("tui.facebook.client.Transport", Impatient)
    async with serve(Reply(raw=b"", stall=True)) as stub:
        monkeypatch.setenv("IGAUTH_GRAPH_URL", stub.url)
        yield stub


@pytest.fixture
def services(silent: Stub) -> Iterator[Services]:
    """A home with many tokens that were never asked about."""
    services = open_services(os.environ, "timer", throw_away=True)
    services.profile_store.save(Profile("acme", "1234567890123456"), Secret("0" * 32), verified=True)
    for number in range(TOKENS):
        value = Secret(f"EAAtoken{number:03}")
        version = services.token_store.add_issued(f"t{number:03}", "acme", value, at=1, origin="import")
        token = a_token(name=f"t{number:03}", inspected_at=None, verdict="unknown", expires_at=None)
        services.token_store.add_token(token, version)
    yield services
    services.vault.close()


def is_given_up(error: object) -> bool:
    return isinstance(error, FacebookError) and error.fault is Fault.HOST_SILENT


async def test_a_refresh_of_all_asks_a_silent_host_no_more(services: Services, silent: Stub) -> None:
    results = await services.keeper.refresh_many([token.name for token in services.tokens()])
    asked = [result for result in results if not is_given_up(result.cause)]
    assert {result.result for result in results} == {"could_not_ask"}
    assert MOST <= len(asked) <= MOST + AT_ONCE
    assert len(silent.requests) <= len(asked)
    assert rest_not_asked(results).startswith(silent.url.removeprefix("http://"))
    assert f"{TOKENS - len(asked)} tokens" in rest_not_asked(results)
    assert first_failure(results) is asked[0]
    (again,) = await services.keeper.refresh_many(["t000"])
    assert not is_given_up(again.cause), "a new run asks again"


async def test_all_steps_of_keep_are_one_run(services: Services, silent: Stub) -> None:
    events: list[Event] = []
    run = await keep(services, events.append)
    assert len(silent.requests) <= MOST + AT_ONCE
    groups = {is_given_up(event.error): event.names for event in events if isinstance(event, NotAsked)}
    assert len(groups[True]) >= TOKENS - MOST - AT_ONCE
    assert "host_silent" in {failure.detail for failure in run.failures}
    assert not [event for event in events if isinstance(event, RefreshResult)]
    again = await keep(services, events.append)
    assert {failure.detail for failure in again.failures} - {"host_silent"}, "a new run asks again"


async def test_keep_does_not_ask_again_in_a_later_step(
    services: Services, silent: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(_keeper: object, _names: object) -> list[NotAsked]:
        for _ in range(MOST):
            note_no_answer(silent.url.removeprefix("http://"))
        return []

    monkeypatch.setattr("tui.services.keeping.ask_all", asked)
    events: list[Event] = []
    await keep(services, events.append)
    results = [event for event in events if isinstance(event, RefreshResult)]
    assert len(results) == TOKENS
    assert all(is_given_up(result.cause) for result in results)
    assert not silent.requests


async def test_the_look_at_the_start_is_one_run(services: Services, silent: Stub) -> None:
    events: list[WorkEvent] = []
    work = TokenWork(lambda: services.keeper, lambda: services.reading, lambda: services.settings, services.clock)
    work.listener = events.append
    await work.keep_fresh(services.tokens)
    ends = [event for event in events if isinstance(event, WorkEnded)]
    assert len(silent.requests) <= MOST + AT_ONCE
    assert not ends[0].not_done
    assert not ends[0].answered
    assert len(ends[0].failures) == TOKENS
    given_up = [error for _, error in ends[0].failures if is_given_up(error)]
    assert len(given_up) >= TOKENS - MOST - AT_ONCE
    assert f"{len(given_up)} tokens" in rest_of(error for _, error in ends[0].failures)
