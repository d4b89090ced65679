"""Looks at argv and environment of a process and all its descendants while they run."""

import os
import threading
from pathlib import Path
from typing import Self


class ProcessWatch:
    """`with ProcessWatch(pid) as watch:`; afterwards `watch.seen` holds every argv and environment that was seen."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.seen: dict[bytes, str] = {}
        self.looks = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def _watch(self) -> None:
        while not self._stop.is_set():
            for pid in descendants(self._root):
                for what in ("cmdline", "environ"):
                    try:
                        data = Path(f"/proc/{pid}/{what}").read_bytes()
                    except OSError:
                        continue
                    self.seen.setdefault(data, f"{what} of process {pid}")
            self.looks += 1
            self._stop.wait(0.02)


def descendants(root: int) -> list[int]:
    """The process ids of `root` and everything below it."""
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, new = [root], [root]
    while new:
        new = [pid for pid, parent in parents.items() if parent in new]
        found += new
    return found
