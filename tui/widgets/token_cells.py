"""The text of each cell of the tokens table, cut to its column."""

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size

from tui.services.board import Row
from tui.tokens.life import life_used, missing_scopes
from tui.tokens.states import STATES
from tui.tokens.token import Token, deadline
from tui.widgets.token_columns import LONGEST_KIND, Column
from tui.wording.times import span, stamp
from tui.wording.token_words import account_of, kind_text, time_left

_MINUTE = 60
Expected = Callable[[str], tuple[str, ...]]


def cell_text(column: Column, row: Row, now: float, expected: Expected) -> str:
    """Return the text of one cell at `now` (unix seconds, UTC), exactly as wide as its column."""
    return aligned(column, _text(column, row, now, expected))


def aligned(column: Column, text: str) -> str:
    """Return a text exactly as wide as its column: numbers to the right."""
    if column.key in ("left", "missing"):
        return text.rjust(column.width)[: column.width]
    return fitted(text, column.width)


def fitted(text: str, width: int) -> str:
    """Return `text` cut or padded to `width` cells; a cut shows."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def _text(column: Column, row: Row, now: float, expected: Expected) -> str:
    token = row.token
    match column.key:
        case "glyph":
            return STATES[row.state].glyph
        case "state":
            return f"{row.state} !" if row.is_undelivered else row.state
        case "name":
            return token.name
        case "profile":
            return token.profile
        case "kind":
            return kind_text(token) if column.width >= LONGEST_KIND else token.kind.partition("_")[0]
        case "account":
            return account_of(token) or "-"
        case "left":
            return time_left(token, row.state, now)
        case "data_access":
            return data_access(token, now)
        case "life":
            return _bar(token, now, column.width)
        case "missing":
            count = len(missing_scopes(token, expected(token.profile)))
            return str(count) if count else ""
        case "checked":
            return seen_text(token, now)
        case "until":
            return stamp(deadline(token)).removesuffix(" UTC")


def seen_text(token: Token, now: float) -> str:
    """Return how long ago Facebook was asked; below a minute `<1m`, so that a table of many need not redraw for it."""
    if token.inspected_at is None:
        return "-"
    passed = now - token.inspected_at
    return "<1m" if passed < _MINUTE else span(passed).replace(" ", "").replace("min", "m")


def data_access(token: Token, now: float) -> str:
    """Return the time until data access ends: `69 d`, `none` where it has no end."""
    if token.inspected_at is None:
        return ""
    end = token.data_access_expires_at
    if end is None:
        return "none"
    return span(end - now) if end > now else "ended"


def _bar(token: Token, now: float, width: int) -> str:
    used = life_used(token, now)
    if used is None:
        return ""
    rest = max(0, min(width, round((1 - used) * width)))
    return "━" * rest + "─" * (width - rest)
