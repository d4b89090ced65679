"""How much may be asked of Facebook: one gate an app, fed by the usage headers (graph-api.md section 11)."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from tui.clock import Clock
from tui.facebook.models import Usage

CEILING = 95
"""Percent of the allowance beyond which no new refresh is begun; Facebook throttles at 100."""

CALLS_PER_REFRESH = 3
STALE = 300
"""Seconds before a lower figure is believed: answers overtake each other, and some carry no figure at all."""

HOUR = 3_600
"""Seconds of Facebook's rolling window, and of a pause where it throttles without saying for how long."""

LONGEST_PAUSE = 86_400
"""Seconds after which an app is asked again, whatever was said: a pause is no reason to lose a token."""

ALONE = 2.0
"""Seconds that the others wait for the first refresh of an app: no longer where a host is silent."""

_SAME_PAUSE = 60
"""Seconds by which refusals of the same moment may differ in when they let the app ask again."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Why an app must not be asked now. `until` in unix seconds, UTC.

    `percent` of the allowance is used where igauth stops by itself; None where Facebook throttles.
    """

    until: float
    percent: int | None = None


@dataclass(slots=True)
class _Gate:
    """What is known of one app's allowance, in percent."""

    percent: int = 0
    learned_at: float = 0.0
    first_percent: int | None = None
    calls: int = 0
    reopens_at: float = 0.0
    done: int = 0
    in_flight: int = 0
    first_at: float = 0.0
    """Of the monotonic clock."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def cost(self) -> float:
        """Percent of one refresh; the header's whole numbers hide up to one percent, which counts as used."""
        if self.first_percent is None or self.percent <= self.first_percent:
            return 0.0
        if self.calls < 2:
            return float(self.percent)
        return CALLS_PER_REFRESH * (self.percent - self.first_percent + 1) / (self.calls - 1)


class Gates:
    """Closed while Facebook throttles an app, narrow while little of its allowance is left."""

    def __init__(self, clock: Clock, concurrency: int) -> None:
        self._clock = clock
        self.concurrency = max(1, concurrency)
        self._gates: dict[str, _Gate] = {}

    def begin(self) -> None:
        """Forget what a refresh costs: many are about to begin, and the first shows it."""
        for gate in self._gates.values():
            gate.first_percent, gate.calls, gate.done = None, 0, 0

    def learn(self, app_id: str, usage: Usage) -> None:
        """Take note of an answer's usage headers."""
        gate = self._gate(app_id)
        if gate.first_percent is None:
            gate.first_percent = usage.percent
        gate.calls += 1
        now = self._clock.now()
        if usage.percent >= gate.percent or now - gate.learned_at > STALE:
            gate.percent, gate.learned_at = usage.percent, now
        if usage.regain_minutes > 0 or usage.percent >= 100:
            self.throttle(app_id, usage.regain_minutes)

    def throttle(self, app_id: str, regain_minutes: int) -> None:
        """Close the gate of an app that Facebook throttles; 0 minutes: it did not say for how long."""
        self.close(app_id, self._clock.now() + min(regain_minutes * 60 or HOUR, LONGEST_PAUSE))

    def close(self, app_id: str, until: float) -> None:
        """Close the gate of an app until then (unix seconds, UTC)."""
        gate, pause = self._gate(app_id), self.pause(app_id)
        if pause is None or until > pause.until + _SAME_PAUSE:
            gate.reopens_at = until
            gate.changed.set()

    def pause(self, app_id: str) -> Pause | None:
        """Return until when Facebook throttles the app; None while it may be asked.

        An end that is further away than any pause lasts comes from a clock that was wrong, and counts for nothing.
        """
        reopens_at = self._gate(app_id).reopens_at
        return Pause(reopens_at) if 0 < reopens_at - self._clock.now() <= LONGEST_PAUSE else None

    async def enter(self, app_id: str) -> Pause | None:
        """Wait until another refresh of the app fits in; return why none does."""
        gate = self._gate(app_id)
        while True:
            if pause := self.pause(app_id):
                return pause
            if self._fits(gate):
                if gate.done == 0 and gate.in_flight == 0:
                    gate.first_at = time.monotonic()
                gate.in_flight += 1
                return None
            if gate.in_flight == 0:
                return Pause(self._clock.now() + HOUR, gate.percent)
            gate.changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ALONE if gate.done == 0 else None):
                    await gate.changed.wait()

    def leave(self, app_id: str) -> None:
        """Note that a refresh has ended."""
        gate = self._gate(app_id)
        gate.in_flight -= 1
        gate.done += 1
        gate.changed.set()

    def _fits(self, gate: _Gate) -> bool:
        if gate.in_flight >= self.concurrency:
            return False
        used = gate.percent if self._clock.now() - gate.learned_at < HOUR else 0
        if gate.done == 0:
            is_alone = gate.in_flight > 0 and time.monotonic() - gate.first_at < ALONE
            return not is_alone and used < CEILING  # the first goes alone: it shows what the others cost
        return used + (gate.in_flight + 1) * gate.cost <= CEILING

    def _gate(self, app_id: str) -> _Gate:
        return self._gates.setdefault(app_id, _Gate())
