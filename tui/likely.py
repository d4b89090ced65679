"""The known name that is most like a mistyped one."""

from collections.abc import Iterable


def suggestion(typed: str, known: Iterable[str]) -> str:
    """Return ` Did you mean X?`, to follow a sentence; empty where no name is close."""
    name = closest(typed, known)
    return f" Did you mean {name}?" if name else ""


def closest(typed: str, known: Iterable[str]) -> str:
    """Return the known name most like a typed one, in any case; empty where no name is close."""
    from difflib import get_close_matches  # only needed after a typing error

    by_folded = {name.casefold(): name for name in known}
    matches = get_close_matches(typed.casefold(), by_folded, n=1)
    return by_folded[matches[0]] if matches else ""
