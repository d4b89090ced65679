"""What tells a paste that arrives as keys from keys that a person types. Pure: times come with the keys.

A terminal without bracketed paste sends a paste as if it were typed. A person rolls two keys into one moment, and a
held key repeats itself; three different characters faster than any key repeats were not typed.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

LONGEST_GAP = 0.03
"""Seconds between two characters of a paste at most, where the line does not cut it; held keys repeat as fast."""
QUIET = 1.0
"""Seconds without a character after which a paste has ended: until then a line may have cut it."""
LONGEST_CUT = 5.0
"""Seconds after which what arrives is another paste, where it is one."""
_DIFFERENT, _DIFFERENT_LATER = 3, 2
"""Different characters that make a paste; fewer where they may be the rest of one."""
_REPEAT = 0.7
"""Seconds until a key that is held repeats itself at the latest."""
_LINE_ENDS = "\r\n\t"


class Stroke(NamedTuple):
    """A character that arrived as a key. `at`: when, in seconds."""

    character: str
    at: float

    @property
    def is_printable(self) -> bool:
        """Whether it is a character and no line end or tab."""
        return self.character.isprintable()


class Verdict(Enum):
    """What the next key is."""

    KEY = "key"
    PASTE = "paste"
    OPEN = "open"
    """It takes a moment to know: what follows decides."""


class Judgment(NamedTuple):
    """The verdict on the next `strokes`: how many they are. `begins`: they are the first that is seen of a paste."""

    verdict: Verdict
    strokes: int = 1
    begins: bool = False


class FastKeys:
    """Judges keys one after the other, outside fields."""

    def __init__(self) -> None:
        self._typed: list[Stroke] = []
        """Keys that were played in the current run of fast ones."""
        self._pasted_at: float | None = None

    def judge(self, waiting: Sequence[Stroke], now: float, *, is_open: bool) -> Judgment:
        """Return what the first of the waiting strokes is. `is_open`: what comes next may belong to them."""
        first = waiting[0]
        if self._pasted_at is not None and first.at - self._pasted_at <= QUIET:
            self._pasted_at = first.at
            return Judgment(Verdict.PASTE)
        run = _run(waiting)
        before = self._typed if self._typed and first.at - self._typed[-1].at <= LONGEST_GAP else []
        begins = self._pasted_at is None or first.at - self._pasted_at > LONGEST_CUT
        if first.character != "\t" and _different([*before, *run]) >= (_DIFFERENT if begins else _DIFFERENT_LATER):
            self._typed, self._pasted_at = [], run[-1].at
            return Judgment(Verdict.PASTE, len(run), begins)
        if is_open and len(run) == len(waiting) and now - run[-1].at < LONGEST_GAP and not self._is_repeated(first):
            return Judgment(Verdict.OPEN)
        self._typed = [*before, first]
        return Judgment(Verdict.KEY)

    def end_paste(self) -> None:
        """Take what comes next for typed: a key came that no paste holds."""
        self._pasted_at = None

    def _is_repeated(self, stroke: Stroke) -> bool:
        """Tell whether a key is held, or is none that types anything: neither has to wait."""
        held = bool(self._typed) and self._typed[-1].character == stroke.character
        return not stroke.is_printable or (held and stroke.at - self._typed[-1].at <= _REPEAT)


def pasted_lines(waiting: Sequence[Stroke]) -> int:
    """Return how many of the waiting strokes are one paste of several lines; 0 where the next one is a key.

    In a field it matters for them alone: enter would submit the first line, and the rest would go elsewhere.
    """
    run = _run(waiting)
    text = "".join(stroke.character for stroke in run)
    return len(run) if _different(run) >= _DIFFERENT and len(text.split()) > 1 and len(text.splitlines()) > 1 else 0


def is_stroke(character: str | None) -> bool:
    """Tell whether a key may be part of a paste."""
    return character is not None and (character.isprintable() or character in _LINE_ENDS)


def _run(waiting: Sequence[Stroke]) -> list[Stroke]:
    run = [waiting[0]]
    for stroke in waiting[1:]:
        if stroke.at - run[-1].at > LONGEST_GAP:
            break
        run.append(stroke)
    return run


def _different(run: Sequence[Stroke]) -> int:
    return len({stroke.character for stroke in run if stroke.is_printable})
