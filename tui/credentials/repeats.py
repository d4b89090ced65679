"""Find a value that was pasted several times in a row."""

from __future__ import annotations

from collections.abc import Callable

from tui.credentials.model import Flaw, FlawKind

_MOST_TIMES = 4


def repeated(value: str, kept: list[int], is_one: Callable[[str], bool]) -> Flaw | None:
    """Return the flaw of the further copies when `value` is one value several times; `kept` are its positions."""
    for times in range(2, _MOST_TIMES + 1):
        size, rest = divmod(len(value), times)
        if rest == 0 and value == value[:size] * times and is_one(value[:size]):
            return Flaw(FlawKind.DOUBLED, kept[size], kept[-1] + 1, "", number=times)
    return None


def until_copy(flaws: list[Flaw], kept: list[int], copy: Flaw) -> list[Flaw]:
    """Return the flaws before the second copy; what is between the copies is removed with it."""
    gap = kept[kept.index(copy.start) - 1] + 1
    return [flaw._replace(proposal="") if flaw.start >= gap else flaw for flaw in flaws if flaw.end <= copy.start]
