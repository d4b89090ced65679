"""Work on tokens as a service: which events come, in which order, and that it can be stopped."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from tests.clocks import FrozenClock
from tui.facebook.errors import FacebookError
from tui.services.token_work import AlreadyBusy, BusyChanged, Event, Kind, Progress, TokenWork, WorkEnded
from tui.settings import Settings
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.token import DAY, Token

NOW = 1_790_942_400


class Keeper:
    """Answers at once; `x` cannot be asked about, and `slow` waits until it is canceled."""

    def __init__(self) -> None:
        self.inspected: list[str] = []
        self.refreshed: list[str] = []

    async def refresh_many(self, names: Sequence[str], arrived: Callable[[RefreshResult], None]) -> None:
        for name in names:
            if name == "slow":
                await asyncio.Event().wait()
            self.refreshed.append(name)
            arrived(RefreshResult(Token(name, "acme", "1"), RefreshCode.NEVER_EXPIRES))

    async def inspect_many(self, names: Sequence[str], asked: Callable[[str, Exception | None], None]) -> None:
        for name in names:
            self.inspected.append(name)
            asked(name, FacebookError("no answer", cause="unreachable") if name == "x" else None)


def opened(settings: Settings | None = None) -> tuple[TokenWork, Keeper, list[Event]]:
    keeper, events = Keeper(), list[Event]()
    reader = cast("Any", None)
    work = TokenWork(lambda: cast("Any", keeper), lambda: reader, lambda: settings or Settings(), FrozenClock(NOW))
    work.listener = events.append
    return work, keeper, events


async def test_a_refresh_reports_each_step_and_one_end() -> None:
    work, _, events = opened()
    await work.refresh(("a", "b"))
    both = frozenset({"a", "b"})
    assert events[:-1] == [
        BusyChanged(both, Progress(Kind.REFRESH, 2)),
        BusyChanged(frozenset({"b"}), Progress(Kind.REFRESH, 2, 1)),
        BusyChanged(frozenset(), None),
    ]
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert [result.name for result in end.results] == ["a", "b"]


async def test_tokens_that_cannot_be_asked_about_are_named_at_the_end() -> None:
    work, keeper, events = opened()
    await work.inspect(("a", "x"))
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert [name for name, _ in end.failures] == ["x"]
    assert keeper.inspected == ["a", "x"]


async def test_a_stopped_refresh_keeps_the_results_it_has() -> None:
    work, _, events = opened()
    running = asyncio.create_task(work.refresh(("a", "slow")))
    while not work.busy or "a" in work.busy:
        await asyncio.sleep(0)
    await work.refresh(("slow",))
    assert events[-1] == AlreadyBusy(("slow",))
    assert work.stop()
    await asyncio.gather(running, return_exceptions=True)
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert [result.name for result in end.results] == ["a"]
    assert not work.busy
    assert not work.stop()


async def test_only_stale_tokens_are_asked_about_in_the_background() -> None:
    work, keeper, events = opened()
    fresh, stale = Token("fresh", "acme", "1", inspected_at=NOW), Token("stale", "acme", "1", inspected_at=NOW - DAY)
    await work.keep_fresh(lambda: (fresh, stale))
    assert keeper.inspected == ["stale"]
    assert keeper.refreshed == []
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert end.is_background


class Broken(Keeper):
    """Answers about the first token, and then fails."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def refresh_many(self, names: Sequence[str], arrived: Callable[[RefreshResult], None]) -> None:
        await super().refresh_many(names[:1], arrived)
        raise self.error

    async def inspect_many(self, names: Sequence[str], asked: Callable[[str, Exception | None], None]) -> None:
        await super().inspect_many(names[:1], asked)
        raise self.error


@pytest.mark.parametrize("way", ["refresh", "inspect"])
@pytest.mark.parametrize("error", [OSError(5, "I/O error"), RuntimeError("a fault of igauth's own")])
async def test_what_ends_work_early_is_part_of_its_end(way: str, error: Exception) -> None:
    events: list[Event] = []
    settings, keeper = Settings(), cast("Any", Broken(error))
    work = TokenWork(lambda: keeper, lambda: cast("Any", None), lambda: settings, FrozenClock(NOW))
    work.listener = events.append
    await getattr(work, way)(("a", "b", "c"))
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert (end.error, end.not_done) == (error, ("b", "c"))
    assert not work.busy
    assert not work.stop()


async def test_a_test_read_without_a_vault_is_a_failure() -> None:
    error, events = OSError(5, "I/O error"), list[Event]()

    def unreadable() -> Any:
        raise error

    work = TokenWork(lambda: cast("Any", None), unreadable, Settings, FrozenClock(NOW))
    work.listener = events.append
    await work.test_read(("a",))
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert end.failures == (("a", error),)


async def test_stopped_tokens_count_as_neither_answered_nor_failed() -> None:
    work, _, events = opened()
    running = asyncio.create_task(work.refresh(("a", "slow", "b")))
    while not work.busy or "a" in work.busy:
        await asyncio.sleep(0)
    work.stop()
    await asyncio.gather(running, return_exceptions=True)
    end = events[-1]
    assert isinstance(end, WorkEnded)
    assert end.not_done == ("slow", "b")
