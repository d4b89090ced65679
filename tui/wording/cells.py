"""How many cells of a terminal a text takes."""

import unicodedata


def cell_width(text: str) -> int:
    """Return the cells a terminal takes for a text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
