"""What unattended runs came to, and whether the timer that starts them works. Pure functions.

Every look at the state reads it: named tuples, because each dataclass costs a start some milliseconds.
"""

import math
from enum import StrEnum
from typing import NamedTuple

DAY = 86_400
GRACE = 6 * 3_600
"""Seconds after a run was due from which it counts as missed: a machine may be asleep, a timer has its jitter."""
EARLY = 2 * 3_600
"""Seconds before a run is due from which one counts as it: the hour of a timer moves with summer time."""


class TimerKind(StrEnum):
    """What starts the runs."""

    SYSTEMD = "systemd"
    CRON = "cron"
    LOOP = "loop"
    """`igauth keep --loop` in the foreground."""
    OTHER = "other"
    """Something that igauth did not install, such as a CronJob of Kubernetes."""


class RunProblem(StrEnum):
    """What went wrong in a run."""

    LOGIN_NEEDED = "login_needed"
    COULD_NOT_ASK = "could_not_ask"
    APP_CREDENTIALS = "app_credentials"
    APP_REFUSED = "app_refused"
    """Meta refuses the app; `detail` is the remedy."""
    PERSON_REFUSED = "person_refused"
    """Meta refuses some calls for the person; `detail` is the remedy."""
    SECRETS = "secrets"
    """The secret store does not answer, or needs its passphrase."""
    STORE = "store"
    """Home or vault could not be read or written."""
    SETTINGS = "settings"
    DELIVERY = "delivery"
    HOOK = "hook"
    INTERNAL = "internal"
    """A fault of igauth itself, or of its installation."""


NEEDS_PERSON = frozenset(
    (
        *(RunProblem.LOGIN_NEEDED, RunProblem.APP_CREDENTIALS, RunProblem.APP_REFUSED, RunProblem.PERSON_REFUSED),
        *(RunProblem.HOOK, RunProblem.DELIVERY),
    )
)
"""Problems that no later run can solve by itself: exit status 1; of the others 3."""


_BESIDE_EXTENDING = frozenset(
    {RunProblem.LOGIN_NEEDED, RunProblem.PERSON_REFUSED, RunProblem.HOOK, RunProblem.DELIVERY}
)
"""Problems with which a run extends tokens all the same."""


class RunFailure(NamedTuple):
    """One problem of a run; `names` are the tokens, or the hook, that it concerns.

    `detail` is a code such as `190/463` or `keyring_silent`, or the system's own words; it holds no secret.
    """

    problem: RunProblem
    names: tuple[str, ...] = ()
    detail: str = ""

    def hinders(self, token: str) -> bool:
        """Tell whether it keeps a token from being extended."""
        return self.problem not in _BESIDE_EXTENDING and (not self.names or token in self.names)


class Run(NamedTuple):
    """An unattended run, as it was when its work was over. Times are unix seconds, UTC."""

    began: int
    ended: int
    extended: int = 0
    failures: tuple[RunFailure, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 all kept, 1 something needs a person, 3 something could not be asked, read or written."""
        problems = {failure.problem for failure in self.failures}
        return 3 if problems - NEEDS_PERSON else 1 if problems else 0

    @property
    def worked(self) -> bool:
        """Whether the run did all that a run can do: a token that needs a new login is no failure of the run."""
        return all(failure.problem is RunProblem.LOGIN_NEEDED for failure in self.failures)


class TimerState(StrEnum):
    """Whether tokens are kept valid while nobody looks."""

    NONE = "none"
    """No timer is known."""
    WORKING = "working"
    """The last run worked, or the first one is still to come."""
    FAILING = "failing"
    """The last run was there and failed."""
    MISSED = "missed"
    """The outcome of one run is absent."""
    OVERDUE = "overdue"
    """The outcomes of two or more runs are absent."""

    @property
    def extends(self) -> bool:
        """Whether tokens can be expected to be extended without a person."""
        return self in (TimerState.WORKING, TimerState.MISSED)


class Automation(NamedTuple):
    """A timer and its runs. `every` in seconds; times are unix seconds, UTC.

    `since`: when it was installed. `first`: when its first run was due, of a timer that runs at a time of the day; one
    without runs an interval after the last run. `last_run` None: no run has ended yet; `run` None: the outcome of the
    last one is not known. `failing_since`: the beginning of the first of the runs that failed without one that worked
    after it, or None where that was solved.
    """

    every: int
    since: int
    last_run: int | None = None
    kind: TimerKind = TimerKind.OTHER
    run: Run | None = None
    last_success: int | None = None
    failing_since: int | None = None
    first: int | None = None

    @property
    def next_run(self) -> int:
        """When the next run is expected, unix seconds, UTC."""
        if self.first is None:
            return max(self.since, self.last_run or 0) + self.every
        if self.last_run is None or self.last_run < self.first - EARLY:
            return self.first
        return self.first + ((self.last_run + EARLY - self.first) // self.every + 1) * self.every

    @property
    def failures(self) -> tuple[RunFailure, ...]:
        """The problems of the last run, without those that a person has solved since."""
        failures = self.run.failures if self.run is not None else ()
        if self.failing_since is not None:
            return failures
        return tuple(failure for failure in failures if failure.problem is RunProblem.LOGIN_NEEDED)

    def has_moved(self, began: int) -> bool:
        """Tell whether a run shows that its crontab line has another hour now: cron makes up for no missed run."""
        if self.kind is not TimerKind.CRON or self.first is None or self.last_run is None:
            return False
        is_regular = abs(began - self.last_run - self.every) <= EARLY
        return is_regular and (began - self.first + EARLY) % self.every > 2 * EARLY

    def missed(self, now: float) -> int:
        """Return how many runs are absent that were due."""
        late = now - self.next_run - min(GRACE, self.every)
        return max(0, math.ceil(late / self.every))

    def is_overdue(self, now: float) -> bool:
        """Tell whether a run did not happen."""
        return self.missed(now) > 0

    def extends(self, token: str, now: float) -> bool:
        """Tell whether runs can be expected to extend a token: they happen, and the last one could."""
        its_state = self.state(now)
        if its_state is not TimerState.FAILING:
            return its_state.extends
        return self.run is not None and not any(failure.hinders(token) for failure in self.run.failures)

    def first_run(self, earliest: float, now: float) -> int:
        """Return when the first run at `earliest` or later is expected, never before `now` (unix seconds, UTC)."""
        pending = self.next_run + self.missed(now) * self.every
        soonest = max(pending, int(now))
        return soonest if earliest <= soonest else pending + math.ceil((earliest - pending) / self.every) * self.every

    def state(self, now: float) -> TimerState:
        """Return whether the timer works."""
        missed = self.missed(now)
        if missed:
            return TimerState.MISSED if missed == 1 and self.failing_since is None else TimerState.OVERDUE
        return TimerState.WORKING if self.failing_since is None else TimerState.FAILING


def timer_state(automation: Automation | None, now: float) -> TimerState:
    """Return whether the timer works; NONE where there is none."""
    return TimerState.NONE if automation is None else automation.state(now)
