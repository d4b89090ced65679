"""One unattended run: asks about tokens, extends what is due, delivers, runs hooks, and stores the outcome last."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

from tui.facebook.errors import FacebookError, means_app_credentials
from tui.facebook.remedies import Refusal, Subject, refusal_of
from tui.network.silence import one_run
from tui.services.asking import NotAsked, ask_all
from tui.services.hook_record import AGAIN, HookFailed
from tui.services.hooks import run_hooks
from tui.services.root import Services
from tui.settings import SettingsError
from tui.tokens.automation import Run, RunFailure, RunProblem
from tui.tokens.delivery import Delivery, DeliveryState
from tui.tokens.errors import NoCredentials, NoValue, StoreError, StoreUnavailable
from tui.tokens.policy import due_names
from tui.tokens.refusals import RefusedTokens, refused_results
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.states import TokenState, is_unusable
from tui.tokens.token import reason, state
from tui.vault.errors import Locked, SecretsUnavailable, VaultError
from tui.vault.notices import Notice, NoticeCode

UNREADABLE_ROW = "unreadable_row"
"""Detail of a failure: what is stored about tokens is damaged."""
_PATIENCE, _PAUSE = 60.0, 2.0
"""Seconds: how long the outcome waits for a home that another process keeps locked."""


class StateChanged(NamedTuple):
    """A token has another state than when the round began; `before` None: it is new."""

    name: str
    before: TokenState | None
    after: TokenState


class StepFailed(NamedTuple):
    """A part of the round could not be done; the others were."""

    error: Exception


Event = NotAsked | RefusedTokens | RefreshResult | StateChanged | StepFailed | Delivery | HookFailed | Notice
States = dict[str, TokenState]


async def keep(services: Services, report: Callable[[Event], None]) -> Run:
    """Do one run and return its outcome, which is stored already where the home can be written.

    Every token is asked about, however lately that was done: only a run that needs its secrets and the network shows
    that it has them. Whatever fails goes to `report` and into the outcome; it never stops the rest. Raises OSError at
    the end where `report` raised it.
    """
    with one_run():
        return await _Round(services, report).run()


async def can_run(services: Services) -> int:
    """Open every secret that a run needs, and ask nobody; return for how many tokens. Raises VaultError, StoreError."""
    return await asyncio.to_thread(_open_secrets, services)


def _open_secrets(services: Services) -> int:
    tokens = services.tokens()
    for token in tokens:
        services.token_store.value(token.name)
    for profile in dict.fromkeys(token.profile for token in tokens):
        services.credentials(profile)
    return len(tokens)


class _Round:
    def __init__(self, services: Services, report: Callable[[Event], None]) -> None:
        self._services, self._write = services, report
        self._began = int(services.clock.now())
        self._results: list[RefreshResult] = []
        self._not_asked: set[str] = set()
        self._refused: set[tuple[Refusal, str]] = set()
        self._failures: list[RunFailure] = []
        self._unwritten: OSError | None = None
        self._known_notices = len(services.notices) if "vault" in vars(services) else 0

    async def run(self) -> Run:
        services = self._services
        if services.settings.ignored:  # such as a hook that would have reported something
            self._failures.append(RunFailure(RunProblem.SETTINGS, services.settings.ignored.keys, "ignored_keys"))
        before: States = {}
        await self._step(self._restore)
        await self._step(self._states_into(before))
        await self._step(self._note_unreadable)
        await self._step(self._ask)
        await self._step(self._refresh)
        if services.settings.deliver:
            await self._step(self._deliver)
        await self._step(self._run_hooks)
        after: States = {}
        await self._step(self._states_into(after))
        for name, is_now in after.items():
            if before.get(name) != is_now:
                self._report(StateChanged(name, before.get(name), is_now))
        await self._step(self._note_unusable)
        self._note_notices()
        run = await self._store_outcome()
        if self._unwritten is not None:
            raise self._unwritten
        return run

    def _report(self, event: Event) -> None:
        try:
            self._write(event)
        except OSError as error:  # a log on a full disk, a reader that is gone: the work goes on
            self._unwritten = error

    async def _step(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do one part; the next one is done whatever comes of it."""
        try:
            await work()
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        failure = RunFailure(problem_of(error), (), detail_of(error))
        if failure not in self._failures:  # each part meets the same locked home
            self._failures.append(failure)
            self._report(StepFailed(error))

    def _states_into(self, states: States) -> Callable[[], Awaitable[None]]:
        services = self._services

        def read() -> None:
            now = services.clock.now()
            for token in services.tokens():
                states[token.name] = state(token, now, services.settings.window_of(token.profile))

        return lambda: asyncio.to_thread(read)

    async def _restore(self) -> None:
        """Store what could not be stored earlier: a loop opens the vault once."""
        with suppress(SecretsUnavailable):  # those secrets stay where they are, as `doctor` says
            await asyncio.to_thread(self._services.restore_displaced)

    def _note_notices(self) -> None:
        """Report what the vault did in this run, where it could be opened."""
        notices = self._services.notices if "vault" in vars(self._services) else []
        for notice in notices[self._known_notices :]:
            problem = _NOTICED.get(notice.code)
            failure = RunFailure(problem, (), notice.code) if problem else None
            if failure in self._failures:
                continue
            if failure:
                self._failures.append(failure)
            self._report(notice)

    async def _note_unreadable(self) -> None:
        if names := await asyncio.to_thread(lambda: self._services.token_store.unreadable):
            self._failures.append(RunFailure(RunProblem.STORE, tuple(sorted(names)), UNREADABLE_ROW))

    async def _ask(self) -> None:
        names = [token.name for token in await asyncio.to_thread(self._services.tokens)]
        for group in await ask_all(await asyncio.to_thread(lambda: self._services.keeper), names):
            if isinstance(group, RefusedTokens):
                self._note_refused(group)
            else:
                self._failures.append(RunFailure(problem_of(group.error), group.names, detail_of(group.error)))
                self._report(group)
            if isinstance(group, NotAsked) or not group.is_known:
                self._not_asked.update(group.names)

    def _note_refused(self, group: RefusedTokens) -> None:
        """Note a refused app or person, once."""
        if (about := (group.refusal, group.subject)) not in self._refused:
            self._refused.add(about)
            self._failures.append(refusal_failure(group))
            self._report(group)

    async def _refresh(self) -> None:
        services = self._services
        tokens = await asyncio.to_thread(services.tokens)
        due = due_names(tokens, services.clock.now(), services.settings.window_of)
        names = [name for name in due if name not in self._not_asked]  # the same would be said again
        self._results = await services.keeper.refresh_many(names, self._report_result)
        for group in refused_results(self._results):
            self._note_refused(group)
        self._failures += failures_of(self._results)

    def _report_result(self, result: RefreshResult) -> None:
        if result.result is not RefreshCode.REFUSED:  # once for all tokens of the app
            self._report(result)

    async def _note_unusable(self) -> None:
        """Tokens that no refresh was tried for and that only a login can replace: not all is kept."""
        known = {name for failure in self._failures for name in failure.names}
        now = self._services.clock.now()
        results = [
            RefreshResult(token, RefreshCode.LOGIN_NEEDED, reason(token, now))
            for token in await asyncio.to_thread(self._services.tokens)
            if token.name not in known and is_unusable(state(token, now))
        ]
        self._failures += failures_of(results)
        for result in results:
            self._report(result)

    async def _deliver(self) -> None:
        from tui.services.delivery import deliver  # few homes have a destination

        await deliver(self._services, self._delivery_tried)

    def _delivery_tried(self, delivery: Delivery) -> None:
        if delivery.state is not DeliveryState.DELIVERED:
            self._failures.append(delivery_failure(delivery))
        self._report(delivery)

    async def _run_hooks(self) -> None:
        tried = set[str]()

        def report(failed: HookFailed) -> None:
            tried.add(failed.event)
            self._report(failed)

        again = AGAIN if self._services.actor == "timer" else 0  # a person may have corrected the program
        late = await run_hooks(self._services, self._results, report, self._not_asked, again=again)
        for failed in late:
            if failed.event not in tried:
                self._report(failed)
        self._failures += hook_failures(late)

    async def _store_outcome(self) -> Run:
        """Store the outcome, with patience for a home that another process keeps locked."""
        waited = 0.0
        while True:
            run = self._outcome()
            try:
                await asyncio.to_thread(self._note, run)
                return run
            except Exception as error:
                if not isinstance(error, Locked) or waited >= _PATIENCE:
                    self._failed(error)
                    return self._outcome()
            await asyncio.sleep(_PAUSE)
            waited += _PAUSE

    def _outcome(self) -> Run:
        ended = int(self._services.clock.now())
        return Run(self._began, ended, _extended(self._results), tuple(self._failures))

    def _note(self, run: Run) -> None:
        self._services.timer.note_run(run, unattended=self._services.actor == "timer")


