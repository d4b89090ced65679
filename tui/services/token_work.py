"""Work on stored tokens that outlives a screen: refreshing, asking Facebook, test reads. Yields events, no words."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from tui.network.silence import one_run

if TYPE_CHECKING:
    from tui.clock import Clock
    from tui.facebook.models import InstagramReading
    from tui.services.keeper import Keeper
    from tui.services.reading import ReadingService
    from tui.settings import Settings
    from tui.tokens.results import RefreshResult
    from tui.tokens.token import Token


class Kind(StrEnum):
    """What is being done."""

    REFRESH = "refresh"
    INSPECT = "inspect"
    READ = "read"
    CHECK = "check"
    """Looking for the evidence of the guide's steps."""


class Progress(NamedTuple):
    """How far one piece of work is: `done` of `total`; 0: it has just begun."""

    kind: Kind
    total: int
    done: int = 0


class BusyChanged(NamedTuple):
    """Other tokens are being worked on now, or the same ones further: what is stored of them may have changed."""

    names: frozenset[str]
    progress: Progress | None


class WorkEnded(NamedTuple):
    """Work has ended, was stopped, or came to nothing by `error`.

    `answered`: tokens that Facebook has answered about; `failures`: those that it could not be asked about, and why.
    """

    kind: Kind
    names: tuple[str, ...]
    results: tuple["RefreshResult", ...] = ()
    reading: "InstagramReading | None" = None
    answered: tuple[str, ...] = ()
    failures: tuple[tuple[str, Exception], ...] = ()
    error: Exception | None = None
    is_background: bool = False

    @property
    def not_done(self) -> tuple[str, ...]:
        """The tokens that nothing came of, because the work ended before."""
        done = {*self.answered, *(name for name, _ in self.failures), *(result.name for result in self.results)}
        return tuple(name for name in self.names if name not in done)


class AlreadyBusy(NamedTuple):
    """Nothing was begun: each of these tokens is being worked on."""

    names: tuple[str, ...]


Event = BusyChanged | WorkEnded | AlreadyBusy


class TokenWork:
    """Runs one piece of work per token at a time; `listener` gets every event, in order, on the event loop."""

    def __init__(
        self,
        keeper: "Callable[[], Keeper]",
        reader: "Callable[[], ReadingService]",
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
        async with self._working(Kind.REFRESH, names) as job:
            keeper = await asyncio.to_thread(self._keeper)  # opening the vault waits for the disk
            await keeper.refresh_many(job.names, job.refreshed)

    async def inspect(self, names: Collection[str], *, is_background: bool = False) -> None:
        """Ask Facebook what tokens are now."""
        async with self._working(Kind.INSPECT, names, is_background=is_background) as job:
            keeper = await asyncio.to_thread(self._keeper)
            await keeper.inspect_many(job.names, job.inspected)

    async def test_read(self, names: Collection[str]) -> None:
        """Read the Instagram account with a token, as the connector would."""
        async with self._working(Kind.READ, names) as job:
            for token_name in job.names:
                try:
                    reader = await asyncio.to_thread(self._reader)
                    job.reading = await reader.read(token_name)
                except Exception as error:
                    job.failures.append((token_name, error))
                else:
                    job.answered.append(token_name)

    async def keep_fresh(self, tokens: "Callable[[], Iterable[Token]]") -> None:
        """Ask about tokens that were not asked about for as long as the settings say, then refresh what is due."""
        limit = self._clock.now() - self._settings().inspect_interval_minutes * 60
        stale = [token.name for token in tokens() if token.inspected_at is None or token.inspected_at < limit]
        if stale:
            with one_run():
                await self.inspect(stale, is_background=True)
                await self.refresh(await asyncio.to_thread(lambda: self._due(tokens())))

    def _due(self, tokens: "Iterable[Token]") -> list[str]:
        """Return what is inside the refresh window of a profile with `auto_refresh`, not more often than a day."""
        from tui.tokens.policy import due_names

        settings = self._settings()
        automatic = {profile.name for profile in settings.profiles if profile.auto_refresh}
        candidates = [token for token in tokens if token.profile in automatic]
        return due_names(candidates, self._clock.now(), settings.window_of)

    @asynccontextmanager
    async def _working(
        self, kind: Kind, names: Collection[str], *, is_background: bool = False
    ) -> AsyncIterator["_Job"]:
        """Yield a job for those of `names` that are idle, and report how it goes; an error is part of the ending."""
        job = _Job(self, kind, tuple(name for name in names if name not in self.busy))
        if not job.names:
            if names and not is_background:
                self.listener(AlreadyBusy(tuple(names)))
            yield job
            return
        task = asyncio.current_task()
        if task is not None and kind is not Kind.READ:
            self._stoppable.add(task)
        self.busy |= frozenset(job.names)
        problem: Exception | None = None
        try:
            self.listener(BusyChanged(self.busy, Progress(kind, len(job.names))))
            with one_run():
                yield job
        except Exception as error:
            problem = error
        finally:
            self._stoppable -= {task}
            self.busy -= job.under_way
            self.listener(BusyChanged(self.busy, None))
            self.listener(job.ending(problem, is_background=is_background))


class _Job:
    """Collects what comes of one piece of work."""

    def __init__(self, work: TokenWork, kind: Kind, names: tuple[str, ...]) -> None:
        self._work, self._kind, self.names = work, kind, names
        self.under_way = set(names)
        self.results: list[RefreshResult] = []
        self.answered: list[str] = []
        self.failures: list[tuple[str, Exception]] = []
        self.reading: InstagramReading | None = None
        self._done = 0

    def refreshed(self, result: "RefreshResult") -> None:
        """Add the result of one token."""
        self.results.append(result)
        self.step(result.name)

    def inspected(self, name: str, error: Exception | None) -> None:
        """Note that one token was asked about, or why not."""
        if error is None:
            self.answered.append(name)
        else:
            self.failures.append((name, error))
        self.step(name)

    def step(self, name: str) -> None:
        """Report that one token is done; the last one is part of the ending."""
        self._done += 1
        if self._done < len(self.names):
            self.under_way.discard(name)
            self._work.busy -= {name}
            self._work.listener(BusyChanged(self._work.busy, Progress(self._kind, len(self.names), self._done)))

    def ending(self, error: Exception | None, *, is_background: bool) -> WorkEnded:
        """Return what came of it all; `error` is what ended it before its time."""
        return WorkEnded(
            self._kind,
            self.names,
            tuple(self.results),
            self.reading,
            tuple(self.answered),
            tuple(self.failures),
            error,
            is_background,
        )
