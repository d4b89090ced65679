"""What processes cost, as the kernel counts it (Linux only)."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall and CPU milliseconds, peak MiB, exit status."""

    wall: float
    cpu: float
    mib: float
    status: int


def run(argv: Sequence[str], env: Mapping[str, str]) -> Run:
    """Run a command with its output thrown away."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    began = time.perf_counter()
    pid = os.posix_spawn(argv[0], list(argv), dict(env), file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = (time.perf_counter() - began) * 1000
    cpu = (usage.ru_utime + usage.ru_stime) * 1000
    return Run(wall, cpu, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def tree(root: int) -> Iterator[int]:
    """Yield a process and all its descendants."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from tree(int(child))


def cpu_seconds(root: int) -> float:
    """Return the CPU time of a process and its descendants so far."""
    total = 0.0
    for pid in tree(root):
        with suppress(OSError):
            total += time.clock_gettime((~pid << 3) | 2)  # the process's own CPU clock, ended threads included
    return total


def peak_mib(root: int) -> float:
    """Return the sum of the peak resident sets of a process and its descendants."""
    total = 0
    for pid in tree(root):
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            total += next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    return total / 1024


def ended(pid: int) -> bool:
    """Tell whether a child has ended, and reap it."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True
