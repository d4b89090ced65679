"""Makes strings from the network harmless before anything else of the program sees them."""

import unicodedata

LONGEST = 2_000
"""Characters kept of one string; a name or message is far shorter, megabytes are an attack or a fault."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ESCAPE_PICTURE = {0x1B: "␛", 0x7F: "␡"} | {code: chr(0x2400 + code) for code in range(0x20) if code != 0x1B}


def harmless(text: str, longest: int = LONGEST) -> str:
    """Return `text` on one line, with every control, bidirectional or unassigned character made visible.

    Control characters become their Unicode pictures (ESC is shown as `␛`), other invisible ones `\\u{XXXX}`;
    more than `longest` characters are cut and end in an ellipsis. The result is plain text: the caller
    must not read it as mark-up.
    """
    cut = text[: longest + 1]
    shown = cut if cut.isascii() and cut.isprintable() else "".join(map(_shown, cut))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _shown(character: str) -> str:
    code = ord(character)
    if code in _ESCAPE_PICTURE:
        return " " if character in "\n\t\r" else _ESCAPE_PICTURE[code]
    if unicodedata.category(character) in _INVISIBLE:
        return f"\\u{{{code:04X}}}"
    return character
