"""The text of each cell of the tokens panel: what the pure rules say, cut to its column."""

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size

from tui.services.board import Row
from tui.tokens.life import life_used, missing_scopes
from tui.tokens.token import Token, deadline, nearer_clock
from tui.widgets.glyphs import Glyphs
from tui.widgets.token_columns import LONGEST_KIND, Column
from tui.wording.times import ago, countdown, span, stamp

_MINUTE = 60
_SHORT_KIND = {"user": "user", "page": "page", "system_user": "sys", "app": "app", "unknown": "?"}
Expected = Callable[[str], tuple[str, ...]]


def cell_text(column: Column, row: Row, now: float, glyphs: Glyphs, expected: Expected) -> str:
    """Return what stands in one cell at `now` (unix seconds, UTC), exactly as wide as its column."""
    text = _text(column, row, now, glyphs, expected)
    if column.key in ("left", "missing"):
        return text.rjust(column.width)[: column.width]
    return fitted(text, column.width, glyphs.ellipsis)


def fitted(text: str, width: int, ellipsis: str) -> str:
    """Return `text` cut or padded to `width` cells; a cut shows."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + ellipsis


def left_text(row: Row, now: float) -> str:
    """Return the time to the nearer end as a countdown; a word where there is nothing to count."""
    token = row.token
    if token.inspected_at is None and token.expires_at is None:
        return "?"
    end = deadline(token)
    if row.state == "invalid" and (end is None or end > now):
        return "refused"
    return countdown(None if end is None else end - now)


def _text(column: Column, row: Row, now: float, glyphs: Glyphs, expected: Expected) -> str:
    token = row.token
    match column.key:
        case "glyph":
            return glyphs.states[row.state]
        case "state":
            return row.state
        case "name":
            return token.name
        case "profile":
            return token.profile
        case "kind":
            return _SHORT_KIND[token.kind] if column.width < LONGEST_KIND else token.kind.replace("_", " ")
        case "account":
            return account_of(token)
        case "left":
            return left_text(row, now)
        case "other":
            return other_clock(token, now)
        case "life":
            return _bar(token, now, column.width, glyphs)
        case "missing":
            count = len(missing_scopes(token, expected(token.profile)))
            return f"-{count}" if count else ""
        case "checked":
            return seen_text(token, now)
        case "until":
            return stamp(deadline(token)).removesuffix(" UTC")


def seen_text(token: Token, now: float) -> str:
    """Return how long ago Facebook was asked; below a minute `<1m`, so that a panel of many need not tick for it."""
    if token.inspected_at is None:
        return "-"
    passed = now - token.inspected_at
    return "<1m" if passed < _MINUTE else span(passed).replace(" ", "").replace("min", "m")


def account_of(token: Token) -> str:
    """Return whom the token speaks for: its Instagram account where it reaches just one, else its subject."""
    accounts = [page.instagram_username for page in token.pages if page.instagram_username]
    if len(accounts) == 1:
        return "@" + accounts[0]
    return token.subject_name or token.subject_id or "-"


def other_clock(token: Token, now: float) -> str:
    """Return the clock that does not come first: `data 69d`, `exp never`."""
    if token.inspected_at is None:
        return ""
    if nearer_clock(token) == "data_access":
        return "exp " + _short(token.expires_at, now)
    return "" if token.data_access_expires_at is None else "data " + _short(token.data_access_expires_at, now)


def _short(end: int | None, now: float) -> str:
    if end is None:
        return "none"
    left = end - now
    return "gone" if left <= 0 else span(left).replace(" ", "").replace("min", "m")


def _bar(token: Token, now: float, width: int, glyphs: Glyphs) -> str:
    used = life_used(token, now)
    if used is None:
        return ""
    rest = max(0, min(width, round((1 - used) * width)))
    return glyphs.full * rest + glyphs.empty * (width - rest)


def checked_text(token: Token, now: float) -> str:
    """Return when Facebook was last asked, in words; whole minutes, since nobody counts them by the second."""
    if token.inspected_at is None:
        return "never asked"
    passed = now - token.inspected_at
    return "asked just now" if passed < _MINUTE else f"asked {ago(passed)}"
