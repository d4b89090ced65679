"""The tokens panel's state: which rows there are and in which order, as one frozen value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import TYPE_CHECKING

from tui.tokens.life import known_refusals
from tui.tokens.states import STATES, TokenState, is_unusable
from tui.tokens.token import Token, deadline, state

if TYPE_CHECKING:  # the first paint does without
    from tui.tokens.delivery import Delivery
    from tui.tokens.refusals import RefusedTokens


@dataclass(frozen=True, slots=True)
class Row:
    """One token on the panel, its state when the board was made, and its destinations."""

    token: Token
    state: TokenState
    deliveries: "tuple[Delivery, ...]" = ()

    @property
    def is_undelivered(self) -> bool:
        """Whether a destination did not take the current value."""
        return any(delivery.state == "failed" for delivery in self.deliveries)

    def has_words(self, searched: str) -> bool:
        """Tell whether names and kind of the token, its profile, its person and its Pages contain a text."""
        token = self.token
        pages = (f"{page.name} {page.instagram_username}" for page in token.pages)
        words = " ".join([token.name, token.profile, token.subject_name, token.kind, *pages])
        return searched.casefold() in words.casefold()


@dataclass(frozen=True, slots=True)
class Board:
    """Usable tokens by deadline, unusable ones below; `changes_at` is when the first state changes by itself.

    Times are unix seconds, UTC. `next_expiry` is the earliest deadline of a usable token.
    """

    usable: tuple[Row, ...] = ()
    unusable: tuple[Row, ...] = ()
    next_expiry: int | None = None
    changes_at: float | None = None
    checked_at: int | None = None
    refused: "tuple[RefusedTokens, ...]" = ()
    """Apps and persons that Meta refused when it was last asked."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, usable first."""
        return self.usable + self.unusable


def make_board(
    tokens: Iterable[Token],
    now: float,
    window_of: Callable[[str], int],
    deliveries: "Mapping[str, tuple[Delivery, ...]] | None" = None,
) -> Board:
    """Arrange tokens at `now` (unix seconds, UTC): the one that expires first on top, the unusable ones below.

    `deliveries`: how each token stands with its destinations, by its name.
    """
    delivered = deliveries or {}
    window = cache(window_of)
    ends = [(deadline(token) or inf, _row(token, now, window, delivered)) for token in tokens]
    ends.sort(key=lambda end: (end[0], end[1].token.name))
    usable = [(end, row) for end, row in ends if not is_unusable(row.state)]
    changes = (change for end, row in ends for change in (end - window(row.token.profile), end))
    return Board(
        tuple(row for _, row in usable),
        tuple(row for _, row in ends if is_unusable(row.state)),
        min((int(end) for end, _ in usable if now < end < inf), default=None),
        min((change for change in changes if now < change < inf), default=None),
        max((row.token.inspected_at for _, row in ends if row.token.inspected_at), default=None),
        known_refusals([row.token for _, row in ends]),
    )


def _row(
    token: Token, now: float, window: Callable[[str], int], delivered: "Mapping[str, tuple[Delivery, ...]]"
) -> Row:
    return Row(token, state(token, now, window(token.profile)), delivered.get(token.name, ()))


def worse_rows(before: Board, after: Board) -> tuple[Row, ...]:
    """Return the rows whose state is worse than on the board before."""
    states = {row.token.name: row.state for row in before.rows}
    return tuple(
        row
        for row in after.rows
        if (former := states.get(row.token.name, TokenState.UNKNOWN)) is not TokenState.UNKNOWN
        and STATES[row.state].severity > STATES[former].severity
    )