def outcome_of(
    began: float,
    ended: float,
    results: Iterable[RefreshResult],
    undelivered: Iterable[Delivery] = (),
    late: Iterable[HookFailed] = (),
) -> Run:
    """Return the outcome of a run that only refreshed, delivered and ran hooks. Times are unix seconds, UTC."""
    results = tuple(results)
    refused = map(refusal_failure, refused_results(results))
    failures = (*refused, *failures_of(results), *map(delivery_failure, undelivered), *hook_failures(late))
    return Run(int(began), int(ended), _extended(results), failures)


def _extended(results: Iterable[RefreshResult]) -> int:
    return sum(result.result is RefreshCode.EXTENDED for result in results)


def hook_failures(late: Iterable[HookFailed]) -> list[RunFailure]:
    """Return hooks that have still to report an event as failures of the run."""
    return [
        # its exit status, or the system's words
        RunFailure(
            RunProblem.HOOK, (failed.event,), failed.problem if failed.problem in ("slow", "skipped") else failed.detail
        )
        for failed in late
    ]


def delivery_failure(delivery: Delivery) -> RunFailure:
    """Return a delivery that failed as a failure of the run."""
    return RunFailure(RunProblem.DELIVERY, (delivery.token or delivery.destination,), delivery.record.problem or "")


