"""Finds the place of a key in a TOML text."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.settings.errors import Place, SettingsError
from tui.settings.toml_text import read_text

_LONGEST = 100_000
"""Characters that tomlkit takes in about a second; the place in a longer text is not looked for."""
_MARK = "\ue000"
"""Put before the key, to see where it comes out; a character for private use, which no file holds."""


def place_of(text: str, key: Sequence[str | int]) -> Place | None:
    """Return where a key such as `("deliver", 0, "file")` stands, else the nearest table that would hold it."""
    if len(text) > _LONGEST:
        return None
    import tomlkit  # takes 30 ms; only used where something is wrong
    from tomlkit.container import Container
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import AbstractTable, Item

    try:
        document = tomlkit.parse(text)
        table: object = document
        found: Item | None = None
        for part in key:
            if isinstance(part, int):
                table = table[part] if isinstance(table, list) else None
                found = table if isinstance(table, Item) else found
                continue
            if not isinstance(table, Mapping) or part not in table:
                break
            table = table.item(part) if isinstance(table, Container | AbstractTable) else table[part]
            found = table if isinstance(table, Item) else found
        if found is None:
            return None
        found.trivia.indent += _MARK
        before, mark, _ = tomlkit.dumps(document).partition(_MARK)
    except (TOMLKitError, ValueError, RecursionError):
        return None
    lines = before.split("\n")
    return Place(len(lines), len(lines[-1]) + 1) if mark else None


def place_in_file(path: Path, key: Sequence[str | int]) -> Place | None:
    """Return where a key is in a file; None where the file cannot be read. Never raises."""
    try:
        return place_of(read_text(path), key)
    except SettingsError:
        return None
