"""Stores secrets in the chosen store, records where each one is, and moves them without losing one."""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, get_args

from tui.redact import Secret
from tui.stored_json import parsed
from tui.tokens.history import facts_text
from tui.vault.choice import BackendChoice, BackendName, Reason
from tui.vault.database import Database, Row
from tui.vault.database_secrets import DatabaseSecrets
from tui.vault.errors import SecretsProblem, SecretsUnavailable, VaultError
from tui.vault.history_table import HistoryTable
from tui.vault.meta import Meta
from tui.vault.notices import Notice, NoticeCode
from tui.vault.passphrase import AskPassphrase
from tui.vault.unlocking import WaitForUnlock, nobody

if TYPE_CHECKING:
    from tui.vault.keyring_secrets import KeyringSecrets

    SecretBackend = DatabaseSecrets | KeyringSecrets

_CHOICE, _LEFTOVERS = "secret_backend", "secret_leftovers"

_WRITES_NOTHING = (SecretsProblem.NO_KEYRING, SecretsProblem.KEYRING_LOCKED, SecretsProblem.KEYRING_NOT_SET_UP)
"""A keyring that refuses to write for one of these reasons has certainly not stored the value."""


class SecretStore:
    """All secrets of a home. The table `secret_places` says where each lies; a store is loaded when first needed."""

    def __init__(
        self,
        database: Database,
        history: HistoryTable,
        notices: list[Notice],
        passphrase: AskPassphrase,
        unlock: WaitForUnlock = nobody,
        *,
        throw_away: bool,
    ) -> None:
        self._database = database
        self._meta = Meta(database)
        self._history = history
        self._notices = notices
        self._passphrase = passphrase
        self._unlock = unlock
        self._throw_away = throw_away
        self._stores: dict[BackendName, SecretBackend] = {}

    def _store_named(self, name: BackendName) -> "SecretBackend":
        if name not in self._stores:
            self._stores[name] = self._load(name)
        return self._stores[name]

    def _load(self, name: BackendName) -> "SecretBackend":
        if name == "database":
            return DatabaseSecrets(self._database)
        if name == "sealed":
            from tui.vault.sealed import SealedSecrets  # loads OpenSSL

            return SealedSecrets(self._database, self._passphrase)
        if self._throw_away:
            raise SecretsUnavailable(SecretsProblem.TEMPORARY_HOME)
        from tui.vault.keyring_secrets import KeyringSecrets

        return KeyringSecrets(self._meta.home_id(), self._unlock)

    @property
    def choice(self) -> BackendChoice | None:
        """Return what was chosen, None before the first secret; asks no keyring."""
        stored = self._meta.get(_CHOICE)
        try:
            return None if stored is None else _choice_in(stored)
        except (ValueError, TypeError):  # it is damaged: the secrets that are stored show what was chosen
            rows = "SELECT backend FROM secret_places GROUP BY backend ORDER BY count(*) DESC LIMIT 1"
            row = self._database.row(rows)
            return None if row is None else BackendChoice(row[0], "" if row[0] == "keyring" else Reason.CHOSEN)

    def choose(self, *, opens_window: bool = True) -> BackendChoice:
        """Return what was chosen; where nothing was, choose the best store now (up to 3 s).

        `opens_window`: where the keyring is locked, its window may be opened. Raises StoreUndecided where there is a
        keyring and it is locked or silent: a lesser store is for the person to choose (`choose_store`).
        """
        return self.choice or self._choose(self._best(opens_window=opens_window))

    def choose_store(self, name: BackendName) -> BackendChoice:
        """Choose this store where none is chosen yet, and return the chosen one. Raises SecretsUnavailable."""
        if choice := self.choice:
            return choice
        if name != "keyring":
            return self._choose(BackendChoice(name, Reason.CHOSEN))
        best = self._best()
        if best.name != name:
            raise SecretsUnavailable(SecretsProblem.NO_KEYRING, best.reason)
        return self._choose(best)

    def _choose(self, choice: BackendChoice) -> BackendChoice:
        if self._meta.get(_CHOICE) is not None:
            self._meta.set(_CHOICE, None)  # it is damaged, and no secret is stored
        # of two processes that choose at once, the first counts
        return _choice_in(self._meta.set_once(_CHOICE, json.dumps(choice)))

    def _best(self, *, opens_window: bool = True) -> BackendChoice:
        if self._throw_away:
            return BackendChoice("database", Reason.TEMPORARY_HOME)
        from tui.vault.keyring_secrets import choose_backend

        return choose_backend(self._unlock, opens_window=opens_window)

    def _name_for_issued(self) -> BackendName:
        """Return the chosen store; the database where none can be chosen, as the token could not be issued again."""
        try:
            return self.choose(opens_window=False).name
        except SecretsUnavailable:
            return "database"

    def transaction(self) -> AbstractContextManager[None]:
        """The database's transaction where a secret stored now is part of it: a slow keyring must not hold it up."""
        return self._transaction_of(self._store_named(self._name_for_issued()))

    def get(self, ref: str) -> Secret | None:
        """Return a secret, or None. Raises SecretsUnavailable."""
        row = self._database.row("SELECT backend FROM secret_places WHERE ref = ?", (ref,))
        if row is None:
            return None
        found = self._store_named(row[0]).read(ref)
        # a keyring write that was cut off leaves the store noted and nothing in it
        return found if found is not None or row[0] == "database" else self._store_named("database").read(ref)

    def has(self, ref: str) -> bool:
        """Tell whether a secret is stored; asks no keyring."""
        return self._database.row("SELECT 1 FROM secret_places WHERE ref = ?", (ref,)) is not None

    def is_any_stored(self) -> bool:
        """Tell whether any secret is stored; asks no keyring."""
        return self._database.row("SELECT 1 FROM secret_places LIMIT 1") is not None

    @property
    def displaced(self) -> int:
        """How many secrets are in another store than the chosen one, as that did not take them."""
        choice = self.choice
        return len(self._places_outside(choice.name)) if choice else 0

    def open(self) -> None:
        """Read one secret from the chosen store, if it has any. Raises SecretsUnavailable."""
        row = self._database.row("SELECT ref FROM secret_places WHERE backend = ? LIMIT 1", (self.choose().name,))
        if row is not None:
            self.get(row[0])

    @property
    def has_passphrase(self) -> bool:
        """Whether a passphrase was set: sealing again needs the same one."""
        from tui.vault.sealed import KEY_ENTRY  # loads OpenSSL

        return self._meta.get(KEY_ENTRY) is not None

    def change_passphrase(self, new: Secret) -> None:
        """Set another passphrase. Raises WrongPassphrase, SecretsUnavailable."""
        from tui.vault.sealed import SealedSecrets  # loads OpenSSL

        store = self._store_named("sealed")
        assert isinstance(store, SealedSecrets)
        store.change_passphrase(new)
        self._history.note("secrets", "new_passphrase")

    def put(self, ref: str, secret: Secret) -> None:
        """Store a secret in the chosen store; on disk when this returns. Raises VaultError, with nothing changed."""
        self._put(ref, self._store_named(self.choose().name), secret)

    def _put(self, ref: str, store: "SecretBackend", secret: Secret, *, waits: bool = True) -> None:
        with self._transaction_of(store):
            if not store.in_database:  # noted first, so that no value is orphaned in the keyring by a kill here
                note = "INSERT OR IGNORE INTO secret_places (ref, backend) VALUES (?, ?)"
                self._database.write(note, (ref, store.name))
            if isinstance(store, DatabaseSecrets):
                store.write(ref, secret)
            else:
                store.write(ref, secret, waits=waits)
            self._settle(ref, store.name)

    def put_with_fallback(self, ref: str, secret: Secret) -> None:
        """Store a secret that cannot be requested again: in the database where the chosen store does not answer.

        Until it is on disk it is only in memory, so nobody is waited for: a locked keyring gets it once it is unlocked.
        """
        store = self._store_named(self._name_for_issued())
        try:
            self._put(ref, store, secret, waits=False)
        except SecretsUnavailable as error:
            with self._database.transaction():
                self._store_named("database").write(ref, secret)
                self._settle(ref, "database")
                if store.name == "keyring":
                    self._update_leftovers(add=[ref])  # a hanging write may still arrive there
            self._notices.append(Notice(NoticeCode.SECRET_DISPLACED, {"store": store.name}, error))

    def forget(self, refs: Iterable[str]) -> bool:
        """Erase secrets; tell whether the database had one. A keyring that fails is tried again later."""
        in_database = False
        for ref in refs:
            row = self._database.row("SELECT backend FROM secret_places WHERE ref = ?", (ref,))
            with self._database.transaction():
                in_database |= self._database.write("DELETE FROM secret_values WHERE ref = ?", (ref,)) > 0
                self._database.write("DELETE FROM secret_places WHERE ref = ?", (ref,))
                if row is not None and row[0] == "keyring":
                    self._update_leftovers(add=[ref])
        return in_database

    def erase_traces(self, in_database: bool) -> None:
        """Erase the traces of what was forgotten. The request itself is done, so a failure becomes a notice."""
        try:
            if in_database:
                self._database.wipe()
            self.erase_leftovers()
        except VaultError as error:
            self._notices.append(Notice(NoticeCode.TRACES_LEFT, {}, error))

    def erase_leftovers(self) -> None:
        """Erase from the keyring what was forgotten; what it refuses to erase is tried again later."""
        for ref in self._leftovers():
            try:
                self._store_named("keyring").erase(ref)
            except SecretsUnavailable as error:
                self._notices.append(Notice(NoticeCode.LEFTOVERS_KEPT, {"secrets": len(self._leftovers())}, error))
                return
            self._update_leftovers(remove=[ref])

    def restore_displaced(self) -> int:
        """Move displaced secrets to the chosen store; return how many. Raises VaultError."""
        choice = self.choice
        return self._transfer(self._store_named(choice.name), None) if choice else 0

    def move(self, to: BackendName) -> int:
        """Move every secret to another store; return how many. Raises VaultError, with every secret where it was.

        All are written, read back and compared before one transaction switches to the new store; only then the
        old ones are erased.
        """
        self.choose_store(to)
        moved = self._transfer(self._store_named(to), BackendChoice(to, "" if to == "keyring" else Reason.CHOSEN))
        self._history.note("secrets", "moved", facts_text(count=str(moved), store=to))
        return moved

    def _transfer(self, store: "SecretBackend", choice: BackendChoice | None) -> int:
        rows = self._places_outside(store.name)
        secrets = {ref: secret for ref, _ in rows if (secret := self.get(ref)) is not None}
        with self._transaction_of(store):
            self._copy(store, secrets)
            with self._database.transaction():
                self._update_leftovers(add=[ref for ref, backend in rows if backend == "keyring" and ref in secrets])
                for ref in secrets:
                    self._settle(ref, store.name)
                if choice is not None:
                    self._meta.set(_CHOICE, json.dumps(choice))
        self.erase_traces(in_database=True)
        return len(secrets)

    def _places_outside(self, store: BackendName) -> list[Row]:
        return self._database.rows("SELECT ref, backend FROM secret_places WHERE backend != ?", (store,))

    def _copy(self, store: "SecretBackend", secrets: Mapping[str, Secret]) -> None:
        written: list[str] = []
        try:
            for ref, secret in secrets.items():
                written.append(ref)
                try:
                    store.write(ref, secret)
                except SecretsUnavailable as error:
                    if error.problem in _WRITES_NOTHING:
                        written.remove(ref)
                    raise
                if store.read(ref) != secret:
                    raise SecretsUnavailable(SecretsProblem.NOT_RETURNED, store.name)
        except BaseException:
            if not store.in_database:  # else the transaction undoes it
                self._update_leftovers(add=written)
                self.erase_leftovers()
            raise

    def _settle(self, ref: str, backend: BackendName) -> None:
        with self._database.transaction():
            self._database.write("INSERT OR REPLACE INTO secret_places (ref, backend) VALUES (?, ?)", (ref, backend))
            self._database.write("DELETE FROM secret_values WHERE ref = ? AND backend != ?", (ref, backend))
            if backend == "keyring":
                self._update_leftovers(remove=[ref])

    def _transaction_of(self, store: "SecretBackend") -> AbstractContextManager[None]:
        return self._database.transaction() if store.in_database else nullcontext()

    def _leftovers(self) -> list[str]:
        try:
            return list(parsed(self._meta.get(_LEFTOVERS) or "[]"))
        except (ValueError, TypeError):
            return []

    def _update_leftovers(self, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        with self._database.transaction():
            known = set(self._leftovers())
            if (refs := (known | set(add)) - set(remove)) != known:
                self._meta.set(_LEFTOVERS, json.dumps(sorted(refs)))


def _choice_in(stored: str) -> BackendChoice:
    """Return the choice in a stored text. Raises ValueError, TypeError."""
    choice = BackendChoice(*parsed(stored))
    if choice.name not in get_args(BackendName):
        raise ValueError(choice.name)
    return choice
