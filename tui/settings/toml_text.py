"""Reads the text of `config.toml` and the tables in it: whatever the file is, in bounded time, with the place."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from tui.regular_file import NotRegular, TooLarge, read_regular
from tui.settings.errors import Place, Problem, SettingsError

LARGEST = 1_000_000
"""Bytes of a file; a profile takes 300."""
DEEPEST = 100
"""Tables and lists inside of each other; ours are four deep. tomllib takes the square of the time, or recurses."""
LONGEST_WORD = 1_000
"""Characters of a number or of a name without quotes."""

_SYNTAX = r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"


def read_text(path: Path) -> str:
    """Return the text of the file, empty where there is none. Raises SettingsError."""
    return read_file(path)[0]


def read_file(path: Path) -> tuple[str, os.stat_result | None]:
    """Return the text of the file, and what the system says of it; None where there is none. Raises SettingsError.

    A byte order mark at the start is no part of the text.
    """
    try:
        data, found = read_regular(path, LARGEST)
    except (FileNotFoundError, NotADirectoryError):
        return "", None
    except NotRegular:
        raise SettingsError(Problem.NOT_A_FILE, path) from None
    except TooLarge:
        raise SettingsError(Problem.TOO_LARGE, path) from None
    except OSError as error:
        raise SettingsError(Problem.UNREADABLE, path, detail=error.strerror or "") from None
    if b"\0" in data or data[:1] in (b"\xff", b"\xfe"):
        from tui.text_encoding import utf_16_text

        if utf_16_text(data) is not None:
            raise SettingsError(Problem.UTF_16, path)
    try:
        return data.decode("utf-8-sig"), found
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        raise SettingsError(
            Problem.ENCODING, path, place=_place(before, len(before)), detail=str(error.start)
        ) from None


def parse_table(text: str, path: Path) -> dict[str, Any]:
    """Return a TOML text as tables. Raises SettingsError."""
    # a short line holds no number that is too long, and no name that is too deep
    if text.count("[") + text.count("{") > DEEPEST or any(len(line) > 2 * DEEPEST for line in text.split("\n")):
        _require_bounds(text, path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _refuse(text, path, str(error))


def _refuse(text: str, path: Path, said: str) -> NoReturn:
    """Raise SettingsError for what tomllib said; a character that only looks like TOML's is named instead."""
    found = re.fullmatch(_SYNTAX, said)
    what, line = (found["what"], found["line"]) if found else (said, None)
    place = Place(int(line), int(found["column"])) if found and line else None
    at, instead = _foreign_character(text)
    if at >= 0 and (place is None or _place(text, at).line == place.line):
        raise SettingsError(Problem.CHARACTER, path, place=_place(text, at), detail=instead, character=text[at])
    raise SettingsError(Problem.SYNTAX, path, place=place, detail=what)


def _place(text: str, at: int) -> Place:
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


_PIECE = (
    r'(?P<texts>"""(?:[^"\\]++|\\.|"(?!""))*+"{0,5}' + r"|'''(?:[^']++|'(?!''))*+'{0,5})"
    r'|(?P<text>"(?:[^"\\\n]++|\\[^\n])*+"?' + r"|'[^'\n]*+'?)"
    r"|(?P<remark>#[^\n]*+)|(?P<word>[A-Za-z0-9_+-]++)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<dot>\.)|(?P<other>[^ \t])"
)
"""A piece of TOML. What has a beginning always matches, so that each character is looked at once."""


def _pieces(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(_PIECE, text, re.DOTALL)


def _require_bounds(text: str, path: Path) -> None:
    """Raise SettingsError where a name, number or nesting is absurd."""
    depth = dots = 0
    for piece in _pieces(text):
        match piece.lastgroup:
            case "open":
                depth, dots = depth + 1, 0
            case "close":
                depth = max(0, depth - 1)
            case "dot":
                dots += 1
            case "other":
                dots = 0
            case "word" if piece.end() - piece.start() > LONGEST_WORD:
                raise SettingsError(Problem.TOO_LONG, path, place=_place(text, piece.start()), detail=str(LONGEST_WORD))
        if depth > DEEPEST or dots > DEEPEST:
            raise SettingsError(Problem.TOO_DEEP, path, place=_place(text, piece.start()), detail=str(DEEPEST))


def _foreign_character(text: str) -> tuple[int, str]:
    """Return where the first character is that TOML has in texts only, and what to type instead; -1: there is none.

    That is also a typographic quote that should end a text.
    """
    for piece in _pieces(text):
        if piece.lastgroup == "other" and not piece[0].isascii():
            return piece.start(), _plain(piece[0], '"')
        if piece.lastgroup == "text" and (len(piece[0]) < 2 or piece[0][-1] != piece[0][0]):
            for offset, character in enumerate(piece[0]):
                if not character.isascii() and _plain(character, '"') == '"':
                    return piece.start() + offset, piece[0][0]
    return -1, ""


def _plain(character: str, quote: str) -> str:
    """Return the character of TOML that another one looks like; empty where there is none."""
    import unicodedata  # only where something is wrong

    category = unicodedata.category(character)
    if category in ("Pi", "Pf") or character in "‚„″′‶‵〝〞〟＂＇´":
        return quote
    if category == "Zs":
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain.isascii() else "-" if category == "Pd" else ""
