"""What `igauth doctor` says of the home's files, and what it restricts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.making import add, make_vault
from tui.vault.errors import FileProblem
from tui.vault.permissions import inspect, restrict


def test_a_fresh_home_has_no_problem(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    reports = inspect(tmp_path / "home")
    assert {report.path.name for report in reports} >= {"home", "igauth.db", "igauth.db-wal"}
    assert [report for report in reports if report.problem] == []


def test_files_open_to_others_are_reported_and_restricted(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    home = tmp_path / "home"
    home.chmod(0o755)
    (home / "igauth.db").chmod(0o644)
    found = {report.path: report for report in inspect(home) if report.problem}
    assert set(found) == {home, home / "igauth.db"}
    assert found[home / "igauth.db"].mode == 0o644
    assert {report.problem for report in found.values()} == {FileProblem.OPEN_TO_OTHERS}
    assert {report.path for report in restrict(home)} == set(found)
    assert (home / "igauth.db").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert restrict(home) == ()


_TRIES_TO_WRITE = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.mark.parametrize("kind", ["ext4", "nfs4"])
def test_restricting_drops_no_lock_of_an_open_database(tmp_path: Path, kind: str) -> None:
    vault = make_vault(tmp_path, is_network=kind == "nfs4")
    add(vault)
    with vault.database.transaction():
        vault.meta.set("half", "done")
        for path in (tmp_path / "home").glob("igauth.db*"):
            path.chmod(0o644)
        assert restrict(tmp_path / "home")
        other = [sys.executable, "-c", _TRIES_TO_WRITE, str(tmp_path / "home" / "igauth.db")]
        assert "locked" in subprocess.run(other, capture_output=True, text=True, check=True).stdout
    assert vault.database.is_whole()


def test_links_are_reported_and_never_followed(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    home = tmp_path / "home"
    precious = tmp_path / "precious"
    precious.write_text("")
    precious.chmod(0o644)
    (home / "igauth.db.spill").symlink_to(precious)
    (home / "config.toml").symlink_to(precious)
    os.link(home / "igauth.db", tmp_path / "second")
    problems = {report.path.name: report.problem for report in inspect(home) if report.problem}
    assert problems["igauth.db.spill"] is FileProblem.SYMBOLIC_LINK
    assert problems["igauth.db"] is FileProblem.HARD_LINK
    assert "config.toml" not in problems
    restrict(home)
    assert precious.stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_reported_and_left_alone(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    database = tmp_path / "home" / "igauth.db"
    os.chown(database, 12345, -1)
    database.chmod(0o644)
    (report,) = [report for report in inspect(tmp_path / "home") if report.problem]
    assert report.problem is FileProblem.OTHER_OWNER
    assert restrict(tmp_path / "home") == ()


def test_a_home_that_is_not_there_gives_no_report(tmp_path: Path) -> None:
    assert inspect(tmp_path / "nothing") == ()


def test_a_file_that_vanishes_meanwhile_gives_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_vault(tmp_path).close()
    listed = [*tmp_path.iterdir(), tmp_path / "igauth.db-wal"]  # another process closes the database just now
    monkeypatch.setattr(Path, "rglob", lambda _folder, _pattern: iter(listed))
    reports = inspect(tmp_path)
    assert {report.path for report in reports} == {tmp_path, *tmp_path.iterdir()}
    assert all(report.problem is None for report in reports)
