"""Text for a locale that is not UTF-8: its few signs by their likeness, letters without accents, else `?`."""

from collections.abc import Mapping
from unicodedata import normalize

SIGNS: Mapping[str, str] = {
    "→": "->", "·": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "✓": "v", "•": "*",
    "●": "*", "◐": "+", "○": "?", "×": "x", "▸": ">", "◂": "<",
}  # fmt: skip
"""What igauth itself writes beyond ASCII, and what stands for it."""


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Tell whether the locale in force is UTF-8. Python's own encoding does not: it says UTF-8 for the C locale too."""
    chosen = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    if chosen == "C.UTF-8" and environ.get("LANG") in ("C", "POSIX") and not environ.get("LC_ALL"):
        return False  # Python itself put LC_CTYPE there at its start (PEP 538)
    return chosen.partition(".")[2].partition("@")[0].lower().replace("-", "") == "utf8"


def in_ascii(text: str) -> str:
    """Return the text in ASCII; line feeds stay."""
    return text if text.isascii() else "".join(similar(char, SIGNS) for char in text)


def similar(char: str, signs: Mapping[str, str]) -> str:
    """Return what stands for a character in ASCII."""
    if char.isascii():
        return char
    letter = signs.get(char) or normalize("NFKD", char)[0]
    return letter if letter.isascii() and letter.isprintable() else "?"
