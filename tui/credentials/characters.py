"""The name of a character, its kind, and the ASCII character it may stand for.

The rules ask only about characters that a field does not allow; every code point, assigned or not, has an answer.
"""

import unicodedata
from functools import lru_cache

from tui.credentials.flaws import INVISIBLE, Character, FlawKind

_CONTROLS = (
    "NULL|START OF HEADING|START OF TEXT|END OF TEXT|END OF TRANSMISSION|ENQUIRY|ACKNOWLEDGE|ALERT|BACKSPACE"
    "|CHARACTER TABULATION|LINE FEED|LINE TABULATION|FORM FEED|CARRIAGE RETURN|SHIFT OUT|SHIFT IN|DATA LINK ESCAPE"
    "|DEVICE CONTROL ONE|DEVICE CONTROL TWO|DEVICE CONTROL THREE|DEVICE CONTROL FOUR|NEGATIVE ACKNOWLEDGE"
    "|SYNCHRONOUS IDLE|END OF TRANSMISSION BLOCK|CANCEL|END OF MEDIUM|SUBSTITUTE|ESCAPE|INFORMATION SEPARATOR FOUR"
    "|INFORMATION SEPARATOR THREE|INFORMATION SEPARATOR TWO|INFORMATION SEPARATOR ONE|DELETE|PADDING CHARACTER"
    "|HIGH OCTET PRESET|BREAK PERMITTED HERE|NO BREAK HERE|INDEX|NEXT LINE|START OF SELECTED AREA"
    "|END OF SELECTED AREA|CHARACTER TABULATION SET|CHARACTER TABULATION WITH JUSTIFICATION|LINE TABULATION SET"
    "|PARTIAL LINE FORWARD|PARTIAL LINE BACKWARD|REVERSE LINE FEED|SINGLE SHIFT TWO|SINGLE SHIFT THREE"
    "|DEVICE CONTROL STRING|PRIVATE USE ONE|PRIVATE USE TWO|SET TRANSMIT STATE|CANCEL CHARACTER|MESSAGE WAITING"
    "|START OF GUARDED AREA|END OF GUARDED AREA|START OF STRING|SINGLE GRAPHIC CHARACTER INTRODUCER"
    "|SINGLE CHARACTER INTRODUCER|CONTROL SEQUENCE INTRODUCER|STRING TERMINATOR|OPERATING SYSTEM COMMAND"
    "|PRIVACY MESSAGE|APPLICATION PROGRAM COMMAND"
)
_CONTROL_NAMES = dict(zip((*range(0x20), *range(0x7F, 0xA0)), _CONTROLS.split("|"), strict=True))
_UNNAMED = {"Cs": "LONE SURROGATE", "Co": "PRIVATE USE CHARACTER", "Cn": "UNASSIGNED CHARACTER"}

