"""A token's refreshes as a small plot: one cell a span of days, from 90 days ago until now."""

from collections.abc import Iterable

DAYS = 90
_DAY = 86_400


def timeline(moments: Iterable[int], now: float, width: int) -> str:
    """Return `width` cells for the last 90 days, a dot where something happened; `moments` are unix seconds, UTC."""
    cells = ["·"] * width
    begin = now - DAYS * _DAY
    for moment in moments:
        if begin <= moment <= now:
            cells[min(width - 1, int((moment - begin) / (now - begin) * width))] = "●"
    return "".join(cells)
