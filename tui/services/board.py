"""The tokens panel's state: which rows there are and in which order, as one frozen value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tui.tokens.states import STATES, TokenState, is_unusable
from tui.tokens.token import Token, deadline, state

_BY_LOGIN = frozenset({"user", "unknown"})
"""Kinds of token that a login brings."""


@dataclass(frozen=True, slots=True)
class Row:
    """One token on the panel and its state when the board was made."""

    token: Token
    state: TokenState


@dataclass(frozen=True, slots=True)
class Board:
    """Living tokens by deadline, dead ones below; `changes_at` is when the first state changes by itself.

    Times are unix seconds, UTC. `soonest` is the earliest deadline of a living token.
    """

    living: tuple[Row, ...] = ()
    dead: tuple[Row, ...] = ()
    soonest: int | None = None
    changes_at: float | None = None
    checked_at: int | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, living first."""
        return self.living + self.dead

    def find(self, name: str) -> Row | None:
        """Return the row of that token, or None."""
        return next((row for row in self.rows if row.token.name == name), None)


def make_board(tokens: Iterable[Token], now: float, window_of: Callable[[str], int]) -> Board:
    """Arrange tokens for the panel at `now` (unix seconds, UTC): the one that dies first on top, the dead below."""
    windows: dict[str, int] = {}
    living: list[tuple[float, str, Row]] = []
    dead: list[tuple[float, str, Row]] = []
    changes_at: float | None = None
    checked_at: int | None = None
    for token in tokens:
        window = windows.get(token.profile)
        if window is None:
            window = windows[token.profile] = window_of(token.profile)
        its_state = state(token, now, window)
        end = deadline(token)
        place = (float("inf") if end is None else end, token.name, Row(token, its_state))
        (dead if is_unusable(its_state) else living).append(place)
        change = _next_change(end, window, now)
        if change is not None and (changes_at is None or change < changes_at):
            changes_at = change
        if token.inspected_at is not None and (checked_at is None or token.inspected_at > checked_at):
            checked_at = token.inspected_at
    living.sort(key=lambda place: place[:2])
    dead.sort(key=lambda place: place[:2])
    soonest = next((int(end) for end, _, _ in living if end != float("inf")), None)
    return Board(tuple(row for *_, row in living), tuple(row for *_, row in dead), soonest, changes_at, checked_at)


def worse_rows(before: Board, after: Board) -> tuple[Row, ...]:
    """Return the rows whose state is worse than on the board before."""
    states = {row.token.name: row.state for row in before.rows}
    return tuple(
        row
        for row in after.rows
        if (former := states.get(row.token.name, TokenState.UNKNOWN)) is not TokenState.UNKNOWN
        and STATES[row.state].severity > STATES[former].severity
    )


def name_for_login(board: Board, selected: Row | None, profile: str) -> str:
    """Return the token a login renews: the one selected if it is the profile's and needs one, else a free name."""
    row = selected
    if row is not None and row.token.profile == profile and row.state != "valid" and row.token.kind in _BY_LOGIN:
        return row.token.name
    taken = {row.token.name for row in board.rows}
    names = (profile, *(f"{profile}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _next_change(end: int | None, window: int, now: float) -> float | None:
    if end is None:
        return None
    if end - window > now:
        return float(end - window)
    return float(end) if end > now else None
