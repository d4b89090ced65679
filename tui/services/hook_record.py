"""What is stored about hooks: what they reported, what waits for another try, and how each failed last."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from tui.settings.schema import Hooks
from tui.stored_json import from_record, json_object
from tui.vault.meta import Meta

Event = Literal["extended", "due", "expired", "unreachable"]
Problem = Literal["not_started", "slow", "failed", "skipped"]
"""`skipped`: not started, because that hook took too long three times in a row."""

AGAIN = 20 * 3_600
"""Seconds after which a hook that failed is tried again: once a day, by a timer with its jitter."""

_REPORTED = "hooks/told"
"""Key in `meta`: whether the hook `due` or `expired` last reported a token, by token, as JSON."""
_STATE = "hooks/state"
"""Key in `meta`: everything else, as JSON."""


@dataclass(frozen=True, slots=True)
class HookFailed:
    """A hook that did not end with status 0. `problem` says how; `detail`: its status, or what the system said.

    `at`: when, unix seconds, UTC.
    """

    event: Event
    program: str
    problem: Problem
    detail: str
    token: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is not reported yet: when that was last tried, with which program and facts of its own."""

    at: int
    program: str
    facts: Mapping[str, str] = field(default_factory=dict)


class HookRecord:
    """What is stored about hooks; changes are stored by `save`. Reading and saving touch the disk: VaultError."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._stored = (meta.get(_REPORTED), meta.get(_STATE))
        state = json_object(self._stored[1])
        self.reported: dict[str, Any] = json_object(self._stored[0])
        """The last of `due` and `expired` that was reported of a token, by token."""
        self.unreachable: dict[str, Any] = _table(state, "unreachable")
        """When Facebook last answered about a token, for tokens whose `unreachable` was reported since; by token."""
        self._waiting = {
            (name, event): waiting
            for name, events in _table(state, "waiting").items()
            for event, row in (events if isinstance(events, dict) else {}).items()
            if (waiting := from_record(Waiting, row))
        }
        self._failures = {
            failed.event: failed
            for row in _table(state, "failures").values()
            if (failed := from_record(HookFailed, row)) and failed.problem in get_args(Problem)
        }
        self._worked: set[str] = set()

    def waiting(self, token: str, event: Event) -> Waiting | None:
        """Return the last try to report an event that failed; None where there was none."""
        return self._waiting.get((token, event))

    def note_reported(self, token: str, event: Event) -> None:
        """Note that a hook ended with status 0."""
        self._waiting.pop((token, event), None)
        self._worked.add(event)

    def note_failed(self, failed: HookFailed, facts: Mapping[str, str]) -> None:
        """Note that a hook failed; `facts` are needed to report the event later."""
        self._failures[failed.event] = failed
        self._waiting[failed.token, failed.event] = Waiting(failed.at, failed.program, facts)
        if failed.event == "unreachable":
            self.unreachable.pop(failed.token, None)
        elif failed.event != "extended":
            self.reported.pop(failed.token, None)

    def settle(self, current: Collection[tuple[str, Event]], names: Collection[str], hooks: Hooks) -> None:
        """Forget what is over, given every event of now by token, and the tokens that exist.

        The failure of a hook is over when it has worked since and nothing waits for it.
        """
        self._waiting = {
            key: waiting for key, waiting in self._waiting.items() if key in current and program_of(hooks, key[1])
        }
        over = self._worked - {event for _, event in self._waiting}
        self._failures = {failed.event: failed for failed in self.failures(hooks) if failed.event not in over}
        lasting = {name for name, event in current if event in ("due", "expired")}
        self.reported = {name: event for name, event in self.reported.items() if name in lasting}
        self.unreachable = {name: since for name, since in self.unreachable.items() if name in names}

    def failures(self, hooks: Hooks) -> tuple[HookFailed, ...]:
        """Return how each hook that is still set failed last; what worked since is not among them."""
        return tuple(failed for failed in self._failures.values() if program_of(hooks, failed.event) == failed.program)

    def late(self, hooks: Hooks) -> tuple[HookFailed, ...]:
        """Return the failures of hooks that have still to report an event."""
        waiting = {event for _, event in self._waiting}
        return tuple(failed for failed in self.failures(hooks) if failed.event in waiting)

    def save(self) -> None:
        """Store what was changed."""
        waiting: dict[str, dict[str, Any]] = {}
        for (name, event), one in self._waiting.items():
            waiting.setdefault(name, {})[event] = asdict(one)
        failures = {event: asdict(failed) for event, failed in self._failures.items()}
        state = {"unreachable": self.unreachable, "waiting": waiting, "failures": failures}
        texts = json.dumps(self.reported), json.dumps(state)
        for key, text, stored, is_empty in zip(
            (_REPORTED, _STATE), texts, self._stored, (not self.reported, not any(state.values())), strict=True
        ):
            if text != stored and not (is_empty and stored is None):
                self._meta.set(key, text)
        self._stored = texts


def program_of(hooks: Hooks, event: str) -> str:
    """Return the program that is run for an event; empty where none is set."""
    command: tuple[str, ...] = getattr(hooks, event, ())
    return command[0] if command else ""


def _table(state: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = state.get(key)
    return found if isinstance(found, dict) else {}
