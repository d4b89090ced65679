"""How the long-lived exchange behaves: as Facebook's does, or in one of the odd ways people have met."""

from __future__ import annotations

from dataclasses import dataclass

MODES = frozenset(
    (
        "normal",
        "same_end",
        "earlier_end",
        "other_person",
        "scope_lost",
        "no_expires_in",
        "zero_expires_in",
        "text_expires_in",
        "fail_after_issuing",
        "drop_after_issuing",
        "same_token",
    )
)


@dataclass(slots=True)
class Extension:
    """The mode, and for how many exchanges it holds (None: until changed)."""

    mode: str = "normal"
    times: int | None = None

    def set(self, mode: str, times: int | None = None) -> None:
        """Raises ValueError for a mode there is not."""
        if mode not in MODES:
            raise ValueError(f"no extension mode {mode!r}; there are: {', '.join(sorted(MODES))}")
        self.mode, self.times = mode, times

    def take(self) -> str:
        """The mode of this exchange."""
        mode = self.mode
        if self.times is not None:
            self.times -= 1
            if self.times <= 0:
                self.mode, self.times = "normal", None
        return mode
