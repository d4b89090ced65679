"""The known name that is most like a mistyped one."""

from collections.abc import Iterable

_ALIKE = 0.75
"""Share of letters in common from which a name may be meant: one wrong letter in four, as in acne for acme."""


def suggestion(typed: str, known: Iterable[str]) -> str:
    """Return ` Did you mean X?`, to follow a sentence; empty where no name is close."""
    name = closest(typed, known)
    return f" Did you mean {name}?" if name else ""


def closest(typed: str, known: Iterable[str]) -> str:
    """Return the known name most like a typed one or begun by it, in any case; empty where no name is close."""
    from difflib import get_close_matches  # only needed after a typing error

    by_folded = {name.casefold(): name for name in known}
    folded = typed.casefold()
    matches = get_close_matches(folded, by_folded, n=1, cutoff=_ALIKE)
    matches += [name for name in by_folded if len(folded) > 2 and name.startswith(folded)]
    return by_folded[matches[0]] if matches else ""
