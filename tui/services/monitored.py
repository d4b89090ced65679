"""What a monitor learns about a home, and the level that follows from it: one value for every format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.matillion.estimate import Estimate
from tui.tokens.automation import Automation, TimerState, timer_state
from tui.tokens.status import Entry, exit_status, worst_first

if TYPE_CHECKING:
    from tui.tokens.refusals import RefusedTokens

TIMER_LEVELS = {
    TimerState.NONE: 0,
    TimerState.WORKING: 0,
    TimerState.FAILING: 1,
    TimerState.MISSED: 0,
    TimerState.OVERDUE: 1,
}
"""What a monitor makes of a timer: 0 fine, 1 a warning."""


@dataclass(frozen=True, slots=True)
class Monitored:
    """One home, or one `profile` of it, at `now` (unix seconds, UTC).

    `home` is the path of the data folder. `matillion` are profiles with their estimates. `refreshes` are exchanges
    ever made, by profile (empty where it is not known any more) and result. `undelivered` are tokens, with the
    destination, that could not be delivered when that was last tried. `refused` are apps and persons that Meta refused
    when it was last asked.
    """

    home: str
    now: float
    entries: Sequence[Entry]
    profile: str | None = None
    all_asked: bool = True
    automation: Automation | None = None
    matillion: Sequence[tuple[str, Estimate]] = ()
    refreshes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    undelivered: Sequence[tuple[str, str]] = ()
    refused: "Sequence[RefusedTokens]" = ()

    @property
    def tokens_status(self) -> int:
        """The exit status of `igauth status` in every format but that of Nagios: tokens alone count."""
        return exit_status((entry.state for entry in self.entries), could_not_ask=not self.all_asked)

    @property
    def timer(self) -> TimerState:
        """Whether tokens are kept valid while nobody looks."""
        return timer_state(self.automation, self.now)

    @property
    def deliveries_level(self) -> int:
        """1, a warning, where a program still has an old token."""
        return 1 if self.undelivered else 0

    @property
    def refusals_level(self) -> int:
        """2, critical, where Meta refuses the app or the person."""
        return 2 if self.refused else 0

    @property
    def level(self) -> int:
        """The level of a Nagios plugin: the worst of tokens, refusals, timer, deliveries and estimates."""
        estimates = [estimate.level for _, estimate in self.matillion]
        others = (TIMER_LEVELS[self.timer], self.deliveries_level, self.refusals_level)
        return min([self.tokens_status, *others, *estimates], key=worst_first)
