"""All that is stored in one home. It blocks for the disk: use it off the event loop."""

from collections.abc import Callable
from pathlib import Path

from tui.log import log
from tui.tokens.history import Actor
from tui.vault.database import Database, open_read_only
from tui.vault.errors import Full, ReadOnly, VaultError
from tui.vault.files import cannot_be_written
from tui.vault.history_table import HistoryTable
from tui.vault.meta import Meta
from tui.vault.notes import Notes
from tui.vault.notices import Notice, NoticeCode
from tui.vault.passphrase import AskPassphrase
from tui.vault.profile_secrets import KINDS, ProfileSecrets
from tui.vault.recovery import open_or_recover
from tui.vault.secret_store import SecretStore
from tui.vault.tokens_table import TokensTable
from tui.vault.unlocking import WaitForUnlock, nobody


class Vault:
    """All that is kept in one home, as its parts.

    Threads may share it, processes may open it side by side. The parts raise VaultError where disk, file or keyring
    refuse, and StoreError where the request does not fit what is stored.
    """

    def __init__(self, database: Database, secrets: SecretStore, history: HistoryTable, notices: list[Notice]) -> None:
        self.database = database
        self.secrets = secrets
        self.history = history
        self.profile_secrets = ProfileSecrets(secrets)
        self.tokens = TokensTable(database, secrets, history, notices)
        self.notes = Notes(database)
        self.meta = Meta(database)
        self.notices = notices
        """What the person should know: a recovery, a keyring that failed."""
        self._data_version: int | None = None
        self._import_saved()

    def _import_saved(self) -> None:
        try:
            imported, unreadable = self.tokens.import_saved()
        except VaultError as error:
            self.notices.append(Notice(NoticeCode.TOKENS_WAITING, {}, error))
        else:
            if imported:
                self.notices.append(Notice(NoticeCode.TOKENS_IMPORTED, {"tokens": imported}))
            notice = Notice(NoticeCode.SAVED_UNREADABLE, {"path": self.tokens.saved_in})
            if unreadable and notice not in self.notices:
                self.notices.append(notice)

    def changed_by_others(self) -> bool:
        """Tell whether another process or connection stored something since this was last asked.

        Yes the first time: what happened since the opening is unknown, and opening must not wait for it.
        """
        version = self.database.data_version()
        was, self._data_version = self._data_version, version
        return version != was

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self.database.close()

    def restore_displaced(self) -> None:
        """Move secrets that a failing place had displaced to where they belong, and erase leftovers."""
        if self.database.is_read_only:
            return
        self._import_saved()
        self.secrets.restore_displaced()
        self.secrets.erase_leftovers()

    def rename_profile(self, name: str, new_name: str) -> None:
        """Move secrets, tokens, progress and history of a profile to its new name."""
        found = {kind: secret for kind in KINDS if (secret := self.profile_secrets.get(kind, name)) is not None}
        for kind, secret in found.items():
            self.profile_secrets.set(kind, new_name, secret)
        self.notes.rename_profile(name, new_name)
        for kind in found:
            self.profile_secrets.forget(kind, name)

    def forget_profile(self, name: str) -> None:
        """Wipe secrets, progress and evidence of a profile; its tokens stay until they are deleted."""
        for kind in KINDS:
            self.profile_secrets.forget(kind, name)
        self.notes.forget_profile(name)


def open_vault(
    path: Path,
    clock: Callable[[], float],
    *,
    actor: Actor = "command",
    throw_away: bool = False,
    passphrase: AskPassphrase = lambda: None,
    unlock: WaitForUnlock = nobody,
    looks_only: bool = False,
) -> Vault:
    """Open the vault, made where there is none; a damaged one is set aside and what can be read is taken over.

    `clock` (unix seconds, UTC) dates what is set aside and the events that the vault itself adds to the history;
    `actor` is who acts; a `throw_away` home leaves the keyring alone; `passphrase` asks for the one that seals;
    `unlock` waits with the person for a locked keyring; with `looks_only` a vault that cannot be written is opened all
    the same, to be read. No keyring is touched here.
    Raises VaultError.
    """
    database, notices = _open_for_a_look(path, clock) if looks_only else _open(path, clock)
    log("opened %s (journal %s%s)", path, database.journal, ", with notices" if notices else "")
    history = HistoryTable(database, clock, actor)
    secrets = SecretStore(database, history, notices, passphrase, unlock, throw_away=throw_away)
    return Vault(database, secrets, history, notices)


def _open(path: Path, clock: Callable[[], float]) -> tuple[Database, list[Notice]]:
    database, recovered = open_or_recover(path, clock())
    return database, [recovered] if recovered else []


def _open_for_a_look(path: Path, clock: Callable[[], float]) -> tuple[Database, list[Notice]]:
    """Open the database to be read only, where the disk is full or nothing can be written."""
    if cannot_be_written(path):
        return open_read_only(path), [Notice(NoticeCode.ONLY_READABLE, {}, ReadOnly(path))]
    try:
        return _open(path, clock)
    except (ReadOnly, Full) as error:  # not Locked: what another process is writing must not be read
        try:
            return open_read_only(path), [Notice(NoticeCode.ONLY_READABLE, {}, error)]
        except VaultError:
            raise error from None
