"""Work on stored tokens that outlives a screen: refreshing, asking Facebook, test reads. Yields events, no words."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.clock import Clock
    from tui.facebook.models import InstagramReading
    from tui.services.reading import ReadingDesk
    from tui.settings import Settings
    from tui.tokens.keeper import Keeper
    from tui.tokens.results import RefreshResult
    from tui.tokens.token import Token


class Kind(StrEnum):
    """What is being done."""

    REFRESH = "refresh"
    INSPECT = "inspect"
    READ = "read"
    CHECK = "check"
    """Looking for the evidence of the guide's steps."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one piece of work is: `done` of `total`; 0: it has just begun."""

    kind: Kind
    total: int
    done: int = 0


@dataclass(frozen=True, slots=True)
class BusyChanged:
    """Other tokens are being worked on now, or the same ones further."""

    names: frozenset[str]
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class TokenDone:
    """One of several tokens is done: what is stored of it may have changed."""

    name: str


@dataclass(frozen=True, slots=True)
class RefreshEnded:
    """A refresh has ended, or was stopped: then there are fewer results than `asked` tokens."""

    results: tuple["RefreshResult", ...]
    asked: int


@dataclass(frozen=True, slots=True)
class InspectEnded:
    """Facebook was asked about tokens; `failures` are those it could not be asked about, and why."""

    names: tuple[str, ...]
    failures: tuple[tuple[str, Exception], ...]
    is_background: bool


@dataclass(frozen=True, slots=True)
class ReadEnded:
    """A test read has ended: with a reading, or with an error."""

    name: str
    reading: "InstagramReading | None" = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class AlreadyBusy:
    """Nothing was begun: each of these tokens is being worked on."""

    names: tuple[str, ...]


Event = BusyChanged | TokenDone | RefreshEnded | InspectEnded | ReadEnded | AlreadyBusy


class TokenWork:
    """Runs one piece of work per token at a time; `listener` gets every event, in order, on the event loop."""

    def __init__(
        self,
        keeper: "Callable[[], Keeper]",
        reader: "Callable[[], ReadingDesk]",
        settings: "Callable[[], Settings]",
        clock: "Clock",
    ) -> None:
        self._keeper, self._reader, self._settings, self._clock = keeper, reader, settings, clock
        self.listener: Callable[[Event], None] = lambda _event: None
        self.busy: frozenset[str] = frozenset()
        self._stoppable: set[asyncio.Task[object]] = set()

    def stop(self) -> bool:
        """Stop refreshing and asking where that is safe; False where nothing runs."""
        for task in self._stoppable:
            task.cancel()
        return bool(self._stoppable)

    async def refresh(self, names: Collection[str]) -> None:
        """Refresh tokens, side by side as far as the settings allow."""
        results: list[RefreshResult] = []

        async with self._working(Kind.REFRESH, names) as idle:
            if not idle:
                return

            def arrived(result: "RefreshResult") -> None:
                results.append(result)
                self._one_done(Kind.REFRESH, result.name, len(results), len(idle))

            try:
                keeper = await asyncio.to_thread(self._keeper)  # opening the vault waits for the disk
                await keeper.refresh_many(idle, arrived)
            finally:
                self._end(idle, RefreshEnded(tuple(results), len(idle)))

    async def inspect(self, names: Collection[str], *, is_background: bool = False) -> None:
        """Ask Facebook what tokens are now."""
        failures: list[tuple[str, Exception]] = []
        done = 0

        async with self._working(Kind.INSPECT, names, is_background=is_background) as idle:
            if not idle:
                return
            limit = asyncio.Semaphore(self._settings().max_concurrency)

            async def one(keeper: "Keeper", name: str) -> None:
                nonlocal done
                async with limit:
                    try:
                        await keeper.inspect(name)
                    except Exception as error:
                        failures.append((name, error))
                done += 1
                self._one_done(Kind.INSPECT, name, done, len(idle))

            try:
                keeper = await asyncio.to_thread(self._keeper)
                await asyncio.gather(*(one(keeper, name) for name in idle))
            finally:
                self._end(idle, InspectEnded(idle, tuple(failures), is_background))

    async def keep_fresh(self, tokens: "Callable[[], Iterable[Token]]") -> None:
        """Ask about tokens that were not asked about for as long as the settings say, then refresh what is due."""
        limit = self._clock.now() - self._settings().inspect_interval_minutes * 60
        stale = [token.name for token in tokens() if token.inspected_at is None or token.inspected_at < limit]
        if not stale:
            return
        await self.inspect(stale, is_background=True)
        due = await asyncio.to_thread(lambda: self._due(tokens()))
        if due:
            await self.refresh(due)

    def _due(self, tokens: "Iterable[Token]") -> list[str]:
        """Return what is inside the refresh window of a profile with `auto_refresh`, not more often than a day."""
        from tui.tokens.policy import due_names

        settings = self._settings()
        automatic = {profile.name for profile in settings.profiles if profile.auto_refresh}
        candidates = [token for token in tokens if token.profile in automatic]
        return due_names(candidates, self._clock.now(), settings.window_of)

    async def test_read(self, name: str) -> None:
        """Read the Instagram account with a token, as the connector would."""
        async with self._working(Kind.READ, (name,), can_stop=False) as idle:
            if not idle:
                return
            event = ReadEnded(name)
            try:
                event = ReadEnded(name, await self._reader().read(name))
            except Exception as error:
                event = ReadEnded(name, error=error)
            finally:
                self._end(idle, event)

    @asynccontextmanager
    async def _working(
        self, kind: Kind, names: Collection[str], *, is_background: bool = False, can_stop: bool = True
    ) -> AsyncIterator[tuple[str, ...]]:
        """Mark those of `names` that are idle as busy, and yield them."""
        idle = tuple(name for name in names if name not in self.busy)
        task = asyncio.current_task()
        if not idle and names and not is_background:
            self.listener(AlreadyBusy(tuple(names)))
        if idle:
            self.busy |= frozenset(idle)
            self.listener(BusyChanged(self.busy, Progress(kind, len(idle))))
        if idle and can_stop and task is not None:
            self._stoppable.add(task)
        try:
            yield idle
        finally:
            if task is not None:
                self._stoppable.discard(task)

    def _one_done(self, kind: Kind, name: str, done: int, total: int) -> None:
        if done < total:  # the last one is part of the ending
            self.busy -= {name}
            self.listener(BusyChanged(self.busy, Progress(kind, total, done)))
            self.listener(TokenDone(name))

    def _end(self, names: Collection[str], event: Event) -> None:
        self.busy -= frozenset(names)
        self.listener(BusyChanged(self.busy, None))
        self.listener(event)
