"""Where a key stands in a TOML text: the parser keeps no lines, and a person wants to know where to look."""

import re

_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_MULTI_LINE = ('"""', "'''")


def line_of(text: str, key: str) -> int | None:
    """Return the line (from 1) of a key such as `profiles.acme.app_id`, of its inline table, or of its table.

    None where none is found, as with keys that are written with escapes.
    """
    table, best, best_length, quote = "", None, 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if quote:  # inside a text of many lines nothing is a key
            quote = "" if line.count(quote) % 2 else quote
            continue
        if (header := _HEADER.match(line)) is not None:
            table = found = _plain(header.group(1))
        elif (pair := _KEY.match(line)) is not None:
            found = f"{table}.{_plain(pair.group(1))}" if table else _plain(pair.group(1))
            quote = next((mark for mark in _MULTI_LINE if line.count(mark) % 2), "")
        else:
            continue
        if found == key:
            return number
        if key.startswith(f"{found}.") and len(found) > best_length:
            best, best_length = number, len(found)
    return best


def _plain(dotted: str) -> str:
    """Return a key without quotes and blanks, its parts joined by dots."""
    return ".".join(part.strip("\"'") for part in re.findall(_PART, dotted))
