"""What a terminal sends, in whole pieces, however the line cuts it. Pure: the time comes with each call.

A slow line may stop anywhere: within the mark that ends a paste, within a focus report, within an answer that the
terminal gives late. Nothing of such a sequence is a typed character, so an unfinished one waits for its rest.
"""

import re
from enum import Enum, StrEnum
from typing import NamedTuple

ESC = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"

LONGEST_SILENCE = 10.0
"""Seconds without any byte after which a paste or a sequence is taken as it is: its rest is lost."""

_LONGEST_SEQUENCE = 256
_LONGEST_TEXT = 1024
"""Characters of an answer that holds a text (OSC, DCS); what is longer was not an answer."""

_CONTROL_SEQUENCE = re.compile(r"\x1b\[(?:\[.|M[^\x1b]{3}|\d+\$|(?![\[M])[0-?]*[ -/]*[@-~])", re.DOTALL)
_CONTROL_BEGINNING = re.compile(r"\x1b\[(?:\[|M[^\x1b]{0,2}|(?![\[M])[0-?]*[ -/]*)", re.DOTALL)
_KEYPAD_SEQUENCE = re.compile(r"\x1bO\d?[A-Za-z]")
_KEYPAD_BEGINNING = re.compile(r"\x1bO\d?")
_TEXT_BEGINNING = re.compile(r"\x1b(?:\]\d?|P[\d>!|$+=]?|_G?)")
_TEXT_ENDS = re.compile(r"\x07|\x1b\\")
_TEXT_BREAKS = re.compile(r"[\x00-\x06\x08-\x1a\x1c-\x1f]|\x1b(?=[^\\])")

_ONLY_SENT = re.compile(
    r"\x1b(?:\[(?:\[.|M...|\d+\$|[<>?=]?[\d;:]+[ -/]*[@-~]|[A-FHIOPQRSZ])|O[A-DFHMP-S]|[\]P_].+)", re.DOTALL
)
"""What a terminal sends and no person types after the escape key."""


class AnswerKind(StrEnum):
    """What a terminal was asked."""

    PRIMARY = "da1"
    """`ESC [ c`: its class and abilities."""
    SECONDARY = "da2"
    """`ESC [ > c`: its type and version."""
    TERTIARY = "da3"
    """`ESC [ = c`: its unit."""
    VERSION = "xtversion"
    """`ESC [ > q`: its name and version."""
    MODE = "decrqm"
    """`ESC [ ? n $ p`: whether it knows a mode."""
    KEYBOARD = "keyboard"
    """`ESC [ ? u`: which of kitty's ways to report keys are on."""
    TEXT = "text"
    """Any other answer that holds a text: a color (OSC 10, 11), a setting (DECRQSS, XTGETTCAP)."""


_ANSWERS = (
    (AnswerKind.PRIMARY, re.compile(r"\x1b\[\?([\d;]*)c")),
    (AnswerKind.SECONDARY, re.compile(r"\x1b\[>([\d;]*)c")),
    (AnswerKind.TERTIARY, re.compile(r"\x1bP!\|(.*)(?:\x07|\x1b\\)", re.DOTALL)),
    (AnswerKind.VERSION, re.compile(r"\x1bP>\|(.*)(?:\x07|\x1b\\)", re.DOTALL)),
    (AnswerKind.MODE, re.compile(r"\x1b\[\??([\d;]+)\$y")),
    (AnswerKind.KEYBOARD, re.compile(r"\x1b\[\?(\d*)u")),
    (AnswerKind.TEXT, re.compile(r"\x1b[\]P_](.*)(?:\x07|\x1b\\)", re.DOTALL)),
)


class Typed(NamedTuple):
    """Characters, or one whole sequence: a key or a report that Textual knows the meaning of."""

    text: str


class Pasted(NamedTuple):
    """A paste; not `is_whole` where its end never came."""

    text: str
    is_whole: bool = True


class Answer(NamedTuple):
    """What the terminal answered: `0;136;0` for `ESC [ > 0 ; 136 ; 0 c`. The text is as it came: make it harmless."""

    kind: AnswerKind
    text: str


class WasNoEscape(NamedTuple):
    """The escape that was given as a key was the beginning of what follows."""


Piece = Typed | Pasted | Answer | WasNoEscape


class _Scan(Enum):
    WHOLE = "whole"
    UNFINISHED = "unfinished"
    BROKEN = "broken"


