"""The pages of the guide's figures, drawn in characters; read from `sketches.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WIDTH = 38
"""Cells of each line."""
PRESS, PRESSED = "▸", "◂"
"""What encloses a button to press or a field to fill in; it never goes over a line's end."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One page as the guide shows it, or, with a `date` (`2026-07`) and a `source`, as Meta shows it today.

    `words` says the same as `lines`, for a screen reader.
    """

    title: str
    words: str
    lines: tuple[str, ...]
    date: str = ""
    source: str = ""


def sketches_of(step_id: str) -> tuple[Sketch, ...]:
    """Return the sketches of a step, the guide's own first; none where the guide has no figure."""
    return _sketches().get(step_id, ())


@cache
def _sketches() -> Mapping[str, tuple[Sketch, ...]]:
    import tomllib  # only when the guide is opened

    rows = tomllib.loads(Path(__file__).with_name("sketches.toml").read_text(encoding="utf-8"))["sketch"]
    found: dict[str, tuple[Sketch, ...]] = {}
    for row in rows:
        step_id, lines = row.pop("step"), tuple(row.pop("lines").splitlines())
        found[step_id] = (*found.get(step_id, ()), Sketch(**row, lines=lines))
    return found
