"""Damaged, too new, locked, full, foreign: each is an error of its own, and nothing is lost."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, nullcontext, suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.vault.making import NOW, a_token, add, filled, make_vault, read_all, recovered, the_file
from tui.redact import Secret
from tui.tokens.errors import NoValue
from tui.vault.errors import Damaged, DamagedInUse, Full, Locked
from tui.vault.notices import NoticeCode
from tui.vault.spill import ROOM, Spilled, SpillFile
from tui.vault.vault import open_vault

ROOT = Path(__file__).parents[2]


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
        assert [value.reveal() for _, value in waiting.tokens] == ["EAAvalue-0", "EAAvalue-1"]
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
