"""Tokens and the versions of their values: every statement that touches these tables."""

import os
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from tui.names import is_name
from tui.redact import Secret
from tui.tokens.errors import BadName, NameTaken, NoSuchToken, NoValue
from tui.tokens.store import KEPT_VERSIONS, Version
from tui.tokens.token import Token
from tui.vault.columns import number, text
from tui.vault.database import Database, Row
from tui.vault.errors import ReadOnly, VaultError
from tui.vault.history_table import HistoryTable, link_again
from tui.vault.locks import hold
from tui.vault.notices import Notice, NoticeCode
from tui.vault.rows import COLUMNS_OF_TOKENS, SOONEST_FIRST, Unreadable, from_token, readable_part, to_token
from tui.vault.secret_store import SecretStore
from tui.vault.spill import Spilled, SpillFile

_ALL = f"SELECT {COLUMNS_OF_TOKENS} FROM tokens {SOONEST_FIRST}"  # noqa: S608 - constants of our own
_SHORT = ", ".join("''" if name in ("granular_scopes", "pages") else name for name in Token.__slots__)
_BRIEF = f"SELECT {_SHORT} FROM tokens {SOONEST_FIRST}"  # noqa: S608
_ONE = f"SELECT {COLUMNS_OF_TOKENS} FROM tokens WHERE name = ?"  # noqa: S608
_MARKS = ", ".join("?" for _ in Token.__slots__)
_INSERT = f"INSERT INTO tokens ({COLUMNS_OF_TOKENS}) VALUES ({_MARKS})"  # noqa: S608
_UPDATE = f"UPDATE tokens SET ({COLUMNS_OF_TOKENS}) = ({_MARKS}) WHERE name = ?"  # noqa: S608
_VERSIONS = f"SELECT {', '.join(Version.__slots__)} FROM versions"  # noqa: S608