def refusal_failure(refused: RefusedTokens) -> RunFailure:
    """Return a refused app or person as one failure of the run."""
    return RunFailure(_REFUSED[refused.refusal.subject], refused.names, refused.refusal.remedy)


def failures_of(results: Iterable[RefreshResult]) -> tuple[RunFailure, ...]:
    """Return what else went wrong with tokens that were refreshed than refusals: one failure for each cause."""
    groups: dict[tuple[RunProblem, str], list[str]] = {}
    for result in results:
        if result.result.is_done or result.result is RefreshCode.REFUSED:
            continue
        cause = result.cause if isinstance(result.cause, Exception) else None
        problem = _PROBLEMS.get(result.result) or (problem_of(cause) if cause else RunProblem.COULD_NOT_ASK)
        groups.setdefault((problem, result.reason or (detail_of(cause) if cause else "")), []).append(result.name)
    return tuple(RunFailure(problem, tuple(names), detail) for (problem, detail), names in groups.items())


_NOTICED = {
    NoticeCode.RECOVERED: RunProblem.STORE,
    NoticeCode.TOKENS_WAITING: RunProblem.STORE,
    NoticeCode.SECRET_DISPLACED: RunProblem.SECRETS,
}
"""What the vault could do only in part."""

_REFUSED = {Subject.APP: RunProblem.APP_REFUSED, Subject.PERSON: RunProblem.PERSON_REFUSED}
_PROBLEMS = {
    RefreshCode.LOGIN_NEEDED: RunProblem.LOGIN_NEEDED,
    RefreshCode.APP_CREDENTIALS: RunProblem.APP_CREDENTIALS,
}


def problem_of(error: BaseException) -> RunProblem:
    """Return what kind of problem an error is for a run."""
    match error:
        case StoreUnavailable():
            return problem_of(error.cause)
        case NoCredentials():
            inner = problem_of(error.cause)
            return RunProblem.APP_CREDENTIALS if inner is RunProblem.INTERNAL else inner
        case SecretsUnavailable():
            return RunProblem.SECRETS
        case NoValue():
            return RunProblem.LOGIN_NEEDED
        case FacebookError():
            if refusal := refusal_of(error):
                return _REFUSED[refusal.subject]
            return RunProblem.APP_CREDENTIALS if means_app_credentials(error) else RunProblem.COULD_NOT_ASK
        case VaultError() | StoreError():
            return RunProblem.STORE
        case SettingsError():
            return RunProblem.SETTINGS
        case OSError():
            return RunProblem.STORE
        case _:
            return RunProblem.INTERNAL


def detail_of(error: BaseException) -> str:
    """Return a code for the cause: the problem's own, Facebook's cause, or the kind of error."""
    match error:
        case StoreUnavailable() | NoCredentials():
            return detail_of(error.cause)
        case NoValue():
            return Reason.NO_VALUE
        case FacebookError():
            if refusal := refusal_of(error):
                return refusal.remedy
            return error.fault.name.lower() if error.fault else error.cause
        case VaultError():
            return str(error.problem or type(error).__name__)
        case OSError():
            return error.strerror or type(error).__name__
        case _:
            return type(error).__name__
