"""Cuts a process that stores a token at every write, sync and rename, then looks what is left.

`python -m tests.vault.cut_points` tries every point and prints how many were tried and how many tokens were lost.
A token is lost when add_issued had returned and its value cannot be read, when the value before it is gone while
the new one is not current, when the caller neither got an answer nor was killed, or when the vault does not open.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.vault.cut_child import NEW, OLD, open_for, prepare
from tests.vault.making import recovered
from tui.redact import Secret
from tui.tokens.errors import NoValue, StoreError
from tui.vault.errors import VaultError
from tui.vault.vault import Vault

SCENARIOS = ("extension", "login", "extension on a network file system", "extension with a keyring")
CALLS = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "mkdir", "fchmod", "fallocate")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cut:
    """One experiment: in which scenario, by what means, where."""

    scenario: str
    how: str
    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one experiment came to; an empty complaint means that nothing was lost."""

    cut: Cut
    said: tuple[str, ...]
    complaint: str


def can_trace() -> bool:
    """Tell whether a system-call fault injector works here."""
    if shutil.which("strace") is None:
        return False
    run = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False)
    return run.returncode == 0


def every_cut(scenario: str) -> list[Cut]:
    """Return all points of a scenario: killed at each call, each call failing once, the disk full from there on."""
    if not can_trace():
        return [Cut(scenario, "statement", "SQL statement", number) for number in range(1, _statements(scenario) + 1)]
    cuts = []
    for call, count in _calls(scenario).items():
        for number in range(1, count + 1):
            cuts.append(Cut(scenario, "kill", call, number))
            if call not in ("unlink", "fchmod"):
                cuts.append(Cut(scenario, "fail", call, number))
            if call in ("pwrite64", "write"):
                cuts.append(Cut(scenario, "full", call, number))
    cuts.extend(Cut(scenario, "limit", "file size", size) for size in range(0, 200_000, 8_000))
    return cuts


def try_cut(cut: Cut) -> Outcome:
    """Run the child in a home of its own, cut it, and look."""
    with tempfile.TemporaryDirectory(prefix="igauth-cut-") as place:
        folder = Path(place) / "there"
        shutil.copytree(_prepared(cut.scenario), folder)
        run = subprocess.run(
            [*_injector(cut), *_child(cut.scenario, folder), *_own_injector(cut)],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            env=_environment(),
            check=False,
        )
        said = tuple(run.stdout.splitlines())
        killed = run.returncode in (-9, 137)
        if not killed and run.returncode != 0:
            return Outcome(cut, said, f"it ended with {run.returncode}: {run.stderr[-300:]}")
        return Outcome(cut, said, _look(cut.scenario, folder, said, killed))


def _look(scenario: str, folder: Path, said: Iterable[str], killed: bool) -> str:
    words = {line.split()[0] for line in said}
    try:
        vault = open_for(scenario, folder)
    except VaultError as error:
        return f"the vault does not open: {error}"
    try:
        if recovered(vault):
            return "the database was damaged"
        kept = set(_values(vault))
        new_is_there = Secret(NEW) in kept
        if words & {"stored", "kept"} and not new_is_there:
            return f"the new token is lost after {sorted(words)}"
        if "issued" in words and not killed and not words & {"stored", "held", "kept"}:
            return "the caller got no answer"
        if "login" not in scenario and Secret(OLD) not in kept:
            return "the old token is lost"
        if "current" in words and vault.tokens.value("main") != Secret(NEW):
            return "the new token is not current"
        if "main" in vault.tokens.names() and vault.tokens.value("main") not in (Secret(OLD), Secret(NEW)):
            return "another value is current"
        return "" if vault.database.is_whole() else "the file is not whole"
    except (StoreError, VaultError) as error:
        return f"a value cannot be read: {error}"
    finally:
        vault.close()


def _values(vault: Vault) -> Iterator[Secret]:
    for version in (*vault.tokens.versions("main"), *vault.tokens.candidates()):
        try:
            yield vault.tokens.value_of(version.id)
        except NoValue:
            if version.status != "candidate":
                raise  # a candidate whose writer was killed before the keyring had it was never said to be stored


def _injector(cut: Cut) -> list[str]:
    if cut.how not in ("kill", "fail", "full"):
        return []
    fault = {
        "kill": f"signal=KILL:when={cut.number}",
        "fail": f"error=EIO:when={cut.number}",
        "full": f"error=ENOSPC:when={cut.number}+",
    }[cut.how]
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={cut.call}:{fault}"]


def _own_injector(cut: Cut) -> list[str]:
    return [cut.how, str(cut.number)] if cut.how in ("statement", "limit") else []


def _child(scenario: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "tests.vault.cut_child", scenario, str(folder)]


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


_homes: dict[str, Path] = {}


def _prepared(scenario: str) -> Path:
    if scenario not in _homes:
        folder = Path(tempfile.mkdtemp(prefix="igauth-home-"))
        prepare(scenario, folder)
        _homes[scenario] = folder
    return _homes[scenario]


def clean_up() -> None:
    """Remove the prepared homes."""
    for folder in _homes.values():
        shutil.rmtree(folder)
    _homes.clear()


def _calls(scenario: str) -> Counter[str]:
    """Count the calls of one undisturbed run."""
    with tempfile.TemporaryDirectory(prefix="igauth-cut-") as place:
        folder = Path(place) / "there"
        shutil.copytree(_prepared(scenario), folder)
        log = Path(place) / "log"
        trace = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]
        subprocess.run(
            [*trace, *_child(scenario, folder)], capture_output=True, check=True, cwd=ROOT, env=_environment()
        )
        return Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE))


def _statements(scenario: str) -> int:
    for number in range(1, 500):
        if "current" in " ".join(try_cut(Cut(scenario, "statement", "SQL statement", number)).said):
            return number
    return 500


def try_all(cuts: Iterable[Cut], workers: int = 2) -> list[Outcome]:
    """Try many cuts, some side by side."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(try_cut, cuts))


def main() -> int:
    """Try every cut point of every scenario and print the sums."""
    cuts = [cut for scenario in SCENARIOS for cut in every_cut(scenario)]
    outcomes = try_all(cuts)
    lost = [outcome for outcome in outcomes if outcome.complaint]
    by = "strace" if can_trace() else "an injector inside the process (tracing is refused here)"
    for how, count in Counter(cut.how for cut in cuts).items():
        print(f"{how}: {count}")
    for outcome in lost:
        print(outcome)
    print(f"cut points tried {len(cuts)} by {by}, tokens lost {len(lost)}")
    clean_up()
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
