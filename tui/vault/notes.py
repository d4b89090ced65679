"""Everything kept that is neither token nor story: the guide's progress, evidence, and small facts about the home."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.vault.database import Database
from tui.vault.story import bind_again


@dataclass(frozen=True, slots=True)
class PastInspection:
    """What Facebook said of a token at a time (unix seconds, UTC)."""

    at: int
    verdict: str
    reason: str
    expires_at: int | None
    data_access_expires_at: int | None


class Notes:
    """Plain records of a home; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def inspections(self, token: str, limit: int) -> tuple[PastInspection, ...]:
        """Return what Facebook said of a token, newest first."""
        rows = self._database.rows(
            "SELECT at, verdict, reason, expires_at, data_access_expires_at FROM inspections"
            " WHERE token = ? ORDER BY at DESC LIMIT ?",
            (token, limit),
        )
        return tuple(PastInspection(*row) for row in rows)

    def progress(self, profile: str) -> dict[str, tuple[int | None, str]]:
        """Return for each step of the guide that has a mark: when it was ticked by hand (or None), and the note."""
        rows = self._database.rows("SELECT step, ticked_at, note FROM progress WHERE profile = ?", (profile,))
        return {step: (ticked_at, note) for step, ticked_at, note in rows}

    def save_progress(self, profile: str, marks: Mapping[str, tuple[int | None, str]]) -> None:
        """Replace all marks of a profile."""
        with self._database.transaction():
            self._database.write("DELETE FROM progress WHERE profile = ?", (profile,))
            self._database.write_many(
                "INSERT INTO progress (profile, step, ticked_at, note) VALUES (?, ?, ?, ?)",
                [(profile, step, ticked_at, note) for step, (ticked_at, note) in marks.items()],
            )

    def evidence(self, profile: str) -> tuple[tuple[str, str, str, int], ...]:
        """Return check, result, what was seen and when, of every check's last run."""
        rows = self._database.rows(
            "SELECT check_name, result, seen, at FROM evidence WHERE profile = ? ORDER BY check_name", (profile,)
        )
        return tuple((check, result, seen, at) for check, result, seen, at in rows)

    def save_evidence(self, profile: str, found: Iterable[tuple[str, str, str, int]]) -> None:
        """Store what checks found, each in place of its last finding; other checks' findings stay."""
        self._database.write_many(
            "INSERT OR REPLACE INTO evidence (profile, check_name, result, seen, at) VALUES (?, ?, ?, ?, ?)",
            [(profile, *finding) for finding in found],
        )

    def meta(self, key: str) -> str | None:
        """Return a small fact about the home."""
        row = self._database.row("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str | None) -> None:
        """Store a small fact; None removes it."""
        if value is None:
            self._database.write("DELETE FROM meta WHERE key = ?", (key,))
        else:
            self._database.write("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def home_id(self) -> str:
        """Return the random name of this home, made at the first call."""
        found = self.meta("home_id")
        if found is None:
            import os

            self._database.write(
                "INSERT OR IGNORE INTO meta (key, value) VALUES ('home_id', ?)", (os.urandom(8).hex(),)
            )
            found = self.meta("home_id") or ""
        return found

    def rename_profile(self, name: str, new_name: str) -> None:
        """Let everything of a profile belong to its new name."""
        with self._database.transaction():
            for table in ("tokens", "versions", "history"):
                self._database.write(f"UPDATE {table} SET profile = ? WHERE profile = ?", (new_name, name))  # noqa: S608
            bind_again(self._database)
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
        """Drop progress, evidence and small facts of a profile; tokens and story stay."""
        with self._database.transaction():
            for key in self._facts_of(name):
                self._database.write("DELETE FROM meta WHERE key = ?", (key,))
            self._database.write("DELETE FROM progress WHERE profile = ?", (name,))
            self._database.write("DELETE FROM evidence WHERE profile = ?", (name,))
