"""`igauth status` as a table that fits the width, for people; plain ASCII but for the names Facebook gave."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.tokens.states import STATES
from tui.tokens.status import Entry
from tui.tokens.token import nearer_clock
from tui.wording.cells import cell_width
from tui.wording.times import ago, countdown
from tui.wording.token_words import account_of, kind_text, reason_word, time_left

if TYPE_CHECKING:
    from tui.matillion.estimate import Estimate

_HEADS = ("STATE", "NAME", "LEFT", "PROFILE", "KIND", "ACCOUNT", "DATA ACCESS", "CHECKED", "MISSING", "REASON")
_DROPPED_FIRST = (8, 6, 4, 7, 5, 3, 9)
"""Columns that go, in this order, where the width is too small; state, name and time left always stay."""

NOTHING_YET = (
    "There is no token and no profile yet. Add one: igauth add NAME --app-id ID; or look around first: igauth demo"
)
_GAP = 2
_SHORTEST = 8
"""Cells a name is never cut below."""


def table(
    found: Sequence[Entry],
    now: float,
    width: int = 80,
    *,
    color: bool = False,
    matillion: "Sequence[tuple[str, Estimate]]" = (),
) -> str:
    """Return the lines joined by newlines, none wider than `width` cells where that is possible at all.

    `matillion` are profiles with the estimates for Matillion's own tokens, which stand below the others.
    """
    rows = _rows(found, now, width, color=color) if found else ["No token is stored. Log in: igauth login"]
    return "\n".join([*rows, *_estimate_rows(matillion, width)])


def _estimate_rows(matillion: "Sequence[tuple[str, Estimate]]", width: int) -> list[str]:
    if not matillion:
        return []
    from tui.wording.matillion import estimate_sentence  # its words cost time that few tables need

    texts = (
        f"Matillion: {estimate.entry} ({profile}): {estimate_sentence(estimate)}" for profile, estimate in matillion
    )
    return [_fitted(text, width).rstrip() for text in texts]


def _rows(found: Sequence[Entry], now: float, width: int, *, color: bool) -> list[str]:
    found = sorted(found, key=lambda entry: STATES[entry.state].group)
    rows = [_cells(entry, now) for entry in found]
    columns = list(zip(*rows, strict=True))
    kept = [index for index, column in enumerate(columns) if any(column) or index < 3]
    plain = {index for index in kept if "".join(columns[index]).isascii()}
    widths = {
        index: max(len(_HEADS[index]), *map(len if index in plain else cell_width, columns[index])) for index in kept
    }
    for index in _DROPPED_FIRST:
        if _total(widths) <= width:
            break
        widths.pop(index, None)
    spare = width - _total(widths)
    if spare < 0:
        widths[1] = max(_SHORTEST, widths[1] + spare)
    lines = [_line(_HEADS, widths)]
    # where every text is ASCII and fits, padding by format is the same line at a fraction of the cost
    is_simple = spare >= 0 and plain.issuperset(widths)
    simple = (" " * _GAP).join(f"{{{index}:<{cells}}}" for index, cells in widths.items()).format
    for entry, row in zip(found, rows, strict=True):
        line = simple(*row).rstrip() if is_simple else _line(row, widths)
        if color:
            word = line[: len(entry.state)]
            line = f"\x1b[{STATES[entry.state].ansi}m{word}\x1b[0m{line[len(entry.state) :]}"
        lines.append(line)
    return lines


def _cells(entry: Entry, now: float) -> tuple[str, ...]:
    token = entry.token
    access = token.data_access_expires_at
    nearer = nearer_clock(token) == "data_access"
    return (
        entry.state,
        token.name,
        time_left(token, entry.state, now),
        token.profile,
        kind_text(token),
        account_of(token),
        "" if access is None else countdown(max(0, access - now)) + (" *" if nearer else ""),
        ago(None if token.inspected_at is None else now - token.inspected_at),
        ", ".join(entry.missing),
        reason_word(entry.reason),
    )


def _line(row: Sequence[str], widths: dict[int, int]) -> str:
    return (" " * _GAP).join(_fitted(row[index], cells) for index, cells in widths.items()).rstrip()


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + _GAP * (len(widths) - 1)


def _fitted(text: str, cells: int) -> str:
    if cell_width(text) > cells:
        kept = ""
        for character in text:
            if cell_width(kept + character) > cells - 1:
                break
            kept += character
        text = kept + "~"
    return text + " " * (cells - cell_width(text))
