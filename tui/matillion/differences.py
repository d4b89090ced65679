"""Two values compared character by character, and each difference told at its place. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tui.matillion.address import DialogAddress, visible

_LABEL = 11
"""Cells of the word in front of a drawn value."""
_ALIKE = 0.6
"""Below this likeness two values have nothing to do with each other, and only where they part is told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two values differ: `theirs[start:end]` stands where ours has `ours[ours_start:ours_end]`."""

    name: str
    ours: str
    theirs: str
    ours_start: int
    ours_end: int
    start: int
    end: int
    sentence: str


def compare(address: DialogAddress, app_id: str, callback_url: str) -> tuple[Difference, ...]:
    """Return every place where what Matillion sends differs from the profile; none: equal byte for byte."""
    return (
        *differences("client_id", app_id, address.client_id),
        *differences("redirect_uri", callback_url, address.redirect_uri),
    )


def differences(name: str, ours: str, theirs: str) -> tuple[Difference, ...]:
    """Return every place where `theirs` differs from `ours`, in order; both are made visible first."""
    ours, theirs = visible(ours), visible(theirs)
    if ours == theirs:
        return ()
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    if not ours or not theirs or matcher.ratio() < _ALIKE:
        at = next(
            (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
        )
        return (_difference(name, ours, theirs, (at, len(ours), at, len(theirs)), whole=True),)
    spans = [span[1:] for span in matcher.get_opcodes() if span[0] != "equal"]
    return tuple(_difference(name, ours, theirs, span) for span in spans)


def drawn(found: Sequence[Difference], width: int) -> list[str]:
    """Return both values, folded to `width` cells, with a caret under every character where they differ.

    Where one value lacks what the other has, the caret stands where it would be. Empty without differences.
    """
    if not found:
        return []
    ours = [(one.ours_start, one.ours_end) for one in found]
    theirs = [(one.start, one.end) for one in found]
    return [
        *_marked("profile", found[0].ours, ours, width),
        *_marked("Matillion", found[0].theirs, theirs, width),
    ]


def _marked(label: str, text: str, spans: Sequence[tuple[int, int]], width: int) -> list[str]:
    places = {place for start, end in spans for place in range(start, max(end, start + 1))}
    length = max(1, width - _LABEL)
    lines = []
    for first in range(0, max(1, len(text), max(places) + 1), length):
        piece = text[first : first + length]
        carets = "".join(
            ("^" if place in places else " ") * (_cells(text[place]) if place < len(text) else 1)
            for place in range(first, first + length)
        ).rstrip()
        lines.append(f"{label if first == 0 else '':<{_LABEL}}{piece}".rstrip())
        lines += [f"{'':<{_LABEL}}{carets}"] if carets else []
    return lines


def _cells(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _difference(
    name: str, ours: str, theirs: str, span: tuple[int, int, int, int], *, whole: bool = False
) -> Difference:
    ours_start, ours_end, start, end = span
    mine, other = ours[ours_start:ours_end], theirs[start:end]
    if whole:
        text = f"{name}: another value altogether; they part at character {start + 1}"
    elif not mine:
        text = f"{name}, character {start + 1}: Matillion sends {_named(other)} that the profile does not have"
    elif not other:
        text = f"{name}, character {start + 1}: Matillion leaves out {_named(mine)}"
    else:
        text = f"{name}, character {start + 1}: Matillion sends {_named(other)}, the profile has {_named(mine)}"
    return Difference(name, ours, theirs, ours_start, ours_end, start, end, text)


def _named(piece: str) -> str:
    if len(piece) == 1 and (piece.isspace() or not piece.isascii()):
        return f"{unicodedata.name(piece, 'a character')} U+{ord(piece):04X}"
    return f"“{piece if len(piece) <= 40 else piece[:39] + '…'}”"