_KINDS: dict[str, FlawKind] = {
    char: kind
    for chars, kind in (
        (" ", FlawKind.SPACE),
        ("\t", FlawKind.TAB),
        ("\n\r\x85\u2028\u2029", FlawKind.LINE_BREAK),
        ("\"'`‘’‚‛“”„‟‹›«»′″‵‶ʼʻ´＂＇｀〝〞「」『』〈〉《》⟨⟩", FlawKind.QUOTE),
        ("<>", FlawKind.ANGLE_BRACKET),
        ("()[]{}", FlawKind.BRACKET),
        (",;.，；。、､｡﹐﹔", FlawKind.PUNCTUATION),
        ("\\", FlawKind.BACKSLASH),
        ("%", FlawKind.STRAY_PERCENT),
        ("\ufeff", FlawKind.BYTE_ORDER_MARK),
        ("\xad", FlawKind.SOFT_HYPHEN),
        ("\ufffd", FlawKind.REPLACEMENT_CHARACTER),
        ("\ufffc", FlawKind.OBJECT_CHARACTER),
        ("…⋯", FlawKind.TRUNCATED),
        ("•●∙·⬤◦▪■∗⁎＊", FlawKind.MASKED),
        ("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u034f\u180e", FlawKind.ZERO_WIDTH),
        ("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5", FlawKind.BLANK_LETTER),
        ("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", FlawKind.DIRECTION_MARK),
        ("\u180b\u180c\u180d\u180f", FlawKind.VARIATION_SELECTOR),
    )
    for char in chars
}
_RANGES = (
    (0xFE00, 0xFE0F, FlawKind.VARIATION_SELECTOR),
    (0xE0100, 0xE01EF, FlawKind.VARIATION_SELECTOR),
    (0xE0000, 0xE007F, FlawKind.TAG_CHARACTER),
    (0x1F000, 0x1F0FF, FlawKind.EMOJI),
    (0x1F18E, 0x1F64F, FlawKind.EMOJI),
    (0x1F680, 0x1FAFF, FlawKind.EMOJI),
    (0x2600, 0x27BF, FlawKind.EMOJI),
    (0x231A, 0x23FF, FlawKind.EMOJI),
    (0x2B05, 0x2B55, FlawKind.EMOJI),
)
_CATEGORIES = {
    "Z": FlawKind.SPACE,
    "M": FlawKind.COMBINING_MARK,
    "Cc": FlawKind.CONTROL_CHARACTER,
    "Cf": FlawKind.FORMAT_CHARACTER,
    "Cs": FlawKind.LONE_SURROGATE,
    "Co": FlawKind.PRIVATE_USE,
    "Cn": FlawKind.UNASSIGNED,
    "Pi": FlawKind.QUOTE,
    "Pf": FlawKind.QUOTE,
    "Ps": FlawKind.BRACKET,
    "Pe": FlawKind.BRACKET,
}

_LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕԁԛԝһАВЕКМНОРСТХУІЈЅԚԜαορικυνΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոɑɡıℓ‐‑‒–—―−⁃﹣⁄∕∶꞉․",
        "aeopcyxijsdqwhABEKMHOPCTXYIJSQWaopikuvABEZHIKMNOPTYXouhnagil--------" + "-//::.",
        strict=True,
    )
)


@lru_cache(maxsize=4096)
def character(char: str) -> Character:
    """Name one character, controls, surrogates and unassigned code points too."""
    code_point = ord(char)
    name = unicodedata.name(char, "") or _CONTROL_NAMES.get(code_point, "")
    if not name and (code_point & 0xFFFE == 0xFFFE or 0xFDD0 <= code_point <= 0xFDEF):
        name = "NONCHARACTER"
    return Character(code_point, name or _UNNAMED.get(unicodedata.category(char), "UNNAMED CHARACTER"))


@lru_cache(maxsize=4096)
def kind_of(char: str) -> FlawKind:
    """Return the kind of flaw that `char` is where a field does not allow it."""
    if char in _KINDS:
        return _KINDS[char]
    for first, last, kind in _RANGES:
        if first <= ord(char) <= last:
            return kind
    if unicodedata.digit(char, None) is not None:
        return FlawKind.DIGIT if char.isascii() else FlawKind.NON_ASCII_DIGIT
    category = unicodedata.category(char)
    if (found := _CATEGORIES.get(category) or _CATEGORIES.get(category[0])) is not None:
        return found
    if plain_reading(char) is not None:
        return FlawKind.LOOK_ALIKE
    if char.isascii() and char.isalpha():
        return FlawKind.LETTER
    return FlawKind.FOREIGN_LETTER if category[0] in "LN" else FlawKind.SYMBOL


@lru_cache(maxsize=4096)
def plain_reading(char: str) -> str | None:
    """Return the one ASCII character that `char` plainly stands for (a full-width 1, a Cyrillic a), else None."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and "!" <= folded <= "~" and folded != char else None


def is_blank(char: str) -> bool:
    """Tell whether `char` shows as nothing or as a gap where a field does not allow it."""
    kind = kind_of(char)
    return kind in INVISIBLE and kind is not FlawKind.EMOJI
