"""What somebody probably meant who typed a name that does not exist."""

from collections.abc import Iterable


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Return `. Did you mean X?` to follow a sentence's last word, or an empty text where nothing is close."""
    close = closest(typed, known)
    return f". Did you mean {close}?" if close else ""


def closest(typed: str, known: Iterable[str]) -> str:
    """Return the known name nearest to what was typed, whatever its case; empty where none is near."""
    from difflib import get_close_matches  # only where somebody mistyped

    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(typed.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else ""
