"""Numbers with their nouns, and lists of names that end where they would be too long."""

from collections.abc import Iterable


def counted(count: object, noun: str) -> str:
    """Return a number with its noun, as in `1 token`, `3 tokens`."""
    return f"{count} {noun}{'' if str(count) == '1' else 's'}"


def listed(names: Iterable[str], most: int = 4) -> str:
    """Return names after commas: at most so many, then how many more there are."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return f"{', '.join(every[:most])}{more}"
