"""What a single character is: its name, the family it belongs to, and the plain character it may stand for.

Nothing here lists what is bad: the rules ask only about characters that the field does not allow, and every
code point, assigned or not, has an answer.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from tui.credentials.model import Character

_C0 = (
    "NULL|START OF HEADING|START OF TEXT|END OF TEXT|END OF TRANSMISSION|ENQUIRY|ACKNOWLEDGE|ALERT|BACKSPACE"
    "|CHARACTER TABULATION|LINE FEED|LINE TABULATION|FORM FEED|CARRIAGE RETURN|SHIFT OUT|SHIFT IN|DATA LINK ESCAPE"
    "|DEVICE CONTROL ONE|DEVICE CONTROL TWO|DEVICE CONTROL THREE|DEVICE CONTROL FOUR|NEGATIVE ACKNOWLEDGE"
    "|SYNCHRONOUS IDLE|END OF TRANSMISSION BLOCK|CANCEL|END OF MEDIUM|SUBSTITUTE|ESCAPE|INFORMATION SEPARATOR FOUR"
    "|INFORMATION SEPARATOR THREE|INFORMATION SEPARATOR TWO|INFORMATION SEPARATOR ONE"
)
_C1 = (
    "PADDING CHARACTER|HIGH OCTET PRESET|BREAK PERMITTED HERE|NO BREAK HERE|INDEX|NEXT LINE|START OF SELECTED AREA"
    "|END OF SELECTED AREA|CHARACTER TABULATION SET|CHARACTER TABULATION WITH JUSTIFICATION|LINE TABULATION SET"
    "|PARTIAL LINE FORWARD|PARTIAL LINE BACKWARD|REVERSE LINE FEED|SINGLE SHIFT TWO|SINGLE SHIFT THREE"
    "|DEVICE CONTROL STRING|PRIVATE USE ONE|PRIVATE USE TWO|SET TRANSMIT STATE|CANCEL CHARACTER|MESSAGE WAITING"
    "|START OF GUARDED AREA|END OF GUARDED AREA|START OF STRING|SINGLE GRAPHIC CHARACTER INTRODUCER"
    "|SINGLE CHARACTER INTRODUCER|CONTROL SEQUENCE INTRODUCER|STRING TERMINATOR|OPERATING SYSTEM COMMAND"
    "|PRIVACY MESSAGE|APPLICATION PROGRAM COMMAND"
)
_UNNAMED = {"Cs": "LONE SURROGATE", "Co": "PRIVATE USE CHARACTER", "Cn": "UNASSIGNED CHARACTER"}

_ASCII_KINDS = {
    " ": "space",
    "\t": "tab",
    "\n": "line_break",
    "\r": "line_break",
    '"': "quote",
    "'": "quote",
    "`": "quote",
    "<": "angle_bracket",
    ">": "angle_bracket",
    "(": "bracket",
    ")": "bracket",
    "[": "bracket",
    "]": "bracket",
    "{": "bracket",
    "}": "bracket",
    ",": "punctuation",
    ";": "punctuation",
    ".": "punctuation",
    "\\": "backslash",
    "%": "stray_percent",
}
_SINGLES = {
    0x85: "line_break",
    0x2028: "line_break",
    0x2029: "line_break",
    0xFEFF: "byte_order_mark",
    0xAD: "soft_hyphen",
    0xFFFD: "replacement_character",
    0xFFFC: "object_character",
    0x2026: "ellipsis",
    0x22EF: "ellipsis",
} | dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x034F, 0x180E), "zero_width")
_SINGLES |= dict.fromkeys((0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x17B4, 0x17B5), "blank_letter")
_SINGLES |= dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "direction_mark")
_SINGLES |= dict.fromkeys((*range(0xFE00, 0xFE10), 0x180B, 0x180C, 0x180D, 0x180F), "variation_selector")
_SINGLES |= dict.fromkeys(map(ord, "•●∙·⬤◦▪■∗⁎＊"), "masked")
_SINGLES |= dict.fromkeys(map(ord, "‘’‚‛“”„‟‹›«»′″‵‶ʼʻ´＂＇｀〝〞「」『』〈〉《》⟨⟩"), "quote")

_INVISIBLE = frozenset(
    (
        *("space", "tab", "line_break", "byte_order_mark", "soft_hyphen", "zero_width", "blank_letter"),
        *("direction_mark", "variation_selector", "tag_character", "format_character", "combining_mark"),
        *("control_character", "lone_surrogate", "private_use", "unassigned", "object_character", "emoji"),
    )
)
"""Families that no credential can contain and that stand for nothing: taking them away loses nothing."""

_LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕԁԛԝһАВЕКМНОРСТХУІЈЅԚԜαορικυνΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոɑɡıℓ‐‑‒–—―−⁃﹣⁄∕∶꞉․",
        "aeopcyxijsdqwhABEKMHOPCTXYIJSQWaopikuvABEZHIKMNOPTYXouhnagil--------" + "-//::.",
        strict=True,
    )
)


@cache
def _control_names() -> dict[int, str]:
    names = dict(enumerate(_C0.split("|")))
    names[0x7F] = "DELETE"
    names.update({0x80 + index: name for index, name in enumerate(_C1.split("|"))})
    return names


def character(char: str) -> Character:
    """Name one character, controls, surrogates and unassigned code points too."""
    code_point = ord(char)
    name = unicodedata.name(char, "") or _control_names().get(code_point, "")
    if not name and (code_point & 0xFFFE == 0xFFFE or 0xFDD0 <= code_point <= 0xFDEF):
        name = "NONCHARACTER"
    return Character(code_point, name or _UNNAMED.get(unicodedata.category(char), "UNNAMED CHARACTER"))


@lru_cache(maxsize=4096)
def kind_of(char: str) -> str:
    """Say which family of foreign characters `char` belongs to, as a stable snake_case word."""
    code_point = ord(char)
    if code_point < 0x80:
        if char in _ASCII_KINDS:
            return _ASCII_KINDS[char]
        if code_point < 0x20 or code_point == 0x7F:
            return "control_character"
        return "letter" if char.isalpha() else "digit" if char.isdigit() else "symbol"
    single = _SINGLES.get(code_point)
    if single is not None:
        return single
    if 0xE0100 <= code_point <= 0xE01EF:
        return "variation_selector"
    if 0xE0000 <= code_point <= 0xE007F:
        return "tag_character"
    if _is_emoji(code_point):
        return "emoji"
    return _kind_by_category(char)


def _is_emoji(code_point: int) -> bool:
    return (
        0x1F000 <= code_point <= 0x1F0FF
        or 0x1F18E <= code_point <= 0x1F64F
        or 0x1F680 <= code_point <= 0x1FAFF
        or 0x2600 <= code_point <= 0x27BF
        or 0x231A <= code_point <= 0x23FF
        or 0x2B05 <= code_point <= 0x2B55
    )


def _kind_by_category(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "Z":
        return "space"
    if category[0] == "M":
        return "combining_mark"
    if unicodedata.digit(char, None) is not None:
        return "non_ascii_digit"
    by_category = {
        "Cc": "control_character",
        "Cf": "format_character",
        "Cs": "lone_surrogate",
        "Co": "private_use",
        "Cn": "unassigned",
        "Pi": "quote",
        "Pf": "quote",
    }
    if category in by_category:
        return by_category[category]
    if category in ("Ps", "Pe"):
        return "bracket"
    if char in "，；。、､｡﹐﹔":
        return "punctuation"
    if plain_reading(char) is not None:
        return "look_alike"
    return "foreign_letter" if category[0] in "LN" else "symbol"


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


def stands_for_nothing(kind: str) -> bool:
    """Tell whether taking a character of this family away cannot lose a part of the value."""
    return kind in _INVISIBLE


def is_blank(kind: str) -> bool:
    """Tell whether a character of this family shows as nothing or as a gap."""
    return kind in _INVISIBLE and kind != "emoji"
