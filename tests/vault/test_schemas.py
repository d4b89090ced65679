"""Older, newer and foreign databases: taken over, or refused and left untouched."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.vault.making import add, extend, make_vault, the_file
from tui.redact import Secret
from tui.vault import schema
from tui.vault.errors import FileProblem, NotOurs, TooNew


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
