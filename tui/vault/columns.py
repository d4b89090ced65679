"""Single values of a row that may be damaged: SQLite stores any type in any column."""


def text(stored: object) -> str:
    """Return a text; an empty one where something else is stored."""
    return stored if isinstance(stored, str) else ""


def number(stored: object) -> int:
    """Return a number; 0 where something else is stored."""
    return stored if isinstance(stored, int) else 0


def number_or_none(stored: object) -> int | None:
    """Return a number; None where there is none."""
    return stored if isinstance(stored, int) else None
