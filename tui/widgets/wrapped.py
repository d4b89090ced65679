"""Text wrapped to a width with a hanging indent: what the pages of the guide and the help are made of."""

from rich.cells import cell_len, chop_cells


def wrapped(text: str, width: int, indent: int) -> str:
    """Return `text` wrapped at blanks to `width` cells, each line but the first indented; long words are cut.

    The first line is taken to begin at cell `indent` already.
    """
    room = max(8, width - indent)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_one(paragraph, room)
    return ("\n" + " " * indent).join(lines)


def _wrap_one(paragraph: str, room: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in paragraph.split(" "):
        candidate = f"{line} {word}" if line else word
        if cell_len(candidate) <= room:
            line = candidate
            continue
        if line:
            lines.append(line)
        line = word
        if cell_len(line) > room:
            *whole, line = chop_cells(line, room)
            lines += whole
    lines.append(line)
    return lines