class TokensTable:
    """Tokens, their values and their history. Every method blocks for a disk access: call it off the event loop.

    Besides the errors named, each may raise VaultError.
    """

    def __init__(self, database: Database, secrets: SecretStore, history: HistoryTable, notices: list[Notice]) -> None:
        self._database = database
        self._secrets = secrets
        self._history = history
        self._notices = notices
        self.unreadable: set[str] = set()
        """Tokens whose rows could not be read, or only in part, by the last `tokens()`; `?`: one without a name."""
        self._spill = SpillFile(database.path)
        self.record = history.record
        self.history = history.events

    def names(self) -> tuple[str, ...]:
        """Return the names of all tokens, sorted."""
        rows = self._database.rows("SELECT name FROM tokens ORDER BY name")
        return tuple(name for (name,) in rows if isinstance(name, str))

    def tokens(self) -> tuple[Token, ...]:
        """Return every token, soonest deadline first, none last, then by name.

        A row that is not whole gives a token that was never asked about, and a notice.
        """
        self.unreadable.clear()
        return self._tokens(_ALL)

    def brief_tokens(self) -> tuple[Token, ...]:
        """Return every token in the order of `tokens`, without granular scopes and Pages: at half of its cost."""
        return self._tokens(_BRIEF)

    def _tokens(self, query: str) -> tuple[Token, ...]:
        rows = self._database.rows(query)
        try:
            return tuple(map(to_token, rows))
        except Unreadable:
            return tuple(token for row in rows if (token := self._readable(row)) is not None)

    def _readable(self, row: Row) -> Token | None:
        """Return a token, or what is left of it, with one notice for each that is not whole."""
        try:
            return to_token(row)
        except Unreadable:
            token = readable_part(row)
        name = token.name if token is not None else "?"
        self.unreadable.add(name)
        if token is not None and not token.profile:
            token = replace(token, profile=self._profile_of_value(name))
        notice = Notice(NoticeCode.TOKEN_UNREADABLE, {"name": name})
        if notice not in self._notices:
            self._notices.append(notice)
        return token

    def _profile_of_value(self, name: str) -> str:
        row = self._database.row("SELECT profile FROM versions WHERE token = ? AND status = 'current'", (name,))
        return text(row[0]) if row is not None else ""

    def token(self, name: str) -> Token:
        """Return one token. Raises NoSuchToken."""
        row = self._database.row(_ONE, (name,))
        if row is None:
            raise NoSuchToken(name)
        token = self._readable(row)
        assert token is not None, "found by its name"
        return token

    def value(self, name: str) -> Secret:
        """Return the current value of a token. Raises NoSuchToken, NoValue."""
        row = self._database.row("SELECT id FROM versions WHERE token = ? AND status = 'current'", (name,))
        if row is None:
            self.token(name)
            raise NoValue(name)
        return self._read(row[0], name)

    def value_of(self, version: str) -> Secret:
        """Return the value of any version, candidates too. Raises NoValue."""
        row = self._database.row("SELECT token FROM versions WHERE id = ?", (version,))
        if row is None:
            raise NoValue(version)
        return self._read(version, row[0])

    def require_writable(self) -> None:
        """Raise ReadOnly where the database was opened for a look: what Facebook issues now could not be stored."""
        if self._database.is_read_only:
            raise ReadOnly(self._database.path)

    def add_issued(self, name: str, profile: str, value: Secret, *, at: int, origin: str) -> str:
        """Keep a value that Facebook just issued, as a candidate; it is on disk when this returns its version id.

        To be called before anything else is done with the value. Nothing else changes; the token of that name
        need not exist yet. It refuses only what cannot be a name (BadName).
        """
        check_name(name)
        spilled = Spilled(os.urandom(8).hex(), name, profile, at, origin)
        self._spill.reserve()
        try:
            self._keep(spilled, value)
        except VaultError as error:
            if self._spill.keep(spilled, value):
                error.saved_in = self._spill.path
            raise
        return spilled.version

    @property
    def saved_in(self) -> Path:
        """The file for tokens that the database refused."""
        return self._spill.path

    def import_saved(self) -> tuple[int, int]:
        """Import tokens that the database once refused, as candidates. Raises VaultError.

        Returns how many, and how many bytes of the file cannot be read; they stay there.
        """
        if self._spill.is_empty():
            return 0, 0
        with self._spill.emptied() as waiting:
            for spilled, value in waiting.tokens:
                if self._database.row("SELECT 1 FROM versions WHERE id = ?", (spilled.version,)) is None:
                    self._keep(spilled, value)
                elif self._secrets.get(_ref(spilled.version)) is None:
                    self._secrets.put_with_fallback(_ref(spilled.version), value)
        return len(waiting.tokens), waiting.unreadable

    def _keep(self, spilled: Spilled, value: Secret) -> None:
        version, name = spilled.version, spilled.name
        insert = (
            "INSERT INTO versions (id, token, profile, status, at, origin, fingerprint, serial) VALUES"
            " (?, ?, ?, 'candidate', ?, ?, ?, (SELECT coalesce(max(serial), 0) + 1 FROM versions WHERE token = ?))"
        )
        row = (version, name, spilled.profile, spilled.at, spilled.origin, value.fingerprint(), name)
        with self._secrets.transaction():
            self._database.write(insert, row)
            self._secrets.put_with_fallback(_ref(version), value)

    def add_token(self, token: Token, version: str) -> None:
        """Store a new token whose current value is `version`. Raises NameTaken, NoValue (no such version)."""
        check_name(token.name)
        with self._database.transaction():
            if self._exists(token.name):
                raise NameTaken(token.name)
            self._database.write(_INSERT, from_token(token))
            self._promote(token.name, version)

    def update_token(self, token: Token) -> None:
        """Store what is known of a token now; its value stays. Raises NoSuchToken."""
        with self._database.transaction():
            if not self._database.write(_UPDATE, (*from_token(token), token.name)):
                raise NoSuchToken(token.name)

    def make_current(self, name: str, version: str, token: Token) -> None:
        """In one step make `version` the current value and store `token`; the former value becomes `previous`.

        Of the proven versions the last three stay. Raises NoSuchToken, NoValue (no such version).
        """
        with self._database.transaction():
            self.update_token(token)
            self._promote(name, version)
            pruned = self._prune(name)
            in_database = self._secrets.forget(map(_ref, pruned))
        if pruned:
            self._secrets.erase_traces(in_database)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions of a token, newest first; for a name without a token its candidates."""
        rows = self._database.rows(f"{_VERSIONS} WHERE token = ? ORDER BY serial DESC", (name,))
        return tuple(map(_version, rows))

    def candidates(self) -> tuple[Version, ...]:
        """Return every version that was issued and never proven, newest first."""
        rows = self._database.rows(f"{_VERSIONS} WHERE status = 'candidate' ORDER BY at DESC, rowid DESC")
        return tuple(map(_version, rows))

    def discard(self, version: str) -> None:
        """Wipe one candidate or previous version; the current one is left alone."""
        with self._database.transaction():
            gone = self._database.write("DELETE FROM versions WHERE id = ? AND status != 'current'", (version,))
            in_database = bool(gone) and self._secrets.forget([_ref(version)])
        self._secrets.erase_traces(in_database)

    def rename(self, name: str, new_name: str) -> None:
        """Give a token another name; its versions and history go along. Raises NoSuchToken, NameTaken, BadName."""
        check_name(new_name)
        with self._database.transaction():
            if self._exists(new_name):
                raise NameTaken(new_name)
            if not self._database.write("UPDATE tokens SET name = ? WHERE name = ?", (new_name, name)):
                raise NoSuchToken(name)
            # candidates that wait under the new name stay beside those that come along
            highest = "(SELECT coalesce(max(serial), 0) FROM versions WHERE token = ?)"
            self._database.write(
                f"UPDATE versions SET token = ?, serial = serial + {highest} WHERE token = ?",  # noqa: S608
                (new_name, new_name, name),
            )
            self._database.write("UPDATE history SET token = ? WHERE token = ?", (new_name, name))
            link_again(self._database)

    def delete(self, name: str) -> None:
        """Wipe a token with all its values; its history stays. Raises NoSuchToken."""
        with self._database.transaction():
            known = self.token(name)
            self._secrets.forget(_ref(version.id) for version in self.versions(name))
            self._database.write("DELETE FROM tokens WHERE name = ?", (name,))
            self._database.write("DELETE FROM versions WHERE token = ?", (name,))
            self._history.note("forget", "wiped", token=name, profile=known.profile, fingerprint=known.fingerprint)
        self._secrets.erase_traces(in_database=True)

    def refresh_lock(self, name: str, *, wait: float = 60.0) -> AbstractContextManager[None]:
        """Hold the right to refresh a token, against other threads and processes. Read the token again after entering.

        Entering blocks the thread for up to `wait` seconds (0: one try) and then raises BeingRefreshed; on an
        event loop enter with `wait=0` and sleep in between. It may be left in another thread than it was entered
        in, is not re-entrant, and is freed by the system when its holder ends.
        """
        check_name(name)
        return hold(self._database.path.with_name("locks"), self._history.actor, name, wait)

    def _read(self, version: str, name: str) -> Secret:
        found = self._secrets.get(_ref(version))
        if found is None:
            choice = self._secrets.choice
            raise NoValue(name, "the keyring" if choice is not None and choice.name == "keyring" else "the vault")
        return found

    def _exists(self, name: str) -> bool:
        return self._database.row("SELECT 1 FROM tokens WHERE name = ?", (name,)) is not None

    def _promote(self, name: str, version: str) -> None:
        self._database.write(
            "UPDATE versions SET status = 'previous' WHERE token = ? AND status = 'current' AND id != ?",
            (name, version),
        )
        promote = (
            "UPDATE versions SET status = 'current', serial = (SELECT max(serial) + 1 FROM versions WHERE token = ?)"
            " WHERE id = ? AND token = ?"
        )
        if not self._database.write(promote, (name, version, name)):
            raise NoValue(name)

    def _prune(self, name: str) -> list[str]:
        rows = self._database.rows(
            "SELECT id FROM versions WHERE token = ? AND status = 'previous' ORDER BY serial DESC LIMIT -1 OFFSET ?",
            (name, KEPT_VERSIONS - 1),
        )
        for row in rows:
            self._database.write("DELETE FROM versions WHERE id = ?", row)
        return [version for (version,) in rows]


def _version(row: Row) -> Version:
    version, token, profile, status, at, origin, fingerprint = row
    return Version(version, token, text(profile), status, number(at), text(origin), text(fingerprint))


def check_name(name: str) -> None:
    """Raise BadName unless this can be a token's name (docs/architecture.md, Contracts)."""
    if not is_name(name):
        raise BadName(name)


def _ref(version: str) -> str:
    return f"token/{version}"
