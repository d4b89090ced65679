"""The guide's progress and evidence of each profile."""

from collections.abc import Iterable, Mapping

from tui.vault.columns import number, number_or_none, text
from tui.vault.database import Database
from tui.vault.history_table import link_again


class Notes:
    """Plain records of a home; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def progress(self, profile: str) -> dict[str, tuple[int | None, str]]:
        """Return for each step of the guide that has a mark: when it was ticked by hand (or None), and the note."""
        rows = self._database.rows("SELECT step, ticked_at, note FROM progress WHERE profile = ?", (profile,))
        return {text(step): (number_or_none(ticked_at), text(note)) for step, ticked_at, note in rows}

    def save_progress(self, profile: str, marks: Mapping[str, tuple[int | None, str]]) -> None:
        """Replace all marks of a profile."""
        with self._database.transaction():
            self._database.write("DELETE FROM progress WHERE profile = ?", (profile,))
            for step, mark in marks.items():
                statement = "INSERT INTO progress (profile, step, ticked_at, note) VALUES (?, ?, ?, ?)"
                self._database.write(statement, (profile, step, *mark))

    def evidence(self, profile: str) -> tuple[tuple[str, str, str, int], ...]:
        """Return check, result, what was seen and when, of every check's last run."""
        rows = self._database.rows(
            "SELECT check_name, result, seen, at FROM evidence WHERE profile = ? ORDER BY check_name", (profile,)
        )
        return tuple((text(check), text(result), text(seen), number(at)) for check, result, seen, at in rows)

    def save_evidence(self, profile: str, found: Iterable[tuple[str, str, str, int]]) -> None:
        """Store what checks found, each in place of its last finding; other checks' findings stay."""
        statement = "INSERT OR REPLACE INTO evidence (profile, check_name, result, seen, at) VALUES (?, ?, ?, ?, ?)"
        with self._database.transaction():
            for finding in found:
                self._database.write(statement, (profile, *finding))

    def rename_profile(self, name: str, new_name: str) -> None:
        """Move everything of a profile to its new name."""
        with self._database.transaction():
            for table in ("tokens", "versions", "history"):
                self._database.write(f"UPDATE {table} SET profile = ? WHERE profile = ?", (new_name, name))  # noqa: S608
            link_again(self._database)
            for table in ("progress", "evidence"):
                self._database.write(f"DELETE FROM {table} WHERE profile = ?", (new_name,))  # noqa: S608
                self._database.write(f"UPDATE {table} SET profile = ? WHERE profile = ?", (new_name, name))  # noqa: S608
            for key in self._facts_of(name):
                renamed = f"{key.rpartition('/')[0]}/{new_name}"
                self._database.write("DELETE FROM meta WHERE key = ?", (renamed,))
                self._database.write("UPDATE meta SET key = ? WHERE key = ?", (renamed, key))

    def _facts_of(self, name: str) -> list[str]:
        """Return the keys of the small facts that belong to a profile: they end in its name."""
        return [key for (key,) in self._database.rows("SELECT key FROM meta", ()) if key.endswith(f"/{name}")]

    def forget_profile(self, name: str) -> None:
        """Drop progress, evidence and small facts of a profile; tokens and history stay."""
        with self._database.transaction():
            for key in self._facts_of(name):
                self._database.write("DELETE FROM meta WHERE key = ?", (key,))
            self._database.write("DELETE FROM progress WHERE profile = ?", (name,))
            self._database.write("DELETE FROM evidence WHERE profile = ?", (name,))
