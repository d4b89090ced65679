"""The programs above a process: who started igauth, or the client that tmux draws on."""

from contextlib import suppress
from pathlib import Path

_DEEPEST = 64
"""Processes looked at; a chain that changes meanwhile could lead in a circle."""


def ancestors(process: int, proc: Path = Path("/proc")) -> frozenset[str]:
    """Return the names of all processes above `process`; empty where the system does not show them. Never raises."""
    names: set[str] = set()
    with suppress(OSError, ValueError, IndexError):
        above = _parent(process, proc)
        while above > 1 and len(names) < _DEEPEST:
            names.add((proc / str(above) / "comm").read_text(errors="replace").rstrip("\n"))
            above = _parent(above, proc)
    return frozenset(names)


def _parent(process: int, proc: Path) -> int:
    # the name stands in parentheses and can hold some itself: the number comes after the last one and the state
    return int((proc / str(process) / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