class PieceReader:
    """Puts pieces together. Times are seconds of any clock that does not go back.

    `escape_delay`: seconds after which an escape that nothing follows is the key.
    """

    def __init__(self, escape_delay: float) -> None:
        self._escape_delay = escape_delay
        self._unfinished = ""
        self._paste: str | None = None
        self._last_at = 0.0
        self._escape_at: float | None = None
        """When an escape was given as a key after which nothing has come."""

    def feed(self, text: str, now: float) -> list[Piece]:
        """Return the whole pieces that `text` completes."""
        pieces = self.expire(now)
        self._last_at = now
        text, is_late = self._unfinished + text, self._escape_at is not None
        if is_late and not self._unfinished:
            text = ESC + text
        self._unfinished = ""
        if is_late and self._paste is None:
            text = self._finish_escape(text, pieces)
        while text:
            if self._paste is not None:
                text = self._go_on_with_paste(text, pieces)
            elif text[0] == ESC:
                text = self._take_sequence(text, pieces)
            else:
                end = text.find(ESC) % (len(text) + 1)
                pieces.append(Typed(text[:end]))
                text = text[end:]
        return pieces

    def expire(self, now: float) -> list[Piece]:
        """Return what waits for nothing any more: a lone escape, a paste whose end is lost."""
        silence = now - self._last_at
        if self._paste is not None:
            if silence < LONGEST_SILENCE:
                return []
            text, self._paste = self._paste, None
            return [Pasted(text, is_whole=False)]
        if self._unfinished == ESC and self._escape_at is None and silence >= self._escape_delay:
            self._unfinished, self._escape_at = "", now
            return [Typed(ESC), *self.expire(now)]
        if silence >= LONGEST_SILENCE:
            self._unfinished, self._escape_at = "", None
        return []

    def _finish_escape(self, text: str, pieces: list[Piece]) -> str:
        """Return the text after what belongs to the escape that was given as a key; `text` begins with it."""
        scan, end = _scan(text)
        if scan is _Scan.UNFINISHED and text[1:2] != ESC:
            self._unfinished = text
            return ""
        self._escape_at = None
        if scan is _Scan.WHOLE and _ONLY_SENT.fullmatch(text[:end]):
            pieces.append(WasNoEscape())
            return text
        return text[1:]

    def _go_on_with_paste(self, text: str, pieces: list[Piece]) -> str:
        before = self._paste or ""
        pasted = before + text
        end = pasted.find(PASTE_ENDS, max(0, len(before) - len(PASTE_ENDS)))
        if end < 0:
            self._paste = pasted
            return ""
        self._paste = None
        pieces.append(Pasted(pasted[:end]))
        return pasted[end + len(PASTE_ENDS) :]

    def _take_sequence(self, text: str, pieces: list[Piece]) -> str:
        """Return the text after the sequence that `text` begins with; what is broken is left out."""
        scan, end = _scan(text)
        if scan is _Scan.UNFINISHED:
            self._unfinished = text
            return ""
        if scan is _Scan.WHOLE:
            self._add(text[:end], pieces)
        return text[end:]

    def _add(self, sequence: str, pieces: list[Piece]) -> None:
        if sequence == PASTE_BEGINS:
            self._paste = ""
            return
        answer = _answer(sequence)
        if answer is not None:
            pieces.append(answer)
        is_known = answer is None or answer.kind is AnswerKind.MODE  # Textual asks for modes itself
        if is_known and sequence != PASTE_ENDS:
            pieces.append(Typed(sequence))


def _answer(sequence: str) -> Answer | None:
    for kind, form in _ANSWERS:
        if match := form.fullmatch(sequence):
            return Answer(kind, match[1])
    return None


def _scan(text: str) -> tuple[_Scan, int]:
    """Return how the sequence at the beginning of `text` stands, and where it ends; `text` begins with an escape."""
    kind = text[1:2]
    if not kind:
        return _Scan.UNFINISHED, 0
    if kind == ESC:
        return _Scan.WHOLE, 1  # two presses of the key
    if kind == "[":
        return _scan_form(text, _CONTROL_SEQUENCE, _CONTROL_BEGINNING)
    if kind == "O":
        return _scan_form(text, _KEYPAD_SEQUENCE, _KEYPAD_BEGINNING)
    if kind in "]P_":
        return _scan_text(text)
    return _Scan.WHOLE, 2  # alt with a character


def _scan_form(text: str, whole: re.Pattern[str], beginning: re.Pattern[str]) -> tuple[_Scan, int]:
    if match := whole.match(text):
        return _Scan.WHOLE, match.end()
    begun = beginning.match(text)
    end = begun.end() if begun is not None else 2
    is_unfinished = end == len(text) and end <= _LONGEST_SEQUENCE
    return (_Scan.UNFINISHED, 0) if is_unfinished else (_Scan.BROKEN, end)


def _scan_text(text: str) -> tuple[_Scan, int]:
    begun = _TEXT_BEGINNING.match(text)
    end = begun.end() if begun is not None else 2
    if end == len(text) and end < 4:
        return _Scan.UNFINISHED, 0
    if end == 2:
        return _Scan.BROKEN, end  # alt with `]`, `P` or `_`
    ended, broken = _TEXT_ENDS.search(text, end), _TEXT_BREAKS.search(text, end)
    if broken is not None and (ended is None or broken.start() < ended.start()):
        return _Scan.BROKEN, broken.start()
    if ended is not None:
        return _Scan.WHOLE, ended.end()
    return (_Scan.UNFINISHED, 0) if len(text) <= _LONGEST_TEXT else (_Scan.BROKEN, len(text))
