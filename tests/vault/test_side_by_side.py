"""Processes and threads that use one vault at a time, and its locks."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.vault.making import NOW, add, extend, make_vault
from tui.tokens.errors import BeingRefreshed
from tui.tokens.history import HistoryEvent
from tui.vault import locks
from tui.vault.files import open_private

ROOT = Path(__file__).parents[2]

_MANY = """
import sys
from pathlib import Path
from typing import Any
from tests.vault.making import NOW, add, extend, make_vault
folder, worker, kind = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
vault = make_vault(folder, is_network=kind == "nfs4")
add(vault, f"token{worker}", f"EAA{worker}-first")
for number in range(10):
    with vault.tokens.refresh_lock("shared"):
        count = int(vault.meta.get("count") or 0)
        extend(vault, f"token{worker}", f"EAA{worker}-{number}")
        vault.meta.set("count", str(count + 1))
vault.close()
"""


@pytest.mark.parametrize("kind", ["ext4", "nfs4"])
def test_processes_that_start_and_store_at_once_lose_nothing(tmp_path: Path, kind: str) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-c", _MANY, str(tmp_path), str(number), kind], cwd=ROOT)
        for number in range(4)
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    vault = make_vault(tmp_path, is_network=kind == "nfs4")
    assert vault.meta.get("count") == "40", "the lock let two in at once"
    assert [vault.tokens.value(f"token{number}").reveal() for number in range(4)] == [f"EAA{n}-9" for n in range(4)]
    assert vault.database.is_whole()


def test_threads_share_a_vault(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            add(vault, f"token{number}", f"EAA{number}")
            for step in range(5):
                extend(vault, f"token{number}", f"EAA{number}-{step}")
                vault.history.record(HistoryEvent(NOW, "tui", "extend", f"token{number}"))
                assert vault.tokens.value(f"token{number}").reveal() == f"EAA{number}-{step}"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(vault.history.events()) == 40


def test_a_lock_says_who_holds_it_and_bears_no_second_holder(tmp_path: Path) -> None:
    timer, panel = make_vault(tmp_path, actor="timer"), make_vault(tmp_path, actor="tui")
    with timer.tokens.refresh_lock("main"):
        with (
            pytest.raises(BeingRefreshed, match=f"timer \\(process {os.getpid()}\\)"),
            panel.tokens.refresh_lock("main", wait=0),
        ):
            pass
        with panel.tokens.refresh_lock("other", wait=0):
            pass
    with panel.tokens.refresh_lock("main", wait=0):
        pass


_HOLDER = """
import sys
from pathlib import Path
from typing import Any
from tests.vault.making import make_vault
with make_vault(Path(sys.argv[1]), actor="timer").tokens.refresh_lock("main"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_freed_when_its_holder_is_killed(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(BeingRefreshed, match=str(holder.pid)), vault.tokens.refresh_lock("main", wait=0.1):
        pass
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with vault.tokens.refresh_lock("main", wait=5):
        pass


def test_a_lock_on_a_removed_file_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = open_private
    opened: list[Path] = []

    def removed_after_opening(path: Path, flags: int) -> int:
        descriptor = real(path, flags)
        opened.append(path)
        if len(opened) == 1:
            path.unlink()
        return descriptor

    monkeypatch.setattr(locks, "open_private", removed_after_opening)
    folder = tmp_path / "home" / "locks"
    with locks.hold(folder, "a", "main", 0), pytest.raises(BeingRefreshed), locks.hold(folder, "a", "main", 0):
        pass
