"""Deviations that a test or a demo asks for: faults of the next calls, and odd behavior of the token exchange."""

from dataclasses import dataclass
from typing import Annotated

from tui.sandbox.clock import DAY
from tui.sandbox.errors import ON_DEMAND
from tui.sandbox.typed import Count, one_of, span

DAMAGES = frozenset(
    (
        "delay",  # answer after `seconds`
        "reset",  # break the connection in the middle of the body
        "drop",  # break the connection before any answer
        "truncated",  # half of the JSON, with a correct length
        "html",  # a proxy's page
        "empty",  # 200 without a body
        "redirect",  # 302 to another host
        "not_json",  # the text/plain form of earlier servers
        "status_401",  # an error carries HTTP 401
    )
)
KINDS = DAMAGES | ON_DEMAND.keys()
EXCHANGE_MODES = (
    "normal", "same_end", "earlier_end", "other_person", "scope_lost", "no_expires_in", "zero_expires_in",
    "text_expires_in", "fail_after_issuing", "drop_after_issuing", "same_token",
)  # fmt: skip


@dataclass(slots=True)
class Fault:
    """`path`: a part of the call's path, empty for all calls. `times` 0: until cleared.

    Raises ValueError for a delay of more than a day.
    """

    kind: Annotated[str, one_of(KINDS)]  # or an exchange mode
    path: str = ""
    times: Count = 1
    seconds: Annotated[float, span] = 0

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= DAY:
            raise ValueError(f"must be 0 to {DAY} seconds, not {self.seconds}")


class Faults(list[Fault]):
    """The faults that wait for their call, oldest first."""

    def take(self, path: str = "") -> Fault:
        """Return the first fault for this path and count it down; one without a kind where none waits."""
        for fault in self:
            if fault.path in path:
                if fault.times == 1:
                    self.remove(fault)
                fault.times = max(0, fault.times - 1)
                return fault
        return Fault("")
