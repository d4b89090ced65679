"""Damaged, too new, locked, full, foreign: each is an error of its own, and nothing is lost."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, nullcontext, suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.vault.making import NOW, a_token, add, extend, make_vault, recovered
from tui.redact import Secret
from tui.tokens.errors import BeingRefreshed, NoValue
from tui.tokens.history import HistoryEvent
from tui.vault import locks, schema
from tui.vault.errors import Damaged, DamagedInUse, FileProblem, Full, Locked, NotOurs, TooNew
from tui.vault.files import open_private
from tui.vault.notices import NoticeCode
from tui.vault.spill import ROOM, Spilled, SpillFile
from tui.vault.vault import Vault, open_vault

ROOT = Path(__file__).parents[2]


def the_file(folder: Path) -> Path:
    return folder / "home" / "igauth.db"


def filled(folder: Path, tokens: int = 200) -> Vault:
    vault = make_vault(folder)
    with vault.database.transaction():
        for number in range(tokens):
            add(vault, f"token{number:03}", f"EAAvalue-{number:03}", subject_name="x" * 200)
    return vault


def read_all(vault: Vault) -> None:
    for name in vault.tokens.names():
        vault.tokens.value(name)
    vault.tokens.tokens()
    vault.history.events()


# --- schemas ------------------------------------------------------------------------------------------------------


def test_a_newer_schema_is_refused_and_left_untouched(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    with closing(sqlite3.connect(the_file(tmp_path))) as other:
        other.execute("PRAGMA user_version = 99")
    before = the_file(tmp_path).read_bytes()
    with pytest.raises(TooNew) as caught:
        make_vault(tmp_path)
    error = caught.value
    assert (error.path, error.version, error.known) == (the_file(tmp_path), 99, len(schema.MIGRATIONS))
    assert the_file(tmp_path).read_bytes() == before


def test_another_programs_database_is_refused_and_left_untouched(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    with closing(sqlite3.connect(the_file(tmp_path))) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    before = the_file(tmp_path).read_bytes()
    with pytest.raises(NotOurs) as caught:
        make_vault(tmp_path)
    assert caught.value.problem is FileProblem.OTHER_PROGRAM
    assert the_file(tmp_path).read_bytes() == before


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS) + 1))
def test_a_home_of_every_released_schema_is_taken_over(tmp_path: Path, version: int) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    with closing(sqlite3.connect(the_file(tmp_path))) as old:
        old.executescript((Path(__file__).parent / "schemas" / f"{version}.sql").read_text())
    the_file(tmp_path).chmod(0o600)
    vault = make_vault(tmp_path)
    assert vault.tokens.value("main") == Secret("EAAsecond-of-schema-1")
    assert [found.status for found in vault.tokens.versions("main")] == ["current", "previous"]
    assert vault.profile_secrets.get("app_secret", "work") == Secret("0123456789abcdef0123456789abcdef")
    assert vault.notes.progress("work")
    assert vault.notes.evidence("work")
    assert vault.history.events("main")
    extend(vault, "main", "EAAthird")
    assert vault.tokens.value("main") == Secret("EAAthird")


class _Slow(sqlite3.Connection):
    """A connection in whose first look at the version another process creates the tables."""

    path = Path()

    def execute(self, statement: str, *values: Any) -> Any:
        found: Any = super().execute(statement, *values)
        if statement == "PRAGMA application_id":
            found = _Read(found.fetchall())
            with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
                schema.migrate(other, self.path)
        return found


class _Read(list[tuple[int]]):
    """The rows of a query that was read to its end."""

    def fetchone(self) -> tuple[int]:
        return self[0]


def test_tables_created_during_the_version_check_are_ours(tmp_path: Path) -> None:
    _Slow.path = tmp_path / "igauth.db"
    with closing(sqlite3.connect(_Slow.path, isolation_level=None)) as first:
        first.execute("PRAGMA journal_mode = wal")
    with closing(sqlite3.connect(_Slow.path, isolation_level=None, factory=_Slow)) as connection:
        assert schema.check_version(connection, _Slow.path) == 0
        assert schema.check_version(connection, _Slow.path) == len(schema.MIGRATIONS)


def test_the_inspections_of_an_old_home_are_dropped(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    with closing(sqlite3.connect(the_file(tmp_path))) as other:
        other.execute("CREATE TABLE inspections (id INTEGER PRIMARY KEY)")
        other.execute("PRAGMA user_version = 1")
    vault = make_vault(tmp_path)
    assert vault.database.row("SELECT 1 FROM sqlite_master WHERE name = 'inspections'") is None


def test_a_migration_that_fails_half_way_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    vault.close()
    broken = (*schema.MIGRATIONS, ("ALTER TABLE tokens ADD COLUMN color TEXT", "INSERT INTO no_such_table VALUES (1)"))
    with closing(sqlite3.connect(the_file(tmp_path), isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            schema.migrate(connection, the_file(tmp_path), broken)
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(tokens)")]
        assert "color" not in columns
        good = (*schema.MIGRATIONS, ("ALTER TABLE tokens ADD COLUMN color TEXT",))
        schema.migrate(connection, the_file(tmp_path), good)
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)


# --- damage -------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_moved_and_reported(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    the_file(tmp_path).write_bytes(b"garbage" * 5000)
    vault = make_vault(tmp_path)
    set_aside = vault.database.path.with_name("igauth.db.damaged-20261118T110640Z")
    assert set_aside.read_bytes() == b"garbage" * 5000
    assert vault.notices == [recovered(vault)]
    assert vault.notices[0].facts["set_aside"] == set_aside
    add(vault)
    assert make_vault(tmp_path).notices == []


def test_a_destroyed_first_page_costs_no_token(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with the_file(tmp_path).open("r+b") as file:
        file.write(os.urandom(4096))
    vault = make_vault(tmp_path)
    assert recovered(vault)
    assert len(vault.tokens.names()) == 200
    assert all(vault.tokens.value(name) == Secret(f"EAAvalue-{name[-3:]}") for name in vault.tokens.names())


@pytest.mark.parametrize("page", range(2, 40, 4))
def test_a_damaged_page_is_noticed_and_the_rest_recovered(tmp_path: Path, page: int) -> None:
    filled(tmp_path).close()
    with the_file(tmp_path).open("r+b") as file:
        file.seek((page - 1) * 4096)
        on_page = {found.decode() for found in re.findall(rb"EAAvalue-\d{3}", file.read(4096))}
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    vault = open_vault(the_file(tmp_path), lambda: NOW)
    try:
        read_all(vault)
    except Damaged:
        assert the_file(tmp_path).with_name("igauth.db.suspect").exists()
    else:  # a page that no reader comes by
        the_file(tmp_path).with_name("igauth.db.suspect").touch()
    vault.close()
    again = make_vault(tmp_path)
    assert recovered(again)
    store, values = again.tokens, set()
    for version in (*store.candidates(), *(kept for name in store.names() for kept in store.versions(name))):
        with suppress(NoValue) if on_page else nullcontext():
            values.add(store.value_of(version.id).reveal())
    assert {f"EAAvalue-{number:03}" for number in range(200)} - values <= on_page
    assert again.database.is_whole()


def test_rows_between_and_beside_damaged_pages_are_recovered(tmp_path: Path) -> None:
    filled(tmp_path).close()
    pages = the_file(tmp_path).read_bytes()
    with_values = [at for at in range(0, len(pages), 4096) if re.search(rb"EAAvalue-\d{3}", pages[at : at + 4096])]
    destroyed = (with_values[1], with_values[-2], with_values[-1])
    with the_file(tmp_path).open("r+b") as file:
        for at in destroyed:
            file.seek(at)
            file.write(b"\xff" * 4096)
    the_file(tmp_path).with_name("igauth.db.suspect").touch()
    vault = make_vault(tmp_path)
    values = {row[0].decode() for row in vault.database.rows("SELECT value FROM secret_values")}
    on_pages = {found.decode() for at in destroyed for found in re.findall(rb"EAAvalue-\d{3}", pages[at : at + 4096])}
    assert values == {f"EAAvalue-{number:03}" for number in range(200)} - on_pages
    assert values


def test_a_database_in_use_elsewhere_is_not_set_aside(tmp_path: Path) -> None:
    vault = filled(tmp_path, 3)
    vault.database.wipe()  # else the log still holds the first page
    with the_file(tmp_path).open("r+b") as file:
        file.write(os.urandom(4096))
    with pytest.raises(DamagedInUse):
        make_vault(tmp_path)
    vault.close()
    assert recovered(make_vault(tmp_path))


def test_an_emptied_database_beside_a_full_log_is_damaged(tmp_path: Path) -> None:
    vault = filled(tmp_path, 3)
    copy = tmp_path / "copy" / "home"
    copy.mkdir(parents=True)
    (copy / "igauth.db").touch()
    (copy / "igauth.db-wal").write_bytes(the_file(tmp_path).with_name("igauth.db-wal").read_bytes())
    vault.close()
    again = make_vault(tmp_path / "copy")
    notice = recovered(again)
    assert notice is not None
    assert Path(f"{notice.facts['set_aside']}-wal").stat().st_size > 0


# --- full, locked -------------------------------------------------------------------------------------------------

_WITH_A_LIMIT = """
import resource, sys
from pathlib import Path
from typing import Any
from tests.vault.making import NOW, make_vault
from tui.redact import Secret
from tui.vault.errors import Full
vault = make_vault(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
for number in range(2000):
    try:
        vault.tokens.add_issued("main", "work", Secret(f"EAAissued-{number:05}"), at=NOW, origin="extension")
    except Full as error:
        print(number, error.saved_in is not None)
        break
"""


def test_a_token_issued_on_a_full_disk_is_imported_later(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    vault.close()
    run = subprocess.run(
        [sys.executable, "-c", _WITH_A_LIMIT, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    number, is_saved = run.stdout.split()
    assert is_saved == "True"
    again = make_vault(tmp_path)
    values = {again.tokens.value_of(version.id).reveal() for version in again.tokens.candidates()}
    assert values == {f"EAAissued-{index:05}" for index in range(int(number) + 1)}
    assert [notice.code for notice in again.notices] == [NoticeCode.TOKENS_IMPORTED]
    assert not any(the_file(tmp_path).with_name("igauth.db.spill").read_bytes())
    assert again.tokens.value("main")


def test_a_token_issued_while_the_database_is_locked_waits(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    with closing(sqlite3.connect(the_file(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        vault.database._connection.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(Locked, match=str(the_file(tmp_path))) as caught:
            vault.tokens.add_issued("main", "work", Secret("EAAissued-while-locked"), at=NOW, origin="extension")
        assert caught.value.saved_in == the_file(tmp_path).with_name("igauth.db.spill")
        with pytest.raises(Locked):
            vault.tokens.update_token(a_token())
        other.execute("ROLLBACK")
    vault.restore_displaced()
    assert [vault.tokens.value_of(version.id) for version in vault.tokens.candidates()] == [
        Secret("EAAissued-while-locked")
    ]


def test_a_spill_cut_off_half_way_gives_back_what_is_whole(tmp_path: Path) -> None:
    spill = SpillFile(tmp_path / "igauth.db")
    spill.reserve()
    assert spill.path.stat().st_size == ROOM
    assert spill.path.stat().st_mode & 0o777 == 0o600
    for number in range(3):
        assert spill.keep(Spilled(str(number), "main", "work", NOW, "login"), Secret(f"EAAvalue-{number}"))
    content = spill.path.read_bytes()
    last = content.rindex(b"EAAvalue-2")
    spill.path.write_bytes(content[:last] + bytes(ROOM - last))
    with spill.emptied() as waiting:
        assert [value.reveal() for _, value in waiting] == ["EAAvalue-0", "EAAvalue-1"]
    assert spill.is_empty()


def test_a_token_waits_while_saved_ones_are_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spill = SpillFile(tmp_path / "igauth.db")
    spill.reserve()
    hours = count(0, 3600)
    monkeypatch.setattr("tui.file_lock.time", SimpleNamespace(monotonic=lambda: next(hours), sleep=time.sleep))
    with ThreadPoolExecutor() as pool:
        with spill.emptied():
            with pytest.raises(Locked), spill.emptied():
                pytest.fail("two import at once")
            kept = pool.submit(spill.keep, Spilled("1", "main", "work", NOW, "login"), Secret("EAAvalue"))
            wait([kept], timeout=0.2)
        assert kept.result(timeout=10)
    assert not spill.is_empty()


def test_a_full_disk_keeps_the_old_token_and_the_candidate(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAold")
    version = vault.tokens.add_issued("main", "work", Secret("EAAnew"), at=NOW, origin="extension")
    pages = vault.database.row("PRAGMA page_count")
    assert pages is not None
    vault.database.rows(f"PRAGMA max_page_count = {pages[0]}")
    with pytest.raises(Full, match=str(the_file(tmp_path))):
        vault.tokens.make_current("main", version, a_token(subject_name="x" * 20_000))
    assert vault.tokens.value("main") == Secret("EAAold")
    assert vault.tokens.value_of(version) == Secret("EAAnew")
    assert vault.tokens.token("main").subject_name == ""


# --- side by side -------------------------------------------------------------------------------------------------

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


def test_an_error_in_a_transaction_leaves_everything_as_it_was(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)

    def interrupted() -> None:
        with vault.database.transaction():
            vault.meta.set("half", "done")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert vault.meta.get("half") is None
    vault.meta.set("whole", "done")
    assert make_vault(tmp_path).meta.get("whole") == "done"
